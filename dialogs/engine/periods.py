"""Days to come as people say them: 下周, 请假到周五, 3月9日到13日, 明天起三天, until Friday.

Prudent: what could mean several things is not understood, and whatever is understood is shown with
its full dates before it counts. Weeks begin on Monday.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from unicodedata import normalize

Period = tuple[date, date]  # first and last day

READ_AT_MOST = 200  # characters
LONGEST_UNDATED = timedelta(days=183)  # longer, the days are likelier to have changed places
_YEAR = re.compile(r"20\d\d")
_WEEKDAYS = {character: day for day, character in enumerate("一二三四五六日")} | {"天": 6}
_ENGLISH_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_ENGLISH_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec"
_NEAR = {
    "大后天": 3,
    "后天": 2,
    "明天": 1,
    "明日": 1,
    "今天": 0,
    "今日": 0,
    "the day after tomorrow": 2,
    "tomorrow": 1,
    "today": 0,
}
_NUMBERS = {character: number for number, character in enumerate("一二三四五六七八九十", 1)}
_NUMBERS |= {"两": 2}
_WEEK = r"周|星期|礼拜"
_DAY_NAME = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?"
_MONTH_NAME = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_FORMS = re.compile(
    r"(?P<y>20\d\d)\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*[日号]?"
    r"|(?P<m2>\d{1,2})\s*月\s*(?P<d2>\d{1,2})\s*[日号]?"
    r"|(?P<d3>\d{1,2})\s*[日号]"
    rf"|(?P<shift>下下|下|这|本)?个?(?:{_WEEK})(?P<wd>[一二三四五六日天])"
    rf"|(?P<week>下下|下|这|本)个?(?:{_WEEK})"
    r"|(?P<month>下|这|本)个?月"
    rf"|(?P<near>{'|'.join(_NEAR)})"
    rf"|\b(?P<ed>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<em>{_MONTH_NAME})\b(?:,?\s+(?P<ey>20\d\d))?"
    rf"|\b(?P<em2>{_MONTH_NAME})\s+(?P<ed2>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s+(?P<ey2>20\d\d))?"
    r"|\b(?P<eweek>next|this)\s+week\b"
    rf"|\b(?:(?P<eshift>next|this)\s+)?(?P<ewd>{_DAY_NAME})\b"
)
_UNTIL = re.compile(r"(?:到|至|直到|until|till?|through|thru|to|by)\s*$")
_LASTING = re.compile(r"(\d{1,2}|[一两二三四五六七八九十])\s*(?:天|个?工作日|days?)")


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    first: date
    last: date


def period_in(text: str, today: date) -> Period | None:
    """The days that are named; None where there are none, or where it is not clear which.

    Raises ValueError with the words of a day that does not exist.
    """
    words = normalize("NFKC", text[:READ_AT_MOST]).casefold()
    spans: list[_Span] = []
    for found in _FORMS.finditer(words):
        first, last = _days(found, today, spans[-1].first if spans else None)
        spans.append(_Span(*found.span(), first, last))
    if not spans or len(spans) > 2:
        return None
    if len(spans) == 2:
        period = spans[0].first, spans[1].last
        turned = period[1] - period[0] > LONGEST_UNDATED and not _YEAR.search(words)
        return None if period[0] > period[1] or turned else period
    (only,) = spans
    if _UNTIL.search(words[: only.start]):
        return today, only.last
    rest = words[: only.start] + " " + words[only.end :]
    if lasting := _LASTING.search(rest):
        count = int(lasting[1]) if lasting[1].isdigit() else _NUMBERS[lasting[1]]
        if only.first != only.last or count < 1:
            return None
        return only.first, only.first + timedelta(days=count - 1)
    return only.first, only.last


def _days(found: re.Match[str], today: date, after: date | None) -> Period:
    """The first and last day of what was found; later than ``after`` where only a weekday is named."""
    part = found.groupdict()
    monday = today - timedelta(days=today.weekday())
    if part["near"]:
        day = today + timedelta(days=_NEAR[part["near"]])
        return day, day
    shift = part["week"] or part["eweek"]
    if shift:
        first = monday + timedelta(weeks=_weeks(shift))
        return first if first > today else today, first + timedelta(days=6)
    if part["month"]:
        year, month = today.year, today.month
        if part["month"] == "下":
            year, month = (year, month + 1) if month < 12 else (year + 1, 1)
        first = max(date(year, month, 1), today)
        return first, date(year, month, monthrange(year, month)[1])
    if part["wd"] or part["ewd"]:
        name = part["wd"] or part["ewd"]
        weekday = _WEEKDAYS[name] if part["wd"] else _ENGLISH_DAYS.index(name[:3])
        shift = part["shift"] or part["eshift"]
        if shift:
            day = monday + timedelta(weeks=_weeks(shift), days=weekday)
        else:
            base = after or today
            day = base + timedelta(days=(weekday - base.weekday()) % 7)
        return day, day
    day = _named(found[0], part, today, after)
    return day, day


def _weeks(shift: str) -> int:
    return {"下下": 2, "下": 1, "next": 1}.get(shift, 0)


def _named(said: str, part: dict[str, str | None], today: date, after: date | None) -> date:
    """A day of a month; where no year is named, the next time there is one."""
    base = after or today
    year = part["y"] or part["ey"] or part["ey2"]
    number = int(part["d"] or part["d2"] or part["d3"] or part["ed"] or part["ed2"] or 0)
    month_said = part["m"] or part["m2"]
    name = part["em"] or part["em2"]
    try:
        if year is not None or month_said or name:
            month = (
                int(month_said) if month_said else _ENGLISH_MONTHS.index((name or "")[:3]) // 4 + 1
            )
            if year is not None:
                return date(int(year), month, number)
            day = date(base.year, month, number)
            return day if day >= base else date(base.year + 1, month, number)
        day = date(base.year, base.month, number)
        if day >= base:
            return day
        following = (base.replace(day=1) + timedelta(days=32)).replace(day=1)
        return following.replace(day=number)
    except ValueError:
        raise ValueError(said.strip()) from None
