"""What follows when a payment was recorded: what fits nothing is proposed to be paid back, and all of
it is entered in the ledger, last of all."""

from sqlalchemy import select

from backend.ledger import payments as ledger
from backend.ledger.postings import Standing
from backend.models import Order, Payment, PaymentShare
from backend.payments.provider import CURRENCY
from backend.refunds import proposing
from backend.work import Work


def enter(work: Work, payment: Payment) -> None:
    """Called by ``settle.take`` in its transaction, once for each payment."""
    if payment.currency == CURRENCY:  # finance is told of any other, and looks itself
        _propose(work, payment)
        ledger.enter(work, payment)


def _propose(work: Work, payment: Payment) -> None:
    shares = work.session.execute(
        select(PaymentShare.state, Order)
        .join(Order, Order.id == PaymentShare.order_id)
        .where(PaymentShare.payment_id == payment.id)
        .order_by(Order.id)
    ).all()
    for state, order in shares:
        if state != Standing.SETTLED:
            proposing.propose(work, payment, order)
    if not shares:
        proposing.propose(work, payment)
