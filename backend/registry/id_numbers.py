"""ID numbers of residents (GB 11643-1999): area, day of birth, serial, check digit."""

import re
from datetime import date

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
DIGITS = "10X98765432"
FORM = re.compile(r"[1-9]\d{16}[\dX]", re.ASCII)  # areas begin with 1 to 9


def check_digit(first: str) -> str:
    """The 18th character for the first seventeen (ISO 7064, MOD 11-2)."""
    return DIGITS[sum(int(d) * weight for d, weight in zip(first, WEIGHTS, strict=True)) % 11]


def valid(number: str) -> bool:
    """Whether such a number can exist; ``number`` in capitals."""
    if not FORM.fullmatch(number) or check_digit(number[:17]) != number[17]:
        return False
    try:
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        return False
    return True
