"""What does not arrive, or was paid back in another way: finance's to mend, and nobody pays it twice.

Paid by hand is only what the provider, asked just now, is not paying back: a request whose answer was
lost may be under way.
"""

from datetime import date, timedelta

from backend.clock import local_date
from backend.consent import Consent
from backend.consents import keep
from backend.errors import Refused
from backend.models import Application, Refund
from backend.refunds import booking, deciding, documents, hands, money, using
from backend.refunds.money import Share
from backend.refunds.states import DECIDABLE, RULE, Heard, State, next_number, refund_of, take
from backend.work import Work
from backend.workflow import already_handled

NEWS, FRESH = timedelta(minutes=2), timedelta(minutes=30)  # to begin with, and to end with
NOT_UNDER_WAY = frozenset({Heard.ABNORMAL, Heard.CLOSED, Heard.NOTHING, Heard.ELSEWHERE})


def to_mend(work: Work, number: str) -> Application:
    """A refund that did not arrive. Raises NotAllowed and AlreadyHandled."""
    application = deciding.to_see(work, number)
    if application.state != State.ABNORMAL:
        raise already_handled(work, application)
    return application


def again(work: Work, number: str, consent: Consent) -> Application:
    """Ask the provider once more, under the same number: it is one refund, however often.

    What the provider has closed can never be paid under its number, and is asked for under the next.
    """
    application = to_mend(work, number)
    hands.require_free(work, application)
    keep(work, consent)
    take(work, application, "again")
    refund = refund_of(work, application)
    if refund.heard == Heard.CLOSED:
        refund.asked_as = next_number(refund.asked_as)
    booking.ask_provider(work, application, refund)
    return application


def to_pay_by_hand(work: Work, number: str) -> Application:
    """One that did not arrive, or that waits to be decided, so that the provider was never asked.

    Raises NotAllowed, AlreadyHandled, and Refused as for whoever decides, and while somebody else is at it.
    """
    application = deciding.to_see(work, number)
    if application.state != State.ABNORMAL:
        deciding.to_decide(work, number)
    hands.require_free(work, application)
    return application


def under_way(work: Work, application: Application, within: timedelta = FRESH) -> bool:
    """Whether the provider may still be paying it back: it has not answered lately, or not when it
    was last asked, or not that it is not."""
    if application.state in DECIDABLE:
        return False
    refund = refund_of(work, application)
    if application.state != State.ABNORMAL or refund.heard_at is None:
        return True
    asked_last = refund.tried_at or refund.heard_at
    lately = refund.heard_at >= max(application.since, asked_last, work.now - within)
    return not lately or refund.heard not in NOT_UNDER_WAY


def by_hand(
    work: Work, number: str, reference: str, paid_back_on: date, consent: Consent
) -> Application:
    """Finance has paid it back in another way, under this number of the bank's, on this day.

    Raises Refused where the provider has not just said that it does not, and, of what was not decided
    yet, where two people have to agree or a document stands that the money paid for.
    """
    application = to_pay_by_hand(work, number)
    refund = refund_of(work, application)
    held = money.lock(work, money.share_of(work, refund))
    if under_way(work, application):
        raise Refused("refund_under_way", RULE, number=number)
    if not reference.strip():
        raise Refused("reference_needed")
    earliest = local_date(held.payment.paid_at)
    if not earliest <= paid_back_on <= local_date(work.now):
        raise Refused("refund_day", since=earliest.isoformat())
    kept = keep(work, consent)
    undecided = application.state in DECIDABLE
    if undecided:
        _decide(work, application, refund, held, kept)
    take(work, application, "by_hand", why=reference)
    if undecided:
        documents.call_off(work, held)
    refund.bank_reference, refund.paid_back_on = reference, paid_back_on
    booking.finished(work, application, refund, work.now, by_hand=True, undecided=undecided)
    return application


def _decide(work: Work, application: Application, refund: Refund, held: Share, kept: int) -> None:
    require_decidable_alone(work, application, held)
    if application.state == State.CONFIRMING:
        refund.second_by, refund.second_consent_id = work.actor, kept
    else:
        refund.decided_by, refund.decision_consent_id = work.actor, kept
    refund.decided_at = work.now


def require_decidable_alone(work: Work, application: Application, held: Share) -> None:
    """Raises Refused: paying by hand goes round neither the second person nor academic affairs."""
    if application.state not in DECIDABLE:
        return
    if deciding.needs_second(work, application):
        raise Refused("refund_by_two", RULE, number=application.number)
    using.require_unused(work, held, application.number)
    if documents.standing(work, held) is not None:
        raise Refused("refund_document_stands", RULE, transcript=held.application.number)
