"""A student talks to a person of the right office, through the assistant (T10, E11, R17).

Whoever of the office takes it first has it. From then on what either side says goes to the other,
until one of them ends it or neither has said anything for a while.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from sqlalchemy import and_, bindparam, or_, select, union_all, update
from sqlalchemy.orm.attributes import set_committed_value

from backend import absences, accounts, authority, blobs, numbering
from backend.authority import Role
from backend.clock import SHANGHAI
from backend.errors import NotAllowed, Refused
from backend.models import Handoff, HandoffLine, Inbound, Outbound, Person
from backend.policy import store
from backend.policy.offices import CalendarPolicy, Office
from backend.work import Work
from backend.workdays import after_workdays, is_workday
from backend.workflow import NEW, Edge, Workflow, already_handled

# Whose words count as an office's; an office without a role here is only called or written to.
OFFICES: dict[str, Role] = {
    "academic_affairs": Role.ACADEMIC_AFFAIRS,
    "finance": Role.FINANCE,
    "technical_support": Role.ADMINISTRATOR,
    "student_affairs": Role.STUDENT_AFFAIRS,
    "exam_policy": Role.EXAM_OFFICE,
    "exam_technical": Role.EXAM_OFFICE,
}
RECENT = 6  # messages that whoever takes over is shown
SHOWN = 80  # characters of each
FILES_KEPT = timedelta(days=30)


class State(StrEnum):
    WAITING = "waiting"  # for somebody to take it
    OPEN = "open"
    ENDED = "ended"


WORKFLOW: Workflow[Handoff] = Workflow(
    "handoff",
    Edge("ask", NEW, State.WAITING, rule="T10"),
    Edge("take", State.WAITING, State.OPEN),
    Edge("give_up", State.WAITING, State.ENDED),
    Edge("run_out", State.WAITING, State.ENDED),
    Edge("end", State.OPEN, State.ENDED),
    Edge("run_out", State.OPEN, State.ENDED),
)


def ask(work: Work, office: str, question: str) -> Handoff:
    """Ask for a person of this office. Raises Refused while one is asked for or talked to."""
    if work.actor is None:
        raise NotAllowed
    if not officers(work, office, work.actor):
        raise Refused("nobody_there", "T10")
    if of_student(work, work.actor) or talking(work, work.actor):
        raise Refused("talking_already")
    days = store.telling(work).handoff_days
    handoff = Handoff(
        institution_id=work.institution,
        number=numbering.next_number(work, "H"),
        student_id=work.actor,
        office=office,
        question=question,
        state=NEW,
        asked_at=work.now,
        last_at=work.now,
        closes_at=after_workdays(work.now, days, store.calendar(work)) if days else None,
    )
    WORKFLOW.take(work, handoff, "ask")
    return handoff


def officers(work: Work, office: str, student: int) -> list[int]:
    """Who of the office is asked; never the student themselves."""
    role = OFFICES.get(office)
    if role is None:
        return []
    people = [one for one in authority.people(work, role) if one != student]
    return absences.present(work, people, lambda one: authority.holds(work, one, role))


def take(work: Work, number: str) -> Handoff:
    """The person who acts takes over, where neither of the two is talking to somebody already.

    Raises NotAllowed, Refused, and AlreadyHandled for whoever is second.
    """
    handoff = find(work, number)
    if handoff is None or work.actor in (None, handoff.student_id):
        raise NotAllowed
    authority.require(work, OFFICES[handoff.office])
    _hold(work, work.actor, handoff.student_id)
    if talking(work, work.actor or 0):
        raise Refused("talking_already")
    theirs = talking(work, handoff.student_id)  # they may be of an office themselves
    if theirs is not None and theirs.id != handoff.id:
        raise Refused("they_are_talking")
    WORKFLOW.take(work, handoff, "take")
    handoff.officer_id = work.actor
    handoff.last_at, handoff.closes_at = work.now, _silence_ends(work)
    return handoff


def _hold(work: Work, *people: int | None) -> None:
    """Until the transaction ends nobody else begins a conversation with one of these people."""
    work.session.execute(
        select(Person.id)
        .where(Person.id.in_(people))
        .order_by(Person.id)  # two who want the same two never wait for each other
        .with_for_update(key_share=True)  # rows that refer to them may still be written
    )


def say(work: Work, handoff: Handoff, text: str, blob_id: str | None = None) -> None:
    """Words (and a file) of one side for the other. Raises AlreadyHandled when it has ended."""
    if work.actor not in (handoff.student_id, handoff.officer_id):
        raise NotAllowed
    if not still_holds(work, handoff):
        raise Refused("officer_gone", officer=work.actor == handoff.officer_id)
    closes_at = _silence_ends(work)
    changed = work.writing.execute(
        update(Handoff)
        .where(Handoff.id == handoff.id, Handoff.state == State.OPEN)
        .values(last_at=work.now, closes_at=closes_at)
        .execution_options(synchronize_session=False)
    )
    if changed.rowcount == 0:
        raise already_handled(work, handoff)
    if blob_id is not None:
        blobs.keep(work, blob_id, expires_at=work.now + FILES_KEPT)
    set_committed_value(handoff, "last_at", work.now)
    set_committed_value(handoff, "closes_at", closes_at)
    line = HandoffLine(
        institution_id=work.institution,
        handoff_id=handoff.id,
        person_id=work.actor,
        at=work.now,
        text=text,
        blob_id=blob_id,
    )
    work.session.add(line)
    work.session.flush()
    work.emit("handoff.words", handoff.number, line=line.id)


def still_holds(work: Work, handoff: Handoff) -> bool:
    """Whether the officer still speaks for the office; ``run_out_due`` ends it where not."""
    officer = handoff.officer_id
    return officer is not None and authority.holds(work, officer, OFFICES[handoff.office])


def _silence_ends(work: Work) -> datetime | None:
    minutes = store.telling(work).handoff_minutes
    return work.now + timedelta(minutes=minutes) if minutes else None


def end(work: Work, number: str) -> Handoff:
    """Either side ends it; a student may also stop waiting."""
    handoff = find(work, number)
    if handoff is None or work.actor not in (handoff.student_id, handoff.officer_id):
        raise NotAllowed
    waiting = handoff.state == State.WAITING
    WORKFLOW.take(work, handoff, "give_up" if waiting else "end")
    return handoff


def run_out_due(work: Work) -> int:
    """End what nobody has taken, where nobody has spoken for too long, and where the officer has
    lost the office. Safe to repeat."""
    going_on = work.session.scalars(
        select(Handoff)
        .where(
            Handoff.institution_id == work.institution,
            or_(
                Handoff.state == State.OPEN,
                and_(Handoff.state == State.WAITING, Handoff.closes_at <= work.now),
            ),
        )
        .order_by(Handoff.id)
        .with_for_update(skip_locked=True)
    ).all()
    due = [
        one
        for one in going_on
        if (one.closes_at is not None and one.closes_at <= work.now)
        or (one.state == State.OPEN and not still_holds(work, one))
    ]
    for handoff in due:
        WORKFLOW.take(work, handoff, "run_out")
    return len(due)


def find(work: Work, number: str) -> Handoff | None:
    return work.session.scalar(
        select(Handoff).where(
            Handoff.institution_id == work.institution, Handoff.number == number.strip().upper()
        )
    )


_OPEN = (
    Handoff.state == State.OPEN,
    or_(Handoff.student_id == bindparam("person"), Handoff.officer_id == bindparam("person")),
)
_TALKING = select(Handoff).where(*_OPEN)
_IS_TALKING = select(Handoff.id).where(*_OPEN).limit(1)


def is_talking(work: Work, person: int) -> bool:
    """Asked at every turn of everybody."""
    return work.reading.execute(_IS_TALKING, {"person": person}).first() is not None


def talking(work: Work, person: int) -> Handoff | None:
    """The conversation this person is in, on whichever side; everybody is in one at most."""
    return work.session.scalars(_TALKING, {"person": person}).first()


def of_student(work: Work, person: int) -> Handoff | None:
    """What this person has asked for and is not over."""
    return work.session.scalars(
        select(Handoff).where(Handoff.student_id == person, Handoff.state != State.ENDED)
    ).first()


def waiting(work: Work) -> list[Handoff]:
    """What the person who acts may take, longest waiting first."""
    held = authority.roles(work, work.actor or 0)
    mine = [office for office, role in OFFICES.items() if role in held]
    return list(
        work.session.scalars(
            select(Handoff)
            .where(
                Handoff.institution_id == work.institution,
                Handoff.state == State.WAITING,
                Handoff.office.in_(mine),
                Handoff.student_id != work.actor,
            )
            .order_by(Handoff.id)
        )
    )


# --- office hours ---------------------------------------------------------------------------


def back_at(office: Office, calendar: CalendarPolicy, now: datetime) -> datetime | None:
    """When the office opens next; None while it is open, or where its hours are not known."""
    local = now.astimezone(SHANGHAI)
    if not office.hours:
        return None
    if is_workday(local.date(), calendar):
        if any(begins <= local.time() < ends for begins, ends in office.hours):
            return None
        later = [begins for begins, _ends in office.hours if begins > local.time()]
        if later:
            return datetime.combine(local.date(), later[0], SHANGHAI).astimezone(UTC)
    day = local.date() + timedelta(days=1)
    while not is_workday(day, calendar):
        day += timedelta(days=1)
    return datetime.combine(day, office.hours[0][0], SHANGHAI).astimezone(UTC)


# --- what went before -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Heard:
    """Something said earlier, shortened and masked."""

    by_student: bool
    text: str


def context(work: Work, handoff: Handoff) -> list[Heard]:
    """The last words between the student and the assistant before a person was asked for."""
    conversation = accounts.conversation_of(work, handoff.student_id)
    earlier = union_all(
        select(Inbound.seq, Inbound.body, bindparam("mine", True).label("mine")).where(
            Inbound.conversation_id == conversation,
            Inbound.seq.is_not(None),
            Inbound.kind.in_(("said", "pressed")),
            Inbound.received_at <= handoff.asked_at,
        ),
        select(Outbound.seq, Outbound.body, bindparam("theirs", False).label("mine")).where(
            Outbound.conversation_id == conversation,
            Outbound.created_at <= handoff.asked_at,
        ),
    ).subquery()
    rows = work.session.execute(
        select(earlier.c.body, earlier.c.mine).order_by(earlier.c.seq.desc()).limit(RECENT)
    ).all()
    heard = [Heard(bool(mine), masked(str(body.get("text", "")))) for body, mine in rows]
    return [one for one in reversed(heard) if one.text]


_MASKS = (
    (re.compile(r"(?<!\d)(\d{6})\d{8}(\d{3}[\dXx])(?!\d)"), r"\1********\2"),  # ID number
    (re.compile(r"(?<!\d)(\d{4})\d{8,11}(\d{4})(?!\d)"), r"\1********\2"),  # bank card
    (re.compile(r"(?<!\d)(1\d{2})\d{4}(\d{4})(?!\d)"), r"\1****\2"),  # mobile number
    (re.compile(r"([A-Za-z0-9])[A-Za-z0-9._%+-]{0,63}@"), r"\1***@"),  # e-mail (RFC 5321)
)
_LOOKED_AT = 20 * SHOWN  # characters; a mask leaves a thirteenth, so that the cut is never seen


def masked(text: str) -> str:
    """One line, short, without whole ID, card and phone numbers or addresses."""
    flat = " ".join(text.split())
    flat = flat[:_LOOKED_AT]
    for pattern, shown in _MASKS:
        flat = pattern.sub(shown, flat)
    return flat if len(flat) <= SHOWN else flat[: SHOWN - 1] + "…"
