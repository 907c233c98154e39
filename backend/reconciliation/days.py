"""Which days' bills are due: every one since the first charge, also those that were missed."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select

from backend.clock import SHANGHAI, local_date
from backend.models import Charge, DailyBill, Payment
from backend.office import Office
from backend.reconciliation import telling
from backend.work import Work

JOB = "reconcile"
ONE = timedelta(days=1)
READY = time(10)  # the next morning, in China; WeChat Pay begins at nine and asks to wait until ten
MINUTE = 13  # of every hour; one that is missed comes with the next
KEPT_THERE = timedelta(days=89)  # bills can be had for three months
AT_ONCE = 31
PATIENCE = timedelta(days=1)  # then finance hears that a bill does not come


def ready_at(day: date) -> datetime:
    return datetime.combine(day + ONE, READY, SHANGHAI)


def latest(now: datetime) -> date:
    """The last day whose bill is there by now."""
    days = 1 if now.astimezone(SHANGHAI).time() >= READY else 2
    return local_date(now) - timedelta(days=days)


def look(office: Office) -> None:
    """Every hour: ask for each bill that is due and not compared yet."""
    if office.clock.now().minute == MINUTE:
        ask(office)


def ask(office: Office) -> int:
    """Returns how many are asked for; safe to repeat."""
    if office.payments is None:
        return 0
    with office.work() as work:
        due = _due(work, office.payments.name)
        for bill in due:
            key = f"{bill.provider}:{bill.day}:{work.now:%Y%m%d%H%M}"
            bill.asked_at = work.now
            work.enqueue(JOB, key, number=bill.day.isoformat())
        overdue = [one for one in due if one.tried_at and ready_at(one.day) + PATIENCE <= work.now]
        telling.late(work, overdue)
        return len(due)


def of_day(work: Work, provider: str, day: date, *, locked: bool = False) -> DailyBill | None:
    """``locked``: as it stands now, and nobody else compares it until the end."""
    which = select(DailyBill).where(
        DailyBill.institution_id == work.institution,
        DailyBill.provider == provider,
        DailyBill.day == day,
    )
    if locked:
        which = which.with_for_update().execution_options(populate_existing=True)
    return work.session.scalar(which)


def expected(work: Work, provider: str, day: date) -> DailyBill:
    """The day's row, made where there is none."""
    found = of_day(work, provider, day)
    if found is None:
        found = DailyBill(institution_id=work.institution, provider=provider, day=day)
        work.session.add(found)
        work.session.flush()
    return found


def waiting(work: Work, day: date) -> Sequence[DailyBill]:
    """Of whichever provider, what is not compared yet."""
    return work.session.scalars(
        select(DailyBill).where(
            DailyBill.institution_id == work.institution,
            DailyBill.day == day,
            DailyBill.compared_at.is_(None),
        )
    ).all()


def first(work: Work, provider: str) -> date | None:
    """On which anything could have been paid; None: nothing yet."""
    opened = select(func.min(Charge.opened_at)).where(
        Charge.institution_id == work.institution, Charge.provider == provider
    )
    paid = select(func.min(Payment.paid_at)).where(
        Payment.institution_id == work.institution, Payment.provider == provider
    )
    moments = [one for query in (opened, paid) if (one := work.session.scalar(query)) is not None]
    return local_date(min(moments)) if moments else None


def _due(work: Work, provider: str) -> list[DailyBill]:
    begins, ends = first(work, provider), latest(work.now)
    if begins is None:
        return []
    begins = max(begins, local_date(work.now) - KEPT_THERE)
    count = (ends - begins).days + 1
    compared = set(
        work.session.scalars(
            select(DailyBill.day).where(
                DailyBill.institution_id == work.institution,
                DailyBill.provider == provider,
                DailyBill.day >= begins,
                DailyBill.compared_at.is_not(None),
            )
        )
    )
    missing = [day for n in range(count) if (day := begins + timedelta(days=n)) not in compared]
    return [expected(work, provider, day) for day in missing[:AT_ONCE]]
