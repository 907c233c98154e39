"""Asking for money back: what can be asked for, why the rest cannot, until when; taking it back."""

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select

from backend import transcripts
from backend.clock import local_date
from backend.consent import Consent
from backend.consents import keep
from backend.errors import NotAllowed, Refused
from backend.models import Application, Refund
from backend.photos import fee_workflow
from backend.policy import store
from backend.policy.entries import NotSet
from backend.refunds import filing, money, using
from backend.refunds.money import SETTLED, Share
from backend.refunds.states import GIVEN_UP, RULE, Reason, State, own, refund_of, take
from backend.work import Work

HELD: dict[str, Reason] = {
    "late": Reason.LATE_PAYMENT,
    "double": Reason.DOUBLE_PAYMENT,
    "mismatch": Reason.MISMATCH,
}
OF_TRANSCRIPTS: dict[str, Reason] = {
    transcripts.State.PAID: Reason.UNUSED,
    transcripts.State.STUCK: Reason.UNUSED,
    transcripts.State.ISSUED: Reason.WRONG_DOCUMENT,
    transcripts.State.EXPIRED: Reason.WRONG_DOCUMENT,
    transcripts.State.REVOKED: Reason.REVOKED_DOCUMENT,
}
NEEDS_WORDS = frozenset({Reason.WRONG_DOCUMENT})


@dataclass(frozen=True, slots=True)
class Candidate:
    """What was paid, and whether it may be asked for: ``reason`` and until when, or ``refused``."""

    share: Share
    reason: Reason | None = None
    until: date | None = None
    refused: Refused | None = None


def candidates(work: Work, person_id: int) -> list[Candidate]:
    """All that this person has paid, newest first."""
    return [candidate(work, one) for one in money.of_person(work, person_id)]


def candidate(work: Work, held: Share) -> Candidate:
    try:
        if money.left(work, held) <= 0:
            raise _asked_already(work, held)
        reason = _reason(work, held)
        days = store.refund(work).days(reason)
        until = local_date(held.payment.paid_at) + timedelta(days=days)
        if local_date(work.now) > until:
            raise Refused(
                "refund_too_late", "", reason=reason, until=until.isoformat(), office="finance"
            )
    except NotSet:
        return Candidate(held, refused=Refused("refund_not_open", "", office="finance"))
    except Refused as refused:
        return Candidate(held, refused=refused)
    return Candidate(held, reason, until)


def ask(work: Work, held: Share, reason: Reason, words: str, consent: Consent) -> Application:
    """The payer asks for all that is left of it; raises Refused where that cannot be (any more)."""
    if held.buyer_id != work.actor:
        raise NotAllowed
    held = money.lock(work, held)
    found = candidate(work, held)
    if found.refused is not None:
        raise found.refused
    if found.reason != reason:  # a document was made or revoked meanwhile
        raise Refused("refund_changed")
    if reason in NEEDS_WORDS and not words.strip():
        raise Refused("reason_needed")
    return filing.file(work, held, reason, words=words, consent_id=keep(work, consent))


def withdraw(work: Work, number: str, consent: Consent) -> Application:
    """Whoever asked wants it no more, before anything is paid back."""
    application = own(work, number)
    if not withdrawable(application):
        raise NotAllowed
    keep(work, consent)
    take(work, application, "withdraw")
    money.give_back(work, refund_of(work, application))
    return application


def withdrawable(application: Application) -> bool:
    """What the program has proposed nobody has asked for, and nobody withdraws it."""
    waiting = application.state in (State.ASKED, State.CONFIRMING, State.DOCUMENT)
    return waiting and application.consent_id is not None


def live(work: Work, held: Share) -> list[Application]:
    """The refunds of it that are not given up, newest first."""
    return list(
        work.session.scalars(
            select(Application)
            .join(Refund, Refund.application_id == Application.id)
            .where(
                Refund.payment_id == held.payment.id,
                Refund.order_id == held.order.id if held.order else Refund.order_id.is_(None),
                Application.state.not_in(GIVEN_UP),
            )
            .order_by(Application.id.desc())
        )
    )


def _asked_already(work: Work, held: Share) -> Refused:
    refunds = live(work, held)
    if not refunds:  # finance have settled it by hand
        return Refused("refund_nothing_left")
    return Refused("refund_asked_already", "", number=refunds[0].number)


def _reason(work: Work, held: Share) -> Reason:
    """Why this money could go back; raises Refused where there is nothing."""
    if held.standing != SETTLED:
        if held.standing not in HELD:
            raise Refused("refund_by_office", RULE, office="finance")
        return HELD[held.standing]
    application = held.application
    if application.kind == transcripts.KIND and application.state in OF_TRANSCRIPTS:
        return OF_TRANSCRIPTS[application.state]
    if application.kind == fee_workflow.KIND and application.state == fee_workflow.State.PAID:
        if using.used(work, held) is not None:
            raise Refused("refund_used", "P3", office="photo")
        return Reason.UNUSED
    raise Refused("refund_by_office", "", office="finance")
