"""Reading the registry: who somebody is, and what their transcript says."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from sqlalchemy import bindparam, exists, select

from backend.documents.facts import CourseLine, Coverage, Gpa, Language, TranscriptFacts
from backend.documents.notes import kind_of
from backend.models import Course, Grade, Institution, Person, Student
from backend.policy import store
from backend.policy.transcript import GpaFormula, TranscriptPolicy
from backend.registry import units
from backend.work import Work


@dataclass(frozen=True, slots=True)
class StudentFile:
    """A person and their studies, as the registry has them now."""

    person_id: int
    number: str
    name: str
    name_en: str
    unit_id: int
    level: str
    major_zh: str
    major_en: str
    enrolled_on: date
    graduated_on: date | None
    central_teaching: bool
    has_grades: bool

    @property
    def graduated(self) -> bool:
        return self.graduated_on is not None


FILE = (
    select(
        Person.id,
        Person.number,
        Person.name,
        Person.name_en,
        Student.unit_id,
        Student.level,
        Student.major_zh,
        Student.major_en,
        Student.enrolled_on,
        Student.graduated_on,
        Student.central_teaching,
        exists().where(Grade.student_id == Person.id),
    )
    .join(Student, Student.person_id == Person.id)
    .where(Person.institution_id == bindparam("institution"), Person.id == bindparam("person"))
)
GRADES = (
    select(
        Course.code,
        Course.name_zh,
        Course.name_en,
        Course.credit_tenths,
        Course.hours,
        Grade.term,
        Grade.score,
        Grade.degree_course,
        Grade.period,
    )
    .join(Course, Course.id == Grade.course_id)
    .where(Grade.student_id == bindparam("student"))
    .order_by(Grade.term, Course.code)
)


def find(work: Work, person_id: int) -> StudentFile | None:
    where = {"institution": work.institution, "person": person_id}
    row: Any = work.once(
        ("student", person_id), lambda: work.reading.execute(FILE, where).one_or_none()
    )
    return StudentFile(*row) if row else None


def transcript_facts(
    work: Work,
    file: StudentFile,
    policy: TranscriptPolicy,
    language: Language,
    gpa: Gpa,
    coverage: Coverage,
) -> TranscriptFacts:
    """What this student's transcript says today (T1, T6)."""
    rows = work.reading.execute(GRADES, {"student": file.person_id}).all()
    if coverage is Coverage.CENTRALIZED:
        rows = [row for row in rows if row.period == Coverage.CENTRALIZED]
    institution = work.session.get_one(Institution, work.institution)
    unit_zh, unit_en = units.name(work, file.unit_id)
    formula = policy.gpa_formula() if gpa is Gpa.WITH else None
    letters = any(kind_of(row.score) == "letter" for row in rows)
    scale = store.credential(work) if letters else None
    return TranscriptFacts(
        institution_zh=institution.name_zh,
        institution_en=institution.name_en,
        language=language,
        gpa=gpa,
        coverage=coverage,
        name_zh=file.name,
        name_en=file.name_en,
        student_number=file.number,
        unit_zh=unit_zh,
        unit_en=unit_en,
        major_zh=file.major_zh,
        major_en=file.major_en,
        level=file.level,
        enrolled_on=file.enrolled_on.isoformat(),
        graduated_on=file.graduated_on.isoformat() if file.graduated_on else None,
        courses=tuple(course_line(row) for row in rows),
        total_credits=credits_text(sum(row.credit_tenths for row in rows)),
        gpa_value=gpa_value(formula, rows) if formula else None,
        gpa_scale=formula.scale if formula else None,
        gpa_note_zh=formula.note_zh if formula else None,
        gpa_note_en=formula.note_en if formula else None,
        scale_note_zh=scale.scale_note_zh if scale else None,
        scale_note_en=scale.scale_note_en if scale else None,
    )


def course_line(row: Any) -> CourseLine:
    return CourseLine(
        code=row.code,
        name_zh=row.name_zh,
        name_en=row.name_en,
        credits=credits_text(row.credit_tenths),
        hours=row.hours,
        term=row.term,
        score=row.score,
        degree_course=row.degree_course,
        period=Coverage(row.period),
    )


def credits_text(tenths: int) -> str:
    whole, tenth = divmod(tenths, 10)
    return f"{whole}.{tenth}" if tenth else str(whole)


def gpa_value(formula: GpaFormula, rows: Iterable[Any]) -> str | None:
    """Credit-weighted mean, two decimals, half up; None where no score counts.

    ``rows`` have a ``score`` and ``credit_tenths``.
    """
    points = [
        (Decimal(point), row.credit_tenths)
        for row in rows
        if (point := points_of(formula, row.score)) is not None
    ]
    weight = sum(credit for _, credit in points)
    if not weight:
        return None
    mean = sum((point * credit for point, credit in points), Decimal(0)) / weight
    return str(mean.quantize(Decimal("0.01"), ROUND_HALF_UP))


def points_of(formula: GpaFormula, score: str) -> str | None:
    if score in formula.letters:
        return formula.letters[score]
    if not re.fullmatch(r"\d{1,3}(\.\d+)?", score, re.ASCII):
        return None
    number = Decimal(score)
    return next((points for lowest, points in formula.bands if number >= lowest), None)
