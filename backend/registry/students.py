"""Reading the registry: who somebody is, and what their transcript says."""

import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from sqlalchemy import bindparam, select

from backend.documents.facts import CourseLine, Coverage, Gpa, Language, TranscriptFacts
from backend.models import Course, Grade, Institution, Person, Student
from backend.policy.transcript import GpaFormula, TranscriptPolicy
from backend.registry import units
from backend.work import Work


@dataclass(frozen=True, slots=True)
class StudentFile:
    """A person and their studies."""

    person: Person
    student: Student

    @property
    def graduated(self) -> bool:
        return self.student.graduated_on is not None


FILE = (
    select(Person, Student)
    .join(Student, Student.person_id == Person.id)
    .where(Person.institution_id == bindparam("institution"), Person.id == bindparam("person"))
)
ANY_GRADE = select(Grade.id).where(Grade.student_id == bindparam("student")).limit(1)


def find(work: Work, person_id: int) -> StudentFile | None:
    where = {"institution": work.institution, "person": person_id}
    row = work.session.execute(FILE, where).one_or_none()
    return StudentFile(*row) if row else None


def has_grades(work: Work, student_id: int) -> bool:
    found = work.session.connection().execute(ANY_GRADE, {"student": student_id})
    return found.scalar() is not None


def transcript_facts(
    work: Work,
    file: StudentFile,
    policy: TranscriptPolicy,
    language: Language,
    gpa: Gpa,
    coverage: Coverage,
) -> TranscriptFacts:
    """What this student's transcript says today (T1, T6)."""
    query = (
        select(Grade, Course)
        .join(Course, Course.id == Grade.course_id)
        .where(Grade.student_id == file.person.id)
        .order_by(Grade.term, Course.code)
    )
    if coverage is Coverage.CENTRALIZED:
        query = query.where(Grade.period == Coverage.CENTRALIZED)
    rows = [(grade, course) for grade, course in work.session.execute(query).all()]
    institution = work.session.get_one(Institution, work.institution)
    unit_zh, unit_en = units.name(work, file.student.unit_id)
    formula = policy.gpa_formula() if gpa is Gpa.WITH else None
    return TranscriptFacts(
        institution_zh=institution.name_zh,
        institution_en=institution.name_en,
        language=language,
        gpa=gpa,
        coverage=coverage,
        name_zh=file.person.name,
        name_en=file.person.name_en,
        student_number=file.person.number,
        unit_zh=unit_zh,
        unit_en=unit_en,
        major_zh=file.student.major_zh,
        major_en=file.student.major_en,
        level=file.student.level,
        enrolled_on=file.student.enrolled_on.isoformat(),
        graduated_on=file.student.graduated_on.isoformat() if file.student.graduated_on else None,
        courses=tuple(course_line(grade, course) for grade, course in rows),
        total_credits=credits_text(sum(course.credit_tenths for _, course in rows)),
        gpa_value=gpa_value(formula, rows) if formula else None,
        gpa_scale=formula.scale if formula else None,
        gpa_note_zh=formula.note_zh if formula else None,
        gpa_note_en=formula.note_en if formula else None,
    )


def course_line(grade: Grade, course: Course) -> CourseLine:
    return CourseLine(
        code=course.code,
        name_zh=course.name_zh,
        name_en=course.name_en,
        credits=credits_text(course.credit_tenths),
        hours=course.hours,
        term=grade.term,
        score=grade.score,
        degree_course=grade.degree_course,
        period=Coverage(grade.period),
    )


def credits_text(tenths: int) -> str:
    whole, tenth = divmod(tenths, 10)
    return f"{whole}.{tenth}" if tenth else str(whole)


def gpa_value(formula: GpaFormula, rows: list[tuple[Grade, Course]]) -> str | None:
    """Credit-weighted mean, two decimals, half up; None where no score counts."""
    points = [
        (Decimal(point), course.credit_tenths)
        for grade, course in rows
        if (point := points_of(formula, grade.score)) is not None
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
