"""Working days, by the institution's calendar."""

from calendar import monthrange
from datetime import date, datetime, timedelta

from backend.clock import SHANGHAI
from backend.policy.offices import CalendarPolicy


def is_workday(day: date, calendar: CalendarPolicy) -> bool:
    """A weekday that is not off, or a day of a weekend that is worked."""
    if day in calendar.worked_weekends:
        return True
    return day.weekday() < 5 and day not in calendar.holidays


def after_workdays(moment: datetime, days: int, calendar: CalendarPolicy) -> datetime:
    """The same time of day, this many working days later (Shanghai's days)."""
    local = moment.astimezone(SHANGHAI)
    while days > 0:
        local += timedelta(days=1)
        if is_workday(local.date(), calendar):
            days -= 1
    return local.astimezone(moment.tzinfo)


def after_months(moment: datetime, months: int) -> datetime:
    """The end of the same day so many months later; of the month's last day where it is shorter."""
    local = _moved(moment.astimezone(SHANGHAI), months)
    end = local.replace(hour=23, minute=59, second=59, microsecond=0)
    return end.astimezone(moment.tzinfo)


def before_months(moment: datetime, months: int) -> datetime:
    """The same time of day so many months earlier; on the month's last day where it is shorter."""
    return _moved(moment.astimezone(SHANGHAI), -months).astimezone(moment.tzinfo)


def _moved(local: datetime, months: int) -> datetime:
    year, month = divmod(local.year * 12 + local.month - 1 + months, 12)
    day = min(local.day, monthrange(year, month + 1)[1])
    return local.replace(year=year, month=month + 1, day=day)
