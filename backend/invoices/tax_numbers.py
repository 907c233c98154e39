"""Tax numbers of organizations: the unified social credit code (GB 32100-2015), and what came before it.

Eighteen characters: who registered it, what it is, six digits of the area (GB/T 2260), nine
characters of the organization code (GB 11714), a check character. What is looked at is form and check
character; whether there is such an organization, and that the title is its own, nobody here can know.

Numbers of 15 characters (area and organization code) are taken with a remark: a few organizations have
no other. Those of 17 and 20 belonged to sole traders, who have had the code of 18 since the end of
2016, and mostly hold an ID number: they are refused, so that none is typed here.
"""

import re
from dataclasses import dataclass
from unicodedata import category, normalize

from backend.errors import Refused
from backend.registry import id_numbers

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100-2015: without I, O, S, V and Z
WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)  # 3 ** place mod 31
CODE_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714
CODE = re.compile(rf"[1-9A-HJ-NP-RTUWXY][{ALPHABET}]\d{{6}}[{ALPHABET}]{{10}}", re.ASCII)
OLD = re.compile(r"\d{6}[0-9A-Z]{8}[0-9X]", re.ASCII)
LETTERS = re.compile(r"[IOSVZ]")
LENGTH = 18  # of the unified social credit code
WRITTEN = re.compile(  # as it stands among other words
    r"(?<![0-9A-Za-z])[0-9A-Za-z](?:[ \-]?[0-9A-Za-z]){14,19}(?![0-9A-Za-z])", re.ASCII
)
FOLDED = 200  # characters; whatever is longer is no number


@dataclass(frozen=True, slots=True)
class TaxNumber:
    """``old``: of 15 characters, so that less of it could be checked."""

    number: str
    old: bool = False


def normal(typed: str) -> str:
    """In capitals and half width, without spaces, marks and what is not seen."""
    folded = normalize("NFKC", typed[:FOLDED]).upper()
    return "".join(one for one in folded if category(one)[0] in "LN")


def checked(typed: str) -> TaxNumber:
    """The number in its one way of writing. Raises Refused ``bad_tax_number``; its fact ``why`` is
    "length", "letters", "sole_trader", "id_number", "form" or "check", ``count`` its characters."""
    number = normal(typed)
    if len(number) == 18:
        why = _wrong(number)
        if why:
            raise Refused("bad_tax_number", why=why, count=18)
        return TaxNumber(number)
    if len(number) == 15 and OLD.fullmatch(number):
        if old_check_digit(number[6:14]) != number[14]:
            raise Refused("bad_tax_number", why="check", count=15)
        return TaxNumber(number, old=True)
    why = "sole_trader" if len(number) in (17, 20) else "form" if len(number) == 15 else "length"
    raise Refused("bad_tax_number", why=why, count=len(number))


def found_in(words: str) -> str | None:
    """What among these words is written like a tax number, as it is written; whether it is one is for
    ``checked``."""
    text = normalize("NFKC", words[:FOLDED])
    for found in WRITTEN.finditer(text):
        if sum(one.isdigit() for one in found[0]) >= 6:
            return found[0]
    return None


def without(words: str) -> str:
    """The words that stand beside a tax number: the title, usually."""
    text = normalize("NFC", words[:FOLDED])
    narrow = "".join(
        normalize("NFKC", one) if len(normalize("NFKC", one)) == 1 else one for one in text
    )
    number = found_in(narrow)
    if number is None:
        return text
    at = narrow.index(number)
    return text[:at] + " " + text[at + len(number) :]


def check_character(first: str) -> str:
    """The 18th character for the first seventeen (GB 32100-2015, 4.2.5)."""
    total = sum(ALPHABET.index(one) * weight for one, weight in zip(first, WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def old_check_digit(first: str) -> str:
    """The ninth character of an organization code for the first eight (GB 11714)."""
    total = sum(int(one, 36) * weight for one, weight in zip(first, CODE_WEIGHTS, strict=True))
    return "0123456789X0"[11 - total % 11]


def masked(number: str) -> str:
    """``9111**********469K``"""
    return number[:4] + "*" * (len(number) - 8) + number[-4:]


def _wrong(number: str) -> str:
    if id_numbers.valid(number):
        return "id_number"
    if LETTERS.search(number):
        return "letters"
    if not CODE.fullmatch(number):
        return "form"
    return "" if check_character(number[:17]) == number[17] else "check"
