"""What stands between a candidate and graduation: every requirement, met or not (E6).

Each item says by which clause it is asked for and who can do something about it, so that "why not
yet" has an answer at any time. Nothing is decided here: what bars an application, what may be
explained (E6c) and what is only given while applying is told apart by ``stage``.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from sqlalchemy import select

from backend.exam import candidates, matrix, plans, scores, windows
from backend.exam.plans import PlanLine, Progress
from backend.models import (
    Application,
    BackEntryRequest,
    ExamCandidate,
    ExamCourse,
    ExamCredit,
    ExamMajor,
    ExamOption,
    ExamTicket,
    ExemptionRequest,
    GraduationRequest,
    TransferOutScore,
)
from backend.policy import store
from backend.policy.exam import Service
from backend.reviewing.case import LIVE
from backend.work import Work


class Who(StrEnum):
    """Who can do something about it."""

    APPLICANT = "applicant"
    EXAM = "exam"  # by passing it in a coming session
    REVIEWER = "reviewer"
    EXAM_OFFICE = "exam_office"
    UNIVERSITY = "university"  # the examining one
    NOBODY = "nobody"


class Stage(StrEnum):
    BARS = "bars"  # nothing can be filed while it is not met
    GAP = "gap"  # may be explained, course by course (E6c)
    GIVEN = "given"  # is written or sent while applying
    NOTED = "noted"  # does not bar, but is worth knowing
    LATER = "later"  # after the approval


@dataclass(frozen=True, slots=True)
class Item:
    """``facts`` are what the sentence about it needs."""

    code: str
    rule: str
    met: bool
    stage: Stage
    who: Who
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Gap:
    """A course without a score that has to be explained (E6c): of the plan, or of the option."""

    key: str
    course: ExamCourse
    plan_course_id: int | None
    option_course_id: int | None


def check(
    work: Work,
    ticket: ExamTicket,
    major: ExamMajor | None,
    option: str | None = None,
    counting: Sequence[ExamCredit] | None = None,
) -> list[Item]:
    """Every requirement of graduating in a major; ``option`` is the code of a 加考选项.

    It never ends at the first that is not met. ``counting`` is what counts, where it is known
    already (``scores.counting``).
    """
    if counting is None:
        counting = scores.counting(work, ticket.person_id, major) if major is not None else []
    found = [_window(work), _major(major), *_filed(work, ticket, major)]
    if major is not None:
        found += _courses(work, major, _option(work, major, option), counting)
    found += [
        *_waiting(work, ticket),
        *_leaving(work, ticket, counting),
        *_given(work, ticket, major, option),
        _fee(work),
    ]
    return found


def unmet(items: Sequence[Item], *stages: Stage) -> list[Item]:
    return [one for one in items if not one.met and (not stages or one.stage in stages)]


def progress(work: Work, ticket: ExamTicket, major: ExamMajor, option: str | None) -> Progress:
    """By the scores under all of the candidate's own tickets."""
    counting = scores.counting(work, ticket.person_id, major)
    return plans.progress(work, major, counting, _option(work, major, option))


def gaps(work: Work, major: ExamMajor, done: Progress) -> list[Gap]:
    """What has to be explained, in the order of the plan; of a choice, its first course."""
    open_choices = list(done.choices)
    found = []
    for line in plans.plan(work, major):
        first_of_choice = line.choice in open_choices
        if first_of_choice:
            open_choices.remove(line.choice)
        if line in done.missing or first_of_choice:
            found.append(Gap(f"p{line.id}", line.course, line.id, None))
    extra = [Gap(f"o{one.id}", one, None, one.id) for one in done.option_missing]
    return found + extra


def _window(work: Work) -> Item:
    now = windows.standing(work, Service.GRADUATION)
    facts = {
        "until": now.window.closes_at if now.window else None,
        "closed": now.last.closes_at if now.last else None,
        "next": now.next.opens_at if now.next else None,
    }
    return Item("window", "E4", now.open, Stage.BARS, Who.EXAM_OFFICE, facts)


def _major(major: ExamMajor | None) -> Item:
    facts = {} if major is None else {"name": (major.name_zh, major.name_en)}
    return Item("major", "E6", major is not None, Stage.BARS, Who.EXAM_OFFICE, facts)


ACTS = {  # who goes on with a case, by its state
    "pending": Who.REVIEWER,
    "second": Who.REVIEWER,
    "asked": Who.APPLICANT,
    "rejected": Who.APPLICANT,
    "approved": Who.EXAM_OFFICE,
    "payable": Who.APPLICANT,
    "ordered": Who.APPLICANT,
    "lapsed": Who.EXAM_OFFICE,
}


def _filed(work: Work, ticket: ExamTicket, major: ExamMajor | None) -> Iterator[Item]:
    """A case that is under way or done."""
    standing = work.session.scalar(
        select(Application)
        .join(GraduationRequest, GraduationRequest.application_id == Application.id)
        .where(
            Application.applicant_id == ticket.person_id,
            GraduationRequest.major_id == (major.id if major else None),
            Application.state != "withdrawn",
        )
        .order_by(Application.id.desc())
        .limit(1)
    )
    if standing is not None:
        facts = {"number": standing.number, "state": standing.state}
        who = ACTS.get(standing.state, Who.NOBODY)
        if standing.state == "approved" and store.exam(work).graduation.review_fee_fen is None:
            who = Who.UNIVERSITY
        yield Item("filed", "E6", standing.state == "paid", Stage.BARS, who, facts)


# --- courses and credits ------------------------------------------------------------------------


