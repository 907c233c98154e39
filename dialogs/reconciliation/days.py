"""Which day's bill is meant: 昨天, 前天, 11月22日, 2026-11-22, yesterday, Nov 22. Never one to come."""

import re
from datetime import date, timedelta

from dialogs.engine import full_dates

_NEAR = {"昨天": 1, "昨日": 1, "yesterday": 1, "前天": 2, "前日": 2, "大前天": 3}
_SAID = re.compile("大前天|昨天|昨日|前天|前日|yesterday", re.IGNORECASE)


def day_in(words: str, today: date) -> date | None:
    """The first day that is named. Without its year, the last one of that name."""
    if near := _SAID.search(words):
        return today - timedelta(days=_NEAR[near[0].lower()])
    for named in full_dates.find(words, today):
        found = _latest(named, today)
        if found is not None:
            return found
    return None


def _latest(named: full_dates.Named, today: date) -> date | None:
    if named.year is not None and named.month is not None:
        return _made(named.year, named.month, named.day)
    months = (
        (today.year * 12 + today.month - 1 - n for n in range(12 * 4))
        if named.month is None
        else ((today.year - n) * 12 + named.month - 1 for n in range(9))
    )
    tried = (_made(month // 12, month % 12 + 1, named.day) for month in months)
    return next((day for day in tried if day is not None and day <= today), None)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
