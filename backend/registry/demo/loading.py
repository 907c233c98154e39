"""Writes the demo institution into an empty registry."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, cast

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from backend.authority import Role as Authority
from backend.models import (
    Base,
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
from backend.registry.demo.courses import COURSES
from backend.registry.demo.grades import grades
from backend.registry.demo.names import invented_id_number
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
    load_roles(session, units, people, everyone)
    load_students(session, units, people, everyone)
    load_grades(session, people, everyone, today)
    load_requests(session, people, everyone)


def load_units(session: Session) -> dict[str, int]:
    put(session, Unit, [{"code": unit.code} for unit in UNITS])
    ids = keys(session, Unit, "code")
    bulk(
        session,
        UnitName,
        [
            {
                "unit_id": ids[unit.code],
                "valid_from": NAMES_VALID_FROM,
                "name_zh": unit.name_zh,
                "name_en": unit.name_en,
            }
            for unit in UNITS
        ],
    )
    return ids


def load_people(
    session: Session, sealer: Sealer, everyone: Iterable[DemoStudent]
) -> dict[str, int]:
    named = [(s.number, s.name, s.name_en, s.language) for s in everyone]
    named += [(s.number, s.name, s.name_en, "zh") for s in STAFF]
    rows = []
    for serial, (number, name, name_en, language) in enumerate(named):
        id_number = invented_id_number(FIRST_BIRTHDAY + timedelta(days=serial * 37), serial)
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


def put(session: Session, model: type[Base], rows: list[dict[str, Any]]) -> None:
    """All rows of one table at once, without the ORM: four thousand results take a tenth second."""
    if model is not Institution:
        rows = [{"institution_id": INSTITUTION, **row} for row in rows]
    bulk(session, model, rows)


def bulk(session: Session, model: type[Base], rows: list[dict[str, Any]]) -> None:
    session.execute(insert(cast(Table, model.__table__)), rows)


def keys(session: Session, model: type[Base], column: str) -> dict[str, int]:
    table = cast(Table, model.__table__)
    query = select(table.c[column], table.c.id).where(table.c.institution_id == INSTITUTION)
    return {natural: key for natural, key in session.execute(query)}