def _courses(
    work: Work, major: ExamMajor, option: ExamOption | None, counting: Sequence[ExamCredit]
) -> Iterator[Item]:
    done = plans.progress(work, major, counting, option)
    lines = plans.plan(work, major)
    by_course = {one.course_id: one for one in counting}
    for line in lines:
        if line.required:
            yield _course(work, line, line not in done.missing, by_course.get(line.course.id))
    for choice in sorted({line.choice for line in lines if line.choice}):
        of_it = [line.course for line in lines if line.choice == choice]
        facts: dict[str, object] = {"courses": of_it}
        yield Item("choice", "E6", choice not in done.choices, Stage.GAP, Who.EXAM, facts)
    for course in plans.option_courses(work, option) if option else []:
        met = course not in done.option_missing
        yield Item("option_course", "E6", met, Stage.GAP, _fixer(work, course), {"course": course})
    yield _credits(done, _explained_tenths(work, major, done))


def _course(work: Work, line: PlanLine, met: bool, by: ExamCredit | None) -> Item:
    facts = {"course": line.course, "kind": line.kind, "by": by.source if by and met else ""}
    return Item("course", "E6", met, Stage.GAP, _fixer(work, line.course), facts)


def _fixer(work: Work, course: ExamCourse) -> Who:
    """Themselves where some proof exempts from it, else by the exam."""
    return Who.APPLICANT if matrix.ways(store.exam(work), course.code) else Who.EXAM


def _credits(done: Progress, explained: int) -> Item:
    """Where even the courses that are explained do not make up the credits, nothing can be filed."""
    met = done.credit_tenths >= done.total_credit_tenths
    enough = done.credit_tenths + explained >= done.total_credit_tenths
    facts = {"earned": done.credit_tenths, "total": done.total_credit_tenths}
    return Item("credits", "E6", met, Stage.GAP if enough else Stage.BARS, Who.EXAM, facts)


def _explained_tenths(work: Work, major: ExamMajor, done: Progress) -> int:
    missing = gaps(work, major, done)
    courses = {one.course.id: one.course for one in missing if one.plan_course_id is not None}
    return sum(one.credit_tenths for one in courses.values())


# --- what is on its way, or has gone --------------------------------------------------------------


def _waiting(work: Work, ticket: ExamTicket) -> Iterator[Item]:
    tickets = candidates.ticket_ids(work, ticket.person_id)
    for code, rule, request in (
        ("exemptions_pending", "E5", ExemptionRequest),
        ("back_entries_pending", "E9", BackEntryRequest),
    ):
        numbers = list(
            work.session.scalars(
                select(Application.number)
                .join(request, request.application_id == Application.id)
                .where(request.ticket_id.in_(tickets), Application.state.in_(LIVE))
                .order_by(Application.id)
            )
        )
        yield Item(code, rule, not numbers, Stage.NOTED, Who.REVIEWER, {"numbers": numbers})


def _leaving(work: Work, ticket: ExamTicket, counting: Sequence[ExamCredit]) -> Iterator[Item]:
    """A score that counts and is to leave bars; what has left is told."""
    tickets = candidates.ticket_ids(work, ticket.person_id)
    leaving = list(
        work.session.scalars(
            select(Application.number)
            .join(TransferOutScore, TransferOutScore.application_id == Application.id)
            .where(
                TransferOutScore.credit_id.in_([one.id for one in counting]),
                Application.state.in_(LIVE),
            )
            .distinct()
            .order_by(Application.number)
        )
    )
    yield Item("leaving", "E8", not leaving, Stage.BARS, Who.APPLICANT, {"numbers": leaving})
    left = [one for one in scores.lines_of(work, tickets) if one.gone == "left"]
    yield Item("left", "E8", not left, Stage.NOTED, Who.NOBODY, {"lines": left})


# --- what is given while applying, and what comes afterwards --------------------------------------


def _given(
    work: Work, ticket: ExamTicket, major: ExamMajor | None, option: str | None
) -> Iterator[Item]:
    policy = store.exam(work)
    data = work.session.get(ExamCandidate, ticket.person_id)
    known = data is not None and data.mobile_sealed is not None
    yield Item("mobile", "E6", known, Stage.GIVEN, Who.APPLICANT)
    if major is not None and (options := plans.options(work, major)):
        facts: dict[str, object] = {"options": [(one.name_zh, one.name_en) for one in options]}
        yield Item("option", "E6", option is not None, Stage.GIVEN, Who.APPLICANT, facts)
    length = policy.graduation.appraisal
    if length is None:
        yield Item("appraisal_not_set", "E6", False, Stage.BARS, Who.EXAM_OFFICE)
    else:
        of_length = {"least": length.least, "most": length.most}
        yield Item("appraisal", "E6", False, Stage.GIVEN, Who.APPLICANT, of_length)
    if major is not None:
        needed = major.level in policy.prior_diploma.levels
        year: dict[str, object] = {"year": policy.prior_diploma.split_year}
        yield Item("prior_diploma", "E6", not needed, Stage.GIVEN, Who.APPLICANT, year)


def _fee(work: Work) -> Item:
    fee = store.exam(work).graduation.review_fee_fen
    now = windows.standing(work, Service.GRADUATION_PAYMENT)
    window = now.window or now.next
    facts: dict[str, object] = {
        "fee": fee,
        "opens": window.opens_at if window else None,
        "closes": window.closes_at if window else None,
    }
    return Item("fee", "E6", fee is not None, Stage.LATER, Who.UNIVERSITY, facts)


def _option(work: Work, major: ExamMajor, code: str | None) -> ExamOption | None:
    return next((one for one in plans.options(work, major) if one.code == code), None)
