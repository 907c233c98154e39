"""What becomes of money that came in (T7).

Every payment is kept, whatever it was for; an order is paid at most once; a paid order never
becomes unpaid. What cannot be matched with an open order is told to finance, to be paid back.
"""

import logging
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import exists, or_, select
from sqlalchemy.exc import IntegrityError

from backend import audit, orders
from backend.errors import AlreadyHandled
from backend.models import Application, Order, Payment
from backend.office import Office
from backend.payments.provider import (
    CURRENCY,
    TOLERANCE,
    PaymentNotice,
    ProviderUnreachable,
)
from backend.work import Work

ASK_AFTER = timedelta(minutes=1)  # a notice has had its chance
ASK_EXPIRED_FOR = timedelta(days=1)  # money that came at the last moment
log = logging.getLogger(__name__)


class Outcome(StrEnum):
    SETTLED = "settled"
    HONOURED = (
        "honoured"  # the order had expired or was cancelled, and the applicant still wanted it
    )
    LATE = "late"  # the same, and nothing waits for it any more
    DOUBLE = "double"  # the order was paid already
    MISMATCH = "mismatch"  # not what was asked for
    REPEATED = "repeated"  # known already; nothing happens
    UNKNOWN = "unknown"  # there is no such order


def take(work: Work, notice: PaymentNotice) -> Outcome:
    """Record a verified payment and settle its order; safe to call any number of times.

    The orders of the application, and then the application, stay locked to the end of ``work``.
    """
    order = _locked(work, notice.order_number)
    if order is None:
        return _unknown(work, notice)
    known = recorded(work, notice)
    if known is None:
        outcome = _judge(order, notice)
        known = _keep(work, order, notice, outcome)
        if known is not None:
            return _act(work, order, known, notice, outcome)
        known = recorded(work, notice)
    return _again(work, order, notice, known)


def recorded(work: Work, notice: PaymentNotice) -> Payment | None:
    return work.session.scalar(
        select(Payment).where(
            Payment.provider == notice.provider,
            Payment.transaction_id == notice.transaction_id,
        )
    )


def query_open_orders(office: Office) -> int:
    """Ask the provider about every order whose notice may have been lost; returns how many paid.

    Run it before ``orders.expire_due``. An order that has expired or was cancelled is asked about until a day after its time.
    No database session is held while the provider is asked.
    """
    settled = 0
    for number in _unanswered(office):
        try:
            notice = office.payments.query(number)
        except ProviderUnreachable:
            log.warning("the payment provider does not answer; asked again later")
            return settled
        if notice is None:
            continue
        with office.work() as work:
            if recorded(work, notice) is None:
                settled += take(work, notice) in (Outcome.SETTLED, Outcome.HONOURED)
    return settled


def _unanswered(office: Office) -> list[str]:
    with office.read() as work:
        return list(
            work.session.scalars(
                select(Order.number)
                .where(
                    Order.institution_id == work.institution,
                    Order.total_fen > 0,
                    Order.created_at <= work.now - ASK_AFTER,
                    or_(
                        Order.state == orders.State.CONFIRMED,
                        Order.state.in_((orders.State.EXPIRED, orders.State.CLOSED))
                        & (Order.expires_at > work.now - ASK_EXPIRED_FOR)
                        & ~exists().where(Payment.order_id == Order.id),
                    ),
                )
                .order_by(Order.id)
            )
        )


def _locked(work: Work, number: str) -> Order | None:
    """The order as it stands now; neither it nor its application moves until the end."""
    found = orders.find(work, number)
    if found is None:
        return None
    application_id = orders.line_of(work, found).application_id
    orders.lock_all(work, application_id)
    work.session.get_one(Application, application_id, with_for_update=True, populate_existing=True)
    return found


