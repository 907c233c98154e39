"""Writes the demo's self-study exam: what it examines, its candidates, and what they have."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from itertools import chain
from typing import Any

from sqlalchemy.orm import Session

from backend.clock import SHANGHAI
from backend.models import (
    ExamCandidate,
    ExamCourse,
    ExamCredit,
    ExamMajor,
    ExamOption,
    ExamOptionCourse,
    ExamPlanCourse,
    ExamTicket,
    TransferIn,
    TransferInCourse,
)
from backend.registry.demo.exam import COURSES, MAJORS
from backend.registry.demo.exam_cases import Loading, load_exemptions
from backend.registry.demo.exam_later_cases import load_later_cases
from backend.registry.demo.exam_people import (
    CANDIDATES,
    PLACE,
    REVIEWER_AND_CANDIDATE,
    REVIEWERS_TICKET,
    DemoCandidate,
    DemoTicket,
    DemoTransfer,
    sessions,
)
from backend.registry.demo.exam_waiting_cases import load_waiting_cases
from backend.registry.demo.rows import keys, put
from backend.sealing import Sealer

ID_KIND = "居民身份证"
MORNING = time(9, 30)


def load_exam(
    session: Session, sealer: Sealer, units: dict[str, int], people: dict[str, int], today: date
) -> None:
    """Sessions, appointments and sign-ins are counted from ``today``."""
    courses = load_courses(session)
    majors = load_majors(session, units, courses)
    load_personal_data(session, sealer, people)
    held = list(all_tickets(people))
    tickets = load_tickets(session, held, majors, today)
    put(session, ExamCredit, list(credits(held, tickets, courses, today)))
    load_transfers(session, people, tickets, majors, courses, today)
    load = Loading(session, sealer, units, people, tickets, courses, today)
    load_exemptions(load)
    load_later_cases(load, majors)
    load_waiting_cases(load, majors)


def all_tickets(people: dict[str, int]) -> Iterable[tuple[int, DemoTicket]]:
    for candidate in CANDIDATES:
        for one in candidate.tickets:
            yield people[candidate.number], one
    yield people[REVIEWER_AND_CANDIDATE], REVIEWERS_TICKET


def load_courses(session: Session) -> dict[str, int]:
    put(
        session,
        ExamCourse,
        [
            {
                "code": one.code,
                "name_zh": one.name_zh,
                "name_en": one.name_en,
                "credit_tenths": one.credit_tenths,
                "active": True,
            }
            for one in COURSES
        ],
    )
    return keys(session, ExamCourse, "code")


def load_majors(session: Session, units: dict[str, int], courses: dict[str, int]) -> dict[str, int]:
    put(
        session,
        ExamMajor,
        [
            {
                "code": one.code,
                "name_zh": one.name_zh,
                "name_en": one.name_en,
                "level": one.level,
                "unit_id": units[one.unit],
                "total_credit_tenths": one.total_credits * 10,
            }
            for one in MAJORS
        ],
    )
    majors = keys(session, ExamMajor, "code")
    lines = [
        {
            "major_id": majors[one.code],
            "course_id": courses[line[:5]],
            "kind": line[6:] or "theory",
            "required": line in one.required,
            "choice": "选考A" if line in one.choice else "",
            "since": "",
            "until": "",
        }
        for one in MAJORS
        for line in (*one.required, *one.choice, *one.others)
    ]
    put(session, ExamPlanCourse, lines)
    options = [(majors[major.code], option) for major in MAJORS for option in major.options]
    put(
        session,
        ExamOption,
        [
            {"major_id": major, "code": code, "name_zh": zh, "name_en": en}
            for major, (code, zh, en, _courses) in options
        ],
    )
    ids = keys(session, ExamOption, "code")
    put(
        session,
        ExamOptionCourse,
        [
            {"option_id": ids[option[0]], "course_id": courses[code]}
            for _major, option in options
            for code in option[3]
        ],
    )
    return majors


def load_personal_data(session: Session, sealer: Sealer, people: dict[str, int]) -> None:
    """Mobile numbers begin with 154, which no network has."""
    put(
        session,
        ExamCandidate,
        [
            {
                "person_id": people[one.number],
                "gender": one.gender,
                "ethnicity": "汉族",
                "born_on": one.born,
                "id_kind": ID_KIND,
                "education": "专科",
                "political": "群众",
                "household": "本市城镇",
                "study_mode": "业余",
                "occupation": "职员",
                "employer": "演示公司",
                "postcode": "200000",
                "mobile_sealed": sealer.seal(f"154{int(one.number[1:]):08d}"),
                "email_sealed": sealer.seal(f"{one.number.lower()}@example.cn"),
                "address_sealed": sealer.seal("上海市演示路 1 号"),
            }
            for one in CANDIDATES
        ],
    )


def load_tickets(
    session: Session,
    held: list[tuple[int, DemoTicket]],
    majors: dict[str, int],
    today: date,
) -> dict[str, int]:
    signed_in = datetime.combine(today, time(), SHANGHAI).astimezone(UTC)
    put(
        session,
        ExamTicket,
        [
            {
                "number": one.number,
                "person_id": person,
                "active": one.active,
                "linked_at": signed_in if one.active else None,
                "major_id": majors[one.major] if one.major else None,
                "registered_on": date(2019, 9, 1),
            }
            for person, one in held
        ],
    )
    return keys(session, ExamTicket, "number")


def credits(
    held: list[tuple[int, DemoTicket]],
    tickets: dict[str, int],
    courses: dict[str, int],
    today: date,
) -> Iterable[dict[str, Any]]:
    months = sessions(today, 12)
    for person, ticket in held:
        for one in ticket.scores:
            month = one.month or months[one.ago - 1]
            passed = one.score is not None and one.score >= 60
            yield {
                "person_id": person,
                "ticket_id": tickets[ticket.number],
                "course_id": courses[one.course],
                "kind": one.kind,
                "source": "exam",
                "session": month,
                "passed_month": month if passed else "",
                "score": one.score,
                "remark": one.remark,
                "passed": passed,
            }
    for candidate in CANDIDATES:  # what has been accepted from elsewhere
        for transfer in candidate.transfers:
            for code, score, month in transfer.courses if transfer.state == "accepted" else ():
                yield {
                    "person_id": next(p for p, one in held if one.number == transfer.ticket),
                    "ticket_id": tickets[transfer.ticket],
                    "course_id": courses[code],
                    "kind": "transfer_in",
                    "source": "transfer_in",
                    "session": "",
                    "passed_month": month,
                    "score": score,
                    "remark": "",
                    "passed": True,
                }


def load_transfers(
    session: Session,
    people: dict[str, int],
    tickets: dict[str, int],
    majors: dict[str, int],
    courses: dict[str, int],
    today: date,
) -> None:
    coming = list(chain.from_iterable(((c, one) for one in c.transfers) for c in CANDIDATES))
    put(session, TransferIn, [transfer(c, t, people, tickets, majors, today) for c, t in coming])
    ids = keys(session, TransferIn, "number")
    put(
        session,
        TransferInCourse,
        [
            {
                "transfer_id": ids[one.number],
                "course_id": courses[code],
                "score": score,
                "passed_month": month,
            }
            for _candidate, one in coming
            for code, score, month in one.courses
        ],
    )


def transfer(
    candidate: DemoCandidate,
    one: DemoTransfer,
    people: dict[str, int],
    tickets: dict[str, int],
    majors: dict[str, int],
    today: date,
) -> dict[str, Any]:
    at = None
    if one.days is not None:
        at = datetime.combine(today + timedelta(days=one.days), MORNING, SHANGHAI).astimezone(UTC)
    major = next(t.major for t in candidate.tickets if t.number == one.ticket)
    return {
        "number": one.number,
        "person_id": people[candidate.number],
        "ticket_id": tickets[one.ticket],
        "from_province": one.from_province,
        "from_ticket": one.from_ticket,
        "into_major_id": majors[major] if major else None,
        "state": one.state,
        "since": datetime.combine(today - timedelta(days=45), MORNING, SHANGHAI).astimezone(UTC),
        "confirm_at": at,
        "confirm_place": PLACE if at else "",
        "confirm_note": "",
        "reason": one.reason,
        "reminded_evening_at": at if one.state != "invited" else None,
        "reminded_hours_at": at if one.state != "invited" else None,
        "told_at": datetime.combine(today, time(), SHANGHAI).astimezone(UTC),
        "version": 1,
    }
