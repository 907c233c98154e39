"""What becomes of a refund when the provider speaks of it: pushed as a notice, or as an answer.

That the money is back is final, whoever says it first. Everything else is only believed as the
answer to a question that was asked of the case as it stands: bad news may be old, and makes people
pay by hand.
"""

from datetime import timedelta
from enum import StrEnum

from backend import audit
from backend.models import Application
from backend.payments.provider import RefundNotice, RefundState
from backend.refunds import booking, money, states
from backend.refunds.states import WITH_PROVIDER, State, refund_of
from backend.work import Work

ASK_SOON, ASK_SELDOM = timedelta(minutes=5), timedelta(hours=1)
FRESH = timedelta(hours=1)  # most are back by then


class Outcome(StrEnum):
    REFUNDED = "refunded"
    ON_ITS_WAY = "on_its_way"
    ABNORMAL = "abnormal"
    ASKED = "asked"  # the provider is asked whether it is still so
    REPEATED = "repeated"  # known already, or old; nothing happens
    MISMATCH = "mismatch"  # not the amount or the payment that this number is of
    UNDECIDED = "undecided"  # it is back, and nobody here had decided it
    TWICE = "twice"  # it is back, and finance has paid it by hand as well
    UNKNOWN = "unknown"  # there is no such refund


def take(work: Work, notice: RefundNotice) -> Outcome:
    """A verified notice; safe to call any number of times, with notices in any order."""
    application = _locked(work, notice)
    if not isinstance(application, Application):
        return _tell(work, notice, application)
    if notice.state is RefundState.SUCCESS:
        return _back(work, application, notice)
    if application.state not in WITH_PROVIDER:
        return Outcome.REPEATED
    refund_of(work, application).next_try_at = work.now + booking.LEFT_LYING
    key = f"{application.number}:{application.version}:{notice.state}:{work.now:%Y%m%d%H%M}"
    work.enqueue("pay_back", key, application=application.number)
    return Outcome.ASKED


def answered(work: Work, notice: RefundNotice, seen: int) -> Outcome:
    """The provider's answer; ``seen`` is the version that the case had when it was asked."""
    application = _locked(work, notice)
    if not isinstance(application, Application):
        return _tell(work, notice, application)
    if notice.state is RefundState.SUCCESS:
        return _back(work, application, notice)
    if application.version != seen or application.state not in WITH_PROVIDER:
        return Outcome.REPEATED  # somebody has acted meanwhile
    refund = refund_of(work, application)
    refund.refund_id, refund.tried_at, refund.trouble = notice.refund_id, work.now, ""
    refund.tries, refund.heard, refund.heard_at = 0, notice.state, work.now
    if notice.state is RefundState.PROCESSING:
        fresh = application.state != State.SENT or work.now - application.since < FRESH
        refund.next_try_at = work.now + (ASK_SOON if fresh else ASK_SELDOM)
        if application.state != State.SENT:
            states.take(work, application, "send")
        return Outcome.ON_ITS_WAY
    refund.trouble, refund.next_try_at = notice.state, work.now + ASK_SELDOM
    if application.state != State.ABNORMAL:
        states.take(work, application, "fail", why=notice.state)
    return Outcome.ABNORMAL


def _locked(work: Work, notice: RefundNotice) -> Application | Outcome:
    """The refund it is about, which does not move until the end; or what is wrong with it."""
    application = states.known_as(work, notice.number)
    if application is None:
        return Outcome.UNKNOWN
    refund = refund_of(work, application)
    if notice.number != refund.asked_as and notice.state is not RefundState.SUCCESS:
        return Outcome.REPEATED  # of what was closed there, and asked for anew
    held = money.share_of(work, refund)
    payment = held.payment
    ours = (payment.provider, payment.transaction_id, payment.charge_number)
    said = (notice.provider, notice.transaction_id, notice.charge_number)
    if (*ours, refund.amount_fen, refund.asked_as) != (*said, notice.amount_fen, notice.number):
        return Outcome.MISMATCH
    money.lock_orders(work, held)
    return states.locked(work, application.number)


def _back(work: Work, application: Application, notice: RefundNotice) -> Outcome:
    if application.state == State.REFUNDED:
        return Outcome.REPEATED
    if application.state not in WITH_PROVIDER:
        by_hand = application.state == State.BY_HAND
        return _tell(work, notice, Outcome.TWICE if by_hand else Outcome.UNDECIDED)
    refund = refund_of(work, application)
    refund.refund_id = notice.refund_id
    if application.state != State.SENT:
        states.take(work, application, "send")
    states.take(work, application, "succeed")
    booking.finished(work, application, refund, notice.at or work.now)
    return Outcome.REFUNDED


def _tell(work: Work, notice: RefundNotice, outcome: Outcome) -> Outcome:
    """Providers repeat themselves; finance is told once."""
    if outcome is Outcome.REPEATED:
        return outcome
    subject = f"refund:{notice.provider}:{notice.refund_id}"
    if audit.last(work, subject, outcome) is None:
        why = f"{notice.number} {notice.amount_fen}"
        audit.record(work, subject, outcome, "", notice.state, why)
        work.emit(
            f"refund.{outcome}",
            notice.number,
            provider=notice.provider,
            refund_id=notice.refund_id,
            transaction=notice.transaction_id,
            amount_fen=notice.amount_fen,
        )
    return outcome
