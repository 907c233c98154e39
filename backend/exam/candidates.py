"""Candidates of the exam: the ticket they act under (E2), and what the registry says of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from backend.errors import Refused
from backend.identity import exam_tickets
from backend.models import ExamCandidate, ExamCourse, ExamMajor, ExamTicket, Person, Unit
from backend.policy import store
from backend.work import Work


def ticket(work: Work, person_id: int) -> ExamTicket | None:
    """The one in use: chosen last, or the only one; None where there is none or a choice is due."""
    return exam_tickets.current(work, person_id)


def tickets(work: Work, person_id: int) -> Sequence[ExamTicket]:
    """Active and linked, by number: those that can be chosen from."""
    return exam_tickets.held(work, person_id)


def require_ticket(work: Work, number: str | None = None) -> ExamTicket:
    """A ticket of the person who acts: the one named, or the one in use.

    Raises Refused "no_exam_ticket" for whoever has no active one, or not that one, and
    "which_ticket" where there are several and none has been chosen yet (E2).
    """
    mine = tickets(work, work.actor) if work.actor is not None else []
    if not mine:
        raise Refused("no_exam_ticket", "E2", office="exam_policy")
    if number is not None:
        named = next((one for one in mine if one.number == number), None)
        if named is None:
            raise Refused("not_your_ticket", "E2", number=number, office="exam_policy")
        return named
    chosen = ticket(work, work.actor) if work.actor is not None else None
    if chosen is None:
        raise Refused("which_ticket", "E2", count=len(mine))
    return chosen


def ticket_ids(work: Work, person_id: int) -> list[int]:
    """Every ticket there ever was of this person: scores under all of them are theirs."""
    query = select(ExamTicket.id).where(
        ExamTicket.institution_id == work.institution, ExamTicket.person_id == person_id
    )
    return list(work.session.scalars(query.order_by(ExamTicket.number)))


def lock_tickets(work: Work, person_id: int) -> None:
    """Of two channels at once, the second waits here and then finds what the first has filed.

    All of the candidate's tickets: what is filed under one of them bears on the others.
    """
    mine = select(ExamTicket.id).where(ExamTicket.person_id == person_id)
    work.session.execute(mine.order_by(ExamTicket.id).with_for_update())


@dataclass(frozen=True, slots=True)
class CandidateFile:
    """``data`` is None where the registry has sent no personal data; ``major`` likewise."""

    person: Person
    ticket: ExamTicket
    major: ExamMajor | None
    data: ExamCandidate | None


def file(work: Work, ticket: ExamTicket) -> CandidateFile:
    return CandidateFile(
        work.session.get_one(Person, ticket.person_id),
        ticket,
        major_of(work, ticket),
        work.session.get(ExamCandidate, ticket.person_id),
    )


def major_of(work: Work, ticket: ExamTicket) -> ExamMajor | None:
    return work.session.get(ExamMajor, ticket.major_id) if ticket.major_id is not None else None


def unit_id(work: Work, ticket: ExamTicket) -> int:
    """Who reviews what is filed under a ticket: the examining university of its major.

    Without a major it is the exam office itself; raises Refused where that is no unit here.
    """
    if (major := major_of(work, ticket)) is not None:
        return major.unit_id
    code = store.exam(work).office_unit
    found = work.session.scalar(
        select(Unit.id).where(Unit.institution_id == work.institution, Unit.code == code)
    )
    if found is None:
        raise Refused("service_closed", "E11", office="exam_policy")
    return found


def course(work: Work, code: str) -> ExamCourse | None:
    """By its five digits."""
    return work.session.scalar(
        select(ExamCourse).where(
            ExamCourse.institution_id == work.institution, ExamCourse.code == code
        )
    )


def courses_like(work: Work, start: str, most: int = 50) -> Sequence[ExamCourse]:
    """Active courses whose code or name begins so, for choosing by typing (E9)."""
    start = start.strip()
    if not start:
        return []
    return work.session.scalars(
        select(ExamCourse)
        .where(
            ExamCourse.institution_id == work.institution,
            ExamCourse.active.is_(True),
            ExamCourse.code.startswith(start, autoescape=True)
            | ExamCourse.name_zh.startswith(start, autoescape=True)
            | ExamCourse.name_en.istartswith(start, autoescape=True),
        )
        .order_by(ExamCourse.code)
        .limit(most)
    ).all()
