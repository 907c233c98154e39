"""Who is away, and who decides meanwhile.

A deputy is somebody who could be asked to decide anyway: an officer of the same unit, academic
affairs, or a person whom academic affairs have named for the unit; for a reviewer of the exam, a
reviewer of the same university, the exam office, or such a person. The authority itself is looked
up when it is used (``authority.py``); what happens here is who is asked.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from sqlalchemy import bindparam, select

from backend import audit, authority, numbering
from backend.authority import LENT, Role
from backend.clock import SHANGHAI, local_date
from backend.consent import Consent
from backend.consents import keep
from backend.errors import NotAllowed, Refused
from backend.models import Absence, Application, AuditEntry, Person, Unit
from backend.models import Role as RoleRow
from backend.registry import units
from backend.work import Work
from backend.workflow import NEW, Edge, Workflow

LONGEST = timedelta(days=366)


class State(StrEnum):
    PLANNED = "planned"
    CURRENT = "current"
    OVER = "over"


WORKFLOW: Workflow[Absence] = Workflow(
    "absence",
    Edge("plan", NEW, State.PLANNED),
    Edge("begin", State.PLANNED, State.CURRENT),
    Edge("finish", State.CURRENT, State.OVER),
    Edge("end_early", State.CURRENT, State.OVER),
    Edge("cancel", State.PLANNED, State.OVER),
)


def require_officer(work: Work) -> int:
    """Absence is for those who decide; raises NotAllowed for everybody else."""
    own = _own_roles(work, work.actor or 0)
    if work.actor is None or not own:
        raise NotAllowed
    return work.actor


def _own_roles(work: Work, person: int) -> dict[Role, list[int]]:
    """Which decisions are this person's own, and of which units."""
    found: dict[Role, list[int]] = {}
    for role, office in LENT.items():
        own = [
            unit
            for unit in dict.fromkeys(authority.units(work, person, role))
            if person in authority.people(work, role, unit)
        ]
        if own:
            found[role] = own
        if authority.holds(work, person, office):
            found[office] = []
    return found


def deputies(work: Work, person: int) -> list[Person]:
    """Who may stand in for this person, in all that is theirs to decide."""
    own = _own_roles(work, person)
    groups: list[list[int]] = []  # for each thing that is theirs to decide, who could decide it too
    offices: list[int] = []
    for role, office in LENT.items():
        above = authority.people(work, office)
        groups += [
            [
                *authority.people(work, role, unit),
                *authority.people(work, Role.DEPUTY, unit),
                *above,
            ]
            for unit in own.get(role, [])
        ]
        if office in own:
            groups.append(above)
        if office in own or role in own:
            offices += above
    everybody = [one for group in groups for one in group if one not in offices] + offices
    able = [one for one in dict.fromkeys(everybody) if all(one in group for group in groups)]
    return [work.session.get_one(Person, one) for one in able if one != person]


def to_name(work: Work, number: str, unit_code: str) -> tuple[Person, Unit]:
    """Whom academic affairs may name deputy for this unit; raises Refused when they cannot."""
    authority.require(work, Role.ACADEMIC_AFFAIRS)
    person = work.session.scalar(
        select(Person).where(Person.institution_id == work.institution, Person.number == number)
    )
    if person is None:
        raise Refused("no_such_person", number=number)
    unit = units.by_code(work, unit_code)
    if unit is None:
        raise Refused("no_such_unit", code=unit_code)
    if person.id in authority.people(work, Role.DEPUTY, unit.id):
        raise Refused("deputy_already")
    return person, unit


def name_deputy(work: Work, number: str, unit_code: str, consent: Consent) -> Person:
    """From now on this person may stand in for the officers of the unit; ``roles`` takes it away."""
    person, unit = to_name(work, number, unit_code)
    keep(work, consent)
    work.session.add(
        RoleRow(
            institution_id=work.institution,
            person_id=person.id,
            role=Role.DEPUTY,
            unit_id=unit.id,
        )
    )
    work.session.flush()
    work.forget(("holders", Role.DEPUTY, unit.id))
    work.forget(("roles", person.id))
    audit.record(work, f"person:{person.id}", "name_deputy", "", Role.DEPUTY, f"unit {unit_code}")
    return person


