"""Dates as an office writes them, made full: 12月1日到10日, 12.1-12.10, 12/1, 明天, Dec 1 to 10.

What is read afterwards has nothing but full dates in it, so that every question that takes a date
takes each of these forms. Where no year is written it is the next such day; of two days, the last
one is, so that a span that has begun is not put off by a year.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from unicodedata import normalize

from dialogs.engine.numerals import whole_number

READ_AT_MOST = 2_000  # characters
_N = r"[一二三四五六七八九十]{1,3}"
_M = rf"(?:1[0-2]|0?[1-9]|{_N})"
_D = rf"(?:3[01]|[12]\d|0?[1-9]|{_N})"
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
MONTH_NAME = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_TH = r"(?:st|nd|rd|th)?"
_BEFORE, _AFTER = r"(?<![\d:.,/])", r"(?![\d:/]|\.\d)"
FORMS = re.compile(
    rf"{_BEFORE}(?P<y>\d{{4}})\s?[-年./]\s?(?P<m>\d{{1,2}})\s?[-月./]\s?(?P<d>\d{{1,2}})(?!\d)\s?[日号]?"
    rf"|(?:(?P<rel>今|明|后)年\s?|(?<!年))(?P<m2>{_M})月\s?(?P<d2>{_D})(?:\s?[日号]|(?![\d月]))"
    rf"|{_BEFORE}(?P<m3>{_M})(?P<sep>[./\-])(?P<d3>3[01]|[12]\d|0?[1-9]){_AFTER}"
    rf"|(?<![\d月])(?P<d4>{_D})[日号](?!数)"
    rf"|\b(?P<m5>{MONTH_NAME})\.?\s(?P<d5>3[01]|[12]\d|0?[1-9]){_TH}\b(?!\.\d)(?:,?\s(?P<y5>\d{{4}})\b)?"
    rf"|\b(?P<d6>3[01]|[12]\d|0?[1-9]){_TH}\s(?:of\s)?(?P<m6>{MONTH_NAME})\b(?:,?\s(?P<y6>\d{{4}})\b)?"
    r"|(?P<near>今天|明天|后天|大后天|今日|明日|\b(?:today|tomorrow)\b)",
    re.IGNORECASE,
)
_JOINED = re.compile(
    r"(?:\s?\d{1,2}(?:[:点时]\s?(?:\d{2})?分?)?)?\s?(?:到|至|~|—|–|-|―|to|until)+\s?", re.IGNORECASE
)
_BARE = re.compile(
    rf"\s?(?:到|至|~|—|–|-|to|until)\s?(?P<d>3[01]|[12]\d|0?[1-9]){_TH}{_AFTER}"
    rf"(?![日号点时月年.\-]|\s(?:of\s)?(?:{MONTH_NAME})\b)",
    re.IGNORECASE,
)
NEAR = {
    "today": 0,
    "tomorrow": 1,
    "今天": 0,
    "今日": 0,
    "明天": 1,
    "明日": 1,
    "后天": 2,
    "大后天": 3,
}
YEARS = {"今": 0, "明": 1, "后": 2}


@dataclass(frozen=True, slots=True)
class Named:
    """``year`` or ``month`` is None where it is not written."""

    start: int
    end: int
    year: int | None
    month: int | None
    day: int


def full_dates(words: str, today: date) -> str:
    """The same words with each date as ``2026-12-01``; one that does not exist stays as it is."""
    text = normalize("NFKC", words[:READ_AT_MOST])
    named = list(find(text, today))
    made, at = [], 0
    for first, last in pairs(named, text):
        for one, day in zip((first, last), days(first, last, today), strict=True):
            if one is None or day is None:
                continue
            made += [text[at : one.start], _apart(text[at : one.start]), day.isoformat()]
            at = one.end
            made.append("" if re.match(r"[\s,;:~到至—–-]|$", text[at:]) else " ")
    return "".join((*made, text[at:]))


def _apart(before: str) -> str:
    return " " if before[-1:].isalnum() and before[-1:].isascii() else ""


def find(text: str, today: date) -> Iterator[Named]:
    """Every date of the text, in order."""
    at = 0
    while found := FORMS.search(text, at):
        at = found.end()
        part = found.groupdict()
        if part["near"]:
            day = today + timedelta(days=NEAR[part["near"].lower()])
            yield Named(found.start(), at, day.year, day.month, day.day)
            continue
        written = part["y"] or part["y5"] or part["y6"]
        year = int(written) if written else None
        if part["rel"]:
            year = today.year + YEARS[part["rel"]]
        month = part["m"] or part["m2"] or part["m3"]
        number = part["d"] or part["d2"] or part["d3"] or part["d4"] or part["d5"] or part["d6"]
        one = Named(
            found.start(),
            at,
            year,
            month_of(month, part["m5"] or part["m6"]),
            whole_number(number) or 0,
        )
        yield one
        if one.month and (bare := _BARE.match(text, at)):  # 12月1日到10, 12.1-10
            at = bare.end()
            yield Named(bare.start("d"), at, None, None, int(bare["d"]))


def month_of(number: str | None, name: str | None) -> int | None:
    if name:
        return MONTHS.index(name[:3].lower()) + 1
    return whole_number(number) if number else None


def pairs(named: list[Named], text: str) -> Iterator[tuple[Named, Named | None]]:
    """Those of a span together: first and last day."""
    place = 0
    while place < len(named):
        first = named[place]
        place += 1
        if place < len(named):
            last = named[place]
            if _JOINED.fullmatch(text, first.end, last.start):
                place += 1
                yield first, last
                continue
        yield first, None


def days(first: Named, last: Named | None, today: date) -> tuple[date | None, date | None]:
    """None for what does not exist, or has no month to be in."""
    if last is None:
        return _next(first, today), None
    if first.year is None and first.month and last.year:  # the last one's, or the year before
        before = (last.month, last.day) < (first.month, first.day) if last.month else False
        first = replace(first, year=last.year - before)
    for year, month in _months(first, today):
        begins = _made(year, month, first.day)
        if begins is None:
            continue
        ends = _made(last.year or begins.year, last.month or begins.month, last.day)
        if ends is not None and ends < begins and last.year is None and last.month is not None:
            ends = _made(begins.year + 1, last.month, last.day)
        if ends is None or first.year or last.year or ends >= today:
            return begins, ends
    return None, None


def _months(first: Named, today: date) -> Iterator[tuple[int, int]]:
    """Those in which a span may begin, the earliest first."""
    if first.month is None:
        months = (today.year * 12 + today.month - 1 + n for n in range(3))
        yield from ((month // 12, month % 12 + 1) for month in months)
    elif first.year is not None:
        yield first.year, first.month
    else:
        yield from ((year, first.month) for year in range(today.year - 1, today.year + 2))


def _next(one: Named, today: date) -> date | None:
    if one.year and one.month:
        return _made(one.year, one.month, one.day)
    found = (_made(year, month, one.day) for year, month in _months(one, today))
    return next((day for day in found if day is not None and day >= today), None)


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
