"""A day's report: the sums of both sides, and what differs."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from backend.authority import Role, require
from backend.clock import local_date
from backend.errors import Refused
from backend.models import (
    Application,
    BillDifference,
    Charge,
    ChargeOrder,
    DailyBill,
    Order,
    Payment,
    PaymentShare,
    Person,
    Refund,
)
from backend.payments.provider import CURRENCY
from backend.reconciliation import days, differences
from backend.reconciliation.comparing import About
from backend.reconciliation.differences import State
from backend.reconciliation.ours import Day
from backend.refunds.states import first_number, own_number, payer
from backend.work import Work


@dataclass(frozen=True, slots=True)
class Sum:
    count: int
    fen: int


@dataclass(frozen=True, slots=True)
class Report:
    """``here`` are the payments that were made that day, as they are known here."""

    bill: DailyBill
    here: Sum
    differences: tuple[BillDifference, ...]

    @property
    def open(self) -> tuple[BillDifference, ...]:
        return tuple(one for one in self.differences if one.state == State.OPEN)


@dataclass(frozen=True, slots=True)
class Concerned:
    """Whom and what a difference is about, as far as that is known here."""

    order: Order | None = None
    buyer: Person | None = None
    refund: str = ""  # its number


def last_day(work: Work) -> date:
    """The last one whose bill may be there."""
    return days.latest(work.now)


def provider_of(work: Work) -> str:
    """Whose bills there are, or will be; "" before anything could be paid."""
    of_bill = (
        select(DailyBill.provider)
        .where(DailyBill.institution_id == work.institution)
        .order_by(DailyBill.day.desc())
        .limit(1)
    )
    of_charge = (
        select(Charge.provider)
        .where(Charge.institution_id == work.institution)
        .order_by(Charge.id.desc())
        .limit(1)
    )
    return work.session.scalar(of_bill) or work.session.scalar(of_charge) or ""


def of_day(work: Work, day: date) -> Report | None:
    """None: this day is not compared (yet). For finance; raises NotAllowed."""
    require(work, Role.FINANCE)
    return report(work, provider_of(work), day)


def report(work: Work, provider: str, day: date) -> Report | None:
    bill = days.of_day(work, provider, day)
    if bill is None or bill.compared_at is None:
        return None
    span = Day.of(day)
    here = select(func.count(), func.coalesce(func.sum(Payment.amount_fen), 0)).where(
        Payment.institution_id == work.institution,
        Payment.provider == provider,
        Payment.currency == CURRENCY,
        Payment.paid_at >= span.begins,
        Payment.paid_at < span.ends,
    )
    count, fen = work.session.execute(here).one()
    return Report(bill, Sum(int(count), int(fen)), tuple(differences.of(work, bill)))


def waiting(work: Work, day: date) -> DailyBill | None:
    """The row of a day that is not compared yet."""
    return days.of_day(work, provider_of(work), day)


def bill_of(work: Work, difference: BillDifference) -> DailyBill:
    return work.session.get_one(DailyBill, difference.bill_id)


def concerned(work: Work, difference: BillDifference) -> Concerned:
    """The first order of the payment, or the one the refund is of."""
    if difference.about == About.FEE:
        return Concerned()
    if difference.about == About.REFUND:
        row = work.session.execute(
            select(Application, Refund.order_id, Refund.asked_as)
            .join(Refund, Refund.application_id == Application.id)
            .where(
                Application.institution_id == work.institution,
                Application.number == own_number(difference.reference),
            )
        ).one_or_none()
        if row is None or first_number(row.asked_as) != first_number(difference.reference):
            return Concerned()
        application, order_id, _asked_as = row
        order = work.session.get(Order, order_id) if order_id is not None else None
        whose = payer(work, application)
        buyer = None if whose is None else work.session.get(Person, whose)
        return Concerned(order, buyer, application.number)
    order = _order_of(work, bill_of(work, difference).provider, difference.reference)
    if order is None:
        return Concerned()
    return Concerned(order, work.session.get(Person, order.buyer_id))


def require_day(work: Work, day: date) -> date:
    """Raises Refused("no_such_bill_day") for one that is not over, or from before the first payment."""
    begins = days.first(work, provider_of(work))
    if begins is None or not begins <= day < local_date(work.now):
        first = begins.isoformat() if begins else ""
        raise Refused("no_such_bill_day", day=day.isoformat(), first=first)
    return day


def _order_of(work: Work, provider: str, transaction: str) -> Order | None:
    """Of a payment with shares its first; of one that fits nothing the first it was asked for."""
    paid = select(Payment.id).where(
        Payment.institution_id == work.institution,
        Payment.provider == provider,
        Payment.transaction_id == transaction,
    )
    shared = select(PaymentShare.order_id).where(PaymentShare.payment_id.in_(paid))
    asked = (
        select(ChargeOrder.order_id)
        .join(Payment, Payment.charge_id == ChargeOrder.charge_id)
        .where(Payment.id.in_(paid))
    )
    return work.session.scalar(
        select(Order).where(Order.id.in_(shared.union(asked))).order_by(Order.id).limit(1)
    )
