"""A season of graduation photos in which every branch of P1 to P6 has somebody to show it.

Days are counted from the day of loading. Codes say DEMO, and nothing of CHSI's has their form. The
season of the real notice is there too, with its own days, from Annex 1.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from backend.clauses import library
from backend.clauses.shooting import PHOTO_NOTICE, Shooting, shootings, spans, units_named
from backend.clock import SHANGHAI
from backend.registry.demo.units import CHEMISTRY, UNITS

COMPUTING, MECHANICS, ASTRONOMY, PHYSICS, BOTANY, PSYCHOLOGY, MATHEMATICS = (
    unit.code for unit in UNITS[1:]
)
HALL = ("演示校区学生活动中心二层多功能厅", "multi-function hall, second floor, Demo Campus Centre")
AUDITORIUM = ("演示校区东区礼堂", "East Auditorium, Demo Campus")


@dataclass(frozen=True, slots=True)
class DemoSlot:
    unit: str
    after: int  # days from the day of loading
    begins: time
    ends: time | None
    group_no: int
    place: tuple[str, str] = HALL
    approximate: bool = True


SLOTS = (
    DemoSlot(CHEMISTRY, 14, time(8, 30), time(9, 30), 1),
    DemoSlot(CHEMISTRY, 14, time(13, 0), time(14, 0), 2),
    DemoSlot(COMPUTING, 14, time(9, 30), time(10, 30), 1),
    DemoSlot(
        MECHANICS, -7, time(9, 0), time(9, 30), 1
    ),  # over: whoever was not there has missed it
    DemoSlot(ASTRONOMY, 0, time(15, 0), time(16, 0), 1),  # today
    DemoSlot(PHYSICS, 15, time(9, 30), time(10, 30), 1),
    DemoSlot(PSYCHOLOGY, 15, time(14, 0), time(15, 0), 1),
    # Two turns, of which nobody has written who goes to which; botany has none at all.
    DemoSlot(MATHEMATICS, 14, time(10, 30), time(11, 30), 1),
    DemoSlot(MATHEMATICS, 18, time(10, 0), time(12, 0), 5, AUDITORIUM, False),
)


# Before the schedule was published anew, the second group was to come a day earlier.
MOVED = DemoSlot(CHEMISTRY, 13, time(16, 0), time(17, 0), 2)
BEFORE = (SLOTS[0], MOVED, *SLOTS[2:])


@dataclass(frozen=True, slots=True)
class DemoTaken:
    """``case`` of the student; ``before`` is how many days before the day of loading."""

    case: str
    before: int
    way: str = "group"


LISTED: dict[str, int | None] = {
    "enrolled_master": 1,  # has a code
    "officer_and_student": 1,  # has none
    "same_name_first": 1,  # has been photographed already
    "same_name_second": 2,  # has another time than at first
    "enrolled_doctor": None,  # was photographed three years ago: too long
    "character_without_glyph": None,  # missed
    "long_english_name": None,  # today, reads English
    "rare_character": None,  # was photographed thirteen months ago (P5)
    "one_course": None,
    "no_grades": None,  # of a unit with two turns
    "minority_name": None,  # of a unit with none
}
CODES = ("enrolled_master", "same_name_second", "long_english_name", "character_without_glyph")
TAKEN = (
    DemoTaken("same_name_first", 2, "makeup"),
    DemoTaken("enrolled_doctor", 3 * 365),
    DemoTaken("rare_character", 13 * 30),
)


def season(today: date) -> str:
    """The class that graduates next summer."""
    return str(today.year if today.month < 8 else today.year + 1)


def code(number: str) -> str:
    return f"DEMO-NOT-CHSI-{number}-{int(number) % 9973:04}"


def day(today: date, after: int) -> date:
    return today + timedelta(days=after)


def real_rows() -> list[tuple[str, Shooting, time, time | None]]:
    """Annex 1 of the notice, for the units that are in the demo: by code."""
    notice = next(one for one in library.shipped() if one.id == PHOTO_NOTICE)
    codes = {unit.name_zh: unit.code for unit in UNITS}
    return [
        (codes[name], row, begins, ends)
        for row in shootings(notice)
        for name in units_named(row)
        if name in codes
        for begins, ends in spans(row)
    ]


def noticed_on(on: date) -> datetime:
    return datetime.combine(on, time(9, 0), SHANGHAI)
