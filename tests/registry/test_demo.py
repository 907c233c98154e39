"""The demo has somebody to show every rule on, and nobody who exists."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Select, func, select

from backend.authority import Role as Authority
from backend.database import Database
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
from backend.registry import demo
from backend.registry.demo.exam import UNIVERSITIES
from backend.registry.demo.units import CHEMISTRY
from backend.sealing import Sealer

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 22)
Y2001, Y2013 = date(2001, 1, 1), date(2013, 1, 1)
GRADUATED = Student.graduated_on.is_not(None)
CENTRAL = Student.central_teaching.is_(True)


@pytest.fixture
def loaded(database: Database, sealer: Sealer) -> Database:
    with database.write() as session:
        demo.load(session, sealer, TODAY)
    return database


BRANCHES = {
    "before 2001": Student.enrolled_on < Y2001,
    "before 2001 without central teaching": (Student.enrolled_on < Y2001) & ~CENTRAL,
    "2001 itself": func.extract("year", Student.enrolled_on) == 2001,
    "2001 to 2012 with central teaching": (Student.enrolled_on >= Y2001)
    & (Student.enrolled_on < Y2013)
    & CENTRAL,
    "2001 to 2012 without": (Student.enrolled_on >= Y2001)
    & (Student.enrolled_on < Y2013)
    & ~CENTRAL,
    "2012 itself with": (func.extract("year", Student.enrolled_on) == 2012) & CENTRAL,
    "2012 itself without": (func.extract("year", Student.enrolled_on) == 2012) & ~CENTRAL,
    "2013 itself": func.extract("year", Student.enrolled_on) == 2013,
    "2013 on with central teaching, graduated": (Student.enrolled_on >= Y2013)
    & CENTRAL
    & GRADUATED,
    "2013 on without, graduated": (Student.enrolled_on >= Y2013) & ~CENTRAL & GRADUATED,
    "enrolled with central teaching": CENTRAL & ~GRADUATED,
    "enrolled without": ~CENTRAL & ~GRADUATED,
    "enrolled doctor": (Student.level == "doctor") & ~GRADUATED,
    "enrolled master": (Student.level == "master") & ~GRADUATED,
    "graduated doctor": (Student.level == "doctor") & GRADUATED,
    "professional": Student.kind == "professional",
    "equivalent": Student.kind == "equivalent",
    "rare character": Person.name.contains("䶮"),
    "character above the basic plane": Person.name.contains("\U00030ede"),
    "dotted name": Person.name.contains("·"),
    "long English name": func.length(Person.name_en) > 60,
    "reads English": Person.language == "en",
}


def test_there_is_a_student_for_every_branch_of_the_rules(loaded: Database) -> None:
    people = select(func.count()).select_from(Student).join(Person)
    with loaded.read() as session:
        missing = [
            name for name, rule in BRANCHES.items() if not session.scalar(people.where(rule))
        ]
    assert missing == []


def grade_counts() -> Select[str, int]:
    return (
        select(Person.number, func.count(Grade.id))
        .join(Student, Student.person_id == Person.id)
        .outerjoin(Grade, Grade.student_id == Student.person_id)
        .group_by(Person.number)
    )


def test_there_are_short_long_and_missing_transcripts(loaded: Database) -> None:
    with loaded.read() as session:
        counts = {number: count for number, count in session.execute(grade_counts())}
        scores = set(session.scalars(select(Grade.score)))
        periods = set(session.scalars(select(Grade.period)))
    assert len(counts) == 300
    wanted = {"no_grades": 0, "one_course": 1, "sixty_courses": 60}
    assert {case: counts[demo.CASES[case]] for case in wanted} == wanted
    assert {"通过", "A", "A-", "B+"} <= scores
    assert any(score.isdigit() for score in scores)
    assert periods == {"centralized", "combined"}


def test_students_outside_central_teaching_have_no_central_results(loaded: Database) -> None:
    query = select(func.count()).select_from(Grade).join(Student)
    with loaded.read() as session:
        assert session.scalar(query.where(~CENTRAL, Grade.period == "centralized")) == 0


def test_e_mail_requests_lie_in_the_window_at_its_ends_and_before_it(loaded: Database) -> None:
    with loaded.read() as session:
        days = set(session.scalars(select(EmailRequest.requested_on)))
        kinds = select(EmailRequest.language, EmailRequest.gpa).distinct()
        assert len(session.execute(kinds).all()) == 4
    assert {date(2020, 3, 25), date(2020, 4, 29), date(2020, 3, 20)} <= days
    assert max(days) == date(2020, 4, 29)


def test_every_unit_has_an_officer_and_one_has_a_second_who_studies_there(
    loaded: Database,
) -> None:
    officers = (
        select(Unit.code, Role.person_id).join(Unit).where(Role.role == Authority.UNIT_OFFICER)
    )
    examining = {code for code, _zh, _en in UNIVERSITIES}
    with loaded.read() as session:
        held = session.execute(officers).all()
        assert {code for code, _ in held} == set(session.scalars(select(Unit.code))) - examining
        chemistry = [person for code, person in held if code == CHEMISTRY]
        assert len(chemistry) == 2
        studying = session.scalars(
            select(Unit.code)
            .join(Student, Student.unit_id == Unit.id)
            .where(Student.person_id.in_(chemistry), Student.graduated_on.is_(None))
        ).all()
        assert list(studying) == [CHEMISTRY]
        assert set(session.scalars(select(Role.role))) == {str(role) for role in Authority}


def test_visitors_can_be_each_of_the_featured_people(loaded: Database) -> None:
    assert len(demo.FEATURED) == 11
    with loaded.read() as session:
        for somebody in demo.FEATURED:
            person = session.scalars(select(Person).where(Person.number == somebody.number)).one()
            assert (person.name, person.name_en) == (somebody.name, somebody.name_en)
            assert somebody.role_zh.startswith("演示")
            assert somebody.role_en.startswith("Demo")


def test_nobody_real_can_be_hit(loaded: Database, sealer: Sealer) -> None:
    with loaded.read() as session:
        for number, sealed in session.execute(select(Person.number, Person.id_number_sealed)):
            assert sealed
            id_number = sealer.open(sealed)
            assert len(id_number) == 18
            assert id_number.startswith("000000")
            assert len(number) == 14 or number.startswith(("S", "K9"))


def test_numbers_of_people_do_not_repeat(loaded: Database) -> None:
    with loaded.read() as session:
        indexes = session.scalars(select(Person.id_number_index)).all()
    assert len(indexes) == len(set(indexes))


def test_courses_and_units_have_names_in_both_languages(loaded: Database) -> None:
    with loaded.read() as session:
        courses = session.execute(select(Course.name_zh, Course.name_en)).all()
        names = session.execute(select(UnitName.name_zh, UnitName.name_en)).all()
    assert len(courses) >= 80
    assert len(set(courses)) == len(courses)
    for zh, en in [*courses, *names]:
        assert en.isascii()
        assert not zh.isascii()


def test_loading_again_does_nothing(loaded: Database, sealer: Sealer) -> None:
    def everything() -> list[tuple[object, ...]]:
        query = (
            select(Person.number, Course.code, Grade.score)
            .join(Grade, Grade.student_id == Person.id)
            .join(Course, Course.id == Grade.course_id)
        )
        with loaded.read() as session:
            return sorted(tuple(row) for row in session.execute(query))

    before = everything()
    with loaded.write() as session:
        demo.load(session, sealer, date(2030, 1, 1))
        assert session.scalar(select(func.count(Institution.id))) == 1
    assert everything() == before


def made_elsewhere(path: Path, today: date, seed: str) -> dict[str, str]:
    """A fresh installation in a process of its own: a hash of all rows of each table."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.registry.making", str(path), today.isoformat()],
        cwd=ROOT,
        env=os.environ | {"PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    found: dict[str, str] = json.loads(done.stdout)
    return found


def test_every_fresh_installation_has_the_same_people_to_the_last_row(tmp_path: Path) -> None:
    one = made_elsewhere(tmp_path / "one.db", TODAY, "1")
    other = made_elsewhere(tmp_path / "other.db", TODAY, "2")
    assert one == other
    assert one["student"].split()[0] == "300"
    assert {"person", "student", "course", "grade", "unit", "role", "email_request"} <= one.keys()
    later = made_elsewhere(tmp_path / "later.db", date(2027, 11, 22), "1")
    assert later["student"] == one["student"]
    assert later["grade"] != one["grade"], "the hash sees no difference where there is one"