def plan(work: Work, deputy: int, first: date, last: date, consent: Consent) -> Absence:
    """The person who acts is away on these days, both included (Shanghai's days).

    Raises Refused when the days are no period to come, when either is away already, or when the
    deputy may not decide.
    """
    person = require_officer(work)
    today = local_date(work.now)
    if not today <= first <= last or last - today > LONGEST:
        raise Refused("absence_days")
    if deputy not in [one.id for one in deputies(work, person)]:
        raise Refused("not_a_deputy")
    begins, ends = _midnight(first), _midnight(last + timedelta(days=1))
    for whom, code in ((person, "absent_already"), (deputy, "deputy_absent")):
        if _away(work, whom, begins, ends):
            raise Refused(code)
    absence = Absence(
        institution_id=work.institution,
        number=numbering.next_number(work, "A"),
        person_id=person,
        deputy_id=deputy,
        begins_at=max(begins, work.now),
        ends_at=ends,
        state=NEW,
        consent_id=keep(work, consent),
    )
    WORKFLOW.take(work, absence, "plan")
    if absence.begins_at <= work.now:
        WORKFLOW.take(work, absence, "begin")
    return absence


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), SHANGHAI).astimezone(UTC)


def _away(work: Work, person: int, begins: datetime, ends: datetime) -> bool:
    return bool(
        work.session.scalars(
            select(Absence.id).where(
                Absence.person_id == person,
                Absence.state != State.OVER,
                Absence.begins_at < ends,
                Absence.ends_at > begins,
            )
        ).first()
    )


def own(work: Work, number: str) -> Absence:
    """An absence of the person who acts; anybody else's does not exist for them."""
    found = find(work, number)
    if found is None or found.person_id != work.actor:
        raise NotAllowed
    return found


def find(work: Work, number: str) -> Absence | None:
    return work.session.scalar(
        select(Absence).where(Absence.institution_id == work.institution, Absence.number == number)
    )


def of_person(work: Work, person: int) -> list[Absence]:
    """Those that are not over, soonest first."""
    return list(
        work.session.scalars(
            select(Absence)
            .where(Absence.person_id == person, Absence.state != State.OVER)
            .order_by(Absence.begins_at)
        )
    )


def end(work: Work, number: str) -> Absence:
    """Back sooner, or not going at all: from this moment the deputy has no say any more."""
    absence = own(work, number)
    WORKFLOW.take(work, absence, "cancel" if absence.state == State.PLANNED else "end_early")
    absence.ends_at = work.now
    return absence


_NOW_AWAY = (
    select(Absence.person_id, Absence.deputy_id)
    .where(
        Absence.institution_id == bindparam("institution"),
        Absence.begins_at <= bindparam("now"),
        Absence.ends_at > bindparam("now"),
    )
    .order_by(Absence.id)
)


def present(work: Work, asked: list[int], able: Callable[[int], bool]) -> list[int]:
    """Whom to ask in place of these: for whoever is away the deputy, if there and ``able``.

    Where that leaves nobody, those who were to be asked: they may decide from wherever they are.
    """
    where = {"institution": work.institution, "now": work.now}
    away: dict[int, int] = work.once(
        ("away",),
        lambda: {person: deputy for person, deputy in work.reading.execute(_NOW_AWAY, where)},
    )
    there = [away.get(person, person) for person in asked]
    there = [one for one in there if one not in away and (one in asked or able(one))]
    return list(dict.fromkeys(there)) or asked


def sweep(work: Work) -> int:
    """Tell of what begins and what is over; the authority itself follows the clock. Safe to repeat."""
    due = work.session.scalars(
        select(Absence)
        .where(
            Absence.institution_id == work.institution,
            Absence.state != State.OVER,
            Absence.begins_at <= work.now,
        )
        .order_by(Absence.id)
        .with_for_update(skip_locked=True)
    ).all()
    moved = 0
    for absence in due:
        if absence.state == State.PLANNED:
            WORKFLOW.take(work, absence, "begin")
            moved += 1
        if absence.ends_at <= work.now:
            WORKFLOW.take(work, absence, "finish")
            moved += 1
    return moved


def decided(work: Work, absence: Absence) -> list[tuple[str, str]]:
    """What the deputy decided in the officer's units meanwhile: numbers, and "approve" or "reject"."""
    theirs = [unit for role in LENT for unit in authority.units(work, absence.person_id, role)]
    rows = work.session.execute(
        select(AuditEntry.subject, AuditEntry.event)
        .join(Application, Application.number == AuditEntry.subject)
        .where(
            AuditEntry.institution_id == work.institution,
            Application.institution_id == work.institution,
            AuditEntry.actor_id == absence.deputy_id,
            AuditEntry.event.in_(("approve", "reject")),
            AuditEntry.at >= absence.begins_at,
            AuditEntry.at <= absence.ends_at,
            Application.unit_id.in_(theirs),
        )
        .order_by(AuditEntry.id)
    )
    return [(number, event) for number, event in rows]
