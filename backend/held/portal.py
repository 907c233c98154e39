"""A refund that was made in the provider's own pages, and is found in its bill: entered by finance, so
that the books equal the bill."""

from dataclasses import dataclass

from sqlalchemy import select

from backend.consent import Consent
from backend.errors import Refused
from backend.held import deciding, states
from backend.held.states import RULE, Way
from backend.models import BillDifference, BillLine, DailyBill, Disposal, Payment, PaymentShare
from backend.payments.provider import RefundState
from backend.reconciliation import differences
from backend.reconciliation.comparing import About, Kind
from backend.refunds import asking, money
from backend.refunds.money import MOVED, Share
from backend.work import Work
from backend.workflow import already_handled


@dataclass(frozen=True, slots=True)
class Choice:
    """What the refund may have been taken from. ``key`` names it in answers."""

    key: str
    parts: tuple[tuple[Share, int], ...]


def enterable(work: Work, difference: BillDifference) -> bool:
    """Whether finance may have to enter it: nobody has, and the provider says that it went back."""
    return (
        (difference.about, difference.kind) == (About.REFUND, Kind.ONLY_BILLED)
        and difference.state != differences.State.EXPLAINED
        and state_in_bill(work, difference) != RefundState.CLOSED
        and states.of_difference(work, difference.id) is None
    )


def to_enter(work: Work, number: str) -> BillDifference:
    """Raises NotAllowed, AlreadyHandled, and Refused where there is nothing to enter."""
    difference = differences.to_see(work, number)
    if known := states.of_difference(work, difference.id):
        raise already_handled(work, known)
    if not enterable(work, difference):
        raise Refused("portal_not_a_refund", RULE, number=difference.number)
    return difference


def state_in_bill(work: Work, difference: BillDifference) -> str:
    """As the bill had it, which is not written anew."""
    found = work.session.scalar(
        select(BillLine.state)
        .where(
            BillLine.bill_id == difference.bill_id,
            BillLine.about == difference.about,
            BillLine.reference == difference.reference,
        )
        .limit(1)
    )
    return found or ""


def choices(work: Work, difference: BillDifference) -> list[Choice]:
    """What it may have been taken from: everything, where it is as much; else each share that has
    as much; else one after another.

    Raises Refused where the payment is not known here, or has not so much left.
    """
    amount = difference.their_fen or 0
    payment = payment_of(work, difference)
    if payment is None:
        raise Refused("portal_payment_unknown", RULE, transaction=difference.theirs)
    found = [(one, left) for one in shares(work, payment) if (left := money.left(work, one)) > 0]
    if sum(left for _one, left in found) < amount or not found:
        raise _not_so_much(work, payment)
    if sum(left for _one, left in found) == amount:
        return [_choice(found)]
    single = [_choice([(one, amount)]) for one, left in found if left >= amount]
    return single or [_choice(_in_order(found, amount))]


def enter(work: Work, number: str, key: str, why: str, consent: Consent) -> Disposal:
    """Taken from what ``key`` names; raises Refused where that is not there any more."""
    work.session.refresh(to_enter(work, number), with_for_update=True)
    difference = to_enter(work, number)  # as it stands now that nobody else moves it
    chosen = next((one for one in choices(work, difference) if one.key == key), None)
    if chosen is None:
        raise Refused("held_gone", RULE)
    with work.savepoint():
        return deciding.begin(
            work, Way.PORTAL, chosen.parts, why, consent, difference_id=difference.id
        )


def payment_of(work: Work, difference: BillDifference) -> Payment | None:
    """The payment that the bill says it is of."""
    bill = work.session.get_one(DailyBill, difference.bill_id)
    return work.session.scalar(
        select(Payment).where(
            Payment.institution_id == work.institution,
            Payment.provider == bill.provider,
            Payment.transaction_id == difference.theirs,
        )
    )


def shares(work: Work, payment: Payment) -> list[Share]:
    """All that it is for; the payment itself where it fits nothing."""
    found = work.session.scalars(
        select(PaymentShare.order_id)
        .where(PaymentShare.payment_id == payment.id, PaymentShare.state != MOVED)
        .order_by(PaymentShare.order_id)
    ).all()
    return [money.share(work, payment.id, order) for order in found] or [
        money.share(work, payment.id, None)
    ]


def _choice(parts: list[tuple[Share, int]]) -> Choice:
    return Choice("+".join(share.key for share, _fen in parts), tuple(parts))


def _in_order(found: list[tuple[Share, int]], amount: int) -> list[tuple[Share, int]]:
    parts = []
    for share, left in found:
        fen = min(left, amount)
        if fen > 0:
            parts.append((share, fen))
        amount -= fen
    return parts


def _not_so_much(work: Work, payment: Payment) -> Refused:
    """With the refund that has it, where one is under way or done."""
    live = [one for share in shares(work, payment) for one in asking.live(work, share)]
    number = live[0].number if live else ""
    return Refused("portal_too_much", RULE, number=number, transaction=payment.transaction_id)
