"""From what a file says to what the tables hold: people, units and courses are looked up."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Table, insert, select
from sqlalchemy.orm import Session

from backend.authority import OF_UNIT
from backend.clock import local_date
from backend.models import Course, ExamTicket, Person, Student, Unit
from backend.registry.upsert import Row
from backend.sealing import Sealer


@dataclass(slots=True)
class Entry:
    """One line of a file whose cells have been understood. ``cells`` is what was written."""

    line: int
    cells: dict[str, str]
    values: dict[str, Any]


def unheard(entry: Entry, column: str, code: str) -> None:
    raise LookupError(f"line {entry.line}, {column}: {code}")


@dataclass(slots=True)
class Registry:
    """What rows may refer to in one institution, found a batch at a time."""

    session: Session
    institution: str
    sealer: Sealer
    now: datetime
    actor: int | None = None  # who imports, for the audit
    unit_ids: dict[str, int] = field(default_factory=dict)
    refuse: Callable[[Entry, str, str], None] = unheard  # entry, column, code

    @property
    def today(self) -> date:
        return local_date(self.now)

    def load_units(self) -> None:
        query = select(Unit.code, Unit.id).where(Unit.institution_id == self.institution)
        self.unit_ids = {code: key for code, key in self.session.execute(query)}

    def people(self, numbers: Iterable[str]) -> dict[str, int]:
        query = select(Person.number, Person.id).where(
            Person.institution_id == self.institution, Person.number.in_(set(numbers))
        )
        return {number: key for number, key in self.session.execute(query)}

    def students(self, ids: Iterable[int]) -> set[int]:
        query = select(Student.person_id).where(Student.person_id.in_(set(ids)))
        return set(self.session.scalars(query))

    def courses(self, codes: Iterable[str]) -> dict[str, int]:
        query = select(Course.code, Course.id).where(
            Course.institution_id == self.institution, Course.code.in_(set(codes))
        )
        return {code: key for code, key in self.session.execute(query)}

    def ticket_owners(self, numbers: Iterable[str]) -> dict[str, int]:
        query = select(ExamTicket.number, ExamTicket.person_id).where(
            ExamTicket.institution_id == self.institution, ExamTicket.number.in_(set(numbers))
        )
        return {number: person for number, person in self.session.execute(query)}


Pairs = Iterable[tuple[Entry, Row]]


def persons_of(registry: Registry, entries: list[Entry]) -> Pairs:
    """Each entry with a row that begins with the person it is about."""
    ids = registry.people(entry.values["number"] for entry in entries)
    for entry in entries:
        values = dict(entry.values)
        if (key := ids.get(values.pop("number"))) is None:
            registry.refuse(entry, "number", "unknown_person")
        else:
            yield entry, {"person_id": key, **values}


def students_of(registry: Registry, entries: list[Entry]) -> Pairs:
    found = list(persons_of(registry, entries))
    students = registry.students(row["person_id"] for _, row in found)
    for entry, row in found:
        key = row.pop("person_id")
        if key not in students:
            registry.refuse(entry, "number", "unknown_student")
        else:
            yield entry, {"student_id": key, **row}


def units(registry: Registry, entries: list[Entry]) -> list[Row]:
    codes = {entry.values["unit"] for entry in entries}
    if new := codes - registry.unit_ids.keys():
        registry.session.execute(
            insert(cast(Table, Unit.__table__)),
            [{"institution_id": registry.institution, "code": code} for code in sorted(new)],
        )
        registry.load_units()
    return [
        {"unit_id": registry.unit_ids[entry.values["unit"]], **without(entry.values, "unit")}
        for entry in entries
    ]


def people(registry: Registry, entries: list[Entry]) -> list[Row]:
    """A blank ID number leaves the one that is known: a file never deletes it by saying nothing."""
    rows = []
    for entry in entries:
        row = without(entry.values, "id_number")
        if id_number := entry.values.get("id_number"):
            row["id_number_sealed"] = registry.sealer.seal(id_number)
            row["id_number_index"] = registry.sealer.index(id_number)
        rows.append(row)
    return rows


def students(registry: Registry, entries: list[Entry]) -> list[Row]:
    """A graduation day to come would let an enrolled student pass by the approval (T4, T5)."""
    rows = []
    for entry, row in persons_of(registry, entries):
        graduated = row["graduated_on"]
        unit = registry.unit_ids.get(row.pop("unit"))
        if unit is None:
            registry.refuse(entry, "unit", "unknown_unit")
        elif graduated and graduated > registry.today:
            registry.refuse(entry, "graduated_on", "in_future")
        elif graduated and graduated < row["enrolled_on"]:
            registry.refuse(entry, "graduated_on", "graduated_before_enrolled")
        else:
            rows.append({"unit_id": unit, **row})
    return rows


def roles(registry: Registry, entries: list[Entry]) -> list[Row]:
    rows = []
    for entry, row in persons_of(registry, entries):
        code = row.pop("unit", None)
        of_unit = row["role"] in OF_UNIT
        if of_unit and not code:
            registry.refuse(entry, "unit", "unit_needed")
        elif code and not of_unit:
            registry.refuse(entry, "unit", "unit_not_allowed")
        elif code and code not in registry.unit_ids:
            registry.refuse(entry, "unit", "unknown_unit")
        else:
            rows.append({"unit_id": registry.unit_ids[code] if code else None, **row})
    return rows


def courses(registry: Registry, entries: list[Entry]) -> list[Row]:
    return [entry.values for entry in entries]


def grades(registry: Registry, entries: list[Entry]) -> list[Row]:
    ids = registry.courses(entry.values["code"] for entry in entries)
    rows = []
    for entry, row in students_of(registry, entries):
        course = ids.get(row.pop("code"))
        if course is None:
            registry.refuse(entry, "code", "unknown_course")
        elif int(row["term"][:4]) > registry.today.year:
            registry.refuse(entry, "term", "in_future")
        else:
            rows.append({"course_id": course, **row})
    return rows


def email_requests(registry: Registry, entries: list[Entry]) -> list[Row]:
    rows = []
    for entry, row in students_of(registry, entries):
        if row["requested_on"] > registry.today:
            registry.refuse(entry, "requested_on", "in_future")
        else:
            rows.append(row)
    return rows


def exam_tickets(registry: Registry, entries: list[Entry]) -> list[Row]:
    """A ticket never goes to another person: what was done under it would go with it."""
    owners = registry.ticket_owners(entry.values["ticket"] for entry in entries)
    rows = []
    for entry, row in persons_of(registry, entries):
        number = row.pop("ticket")
        if owners.get(number, row["person_id"]) != row["person_id"]:
            registry.refuse(entry, "ticket", "ticket_of_another")
        else:
            rows.append({"number": number, "active": True, **row})
    return rows


def without(values: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != key}


RESOLVERS: dict[str, Callable[[Registry, list[Entry]], list[Row]]] = {
    "units": units,
    "people": people,
    "students": students,
    "roles": roles,
    "courses": courses,
    "grades": grades,
    "email_requests": email_requests,
    "exam_tickets": exam_tickets,
}
