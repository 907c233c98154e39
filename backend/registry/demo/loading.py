"""Writes the demo institution into an empty registry."""

from collections.abc import Iterable
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.authority import Role as Authority
from backend.models import (
    Course,
    EmailRequest,
    Grade,
    Institution,
    Person,
    Role,
    Student,
    Unit,
    UnitName,
)
from backend.registry.demo import loading_photos
from backend.registry.demo.courses import COURSES
from backend.registry.demo.exam import UNIVERSITIES
from backend.registry.demo.exam_people import CANDIDATES
from backend.registry.demo.grades import grades
from backend.registry.demo.loading_exam import load_exam
from backend.registry.demo.names import invented_id_number
from backend.registry.demo.rows import bulk, keys, put
from backend.registry.demo.staff import STAFF, STUDENT_OFFICER_UNIT
from backend.registry.demo.students import DemoStudent, students
from backend.registry.demo.units import (
    INSTITUTION,
    INSTITUTION_EN,
    INSTITUTION_ZH,
    NAMES_VALID_FROM,
    UNITS,
)
from backend.sealing import Sealer

FIRST_BIRTHDAY = date(1970, 1, 1)


def load(session: Session, sealer: Sealer, today: date) -> None:
    """The demo institution with its units, people, courses and results up to ``today``.

    Does nothing when the institution is there already.
    """
    if session.scalar(select(Institution.id).where(Institution.id == INSTITUTION)):
        return
    put(
        session,
        Institution,
        [{"id": INSTITUTION, "name_zh": INSTITUTION_ZH, "name_en": INSTITUTION_EN}],
    )
    everyone = students()
    units = load_units(session)
    people = load_people(session, sealer, everyone)
    load_exam(session, sealer, units, people, today)
    load_roles(session, units, people, everyone)
    load_students(session, units, people, everyone)
    load_grades(session, people, everyone, today)
    load_requests(session, people, everyone)
    loading_photos.load(session, sealer, units, people, everyone, today)


def load_units(session: Session) -> dict[str, int]:
    named = [(unit.code, unit.name_zh, unit.name_en) for unit in UNITS]
    named += UNIVERSITIES
    put(session, Unit, [{"code": code} for code, _zh, _en in named])
    ids = keys(session, Unit, "code")
    names = ("unit_id", "valid_from", "name_zh", "name_en")
    bulk(
        session,
        UnitName,
        [
            dict(zip(names, (ids[code], NAMES_VALID_FROM, zh, en), strict=True))
            for code, zh, en in named
        ],
    )
    return ids


def load_people(
    session: Session, sealer: Sealer, everyone: Iterable[DemoStudent]
) -> dict[str, int]:
    named: list[tuple[str, str, str, str, date | None]] = []
    named += [(s.number, s.name, s.name_en, s.language, None) for s in everyone]
    named += [(s.number, s.name, s.name_en, "zh", None) for s in STAFF]
    named += [(c.number, c.name, c.name_en, c.language, c.born) for c in CANDIDATES]
    rows = []
    for serial, (number, name, name_en, language, born) in enumerate(named):
        day = born or FIRST_BIRTHDAY + timedelta(days=serial * 37)
        id_number = invented_id_number(day, serial)
        rows.append(
            {
                "number": number,
                "name": name,
                "name_en": name_en,
                "language": language,
                "id_number_sealed": sealer.seal(id_number),
                "id_number_index": sealer.index(id_number),
            }
        )
    put(session, Person, rows)
    return keys(session, Person, "number")


def load_roles(
    session: Session,
    units: dict[str, int],
    people: dict[str, int],
    everyone: Iterable[DemoStudent],
) -> None:
    held = [(s.number, s.role, s.unit) for s in STAFF]
    held += [
        (s.number, Authority.UNIT_OFFICER, STUDENT_OFFICER_UNIT)
        for s in everyone
        if s.case == "officer_and_student"
    ]
    put(
        session,
        Role,
        [
            {"person_id": people[number], "role": str(role), "unit_id": unit and units[unit]}
            for number, role, unit in held
        ],
    )


def load_students(
    session: Session,
    units: dict[str, int],
    people: dict[str, int],
    everyone: Iterable[DemoStudent],
) -> None:
    majors = {unit.code: unit.majors for unit in UNITS}
    put(
        session,
        Student,
        [
            {
                "person_id": people[student.number],
                "unit_id": units[student.unit],
                "level": student.level,
                "kind": student.kind,
                "major_zh": majors[student.unit][student.major][0],
                "major_en": majors[student.unit][student.major][1],
                "enrolled_on": student.enrolled_on,
                "graduated_on": student.graduated_on,
                "central_teaching": student.central,
            }
            for student in everyone
        ],
    )


def load_grades(
    session: Session, people: dict[str, int], everyone: Iterable[DemoStudent], today: date
) -> None:
    put(
        session,
        Course,
        [
            {
                "code": course.code,
                "name_zh": course.name_zh,
                "name_en": course.name_en,
                "credit_tenths": course.credit_tenths,
                "hours": course.hours,
            }
            for course in COURSES
        ],
    )
    courses = keys(session, Course, "code")
    put(
        session,
        Grade,
        [
            {
                "student_id": people[student.number],
                "course_id": courses[grade.course],
                "term": grade.term,
                "score": grade.score,
                "degree_course": grade.degree_course,
                "period": grade.period,
            }
            for student in everyone
            for grade in grades(student, today)
        ],
    )


def load_requests(
    session: Session, people: dict[str, int], everyone: Iterable[DemoStudent]
) -> None:
    put(
        session,
        EmailRequest,
        [
            {
                "student_id": people[student.number],
                "language": language,
                "gpa": gpa,
                "requested_on": day,
            }
            for student in everyone
            for language, gpa, day in student.emailed
        ],
    )
