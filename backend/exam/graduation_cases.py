"""Graduation from the self-study exam as it is kept (E6): its states, what was given, what there is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum

from sqlalchemy import Select, and_, or_, select

from backend import cases
from backend.models import (
    Application,
    ExamCandidate,
    ExamCourse,
    ExamCredit,
    ExamMajor,
    ExamPlanCourse,
    ExamTicket,
    GraduationGap,
    GraduationRequest,
    GraduationScore,
)
from backend.reviewing import case
from backend.reviewing.case import hand_over, steps
from backend.work import Work
from backend.workflow import Edge, Workflow

KIND, LETTER, RULE = "exam_graduation", "B", "E6"
MOBILE = re.compile(r"1[3-9]\d{9}", re.ASCII)  # of the mainland


class State(StrEnum):
    PENDING = case.PENDING
    ASKED = case.ASKED
    SECOND = case.SECOND
    REJECTED = case.REJECTED  # may be filed again within the window
    WITHDRAWN = case.WITHDRAWN
    APPROVED = case.APPROVED  # until the pay window opens; for good where no fee is set
    PAYABLE = "payable"
    ORDERED = "ordered"
    PAID = "paid"
    LAPSED = "lapsed"  # the pay window went by; the next one opens it again


WORKFLOW: Workflow[Application] = Workflow(
    KIND,
    *steps(RULE),
    Edge("reapply", State.REJECTED, State.PENDING, case.REVIEWER, RULE),
    Edge("withdraw", State.REJECTED, State.WITHDRAWN),
    Edge("open_payment", State.APPROVED, State.PAYABLE, "applicant", RULE),
    Edge("open_payment", State.LAPSED, State.PAYABLE, "applicant", RULE),
    Edge("order", State.PAYABLE, State.ORDERED, "applicant", RULE),
    Edge("pay", State.ORDERED, State.PAID, "", RULE),
    Edge("order_expired", State.ORDERED, State.PAYABLE, "applicant"),
    Edge("order_cancelled", State.ORDERED, State.PAYABLE, "applicant"),
    Edge("pay_late", State.PAYABLE, State.PAID, "", RULE),
    Edge("pay_late", State.LAPSED, State.PAID, "", RULE),
    Edge("window_over", State.PAYABLE, State.LAPSED, case.OFFICE, RULE),
    moved=hand_over,
)
OVER = frozenset({State.WITHDRAWN, State.PAID})
PASSED = (State.APPROVED, State.PAYABLE, State.ORDERED, State.PAID, State.LAPSED)
# With one of these, the scores that were counted are taken.
USING = (*case.LIVE, *PASSED)
TAKEN = (*USING, State.REJECTED)  # and no other is filed for the same major


@dataclass(frozen=True, slots=True)
class Personal:
    """As confirmed (E6b); the last four are sealed where they are kept."""

    education: str = ""
    political: str = ""
    household: str = ""
    study_mode: str = ""
    occupation: str = ""
    employer: str = ""
    postcode: str = ""
    phone: str = ""
    mobile: str = ""
    email: str = ""
    address: str = ""


SEALED = ("phone", "mobile", "email", "address")
PERSONAL = tuple(one.name for one in fields(Personal))


@dataclass(frozen=True, slots=True)
class Filing:
    """``gaps`` explains each missing course by its key (``eligibility.gaps``); ``prior_month`` is
    that of the earlier diploma, and ``proofs`` the ids of it and of what goes with it ("" and none
    at college level)."""

    option: str | None
    personal: Personal
    appraisal: str
    gaps: Mapping[str, str]
    prior_month: str = ""
    proofs: tuple[int, ...] = ()


def withdrawable(application: Application) -> bool:
    return WORKFLOW.allows(application.state, "withdraw")


def find(work: Work, number: str) -> Application | None:
    return cases.find(work, number, [KIND])


def own(work: Work, number: str) -> Application:
    return cases.own(work, number, [KIND])


def request_of(work: Work, application: Application) -> GraduationRequest:
    return work.session.get_one(GraduationRequest, application.id)


def of_ticket(work: Work, ticket: ExamTicket, major: ExamMajor | None = None) -> Application | None:
    """The case that stands for this ticket, or only for this major: not withdrawn, the latest.

    For its major it stands under whichever ticket of the candidate: the same scores count.
    """
    in_major = GraduationRequest.major_id == (major.id if major else ticket.major_id)
    under_it = GraduationRequest.ticket_id == ticket.id
    return work.session.scalar(
        _of_person(ticket.person_id)
        .where(Application.state.in_(TAKEN), in_major if major else or_(under_it, in_major))
        .limit(1)
    )


def under_way(work: Work, ticket: ExamTicket) -> Application | None:
    """The one that scores of this ticket come too late for, under whichever ticket of the person.

    What is decided stands for its own ticket and major only: a graduate may begin another major.
    """
    here = or_(
        GraduationRequest.ticket_id == ticket.id, GraduationRequest.major_id == ticket.major_id
    )
    live, decided = Application.state.in_(case.LIVE), Application.state.in_(PASSED)
    return work.session.scalar(
        _of_person(ticket.person_id).where(or_(live, and_(decided, here))).limit(1)
    )


def _of_person(person_id: int) -> Select[Application]:
    """Newest first."""
    return (
        select(Application)
        .join(GraduationRequest, GraduationRequest.application_id == Application.id)
        .where(Application.applicant_id == person_id)
        .order_by(Application.id.desc())
    )


def using(work: Work, credits: Sequence[int]) -> dict[int, Application]:
    """Which graduation, under way or passed, counts each of these scores."""
    rows = work.session.execute(
        select(GraduationScore.credit_id, Application)
        .join(Application, Application.id == GraduationScore.application_id)
        .where(GraduationScore.credit_id.in_(credits), Application.state.in_(USING))
    )
    return {credit: application for credit, application in rows}


def scores_of(work: Work, application: Application) -> list[ExamCredit]:
    """What was counted when it was filed."""
    return list(
        work.session.scalars(
            select(ExamCredit)
            .join(GraduationScore, GraduationScore.credit_id == ExamCredit.id)
            .where(GraduationScore.application_id == application.id)
            .order_by(ExamCredit.id)
        )
    )


def explained(work: Work, application: Application) -> list[tuple[ExamCourse, str]]:
    """Each missing course with its explanation."""
    told = []
    for gap in work.session.scalars(
        select(GraduationGap)
        .where(GraduationGap.application_id == application.id)
        .order_by(GraduationGap.id)
    ):
        course_id = gap.option_course_id
        if course_id is None:
            course_id = work.session.get_one(ExamPlanCourse, gap.plan_course_id).course_id
        told.append((work.session.get_one(ExamCourse, course_id), gap.explanation))
    return told


def personal_of(work: Work, data: ExamCandidate | GraduationRequest | None) -> Personal:
    """From the registry, or as it was confirmed; what is not known is ""."""
    if data is None:
        return Personal()
    told: dict[str, str] = {}
    for name in PERSONAL:
        if name in SEALED:
            sealed = getattr(data, f"{name}_sealed")
            told[name] = work.sealer.open(sealed) if work.sealer and sealed else ""
        else:
            told[name] = getattr(data, name)
    return Personal(**told)
