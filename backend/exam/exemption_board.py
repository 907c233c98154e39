"""Where a candidate stands with every course of their plan: exempt, waiting, or still to apply for."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from backend.exam import candidates, earned, exemption_cases, exemptions, matrix, plans, windows
from backend.exam.matrix import Missing
from backend.models import Application, ExamCourse, ExamTicket
from backend.policy import store
from backend.policy.exam import Service
from backend.work import Work

NOT_APPLIED, PASSED, ELSEWHERE = "not_applied", "passed", "elsewhere"  # besides those of a case


@dataclass(frozen=True, slots=True)
class CourseState:
    """``state`` is that of its case, or "passed" by an exam, or "not_applied", or
    "elsewhere": filed under another of the candidate's tickets.

    ``missing`` is what the proofs given so far lack; ``until`` when a rejected course can no longer
    be submitted again, None where nothing ends. ``possible``: the matrix has a way for it.
    """

    course: ExamCourse
    state: str
    application: Application | None
    missing: tuple[Missing, ...]
    until: datetime | None
    possible: bool


def board(work: Work, ticket: ExamTicket) -> list[CourseState]:
    """Every course of the ticket's plan, and whatever else was applied for, by code."""
    policy, done = store.exam(work), earned.courses(work, ticket)
    window = windows.standing(work, Service.EXEMPTION).window
    cases: dict[int, Application] = {}
    for one in exemption_cases.of_ticket(work, ticket):
        cases[exemption_cases.request_of(work, one).course_id] = one  # the last one counts
    found = []
    for course in _courses(work, ticket, cases):
        case = cases.get(course.id)
        if case is not None and case.state not in exemption_cases.TAKEN:
            case = None
        state = case.state if case else PASSED if course.id in done else NOT_APPLIED
        if state == NOT_APPLIED and exemption_cases.of_course(work, ticket, course.id):
            state = ELSEWHERE
        lacking: tuple[Missing, ...] = ()
        until = None
        if case is not None and state == exemptions.State.REJECTED:
            facts = [exemption_cases.facts_of(one) for one in exemption_cases.proofs_of(work, case)]
            of_then = store.exam(work, case.policy_version)
            lacking = tuple(matrix.missing(of_then, course.code, facts))
            until = window.closes_at if window else None
        possible = bool(matrix.ways(policy, course.code))
        found.append(CourseState(course, state, case, lacking, until, possible))
    return found


def _courses(work: Work, ticket: ExamTicket, cases: dict[int, Application]) -> list[ExamCourse]:
    """Of the plan; without a plan, those the matrix names."""
    major = candidates.major_of(work, ticket)
    planned = ExamCourse.id.in_(plans.parts(work, major) if major else ())
    named = ExamCourse.code.in_(() if major else store.exam(work).matrix)
    chosen = (
        select(ExamCourse)
        .where(
            ExamCourse.institution_id == work.institution,
            ((planned | named) & ExamCourse.active.is_(True)) | ExamCourse.id.in_(cases),
        )
        .order_by(ExamCourse.code)
    )
    return list(work.session.scalars(chosen))
