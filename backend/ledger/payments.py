"""A payment as the ledger has it: what each of its orders had of it, and what is held."""

from sqlalchemy import select

from backend import orders
from backend.ledger import postings
from backend.ledger.postings import Share, Standing
from backend.models import LedgerEntry, Order, Payment, PaymentShare
from backend.payments.provider import CURRENCY
from backend.work import Work


def enter(work: Work, payment: Payment) -> None:
    """Post a payment with its shares; one in another currency is not for this ledger."""
    if payment.currency != CURRENCY:
        return
    rows = work.session.execute(
        select(PaymentShare, Order)
        .join(Order, Order.id == PaymentShare.order_id)
        .where(PaymentShare.payment_id == payment.id)
        .order_by(Order.id)
    ).all()
    shares = [
        Share(
            order.id,
            orders.application_of(work, order).kind,
            share.amount_fen,
            Standing(share.state),
        )
        for share, order in rows
    ]
    postings.payment_received(
        work,
        provider=payment.provider,
        transaction_id=payment.transaction_id,
        amount_fen=payment.amount_fen,
        paid_at=payment.paid_at,
        shares=shares,
        rest=Standing.UNKNOWN if shares else Standing(payment.state),
    )


def begin(work: Work) -> None:
    """Where the ledger has nothing yet, post every payment from before there was one."""
    there = select(LedgerEntry.number).where(LedgerEntry.institution_id == work.institution)
    if work.session.scalar(there.limit(1)) is not None:
        return
    old = work.session.scalars(
        select(Payment).where(Payment.institution_id == work.institution).order_by(Payment.id)
    )
    for payment in old.all():
        enter(work, payment)
