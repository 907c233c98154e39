"""Columns of the tables for graduation photos (P1, P2, P5, P6), and what their cells may say."""

import re
from datetime import time

from backend.registry.column import Column, optional
from backend.registry.values import TRUTH, BadValue, as_code, as_day, as_text, one_of, whole

SEASON_CODE = re.compile(r"(20\d\d)届?", re.ASCII)
CLOCK = re.compile(r"([01]?\d|2[0-3])[:：]([0-5]\d)(?:[:：]00)?", re.ASCII)
GROUP = re.compile(r"第?([1-9]\d?)组?", re.ASCII)
PAYLOAD = re.compile(r"[!-~\u4e00-\u9fff]{8,500}")
WAYS = {"集体": "group", "补拍": "makeup", "group": "group", "makeup": "makeup"}


def as_season(cell: str) -> str:
    if not (match := SEASON_CODE.fullmatch(whole(cell))):
        raise BadValue("bad_season")
    return match[1]


def as_clock(cell: str) -> time:
    if not (match := CLOCK.fullmatch(cell)):
        raise BadValue("bad_clock")
    return time(int(match[1]), int(match[2]))


def as_group(cell: str) -> int:
    if not (match := GROUP.fullmatch(whole(cell))):
        raise BadValue("bad_group")
    return int(match[1])


def as_payload(cell: str) -> str:
    """What CHSI's code says; its form is in no document, so only nonsense is refused (P2)."""
    if not PAYLOAD.fullmatch(cell):
        raise BadValue("bad_payload")
    return cell


SEASON = Column("season", "届", "season", as_season, limit=8)
STUDENT = Column("number", "学号", "student number", as_code, limit=32)

COLUMNS: dict[str, tuple[Column, ...]] = {
    "photo_slots": (
        SEASON,
        Column("unit", "培养单位代码", "unit code", as_code, limit=32),
        Column("day", "拍摄日期", "shooting day", as_day),
        Column("begins", "开始时间", "begins", as_clock, limit=8),
        optional("ends", "结束时间", "ends", as_clock, 8),
        optional("group_no", "组", "group", as_group, 8),
        Column("place_zh", "地点", "place", as_text),
        optional("place_en", "英文地点", "place (English)", as_text, 200, empty=""),
        optional("approximate", "大约", "approximate", one_of(TRUTH), empty=True),
    ),
    "photo_roster": (
        SEASON,
        STUDENT,
        Column("group_no", "所在组", "own group", as_group, blank=True, limit=8),
    ),
    "photo_codes": (
        SEASON,
        STUDENT,
        Column("payload", "图像采集码", "collection code", as_payload, limit=500),
        optional("valid_until", "有效期至", "valid until", as_day),
    ),
    "photographed": (
        STUDENT,
        Column("taken_on", "拍摄日期", "shooting day", as_day),
        Column("way", "拍摄方式", "way", one_of(WAYS)),
    ),
}

KEYS: dict[str, tuple[str, ...]] = {
    "photo_slots": ("season", "unit", "day", "begins"),
    "photo_roster": ("season", "number"),
    "photo_codes": ("season", "number"),
    "photographed": ("number", "taken_on"),
}
