"""What a cell may say and what it then means; each reader raises ``BadValue`` with a code.

The codes and their sentences are in ``backend.registry.report``.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date

from backend.authority import Role
from backend.registry import id_numbers

DAY = re.compile(r"(\d{4})(?:-|/|\.|年)(\d{1,2})(?:-|/|\.|月)(\d{1,2})日?", re.ASCII)
COMPACT_DAY = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
TERM = re.compile(r"(\d{4})-(\d{4})-([123])", re.ASCII)
POINTS = re.compile(r"(?:100|[1-9]?\d)(?:\.\d)?", re.ASCII)
CREDITS = re.compile(r"(\d{1,2})(?:\.(\d)0*)?", re.ASCII)
DECIMAL = re.compile(r"\d+\.0+", re.ASCII)  # how some programs export the number of a cell
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/()-]*", re.ASCII)
EXAM_TICKET = re.compile(r"[0-9]{12}", re.ASCII)
FOREIGN_ID = re.compile(r"[A-Za-z0-9()/-]{5,30}", re.ASCII)

LETTERS = ("A+", "A", "A-", "B+", "B", "B-", "C+", "C", "C-", "D+", "D", "D-", "F")
WORDS = ("通过", "不通过", "合格", "不合格", "优秀", "良好", "中等", "及格", "不及格", "免修")


class BadValue(Exception):
    def __init__(self, code: str, **facts: object) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


Reader = Callable[[str], object]


def check_text(cell: str, limit: int) -> None:
    """What no cell may be: longer than its column, or with characters that cannot be printed."""
    if len(cell) > limit:
        raise BadValue("too_long", limit=limit)
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in cell):
        raise BadValue("control_character")


def as_text(cell: str) -> str:
    return cell


def as_code(cell: str) -> str:
    """A number or code that names something: Latin letters and digits.

    ``20231.0`` is no number of anybody's: taken as it is, it would be somebody new.
    """
    if DECIMAL.fullmatch(cell):
        raise BadValue("number_as_decimal")
    if not CODE.fullmatch(cell):
        raise BadValue("bad_code")
    return cell


def as_exam_ticket(cell: str) -> str:
    """准考证号 (E2)."""
    if not EXAM_TICKET.fullmatch(cell):
        raise BadValue("bad_exam_ticket")
    return cell


def as_day(cell: str) -> date:
    match = DAY.fullmatch(cell) or COMPACT_DAY.fullmatch(cell)
    if not match:
        raise BadValue("bad_date")
    year, month, day = map(int, match.groups())
    if not 1949 <= year <= 2100:
        raise BadValue("bad_date")
    try:
        return date(year, month, day)
    except ValueError:
        raise BadValue("bad_date") from None


def as_term(cell: str) -> str:
    match = TERM.fullmatch(cell)
    if not match or int(match[2]) != int(match[1]) + 1 or not 1949 <= int(match[1]) <= 2100:
        raise BadValue("bad_term")
    return cell


def as_score(cell: str) -> str:
    """Kept as it is written, since it is printed so."""
    if cell in LETTERS or cell in WORDS:
        return cell
    if not POINTS.fullmatch(cell) or float(cell) > 100:
        raise BadValue("bad_score")
    return cell


def as_credit_tenths(cell: str) -> int:
    match = CREDITS.fullmatch(cell)
    if not match:
        raise BadValue("bad_credits")
    return int(match[1]) * 10 + int(match[2] or 0)


def whole(cell: str) -> str:
    """``85.0`` is 85, where the cell is a quantity and not a name."""
    return cell.partition(".")[0] if DECIMAL.fullmatch(cell) else cell


def as_hours(cell: str) -> int:
    cell = whole(cell)
    if not (cell.isascii() and cell.isdigit()) or int(cell[:6]) > 2000:
        raise BadValue("bad_hours")
    return int(cell)


def as_id_number(cell: str) -> str:
    number = cell.upper()
    if not id_numbers.valid(number):
        raise BadValue("bad_id_number")
    return number


def as_any_id_number(cell: str) -> str:
    """Also passports and numbers of other places; only the form is looked at."""
    if not FOREIGN_ID.fullmatch(cell):
        raise BadValue("bad_id_number")
    return cell.upper()


def one_of(meanings: Mapping[str, object]) -> Reader:
    """A reader of a fixed set of words, in whatever case."""

    def read(cell: str) -> object:
        try:
            return meanings[cell.casefold()]
        except KeyError:
            raise BadValue("unknown_word", allowed="、".join(meanings)) from None

    return read


LANGUAGES = {"中文": "zh", "英文": "en", "zh": "zh", "en": "en"}
GPA = {"带gpa": "with", "不带gpa": "without", "with": "with", "without": "without"}
LEVELS = {"硕士": "master", "博士": "doctor", "master": "master", "doctor": "doctor"}
KINDS = {
    "学术学位": "academic",
    "专业学位": "professional",
    "同等学力": "equivalent",
    "academic": "academic",
    "professional": "professional",
    "equivalent": "equivalent",
}
PERIODS = {
    "集中教学": "centralized",
    "所级教学": "combined",
    "centralized": "centralized",
    "combined": "combined",
}
TRUTH = {"是": True, "否": False, "yes": True, "no": False}
ROLES = {
    "培养单位教育管理干部": str(Role.UNIT_OFFICER),
    "代办人": str(Role.DEPUTY),
    "教务部": str(Role.ACADEMIC_AFFAIRS),
    "财务处": str(Role.FINANCE),
    "学生处": str(Role.STUDENT_AFFAIRS),
    "自考办": str(Role.EXAM_OFFICE),
    "自考审核人": str(Role.EXAM_REVIEWER),
    "系统管理员": str(Role.ADMINISTRATOR),
    **{str(role): str(role) for role in Role},
}
