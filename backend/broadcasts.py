"""Announcements to many: put to the people in batches by a durable job, each of them once.

A batch and its place are one transaction: a crash repeats nobody and forgets nobody. What is then
pushed keeps the channels' limits (``bot/deliver.py``) and comes after answers and notices.
"""

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Select, func, select, update

from backend import audit, authority, numbering
from backend.authority import Role
from backend.consent import Consent
from backend.consents import keep
from backend.errors import Refused
from backend.models import Broadcast, Delivery, Inbound, Outbound, Person, Student
from backend.models import Role as RoleRow
from backend.office import Office
from backend.work import Work

BATCH = 200  # people in one transaction: others wait for it for some milliseconds


class Audience(StrEnum):
    ENROLLED = "enrolled"
    GRADUATED = "graduated"
    STUDENTS = "students"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Progress:
    """``people``: for how many it is; ``told``: how many have it in their conversation;
    ``waiting``: for how many it still lies in a queue, before the conversation or behind it;
    ``sent`` and ``failed`` count what was pushed."""

    people: int
    told: int
    waiting: int
    sent: int
    failed: int


def audience(institution: str, kind: Audience, unit_id: int | None) -> Select[int]:
    """Ids of the people it is for."""
    people = select(Person.id).where(Person.institution_id == institution)
    if kind is Audience.STAFF:
        staff = select(RoleRow.person_id).where(RoleRow.institution_id == institution)
        if unit_id is not None:
            staff = staff.where(RoleRow.unit_id == unit_id)
        return people.where(Person.id.in_(staff))
    people = people.join(Student, Student.person_id == Person.id)
    if unit_id is not None:
        people = people.where(Student.unit_id == unit_id)
    match kind:
        case Audience.ENROLLED:
            return people.where(Student.graduated_on.is_(None))
        case Audience.GRADUATED:
            return people.where(Student.graduated_on.is_not(None))
    return people


def count(work: Work, kind: Audience, unit_id: int | None) -> int:
    those = audience(work.institution, kind, unit_id).subquery()
    return work.session.scalars(select(func.count()).select_from(those)).one()


def begin(
    work: Work, zh: str, en: str, kind: Audience, unit_id: int | None, consent: Consent
) -> Broadcast:
    """Academic affairs announce something, in Chinese and, unless empty, in English.

    It goes out by a job. Raises NotAllowed for others, Refused ``nobody_to_tell``.
    """
    actor = authority.require(work, Role.ACADEMIC_AFFAIRS)
    people = count(work, kind, unit_id)
    if not people:
        raise Refused("nobody_to_tell")
    broadcast = Broadcast(
        institution_id=work.institution,
        number=numbering.next_number(work, "G"),
        words_zh=zh,
        words_en=en,
        audience=kind,
        unit_id=unit_id,
        people=people,
        told=0,
        reached=0,
        made_by=actor,
        made_at=work.now,
        consent_id=keep(work, consent),
    )
    work.session.add(broadcast)
    work.session.flush()
    audit.record(work, broadcast.number, "begin", "", str(kind), f"{people}")
    work.enqueue("broadcast", broadcast.number, number=broadcast.number)
    return broadcast


def run(office: Office, number: str) -> None:
    """Put it to everybody it is for; goes on where an earlier run has ended."""
    while True:
        with office.work() as work:
            broadcast = locked(work, number)
            if broadcast.ended_at is not None:
                return
            kind = Audience(broadcast.audience)
            batch = list(
                work.session.scalars(
                    audience(work.institution, kind, broadcast.unit_id)
                    .where(Person.id > broadcast.reached)
                    .order_by(Person.id)
                    .limit(BATCH)
                )
            )
            for person in batch:
                work.emit("broadcast", number, person=person)
            broadcast.told += len(batch)
            if batch:
                broadcast.reached = batch[-1]
            else:
                broadcast.ended_at = work.now
                audit.record(work, number, "end", broadcast.audience, "", f"{broadcast.told}")
                work.emit("broadcast.done", number)


