"""A disposal (处置): what finance decide about held money by hand, and how it may stand."""

from collections.abc import Sequence
from enum import StrEnum

from sqlalchemy import select

from backend.models import Disposal, DisposalPart, Payment
from backend.refunds import money
from backend.refunds.money import Share
from backend.work import Work
from backend.workflow import NEW, Edge, Workflow

LETTER, RULE = "Q", "T10"


class Way(StrEnum):
    ORDER = "order"  # it is for an order that is still open
    ELSEWHERE = "elsewhere"  # passed on in another way, not by the provider
    PORTAL = "portal"  # went back already, from the provider's own pages


class State(StrEnum):
    CONFIRMING = "confirming"  # one of finance has decided; another has to agree
    DONE = "done"
    REFUSED = "refused"  # by the other, or taken back by the first


WORKFLOW: Workflow[Disposal] = Workflow(
    "disposal",
    Edge("decide", NEW, State.DONE, "", RULE),
    Edge("refer", NEW, State.CONFIRMING, "finance", RULE),
    Edge("refer_again", State.CONFIRMING, State.CONFIRMING, "finance", RULE),
    Edge("confirm", State.CONFIRMING, State.DONE, "", RULE),
    Edge("refuse", State.CONFIRMING, State.REFUSED, "", RULE),
)


def find(work: Work, number: str) -> Disposal | None:
    return work.session.scalar(
        select(Disposal).where(
            Disposal.institution_id == work.institution,
            Disposal.number == number.strip().upper(),
        )
    )


def parts(work: Work, disposal: Disposal) -> list[tuple[Share, int]]:
    """What of it is of which share, in fen."""
    rows = work.session.execute(
        select(DisposalPart.order_id, DisposalPart.amount_fen)
        .where(DisposalPart.disposal_id == disposal.id)
        .order_by(DisposalPart.place)
    )
    return [(money.share(work, disposal.payment_id, order), fen) for order, fen in rows]


def payment_of(work: Work, disposal: Disposal) -> Payment:
    return work.session.get_one(Payment, disposal.payment_id)


def waiting(work: Work) -> list[Disposal]:
    """What a second person has to look at, longest waiting first."""
    found = work.session.scalars(
        select(Disposal)
        .where(Disposal.institution_id == work.institution, Disposal.state == State.CONFIRMING)
        .order_by(Disposal.id)
    )
    return list(found)


def waiting_of(work: Work, share: Share) -> Disposal | None:
    """What is decided of this share by one, and waits for another."""
    of_order = (
        DisposalPart.order_id == share.order.id if share.order else DisposalPart.order_id.is_(None)
    )
    return work.session.scalar(
        select(Disposal)
        .join(DisposalPart, DisposalPart.disposal_id == Disposal.id)
        .where(
            Disposal.payment_id == share.payment.id, Disposal.state == State.CONFIRMING, of_order
        )
        .limit(1)
    )


def of_difference(work: Work, difference_id: int) -> Disposal | None:
    """How a refund that only the bill names was entered, or is about to be."""
    return work.session.scalar(
        select(Disposal).where(
            Disposal.difference_id == difference_id, Disposal.state != State.REFUSED
        )
    )


def people(work: Work, held: Sequence[tuple[Share, int]]) -> set[int]:
    """Whose money it is, as far as that is known: they decide nothing about it."""
    return {share.buyer_id for share, _fen in held if share.buyer_id is not None}
