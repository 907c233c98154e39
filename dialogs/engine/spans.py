"""Days that are over, as people say them: 今天, 上周, 这个月, 上个月, 2月, 2026年2月, last month, in May."""

import re
from calendar import monthrange
from datetime import date, timedelta

from dialogs.engine.full_dates import MONTH_NAME, month_of

Span = tuple[date, date]  # both days included

_FORMS = re.compile(
    r"(?P<year>20\d\d)\s*[-年/.]\s*(?P<month>1[0-2]|0?[1-9])(?!\d)"
    r"|(?P<last>上个?月|last month)"
    r"|(?P<this>这个?月|本月|this month)"
    r"|(?P<last_week>上个?(?:周|星期)|last week)"
    r"|(?P<week>这个?(?:周|星期)|本周|this week)"
    r"|(?P<today>今天|今日|today)"
    r"|(?P<yesterday>昨天|昨日|yesterday)"
    r"|(?:(?P<whose>今年|本年|去年|上年)的?\s*)?(?P<named>十[一二]|[一二三四五六七八九十]|1[0-2]|0?[1-9])\s*月"
    r"|(?P<this_year>今年|本年|this year)"
    rf"|\b(?:in|of|for)\s+(?P<english>{MONTH_NAME})\b(?:\s+(?P<english_year>20\d\d))?"
)


def span_in(words: str, today: date) -> Span:
    """The first that is named, up to today; this month where none is. A month without its year is
    the last one of that name."""
    this_month, monday = today.replace(day=1), today - timedelta(days=today.weekday())
    yesterday, before = today - timedelta(days=1), this_month - timedelta(days=1)
    found = _FORMS.search(words)
    named = {
        "last": (before.replace(day=1), before),
        "last_week": (monday - timedelta(days=7), monday - timedelta(days=1)),
        "week": (monday, today),
        "today": (today, today),
        "yesterday": (yesterday, yesterday),
        "this_year": (today.replace(month=1, day=1), today),
    }
    if found is None or found.lastgroup == "this":
        return this_month, today
    return named.get(found.lastgroup or "") or _month(_first(found, today), today)


def month_in(words: str, today: date) -> date | None:
    """The first day of the month that is named; None where none is."""
    found = _FORMS.search(words)
    match found and found.lastgroup:
        case "last":
            return (today.replace(day=1) - timedelta(days=1)).replace(day=1)
        case "this":
            return today.replace(day=1)
        case "month" | "named" | "english" | "english_year" if found:
            return _first(found, today)
    return None


def _first(found: re.Match[str], today: date) -> date:
    """Of the month that is named."""
    month = month_of(found["month"] or found["named"], found["english"]) or today.month
    year = found["year"] or found["english_year"]
    if whose := found["whose"]:
        year = today.year - (whose in ("去年", "上年"))
    return date(int(year), month, 1) if year else _lately(month, today)


def _lately(month: int, today: date) -> date:
    return date(today.year if month <= today.month else today.year - 1, month, 1)


def _month(first: date, today: date) -> Span:
    """None of it is to come, where it has begun."""
    last = first.replace(day=monthrange(first.year, first.month)[1])
    return first, max(first, min(last, today))
