"""At the keyboard: a day's bill of the provider beside what is known here."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

from backend.clock import SystemClock, local_date
from backend.database import Database
from backend.jobs import DurableJobs
from backend.office import Office
from backend.reconciliation import days, fetching, reports
from backend.reconciliation.differences import State
from backend.reconciliation.reports import Report, Sum
from bot.announce import announce
from bot.assemble import office_of, payments_of, workshop_of
from bot.prepare import check_folder, database_there
from bot.settings import NotReady, Settings
from dialogs.orders.payment_notices import provider_words
from dialogs.reconciliation.words import line, sums


def reconcile(settings: Settings, day: date) -> int:
    """Fetch the bill of a day and compare it, as the server does every morning; 1 where something
    differs, or where there is no bill. Raises NotReady."""
    with office_there(settings) as office:
        provider = office.payments
        if provider is None:
            raise NotReady("没有设置微信支付。 No payment provider is set up.")
        if not day < local_date(office.clock.now()):
            print(f"{day} 的账单还没有 no bill of that day yet", file=sys.stderr)
            return 1
        there = fetching.reconcile(office, day)
        with office.read() as work:
            report = reports.report(work, provider.name, day)
            row = days.of_day(work, provider.name, day)
            if not there:
                trouble = row.trouble if row else ""
                print(f"没有拿到 {day} 的账单 no bill of that day: {trouble}", file=sys.stderr)
                return 1
            if report is None:
                return 1
            return printed(report, [line(work, one).into("zh") for one in report.differences])


def printed(report: Report, differences: list[str]) -> int:
    """The same sums and differences as in chat; 1 where one is open."""
    bill = report.bill
    name = provider_words(bill.provider).into("zh")
    paid, back = Sum(bill.payments, bill.paid_fen), Sum(bill.refunds, bill.refunded_fen)
    print(f"{bill.day} {name}账单收款 {sums(paid).into('zh')}，退款 {sums(back).into('zh')}")
    print(f"{bill.day} 这里收款 {sums(report.here).into('zh')}")
    for one, words in zip(report.differences, differences, strict=True):
        to = sys.stderr if one.state == State.OPEN else sys.stdout
        print(f"{one.number} {one.reference} {words}", file=to)
    if report.open:
        return 1
    print("没有待处理的差异 no difference is open")
    return 0


@contextmanager
def office_there(settings: Settings) -> Iterator[Office]:
    """With the provider of the settings; what it sets in motion is done by the server."""
    clock = SystemClock()
    with database_there(settings) as database:
        check_folder(settings, database)
        office = _office(settings, database, clock)
        office.announce = lambda work: announce(work, lambda _: None, lambda _, __: None)
        try:
            yield office
        finally:
            if office.payments is not None:
                office.payments.stop()


def _office(settings: Settings, database: Database, clock: SystemClock) -> Office:
    payments = payments_of(settings, clock)
    workshop = workshop_of(settings, None)
    return office_of(settings, database, DurableJobs(database), payments, clock, workshop)
