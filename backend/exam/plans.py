"""What a major asks for (E6): courses, of choices at least one, credits, and more by an option."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from backend.clock import local_date
from backend.models import (
    ExamCourse,
    ExamCredit,
    ExamMajor,
    ExamOption,
    ExamOptionCourse,
    ExamPlanCourse,
)
from backend.work import Work

ANY_PART = "any"  # of an option's course: the plan does not say whether theory or practice


@dataclass(frozen=True, slots=True)
class PlanLine:
    """A course of a plan, in one part; see ``ExamPlanCourse``."""

    id: int
    course: ExamCourse
    kind: str
    required: bool
    choice: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far somebody is in a major. ``choices`` are those of which nothing is passed yet.

    ``missing`` are required lines without a pass, ``option_missing`` courses the option asks for.
    """

    done: tuple[PlanLine, ...]
    missing: tuple[PlanLine, ...]
    choices: tuple[str, ...]
    option_missing: tuple[ExamCourse, ...]
    credit_tenths: int
    total_credit_tenths: int

    @property
    def complete(self) -> bool:
        enough = self.credit_tenths >= self.total_credit_tenths
        return enough and not (self.missing or self.choices or self.option_missing)


def plan(work: Work, major: ExamMajor) -> list[PlanLine]:
    """The lines that are in the plan this month: required ones first, then by choice and code."""
    month = f"{local_date(work.now):%Y-%m}"
    rows = work.session.execute(
        select(ExamPlanCourse, ExamCourse)
        .join(ExamCourse, ExamCourse.id == ExamPlanCourse.course_id)
        .where(ExamPlanCourse.major_id == major.id)
        .order_by(ExamPlanCourse.choice, ExamCourse.code, ExamPlanCourse.kind)
    )
    lines = [
        PlanLine(row.id, course, row.kind, row.required, row.choice)
        for row, course in rows
        if row.since <= month and (not row.until or month <= row.until)
    ]
    return sorted(lines, key=lambda one: not one.required)


def options(work: Work, major: ExamMajor) -> list[ExamOption]:
    """加考选项 of a major, by code; none for most."""
    query = select(ExamOption).where(ExamOption.major_id == major.id).order_by(ExamOption.code)
    return list(work.session.scalars(query))


def option_courses(work: Work, option: ExamOption) -> list[ExamCourse]:
    """What has to be passed in addition by whoever this option is true of; may be nothing."""
    query = (
        select(ExamCourse)
        .join(ExamOptionCourse, ExamOptionCourse.course_id == ExamCourse.id)
        .where(ExamOptionCourse.option_id == option.id)
        .order_by(ExamCourse.code)
    )
    return list(work.session.scalars(query))


def parts(work: Work, major: ExamMajor) -> dict[int, set[str]]:
    """The parts of each course that can count in a major, by the course's id."""
    found: dict[int, set[str]] = defaultdict(set)
    for one in plan(work, major):
        found[one.course.id].add(one.kind)
    extra = (
        select(ExamOptionCourse.course_id)
        .join(ExamOption, ExamOption.id == ExamOptionCourse.option_id)
        .where(ExamOption.major_id == major.id)
    )
    for course in work.session.scalars(extra):
        found[course] |= {"theory", "practice"} if course not in found else set()
    return dict(found)


def progress(
    work: Work, major: ExamMajor, credits: Iterable[ExamCredit], option: ExamOption | None = None
) -> Progress:
    """``credits`` are those that count: ``scores.counting``. A course's credits count once, when
    every line of it in the plan is done."""
    has = {(one.course_id, one.kind) for one in credits}

    def covered(course: ExamCourse, kind: str) -> bool:
        kinds = ("theory", "practice") if kind == ANY_PART else (kind,)
        return any((course.id, one) in has for one in (*kinds, "exemption", "transfer_in"))

    lines = plan(work, major)
    done = [one for one in lines if covered(one.course, one.kind)]
    open_courses = {one.course.id for one in lines if one not in done}
    earned = {one.course.id: one.course for one in done if one.course.id not in open_courses}
    chosen = {one.choice for one in done}
    return Progress(
        done=tuple(done),
        missing=tuple(one for one in lines if one.required and one not in done),
        choices=tuple(sorted({one.choice for one in lines if one.choice} - chosen)),
        option_missing=tuple(
            course
            for course in (option_courses(work, option) if option else [])
            if not covered(course, ANY_PART)
        ),
        credit_tenths=sum(course.credit_tenths for course in earned.values()),
        total_credit_tenths=major.total_credit_tenths,
    )
