"""Exam tickets (准考证): one person can hold several; all active ones are linked at sign-in (E2)."""

from collections.abc import Sequence

from sqlalchemy import exists, select, update

from backend import audit
from backend.errors import NotAllowed
from backend.models import ExamTicket
from backend.work import Work


def link(work: Work, person_id: int) -> int:
    """Called at every sign-in: from now on these are there to switch between. How many there are."""
    work.session.execute(
        update(ExamTicket)
        .where(
            ExamTicket.institution_id == work.institution,
            ExamTicket.person_id == person_id,
            ExamTicket.active.is_(True),
            ExamTicket.linked_at.is_(None),
        )
        .values(linked_at=work.now)
    )
    return len(held(work, person_id))


def has_any(work: Work, person_id: int) -> bool:
    """Whether this is a candidate of the exam, signed in yet or not."""
    mine = exists().where(
        ExamTicket.institution_id == work.institution,
        ExamTicket.person_id == person_id,
        ExamTicket.active.is_(True),
    )
    return bool(work.session.scalar(select(mine)))


def held(work: Work, person_id: int) -> Sequence[ExamTicket]:
    """Active and linked, by number."""
    return work.session.scalars(
        select(ExamTicket)
        .where(
            ExamTicket.institution_id == work.institution,
            ExamTicket.person_id == person_id,
            ExamTicket.active.is_(True),
            ExamTicket.linked_at.is_not(None),
        )
        .order_by(ExamTicket.number)
    ).all()


def current(work: Work, person_id: int) -> ExamTicket | None:
    """The one in use: chosen last, or the only one; None where somebody has yet to choose."""
    mine = held(work, person_id)
    chosen = [one for one in mine if one.chosen_at is not None]
    if chosen:
        return max(chosen, key=lambda one: (one.chosen_at, one.id))
    return mine[0] if len(mine) == 1 else None


def choose(work: Work, number: str) -> ExamTicket:
    """Switch to another of one's own; no sign-in is needed (E2). Raises NotAllowed."""
    mine = held(work, work.actor) if work.actor is not None else []
    chosen = next((one for one in mine if one.number == number), None)
    if chosen is None or work.actor is None:
        raise NotAllowed
    before = current(work, work.actor)
    chosen.chosen_at = work.now
    work.session.flush()
    audit.record(
        work, f"person:{work.actor}", "switch_ticket", before.number if before else "", number
    )
    return chosen
