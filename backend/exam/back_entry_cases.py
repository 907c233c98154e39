"""Back-entries as they are kept (E9): states, what was given, what there is."""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import select

from backend import cases
from backend.exam import candidates
from backend.models import (
    Application,
    BackEntryRequest,
    ExamCourse,
    ExamTicket,
)
from backend.proofs import keeping
from backend.reviewing import case
from backend.reviewing.case import hand_over, steps, superseded
from backend.work import Work
from backend.workflow import Edge, Workflow

KIND, LETTER, RULE = "back_entry", "C", "E9"
RESULTS = ("theory", "practice")  # kinds that have a score of their own
KINDS = (*RESULTS, "exemption", "transfer_in")


class State(StrEnum):
    PENDING = case.PENDING
    ASKED = case.ASKED
    SECOND = case.SECOND
    REJECTED = case.REJECTED
    APPROVED = case.APPROVED
    WITHDRAWN = case.WITHDRAWN
    SUPERSEDED = case.SUPERSEDED


WORKFLOW: Workflow[Application] = Workflow(
    KIND,
    *steps(RULE, rejected=""),
    Edge("change", State.PENDING, State.PENDING, case.REVIEWER, RULE),
    *superseded(RULE),
    moved=hand_over,
)
OVER = frozenset({State.WITHDRAWN, State.SUPERSEDED, State.REJECTED, State.APPROVED})
TAKEN = (*case.LIVE, State.APPROVED)  # with one of these, the same is not entered once more


@dataclass(frozen=True, slots=True)
class Entry:
    """``month`` is when it was passed, or when the exemption or the transfer was done.

    ``proof`` is the id of a proof of one's own: for an exemption it holds what was shown for it,
    otherwise its pictures only; None where there is no picture.
    """

    kind: str
    course_id: int
    month: str
    score: int | None = None
    proof: int | None = None
    from_province: str = ""
    from_ticket: str = ""
    into_major: str = ""
    remark: str = ""


def withdrawable(application: Application) -> bool:
    return WORKFLOW.allows(application.state, "withdraw")


def find(work: Work, number: str) -> Application | None:
    return cases.find(work, number, [KIND])


def own(work: Work, number: str) -> Application:
    return cases.own(work, number, [KIND])


def request_of(work: Work, application: Application) -> BackEntryRequest:
    return work.session.get_one(BackEntryRequest, application.id)


def entry_of(work: Work, application: Application) -> Entry:
    """As it stands now."""
    row = request_of(work, application)
    proofs = keeping.given(work, application.id)
    return Entry(
        row.kind,
        row.course_id,
        row.passed_month or row.done_month,
        row.score,
        proofs[0].id if proofs else None,
        row.from_province,
        row.from_ticket,
        row.into_major,
        row.remark,
    )


def course_of(work: Work, application: Application) -> ExamCourse:
    return work.session.get_one(ExamCourse, request_of(work, application).course_id)


def of_ticket(work: Work, ticket: ExamTicket) -> list[Application]:
    """Every entry under a ticket, newest first."""
    return list(
        work.session.scalars(
            select(Application)
            .join(BackEntryRequest, BackEntryRequest.application_id == Application.id)
            .where(BackEntryRequest.ticket_id == ticket.id)
            .order_by(Application.id.desc())
        )
    )


def of_course(work: Work, ticket: ExamTicket, kind: str, course_id: int) -> Application | None:
    """The entry of this kind that stands for a course, under any of the candidate's own tickets."""
    return work.session.scalar(
        select(Application)
        .join(BackEntryRequest, BackEntryRequest.application_id == Application.id)
        .where(
            BackEntryRequest.ticket_id.in_(candidates.ticket_ids(work, ticket.person_id)),
            BackEntryRequest.course_id == course_id,
            BackEntryRequest.kind == kind,
            Application.state.in_(TAKEN),
        )
        .order_by(Application.id.desc())
        .limit(1)
    )
