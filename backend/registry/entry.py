"""A line of a file that has been understood, and what it may refer to."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.clock import SetClock, local_date
from backend.models import Course, Person, Student, Unit
from backend.registry.upsert import Row
from backend.sealing import Sealer
from backend.work import Work


@dataclass(slots=True)
class Entry:
    """One line of a file whose cells have been understood. ``cells`` is what was written."""

    line: int
    cells: dict[str, str]
    values: dict[str, Any]


class NoJobs:
    """An import only writes rows; what follows from them is found by the sweeps."""

    def enqueue(self, work: Work, name: str, key: str, payload: dict[str, Any]) -> None:
        raise RuntimeError(f"an import sets nothing in motion: {name}")


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
    unread: list[Entry] = field(default_factory=list)  # of this batch, with a wrong cell
    unit_ids: dict[str, int] = field(default_factory=dict)
    refuse: Callable[..., None] = unheard  # entry, column, code, facts of the sentence

    @property
    def today(self) -> date:
        return local_date(self.now)

    def work(self) -> Work:
        """The transaction of the import, for what is more than a row."""
        return Work(
            self.session,
            institution=self.institution,
            actor=self.actor,
            clock=SetClock(self.now.astimezone(UTC)),
            jobs=NoJobs(),
        )

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


def without(values: dict[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name != key}
