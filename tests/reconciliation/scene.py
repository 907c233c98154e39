"""Buyers who pay, a provider that writes bills, and mornings on which they are compared."""

from datetime import date, datetime, time, timedelta

from sqlalchemy import select

from backend import orders
from backend.clock import SHANGHAI
from backend.models import BillDifference, DailyBill, Payment
from backend.payments.provider import PaymentNotice, Way
from backend.reconciliation import days, differences, fetching, reports
from backend.reconciliation.differences import State
from tests.refunds import scene as refunds

DAY = date(2026, 3, 2)  # on which the scene begins, at nine
MINUTES = time(10, days.MINUTE)


class Scene(refunds.Scene):
    """Monday, 2 March 2026. Bills are looked at thirteen minutes past the hour."""

    def at(self, day: date, when: time) -> None:
        self.clock.set(datetime.combine(day, when, SHANGHAI))

    def morning(self, day: date = DAY) -> None:
        """The morning after a day: its bill is there, and the hourly look comes."""
        self.at(day + timedelta(days=1), MINUTES)
        self.look()

    def look(self) -> None:
        days.look(self.office)
        self.work_off()

    def compare_again(self, day: date = DAY) -> bool:
        """A day is compared once more, by hand."""
        return fetching.reconcile(self.office, day)

    def pay_unheard(self, order: str, way: Way = Way.NATIVE) -> PaymentNotice:
        """Somebody pays, and no notice comes in."""
        notice = self.bank.pay(self.charge(order, way=way))
        assert notice is not None
        return notice

    # what is to be seen

    def bill(self, day: date = DAY) -> DailyBill:
        with self.office.read() as work:
            found = days.of_day(work, self.bank.name, day)
            assert found is not None
            return found

    def differences(self) -> list[BillDifference]:
        with self.office.read() as work:
            rows = work.session.scalars(select(BillDifference).order_by(BillDifference.id))
            return list(rows)

    def kinds(self) -> list[tuple[str, str, str]]:
        """What was found: about what, in which way it differs, and how it stands."""
        return [(one.about, one.kind, one.state) for one in self.differences()]

    def one(self) -> BillDifference:
        (only,) = self.differences()
        return only

    def settle_difference(self, number: str, why: str = "查过了") -> None:
        with self.office.work(self.finance) as work:
            differences.settle(work, number, why, self.agreed(self.finance))

    def is_open(self, number: str) -> bool:
        with self.office.read() as work:
            found = differences.find(work, number)
            return found is not None and found.state == State.OPEN

    def report(self, day: date = DAY) -> reports.Report | None:
        with self.office.read(self.finance) as work:
            return reports.of_day(work, day)

    def heard(self) -> list[tuple[str, str]]:
        """What finance was told of bills, and of which day."""
        return [
            (one.name.removeprefix("reconciliation."), one.subject)
            for one in self.events
            if one.name.startswith("reconciliation.")
        ]

    def paid(self, order: str) -> bool:
        return self.order(order).state == orders.State.PAID

    def payments(self) -> list[Payment]:
        with self.office.read() as work:
            return list(work.session.scalars(select(Payment).order_by(Payment.id)))
