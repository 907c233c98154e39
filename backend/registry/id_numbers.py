"""ID numbers of residents (GB 11643-1999): area, day of birth, serial, check digit."""

import re
from datetime import UTC, date, datetime, timedelta

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
DIGITS = "10X98765432"
PROVINCE = re.compile(r"1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]")  # GB/T 2260
OLDEST = date(1900, 1, 1)
YOUNGEST = timedelta(days=3653)  # days of the last years stand in numbers of orders
FORM = re.compile(r"[1-9]\d{16}[\dX]", re.ASCII)  # areas begin with 1 to 9


def check_digit(first: str) -> str:
    """The 18th character for the first seventeen (ISO 7064, MOD 11-2)."""
    return DIGITS[sum(int(d) * weight for d, weight in zip(first, WEIGHTS, strict=True)) % 11]


def valid(number: str) -> bool:
    """Whether such a number can exist; ``number`` in capitals."""
    if not FORM.fullmatch(number) or check_digit(number[:17]) != number[17]:
        return False
    return _day(number[6:14]) is not None


def plausible(number: str) -> bool:
    """Whether it looks like one, of today (18) or before 1999 (15, no check digit): the province is
    one, and somebody of ten years or more was born on that day. The check digit may be wrong."""
    if not PROVINCE.match(number):
        return False
    born = _day(number[6:14] if len(number) == 18 else f"19{number[6:12]}")
    return born is not None and OLDEST <= born <= _grown_up()


def _day(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None


def _grown_up() -> date:
    return (datetime.now(UTC) - YOUNGEST).date()
