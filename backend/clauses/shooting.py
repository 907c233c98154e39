"""Annex 1 of the photo notice as data: when and where the graduates of each unit are photographed (P1)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time
from functools import cache

from backend.clauses.clause import Document
from backend.registry.unit_nicknames import UNIT_NICKNAMES, UNITS_IN_ENGLISH

PHOTO_NOTICE = "photo-2024"
_ANNEX = re.compile(r"附件1\s+各单位拍摄时间具体安排\s+单位名称(.*?)附件2", re.DOTALL)
_ROW = re.compile(
    r"^\s*(?P<unit>[\u4e00-\u9fff（）]+?)\s*\n"
    r"\s*(?P<month>\d{1,2})月(?P<day>\d{1,2})日（周.）(?P<group>\d)组\s*\n"
    r"\s*(?P<time>[\d:～~、]+)",
    re.MULTILINE,
)
_SPAN = re.compile(r"(\d{1,2}:\d{2})(?:[～~](\d{1,2}:\d{2}))?")
_BRACKETS = re.compile(r"（.*?）")
CLAUSES_OF_A_ROW = frozenset(
    {"P1.own_slot", "P1.table", "P1.dates", "P1.place", "P1.zgc", "P1.yqh", "P1.school_departments"}
)
_HALL = (
    "中关村校区青年公寓6号楼三层多功能厅",
    "multi-function hall, third floor, Youth Apartments building 6, Zhongguancun campus",
)
_AUDITORIUM = (
    "雁栖湖校区东区礼堂二层",
    "second floor of the auditorium, east area, Yanqihu campus",
)
_CALLED = UNIT_NICKNAMES | UNITS_IN_ENGLISH
_NAME = re.compile(
    "|".join(
        rf"(?<![a-z]){re.escape(name)}(?![a-z])"
        for name in sorted(_CALLED, key=len, reverse=True)  # 高能物理所 is not 物理所
    )
)
_AT_YANQIHU = 5  # the group that is photographed there; all others in the hall


@dataclass(frozen=True, slots=True)
class Shooting:
    """A row: ``time`` is as printed ("09:30～10:30"), about which the notice says "about"; ``quote``
    are its exact words."""

    unit: str
    day: date
    group: int
    time: str
    place: str
    place_en: str
    quote: str

    @property
    def about(self) -> bool:
        """The annex heads its times "大约拍摄时间", but those at Yanqihu "拍摄时间"."""
        return self.group != _AT_YANQIHU


def shootings(notice: Document) -> tuple[Shooting, ...]:
    """Every row, in the notice's order; none where the document has no such annex."""
    return _rows(notice.text, int(notice.dated[:4]) if notice.dated else 0)


@cache
def _rows(text: str, year: int) -> tuple[Shooting, ...]:
    annex = _ANNEX.search(text)
    if annex is None or not year:
        return ()
    return tuple(
        Shooting(
            unit=row["unit"],
            day=date(year, int(row["month"]), int(row["day"])),
            group=int(row["group"]),
            time=row["time"],
            place=_place(row)[0],
            place_en=_place(row)[1],
            quote=" ".join(row[0].split()),
        )
        for row in _ROW.finditer(annex[1])
    )


def of_unit(notice: Document, names: Iterable[str]) -> tuple[Shooting, ...]:
    """The rows of a unit, by any of the names it has or had."""
    known = {_plain(name) for name in names}
    return tuple(one for one in shootings(notice) if _plain(one.unit) in known)


def named_in(notice: Document, words: str) -> tuple[Shooting, ...]:
    """The rows of the units that are named in the words, in full or as people call them (化学所)."""
    return of_unit(notice, (_CALLED[name] for name in _NAME.findall(words.casefold())))


def spans(row: Shooting) -> tuple[tuple[time, time | None], ...]:
    """From when to when; a day with a break has two."""
    found = _SPAN.findall(row.time)
    return tuple((_clock(begins), _clock(ends) if ends else None) for begins, ends in found)


def units_named(row: Shooting) -> tuple[str, ...]:
    """What the unit of a row may be called in the registry."""
    plain = _plain(row.unit)
    return tuple(dict.fromkeys((row.unit, plain, f"中国科学院{plain}")))


def _clock(text: str) -> time:
    hour, minute = text.split(":")
    return time(int(hour), int(minute))


def _plain(name: str) -> str:
    return _BRACKETS.sub("", name).removeprefix("中国科学院").strip()


def _place(row: re.Match[str]) -> tuple[str, str]:
    return _AUDITORIUM if int(row["group"]) == _AT_YANQIHU else _HALL
