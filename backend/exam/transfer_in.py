"""Scores that come from another province (外省转入, E7): nobody applies for them here.

The registry and the reviewers of the examining university move a case; its candidate sees it, is
told of every step, and is reminded of the appointment on site.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from backend import absences, authority
from backend.authority import Role
from backend.consent import Consent
from backend.consents import keep
from backend.errors import NotAllowed, Refused
from backend.exam import candidates
from backend.models import (
    ExamCourse,
    ExamCredit,
    ExamMajor,
    ExamTicket,
    TransferIn,
    TransferInCourse,
)
from backend.work import Work
from backend.workflow import NEW, Edge, Workflow, already_handled


class State(StrEnum):
    REVIEWING = "reviewing"  # 审核中
    INVITED = "invited"  # 待现场确认: has a time and a place
    MISSED = "missed"  # 未到场
    CONFIRMED = "confirmed"  # 已确认
    ACCEPTED = "accepted"  # 已转入: its scores count
    REJECTED = "rejected"  # 未通过


# Whoever reviews has to act next: to make an appointment, or to accept.
FOR_REVIEWERS = (State.REVIEWING, State.MISSED, State.CONFIRMED)


def hand_over(work: Work, transfer: TransferIn, edge: Edge[TransferIn]) -> dict[str, Any]:
    """Every step is told anew; a new appointment is reminded of anew."""
    anew: dict[str, Any] = {"since": work.now, "told_at": work.now}
    if edge.target == State.INVITED:
        anew |= {"reminded_evening_at": None, "reminded_hours_at": None}
    return anew


WORKFLOW: Workflow[TransferIn] = Workflow(
    "transfer_in",
    Edge("receive", NEW, State.REVIEWING, "exam_reviewer", "E7"),
    Edge("invite", State.REVIEWING, State.INVITED, "applicant", "E7"),
    Edge("reschedule", State.INVITED, State.INVITED, "applicant", "E7"),
    Edge("attend", State.INVITED, State.CONFIRMED, "exam_reviewer", "E7"),
    Edge("miss", State.INVITED, State.MISSED, "exam_reviewer", "E7"),
    Edge("invite", State.MISSED, State.INVITED, "applicant", "E7"),
    Edge("accept", State.CONFIRMED, State.ACCEPTED, "", "E7"),
    Edge("reject", State.REVIEWING, State.REJECTED, "", "E7"),
    Edge("reject", State.CONFIRMED, State.REJECTED, "", "E7"),
    moved=hand_over,
)


@dataclass(frozen=True, slots=True)
class Appointment:
    """When and where the candidate confirms on site; ``note`` is what else they should know."""

    at: datetime
    place: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """One score on its way here."""

    course: ExamCourse
    score: int | None
    passed_month: str


def of_person(work: Work, person_id: int) -> list[TransferIn]:
    """Newest first."""
    query = (
        select(TransferIn)
        .where(TransferIn.institution_id == work.institution, TransferIn.person_id == person_id)
        .order_by(TransferIn.id.desc())
    )
    return list(work.session.scalars(query))


def find(work: Work, number: str) -> TransferIn | None:
    return work.session.scalar(
        select(TransferIn).where(
            TransferIn.institution_id == work.institution,
            TransferIn.number == number.strip().upper(),
        )
    )


def of_numbers(work: Work, numbers: Sequence[str]) -> list[TransferIn]:
    """By number."""
    named = TransferIn.institution_id == work.institution, TransferIn.number.in_(numbers)
    return list(work.session.scalars(select(TransferIn).where(*named).order_by(TransferIn.number)))


def to_be_moved_by(work: Work, transfers: Sequence[TransferIn]) -> dict[int, list[TransferIn]]:
    """Who is asked to act next, and on which of these; those that are alike are asked about once."""
    tickets = (
        select(ExamTicket, ExamMajor)
        .outerjoin(ExamMajor, ExamMajor.id == ExamTicket.major_id)
        .where(ExamTicket.id.in_({one.ticket_id for one in transfers}))
    )
    _kept = work.session.execute(tickets).all()  # by the session, as long as somebody has them
    alike: dict[tuple[int | None, int | None], list[int]] = {}
    found: dict[int, list[TransferIn]] = {}
    staff = {
        one
        for role in (Role.EXAM_REVIEWER, Role.EXAM_OFFICE, Role.DEPUTY)
        for one in authority.people(work, role)
    }
    for transfer in transfers:
        own = transfer.person_id if transfer.person_id in staff else None  # never one's own
        group = (_unit(work, transfer), own)
        if group not in alike:
            alike[group] = movers(work, transfer)
        for person in alike[group]:
            found.setdefault(person, []).append(transfer)
    return found


def courses(work: Work, transfer: TransferIn) -> list[Incoming]:
    """By course."""
    rows = work.session.execute(
        select(TransferInCourse, ExamCourse)
        .join(ExamCourse, ExamCourse.id == TransferInCourse.course_id)
        .where(TransferInCourse.transfer_id == transfer.id)
        .order_by(ExamCourse.code)
    )
    return [Incoming(course, row.score, row.passed_month) for row, course in rows]


def appointment(transfer: TransferIn) -> Appointment | None:
    if transfer.confirm_at is None:
        return None
    return Appointment(transfer.confirm_at, transfer.confirm_place, transfer.confirm_note)


def to_move(work: Work, number: str) -> TransferIn:
    """A case the person who acts may move: of their university, or the exam office's; never their
    own. Raises NotAllowed."""
    transfer = find(work, number)
    if transfer is None or work.actor is None or transfer.person_id == work.actor:
        raise NotAllowed
    if not may_move(work, work.actor, transfer):
        raise NotAllowed
    return transfer


def may_move(work: Work, person: int, transfer: TransferIn) -> bool:
    """A reviewer of the university, or the exam office; never one's own."""
    unit = _unit(work, transfer)
    reviews = unit is not None and authority.holds(work, person, Role.EXAM_REVIEWER, unit)
    office = authority.holds(work, person, Role.EXAM_OFFICE)
    return transfer.person_id != person and (reviews or office)


