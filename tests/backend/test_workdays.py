"""Deadlines never fall on a day off, and a month ends on a day that exists (T7)."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.clock import SHANGHAI, local_date
from backend.policy.offices import CalendarPolicy
from backend.workdays import after_months, after_workdays

FIRST = datetime(2020, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 16 * 366 * 24 * 60).map(lambda minutes: FIRST + timedelta(minutes=minutes))
DAYS = st.dates(date(2020, 1, 1), date(2036, 12, 31))
NEAR = st.lists(st.integers(0, 40), max_size=25)
COUNT = st.integers(1, 15)


def calendar(moment: datetime, off: list[int], worked: list[int]) -> CalendarPolicy:
    """Holidays and worked weekends, so many days after the moment."""
    first = local_date(moment)
    return CalendarPolicy(
        holidays=tuple(first + timedelta(days=n) for n in off),
        worked_weekends=tuple(
            day for n in worked if (day := first + timedelta(days=n)).weekday() >= 5
        ),
    )


def worked_on(day: date, days: CalendarPolicy) -> bool:
    return day in days.worked_weekends or (day.weekday() < 5 and day not in days.holidays)


@given(MOMENTS, COUNT, NEAR, NEAR)
def test_a_deadline_is_a_working_day_with_exactly_so_many_before_it(
    moment: datetime, count: int, off: list[int], worked: list[int]
) -> None:
    days = calendar(moment, off, worked)
    end = after_workdays(moment, count, days)
    assert worked_on(local_date(end), days)
    passed = [
        day
        for n in range(1, (local_date(end) - local_date(moment)).days + 1)
        if worked_on(day := local_date(moment) + timedelta(days=n), days)
    ]
    assert len(passed) == count
    assert end.astimezone(SHANGHAI).time() == moment.astimezone(SHANGHAI).time()


@given(MOMENTS, COUNT, NEAR, NEAR)
def test_more_days_are_later(
    moment: datetime, count: int, off: list[int], worked: list[int]
) -> None:
    days = calendar(moment, off, worked)
    one, two = after_workdays(moment, count, days), after_workdays(moment, count + 1, days)
    assert moment < one < two


@given(MOMENTS, st.integers(0, 60), COUNT, NEAR, NEAR)
def test_who_files_on_a_later_day_is_never_due_on_an_earlier_one(
    moment: datetime, later: int, count: int, off: list[int], worked: list[int]
) -> None:
    days = calendar(moment, off, worked)
    first = local_date(after_workdays(moment, count, days))
    second = local_date(after_workdays(moment + timedelta(days=later), count, days))
    assert first <= second


@given(MOMENTS, COUNT, NEAR, DAYS)
def test_a_further_holiday_never_makes_it_earlier(
    moment: datetime, count: int, off: list[int], further: date
) -> None:
    days = calendar(moment, off, [])
    more = days.model_copy(update={"holidays": (*days.holidays, further)})
    assert after_workdays(moment, count, more) >= after_workdays(moment, count, days)


def test_a_weekend_that_is_worked_counts() -> None:
    friday = datetime(2026, 3, 6, 9, tzinfo=SHANGHAI)
    worked = CalendarPolicy(worked_weekends=(date(2026, 3, 7),))
    assert after_workdays(friday, 1, worked) == friday + timedelta(days=1)
    assert after_workdays(friday, 1, CalendarPolicy()) == friday + timedelta(days=3)


@pytest.mark.parametrize(
    ("paid", "until"),
    [
        ("2026-01-31 10:00", "2026-02-28"),
        ("2028-01-31 10:00", "2028-02-29"),
        ("2026-01-28 10:00", "2026-02-28"),
        ("2026-03-31 23:59", "2026-04-30"),
        ("2026-04-30 00:00", "2026-05-30"),
        ("2026-12-15 10:00", "2027-01-15"),
        ("2026-03-02 00:30", "2026-04-02"),  # still the first of March in UTC
    ],
)
def test_a_month_lasts_to_the_end_of_the_same_day_or_of_a_shorter_month(
    paid: str, until: str
) -> None:
    moment = datetime.fromisoformat(paid).replace(tzinfo=SHANGHAI).astimezone(UTC)
    end = after_months(moment, 1)
    assert end.astimezone(SHANGHAI) == datetime.fromisoformat(f"{until} 23:59:59").replace(
        tzinfo=SHANGHAI
    )
    assert end.tzinfo is UTC


@given(MOMENTS, st.integers(1, 24))
def test_months_never_shrink_and_never_reach_a_further_month(moment: datetime, months: int) -> None:
    start, end = local_date(moment), local_date(after_months(moment, months))
    assert (end.year * 12 + end.month) - (start.year * 12 + start.month) == months
    assert end.day <= start.day
    assert after_months(moment, months) < after_months(moment, months + 1)
