"""What a cell of the self-study exam's files may say."""

import re
from datetime import datetime

from backend.clock import SHANGHAI
from backend.exam.transfer_in import State
from backend.policy.exam import COURSE, MONTH
from backend.registry.values import BadValue, as_day, whole

CHINESE_MONTH = re.compile(r"(\d{4})(?:/|\.|年)(\d{1,2})月?(?:考次)?", re.ASCII)
FIRST_DAY = re.compile(r"\d{4}-\d{2}-01", re.ASCII)
MOMENT = re.compile(r"(\S+)[ T](\d{1,2}):(\d{2})(?::\d{2})?", re.ASCII)
MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)
PHONE = re.compile(r"[0-9+()\- ]{5,30}", re.ASCII)
EMAIL = re.compile(r"[^@\s<>]{1,60}@[^@\s<>]{1,60}\.[a-zA-Z]{2,20}")
POSTCODE = re.compile(r"\d{6}", re.ASCII)

PARTS = {"理论": "theory", "实践": "practice", "theory": "theory", "practice": "practice"}
CREDIT_KINDS = PARTS | {
    "免考": "exemption",
    "转入": "transfer_in",
    "exemption": "exemption",
    "transfer_in": "transfer_in",
}
SOURCES = {
    "免考": "exemption",
    "转入": "transfer_in",
    "补登": "back_entry",
    "exemption": "exemption",
    "transfer_in": "transfer_in",
    "back_entry": "back_entry",
}
EXAM_LEVELS = {
    "专科": "college",
    "本科": "bachelor",
    "college": "college",
    "bachelor": "bachelor",
}
GENDERS = {"男": "male", "女": "female", "male": "male", "female": "female"}
NO_SCORE = {"缺考": "absent", "违纪": "violation", "absent": "absent", "violation": "violation"}
TRANSFER_STATES = {
    "审核中": str(State.REVIEWING),
    "待现场确认": str(State.INVITED),
    "未到场": str(State.MISSED),
    "已确认": str(State.CONFIRMED),
    "已转入": str(State.ACCEPTED),
    "未通过": str(State.REJECTED),
    **{str(state): str(state) for state in State},
}


def as_exam_course(cell: str) -> str:
    if not COURSE.fullmatch(cell):
        raise BadValue("bad_exam_course")
    return cell


def as_month(cell: str) -> str:
    """``2026-04``, ``2026年4月``, ``2026年4月考次``; a spreadsheet makes its first day of it."""
    if FIRST_DAY.fullmatch(cell):
        cell = cell[:7]
    if found := CHINESE_MONTH.fullmatch(cell):
        cell = f"{found[1]}-{int(found[2]):02d}"
    if not MONTH.fullmatch(cell):
        raise BadValue("bad_month")
    return cell


def as_exam_score(cell: str) -> tuple[int | None, str]:
    """The figure, or why there is none."""
    if (remark := NO_SCORE.get(cell.casefold())) is not None:
        return None, remark
    cell = whole(cell)
    if not re.fullmatch(r"100|[1-9]?\d", cell, re.ASCII):
        raise BadValue("bad_exam_score")
    return int(cell), ""


def as_moment(cell: str) -> datetime:
    """``2026-03-12 09:30``, in Shanghai."""
    found = MOMENT.fullmatch(cell)
    if found is None:
        raise BadValue("bad_moment")
    day = as_day(found[1])
    try:
        return datetime(day.year, day.month, day.day, int(found[2]), int(found[3]), tzinfo=SHANGHAI)
    except ValueError:
        raise BadValue("bad_moment") from None


def as_mobile(cell: str) -> str:
    if not MOBILE.fullmatch(cell):
        raise BadValue("bad_mobile")
    return cell


def as_phone(cell: str) -> str:
    if not PHONE.fullmatch(cell):
        raise BadValue("bad_phone")
    return cell


def as_email(cell: str) -> str:
    if not EMAIL.fullmatch(cell):
        raise BadValue("bad_email")
    return cell


def as_postcode(cell: str) -> str:
    if not POSTCODE.fullmatch(cell):
        raise BadValue("bad_postcode")
    return cell