def _unit(work: Work, transfer: TransferIn) -> int | None:
    """None where nobody here reviews for its ticket."""
    try:
        return candidates.unit_id(work, work.session.get_one(ExamTicket, transfer.ticket_id))
    except Refused:
        return None


def movers(work: Work, transfer: TransferIn) -> list[int]:
    """Who is asked to act next: the university's reviewers, for whoever is away the deputy; where
    there is nobody, the exam office."""

    def able(person: int) -> bool:
        return may_move(work, person, transfer)

    unit = _unit(work, transfer)
    reviewers = [] if unit is None else authority.people(work, Role.EXAM_REVIEWER, unit)
    for people in (reviewers, authority.people(work, Role.EXAM_OFFICE)):
        if there := [one for one in people if able(one)]:
            return absences.present(work, there, able)
    return []


def to_review(work: Work) -> list[TransferIn]:
    """Open cases the person who acts may move, longest in their state first. Raises NotAllowed."""
    if work.actor is None:
        raise NotAllowed
    units = authority.units(work, work.actor, Role.EXAM_REVIEWER)
    every = authority.holds(work, work.actor, Role.EXAM_OFFICE)
    if not units and not every:
        raise NotAllowed
    query = (
        select(TransferIn)
        .join(ExamTicket, ExamTicket.id == TransferIn.ticket_id)
        .outerjoin(ExamMajor, ExamMajor.id == ExamTicket.major_id)
        .where(
            TransferIn.institution_id == work.institution,
            TransferIn.person_id != work.actor,
            TransferIn.state.not_in((State.ACCEPTED, State.REJECTED)),
        )
    )
    if not every:
        query = query.where(ExamMajor.unit_id.in_(units))
    return list(work.session.scalars(query.order_by(TransferIn.since, TransferIn.id)))


def invite(work: Work, number: str, when: Appointment, consent: Consent) -> TransferIn:
    """To an appointment, or to another one; raises Refused for one without a place or in the past."""
    transfer = to_move(work, number)
    keep(work, consent)
    _appoint(work, transfer, when)
    return transfer


def confirm(work: Work, number: str, consent: Consent) -> TransferIn:
    """The candidate was there."""
    return _step(work, number, "attend", consent)


def accept(work: Work, number: str, consent: Consent) -> TransferIn:
    """From now on its scores count."""
    transfer = _step(work, number, "accept", consent)
    count(work, transfer, courses(work, transfer))
    return transfer


def reject(work: Work, number: str, why: str, consent: Consent) -> TransferIn:
    if not why.strip():
        raise Refused("reason_needed", "E7")
    transfer = to_move(work, number)
    transfer.reason = why.strip()
    return _step(work, number, "reject", consent, why=transfer.reason)


def _step(work: Work, number: str, event: str, consent: Consent, *, why: str = "") -> TransferIn:
    transfer = to_move(work, number)
    keep(work, consent)
    WORKFLOW.take(work, transfer, event, why=why)
    return transfer


def _appoint(work: Work, transfer: TransferIn, when: Appointment) -> None:
    if not when.place.strip():
        raise Refused("appointment_incomplete", "E7")
    if when.at <= work.now:
        raise Refused("appointment_over", "E7", at=when.at)
    event = "reschedule" if transfer.state == State.INVITED else "invite"
    if not WORKFLOW.allows(transfer.state, event):
        raise already_handled(work, transfer)
    transfer.confirm_at, transfer.confirm_place = when.at, when.place.strip()
    transfer.confirm_note = when.note.strip()
    WORKFLOW.take(work, transfer, event)


def count(work: Work, transfer: TransferIn, incoming: Sequence[Incoming]) -> None:
    """What has been accepted counts, once, and from then on as long as nothing takes it away."""
    there = set(
        work.session.scalars(
            select(ExamCredit.course_id).where(
                ExamCredit.ticket_id == transfer.ticket_id, ExamCredit.source == "transfer_in"
            )
        )
    )
    work.session.add_all(
        ExamCredit(
            institution_id=work.institution,
            person_id=transfer.person_id,
            ticket_id=transfer.ticket_id,
            course_id=one.course.id,
            kind="transfer_in",
            source="transfer_in",
            session="",
            passed_month=one.passed_month,
            score=one.score,
            remark="",
            passed=True,
        )
        for one in incoming
        if one.course.id not in there
    )
    work.session.flush()
