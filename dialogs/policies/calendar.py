"""Days off and days worked, as a list of dates one can copy from the notice of the year."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any
from unicodedata import normalize

from dialogs.engine.slots import Invalid, Slot
from dialogs.engine.turn import Said
from dialogs.engine.words import Joined, Speech, Words, _, plain

YEARS = range(2000, 2101)
LONGEST = timedelta(days=31)  # of one range
WRITTEN = 2_000  # characters of a list; the notice of a year has a few hundred
_DAY = r"(?:(\d{4})\s?[-年./]\s?)?(\d{1,2})\s?[-月./]\s?(\d{1,2})\s?[日号]?"
_WEEKDAY = r"(?:\s?\((?:周|星期)[一二三四五六日天](?:[至到~、,](?:周|星期)?[一二三四五六日天])?\))?"
ITEM = re.compile(
    rf"(?P<none>(?P<year>\d{{4}})\s?年?\s?(?:没有|无|none))"
    rf"|{_DAY}{_WEEKDAY}(?:\s?(?:至|到|~|—|–|to)\s?(?:{_DAY}|(\d{{1,2}})\s?[日号]?){_WEEKDAY})?",
    re.IGNORECASE,
)
BETWEEN = re.compile(r"[\s,、;。.和及与]*")
Days = Mapping[int, tuple[date, ...]]  # by year; a year that is named is replaced


def days_slot(name: str, prompt: Words, *, title: Words, weekend: bool) -> Slot[Days]:
    """``2027-01-01 2027年2月5日至11日``; only weekends, or only the days between them, count."""

    def parse(stored: str) -> Days:
        if len(stored) > WRITTEN:
            raise Invalid(
                _(
                    "太长了：最多 {most} 字，您写了 {count} 字。请精简后再发一次。",
                    most=WRITTEN,
                    count=len(stored),
                )
            )
        found: dict[int, set[date]] = {}
        for item in days(stored):
            kept = found.setdefault(item if isinstance(item, int) else item.year, set())
            if isinstance(item, int):
                continue
            if (item.weekday() >= 5) == weekend:
                kept.add(item)
            elif weekend:
                raise Invalid(_("{day} 不是周六、周日。", day=item))
        return {year: tuple(sorted(kept)) for year, kept in found.items()}

    def read(said: Said) -> str | None:
        return said.text if ITEM.search(normalize("NFKC", said.text[:WRITTEN])) else None

    return Slot(name, prompt, title, parse, read, free=True)  # its dates answer nothing else


def days(words: str) -> Iterator[date | int]:
    """The days in the order they are written; a year alone where it is said to have none."""
    words = normalize("NFKC", words[:WRITTEN])
    at, year = 0, 0
    while at < len(words):
        if between := BETWEEN.match(words, at):
            at = between.end()
        if at == len(words):
            return
        found = ITEM.match(words, at)
        if found is None:
            raise Invalid(_("“{rest}”看不懂，请只写日期。", rest=words[at : at + 20]))
        at = found.end()
        if found["none"]:
            yield int(found["year"])
            continue
        y, m, d, last_y, last_m, last_d, same_month_d = found.groups()[2:]
        year = int(y or year)
        first = day(year, int(m), int(d))
        last = first
        if last_d or same_month_d:
            last = day(int(last_y or year), int(last_m or m), int(last_d or same_month_d))
        if not first <= last <= first + LONGEST:
            raise Invalid(_("{first} 到 {last} 不对：一段最多 31 天。", first=first, last=last))
        yield from (first + timedelta(days=n) for n in range((last - first).days + 1))


def day(year: int, month: int, number: int) -> date:
    if not year:
        raise Invalid(_("第一个日期要写年份，例如“2027年1月1日”。"))
    try:
        found = date(year, month, number)
    except ValueError:
        raise Invalid(_("没有这一天：{day}。", day=f"{year}-{month}-{number}")) from None
    if found.year not in YEARS:
        raise Invalid(_("没有这一天：{day}。", day=found))
    return found


def with_days(old: Any, answer: Days) -> tuple[date, ...]:
    """The days of the years that were named are replaced; the others stay."""
    kept = [one for one in old or () if one.year not in answer]
    return tuple(sorted([*kept, *(one for named in answer.values() for one in named)]))


def changed_days(old: Any, new: Any) -> Speech:
    """What comes and what goes, each run of days in one."""
    added, removed = sorted(set(new) - set(old or ())), sorted(set(old or ()) - set(new))
    parts = []
    if added:
        parts.append(_("增加 {days}", days=plain(in_short(added))))
    if removed:
        parts.append(_("去掉 {days}", days=plain(in_short(removed))))
    return Joined(tuple(parts), "；", "; ") if parts else _("没有变化")


def in_short(chosen: Iterable[date]) -> str:
    """``2027-02-08~2027-02-11 2027-05-03``"""
    runs: list[list[date]] = []
    for one in chosen:
        if runs and one - runs[-1][-1] == timedelta(days=1):
            runs[-1].append(one)
        else:
            runs.append([one])
    return " ".join(f"{run[0]}" if len(run) == 1 else f"{run[0]}~{run[-1]}" for run in runs)