def stop(work: Work, number: str) -> Broadcast:
    """Whoever has not been told yet will not be, and what has not been pushed yet is not.

    What waits for its turn in a conversation says nothing any more once that comes
    (``to_be_said``), and is counted out of ``told``. Raises NotAllowed for all but academic affairs,
    Refused ``broadcast_over`` once everything is out.
    """
    actor = authority.require(work, Role.ACADEMIC_AFFAIRS)
    broadcast = locked(work, number)
    waiting = progress(work, broadcast).waiting
    if broadcast.stopped_by is not None or (broadcast.ended_at is not None and not waiting):
        raise Refused("broadcast_over", number=number)
    of_it = select(Outbound.id).where(
        Outbound.institution_id == work.institution, Outbound.about == number
    )
    work.session.execute(
        update(Delivery)
        .where(Delivery.outbound_id.in_(of_it), Delivery.state == "waiting")
        .values(state="expired", why="stopped", ended_at=work.now)
    )
    broadcast.told -= untaken(work, number)
    broadcast.stopped_by, broadcast.ended_at = actor, broadcast.ended_at or work.now
    audit.record(work, number, "stop", broadcast.audience, "", f"{broadcast.told}")
    work.session.flush()
    return broadcast


def to_be_said(work: Work, number: str) -> Broadcast | None:
    """What to tell somebody whose turn it is; None when it has been stopped meanwhile.

    Whoever stops it waits for those that are being told just now, and counts them.
    """
    return work.session.scalar(
        select(Broadcast)
        .where(
            Broadcast.institution_id == work.institution,
            Broadcast.number == number,
            Broadcast.stopped_by.is_(None),
        )
        .with_for_update(read=True)
    )


def untaken(work: Work, number: str) -> int:
    """In how many conversations it waits for its turn."""
    return work.session.scalars(
        select(func.count())
        .select_from(Inbound)
        .where(
            Inbound.institution_id == work.institution,
            Inbound.done_at.is_(None),
            Inbound.kind == "notice",
            Inbound.body["name"].as_string() == "broadcast",
            Inbound.body["subject"].as_string() == number,
        )
    ).one()


def give_up(work: Work, number: str) -> None:
    """The job has failed for good: it does not go on by itself, and says so."""
    broadcast = locked(work, number)
    if broadcast.ended_at is None:
        broadcast.ended_at = work.now
        audit.record(work, number, "give_up", broadcast.audience, "", f"{broadcast.told}")


def find(work: Work, number: str) -> Broadcast | None:
    return work.session.scalar(
        select(Broadcast).where(
            Broadcast.institution_id == work.institution, Broadcast.number == number
        )
    )


def locked(work: Work, number: str) -> Broadcast:
    """One that exists, for this transaction alone: its place and its end are nobody else's then."""
    return work.session.scalars(
        select(Broadcast)
        .where(Broadcast.institution_id == work.institution, Broadcast.number == number)
        .with_for_update()
    ).one()


def latest(work: Work, most: int = 5) -> list[Broadcast]:
    """Newest first."""
    return list(
        work.session.scalars(
            select(Broadcast)
            .where(Broadcast.institution_id == work.institution)
            .order_by(Broadcast.id.desc())
            .limit(most)
        )
    )


def progress(work: Work, broadcast: Broadcast) -> Progress:
    counted = work.session.execute(
        select(Delivery.state, func.count())
        .join(Outbound, Outbound.id == Delivery.outbound_id)
        .where(
            Outbound.institution_id == work.institution,
            Outbound.about == broadcast.number,
            Delivery.kind == "say",
        )
        .group_by(Delivery.state)
    )
    states = {state: how_many for state, how_many in counted}
    queued = 0 if broadcast.stopped_by is not None else untaken(work, broadcast.number)
    return Progress(
        people=broadcast.people,
        told=broadcast.told - queued,
        waiting=queued + states.get("waiting", 0),
        sent=states.get("sent", 0),
        failed=states.get("failed", 0) + states.get("expired", 0),
    )
