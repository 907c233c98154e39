"""What becomes of money that came in (T7).

Every payment is kept, whatever it was for; an order is paid at most once; a paid order never
becomes unpaid. What cannot be matched with an open order is told to finance, to be paid back.
"""

from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from backend import audit, charges, orders
from backend.errors import AlreadyHandled
from backend.models import Application, Charge, Order, Payment, PaymentShare
from backend.payments import entering, together
from backend.payments.provider import CURRENCY, TOLERANCE, PaymentNotice
from backend.work import Work
from backend.workflow import already_handled


class Outcome(StrEnum):
    """From the best to the worst; a payment for several orders is what the worst of them is."""

    REPEATED = "repeated"  # known already; nothing happens
    SETTLED = "settled"
    HONOURED = "honoured"  # the order had ended, and the applicant still wanted it
    LATE = "late"  # the same, and nothing waits for it any more
    DOUBLE = "double"  # the order was paid already
    MISMATCH = "mismatch"  # not what was asked for
    UNKNOWN = "unknown"  # nothing here asked for it


GOOD = (Outcome.SETTLED, Outcome.HONOURED)
_WORSE = list(Outcome)


def take(work: Work, notice: PaymentNotice) -> Outcome:
    """Record a verified payment and settle its orders; safe to call any number of times.

    The orders of its applications, and then the applications, stay locked to the end of ``work``.
    """
    known = recorded(work, notice)
    if known is not None:
        return _again(work, notice, known)
    charge, wanted = _locked(work, notice.charge_number)
    matches = charge is not None and _matches(charge, notice)
    payment = _keep(work, charge, notice)
    if payment is None:  # the same transaction was recorded at this very moment
        known = recorded(work, notice)
        return Outcome.UNKNOWN if known is None else _again(work, notice, known)
    if charge is None or not matches:
        outcome = Outcome.UNKNOWN if charge is None else Outcome.MISMATCH
        return _held(work, payment, notice, outcome, wanted)
    outcomes = [_share(work, payment, order, notice) for order in wanted]
    if charge.state != charges.State.PAID:
        late = charge.state == charges.State.CLOSED
        charges.WORKFLOW.take(work, charge, "pay_late" if late else "pay")
    _receipt(work, [one for one, said in zip(wanted, outcomes, strict=True) if said in GOOD])
    outcome = max(outcomes, key=_WORSE.index)
    payment.state = Outcome.SETTLED if outcome in GOOD else outcome
    _note(work, notice, outcome, to_state=payment.state)
    entering.enter(work, payment)
    return outcome


def assign(work: Work, payment: Payment, order: Order) -> None:
    """Finance say that money which is held is for this order: it is paid, as by any payment.

    The order and its application must be locked; whoever calls enters it in the ledger. Raises
    AlreadyHandled where the order waits for no money (any more).
    """
    if order.state != orders.State.CONFIRMED:
        raise already_handled(work, order)
    orders.settle(work, order)
    _close_saved(work, order)
    _keep_share(work, payment, order, Outcome.SETTLED)
    still_held = select(PaymentShare.order_id).where(
        PaymentShare.payment_id == payment.id,
        PaymentShare.state.in_((Outcome.LATE, Outcome.DOUBLE)),
    )
    before = payment.state
    if work.session.scalar(still_held.limit(1)) is None:
        payment.state = Outcome.SETTLED
    subject = f"payment:{payment.provider}:{payment.transaction_id}"
    audit.record(work, subject, "assign", before, payment.state, order.number)
    work.session.flush()


def recorded(work: Work, notice: PaymentNotice) -> Payment | None:
    return work.session.scalar(
        select(Payment).where(
            Payment.institution_id == work.institution,
            Payment.provider == notice.provider,
            Payment.transaction_id == notice.transaction_id,
        )
    )


def _locked(work: Work, number: str) -> tuple[Charge | None, list[Order]]:
    """The charge and its orders as they stand now; neither they nor their applications move."""
    charge = charges.find(work, number)
    if charge is None:
        return None, []
    wanted = charges.orders_of(work, charge)
    applications = sorted(orders.line_of(work, one).application_id for one in wanted)
    orders.lock_all(work, *applications)
    for application in applications:
        work.session.get_one(Application, application, with_for_update=True, populate_existing=True)
    work.session.refresh(charge, with_for_update=True)
    return charge, wanted


def _matches(charge: Charge, notice: PaymentNotice) -> bool:
    # a restored database may give the number of a charge that it has lost to another one
    of_another = notice.paid_at < charge.opened_at - TOLERANCE
    asked = (charge.provider, charge.total_fen, CURRENCY)
    said = (notice.provider, notice.amount_fen, notice.currency)
    return not of_another and asked == said


