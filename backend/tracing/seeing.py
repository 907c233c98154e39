"""What finance see of the money that was traced: a person's, an order's, a payment's."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import or_, select

from backend import audit, charges, orders
from backend.authority import Role, require
from backend.errors import Refused
from backend.invoices import requesting as invoices
from backend.models import (
    Application,
    Charge,
    ChargeOrder,
    Order,
    Payment,
    PaymentShare,
    Person,
    Refund,
)
from backend.payments.settle import Outcome
from backend.refunds import states as refunds
from backend.work import Work


@dataclass(frozen=True, slots=True)
class Money:
    """All that a person has ordered and paid, and what became of it; the latest first."""

    person: Person
    orders: Sequence[Order]
    payments: Sequence[Payment]
    refunds: Sequence[Application]
    invoices: Sequence[Application]


def money_of(work: Work, person_id: int) -> Money:
    """For finance, who is on record to have looked. Raises Refused ``nothing_traced``."""
    require(work, Role.FINANCE)
    person = work.session.get(Person, person_id)
    if person is None or person.institution_id != work.institution:
        raise Refused("nothing_traced")
    looked(work, f"person:{person.id}")
    by_order = (
        select(PaymentShare.payment_id)
        .join(Order, Order.id == PaymentShare.order_id)
        .where(Order.buyer_id == person.id)
    )
    by_charge = select(Charge.id).where(Charge.buyer_id == person.id)
    paid = work.session.scalars(
        select(Payment)
        .where(
            Payment.institution_id == work.institution,
            or_(Payment.id.in_(by_order), Payment.charge_id.in_(by_charge)),
        )
        .order_by(Payment.paid_at.desc(), Payment.id.desc())
    )
    return Money(
        person,
        orders.of_person(work, person.id),
        list(paid),
        refunds.of_person(work, person.id),
        invoices.of_person(work, person.id),
    )


def looked(work: Work, subject: str) -> None:
    """Finance has seen somebody's money. Not under the case's own number: it was not moved."""
    audit.record(work, f"traced:{subject}", "look", "", "")


def payments_for(work: Work, order: Order) -> list[Payment]:
    """All that came in for it: by its shares, and by the requests that it was in."""
    shares = select(PaymentShare.payment_id).where(PaymentShare.order_id == order.id)
    asked = select(ChargeOrder.charge_id).where(ChargeOrder.order_id == order.id)
    return list(
        work.session.scalars(
            select(Payment)
            .where(or_(Payment.id.in_(shares), Payment.charge_id.in_(asked)))
            .order_by(Payment.id)
        )
    )


def what_paid(work: Work, order: Order) -> list[Payment]:
    """Without what is held, or came a second time."""
    return list(
        work.session.scalars(
            select(Payment)
            .join(PaymentShare, PaymentShare.payment_id == Payment.id)
            .where(PaymentShare.order_id == order.id, PaymentShare.state == Outcome.SETTLED)
        )
    )


def payments_by(work: Work, charge: Charge) -> list[Payment]:
    return list(
        work.session.scalars(
            select(Payment).where(Payment.charge_id == charge.id).order_by(Payment.id)
        )
    )


def charges_for(work: Work, order: Order) -> list[Charge]:
    return list(
        work.session.scalars(
            select(Charge)
            .join(ChargeOrder, ChargeOrder.charge_id == Charge.id)
            .where(ChargeOrder.order_id == order.id)
            .order_by(Charge.id)
        )
    )


def charge_of(work: Work, payment: Payment) -> Charge | None:
    return work.session.get(Charge, payment.charge_id) if payment.charge_id else None


def parts_of(work: Work, payment: Payment) -> list[tuple[Order, PaymentShare | None]]:
    """The orders it was for, with what of it each has; None where all of it is held."""
    shares = work.session.execute(
        select(Order, PaymentShare)
        .join(PaymentShare, PaymentShare.order_id == Order.id)
        .where(PaymentShare.payment_id == payment.id)
        .order_by(Order.id)
    )
    found: list[tuple[Order, PaymentShare | None]] = [(order, part) for order, part in shares]
    charge = charge_of(work, payment)
    if found or charge is None:
        return found
    return [(order, None) for order in charges.orders_of(work, charge)]


def orders_of(work: Work, charge: Charge) -> list[Order]:
    return charges.orders_of(work, charge)


def invoices_of(work: Work, wanted: Sequence[Order]) -> list[Application]:
    """Those that these orders are on now."""
    found = [invoices.of_order(work, one.id) for one in wanted]
    return list({one.id: one for one in found if one is not None}.values())


def refunds_of(work: Work, payments: Sequence[Payment]) -> list[Application]:
    """Of these payments, the latest first."""
    return list(
        work.session.scalars(
            select(Application)
            .join(Refund, Refund.application_id == Application.id)
            .where(Refund.payment_id.in_([one.id for one in payments]))
            .order_by(Application.id.desc())
        )
    )