def _judge(order: Order, notice: PaymentNotice) -> Outcome:
    # a restored database may give the number of an order that it has lost to another one
    of_another = notice.paid_at < order.created_at - TOLERANCE
    if of_another or (notice.amount_fen, notice.currency) != (order.total_fen, CURRENCY):
        return Outcome.MISMATCH
    match order.state:
        case orders.State.CONFIRMED:
            return Outcome.SETTLED
        case orders.State.EXPIRED:
            return Outcome.HONOURED
        case orders.State.CLOSED if order.expires_at:  # it was to be paid until it was cancelled
            return Outcome.HONOURED
        case orders.State.PAID:
            return Outcome.DOUBLE
        case _:  # nobody was ever asked to pay it
            return Outcome.MISMATCH


def _keep(work: Work, order: Order, notice: PaymentNotice, outcome: Outcome) -> Payment | None:
    """The payment's row; None when the same transaction was recorded at this very moment."""
    payment = Payment(
        institution_id=work.institution,
        order_id=order.id,
        provider=notice.provider,
        transaction_id=notice.transaction_id,
        amount_fen=notice.amount_fen,
        currency=notice.currency,
        paid_at=notice.paid_at,
        received_at=work.now,
        state="settled" if outcome is Outcome.HONOURED else outcome,
    )
    try:
        with work.savepoint():
            work.session.add(payment)
            work.session.flush()
    except IntegrityError:
        return None
    return payment


def _act(
    work: Work, order: Order, payment: Payment, notice: PaymentNotice, outcome: Outcome
) -> Outcome:
    if outcome in (Outcome.SETTLED, Outcome.HONOURED):
        try:
            with work.savepoint():
                orders.settle(work, order, late=outcome is Outcome.HONOURED)
                _close_saved(work, order)
        except AlreadyHandled:  # the application has gone another way; the money must not
            outcome = Outcome.LATE
            payment.state = outcome
            work.session.flush()
    _note(work, notice, outcome, to_state=payment.state)
    if outcome not in (Outcome.SETTLED, Outcome.HONOURED):
        _tell_finance(work, order, notice, outcome)
    return outcome


def _close_saved(work: Work, paid: Order) -> None:
    """An order that was begun anew after this one expired is not needed any more."""
    saved = orders.open_order(work, orders.application_of(work, paid))
    if saved is not None and saved.state == orders.State.SAVED:
        orders.WORKFLOW.take(work, saved, "close")


def _again(work: Work, order: Order, notice: PaymentNotice, known: Payment | None) -> Outcome:
    """A transaction that is known: the same once more, or one that contradicts itself."""
    same = known is not None and (known.order_id, known.amount_fen, known.currency) == (
        order.id,
        notice.amount_fen,
        notice.currency,
    )
    outcome = Outcome.REPEATED if same else Outcome.MISMATCH
    told = audit.last(work, _subject(notice), Outcome.MISMATCH) is not None
    state = known.state if known else ""
    _note(work, notice, outcome, from_state=state, to_state=state)
    if not same and not told:
        _tell_finance(work, order, notice, outcome)
    return outcome


def _unknown(work: Work, notice: PaymentNotice) -> Outcome:
    """There is nothing to keep it with; providers repeat themselves, finance is told once."""
    if audit.last(work, _subject(notice), Outcome.UNKNOWN) is None:
        _note(work, notice, Outcome.UNKNOWN)
        _tell_finance(work, None, notice, Outcome.UNKNOWN)
    return Outcome.UNKNOWN


def _subject(notice: PaymentNotice) -> str:
    return f"payment:{notice.provider}:{notice.transaction_id}"


def _note(
    work: Work, notice: PaymentNotice, outcome: Outcome, from_state: str = "", to_state: str = ""
) -> None:
    why = f"{notice.order_number} {notice.amount_fen} {notice.currency}"
    audit.record(work, _subject(notice), outcome, from_state, to_state, why)


def _tell_finance(work: Work, order: Order | None, notice: PaymentNotice, outcome: Outcome) -> None:
    work.emit(
        f"payment.{outcome}",
        notice.order_number,
        provider=notice.provider,
        transaction=notice.transaction_id,
        amount_fen=notice.amount_fen,
        currency=notice.currency,
        expected_fen=order.total_fen if order else None,
        order_state=str(order.state) if order else "",
        buyer=order.buyer_id if order else None,
    )