def _keep(work: Work, charge: Charge | None, notice: PaymentNotice) -> Payment | None:
    payment = Payment(
        institution_id=work.institution,
        charge_id=charge.id if charge else None,
        charge_number=notice.charge_number,
        provider=notice.provider,
        transaction_id=notice.transaction_id,
        amount_fen=notice.amount_fen,
        currency=notice.currency,
        paid_at=notice.paid_at,
        received_at=work.now,
        state=Outcome.UNKNOWN,
    )
    try:
        with work.savepoint():
            work.session.add(payment)
            work.session.flush()
    except IntegrityError:
        return None
    return payment


def _share(work: Work, payment: Payment, order: Order, notice: PaymentNotice) -> Outcome:
    """One order's part of the money."""
    outcome = _judge(order)
    if outcome in GOOD:
        try:
            with work.savepoint():
                orders.settle(work, order, late=outcome is Outcome.HONOURED)
                _close_saved(work, order)
        except AlreadyHandled:  # the application has gone another way; the money must not
            outcome = Outcome.LATE
            work.session.refresh(order)
    _keep_share(work, payment, order, Outcome.SETTLED if outcome in GOOD else outcome)
    if outcome not in GOOD:
        _tell_finance(work, notice, outcome, order)
    return outcome


def _keep_share(work: Work, payment: Payment, order: Order, state: Outcome) -> None:
    share = PaymentShare(
        payment_id=payment.id,
        order_id=order.id,
        institution_id=work.institution,
        amount_fen=order.total_fen,
        state=state,
    )
    work.session.add(share)
    work.session.flush()
    orders.close_charges(work, order)


def _receipt(work: Work, settled: list[Order]) -> None:
    """Whoever pays several orders at once is told of the payment, and not of each order."""
    if len(settled) < 2:
        return
    work.emit(
        "payment.received",
        together.joined(one.number for one in settled),
        buyer=settled[0].buyer_id,
        cases=[orders.application_of(work, one).number for one in settled],
    )


def _judge(order: Order) -> Outcome:
    match order.state:
        case orders.State.CONFIRMED:
            return Outcome.SETTLED
        case orders.State.PAID:
            return Outcome.DOUBLE
        case _:  # it was to be paid until it expired or was cancelled
            return Outcome.HONOURED


def _close_saved(work: Work, paid: Order) -> None:
    """An order that was begun anew after this one expired is not needed any more."""
    saved = orders.open_order(work, orders.application_of(work, paid))
    if saved is not None and saved.state == orders.State.SAVED:
        orders.WORKFLOW.take(work, saved, "close")


def _held(
    work: Work, payment: Payment, notice: PaymentNotice, outcome: Outcome, wanted: list[Order]
) -> Outcome:
    """Money that fits nothing that was asked for."""
    payment.state = outcome
    _note(work, notice, outcome, to_state=outcome)
    _tell_finance(work, notice, outcome, wanted[0] if wanted else None)
    work.session.flush()
    entering.enter(work, payment)
    return outcome


def _again(work: Work, notice: PaymentNotice, known: Payment) -> Outcome:
    """A transaction that is known: the same once more, or one that contradicts itself."""
    same = (known.charge_number, known.amount_fen, known.currency) == (
        notice.charge_number,
        notice.amount_fen,
        notice.currency,
    )
    outcome = Outcome.REPEATED if same else Outcome.MISMATCH
    told = audit.last(work, _subject(notice), Outcome.MISMATCH) is not None
    if same or not told:
        _note(work, notice, outcome, from_state=known.state, to_state=known.state)
    if not same and not told:
        _tell_finance(work, notice, outcome, None)
    return outcome


def _subject(notice: PaymentNotice) -> str:
    return f"payment:{notice.provider}:{notice.transaction_id}"


def _note(
    work: Work, notice: PaymentNotice, outcome: Outcome, from_state: str = "", to_state: str = ""
) -> None:
    why = f"{notice.charge_number} {notice.amount_fen} {notice.currency}"
    audit.record(work, _subject(notice), outcome, from_state, to_state, why)


def _tell_finance(work: Work, notice: PaymentNotice, outcome: Outcome, order: Order | None) -> None:
    work.emit(
        f"payment.{outcome}",
        order.number if order else notice.charge_number,
        provider=notice.provider,
        transaction=notice.transaction_id,
        amount_fen=notice.amount_fen,
        currency=notice.currency,
        expected_fen=order.total_fen if order else None,
        order_state=str(order.state) if order else "",
        buyer=order.buyer_id if order else None,
    )
