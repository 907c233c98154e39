"""Rows into a table: new ones inserted, different ones updated, the same ones left alone."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import RowMapping, Table, bindparam, insert, select, update
from sqlalchemy.orm import Session

from backend.models import (
    CollectionCode,
    Course,
    EmailRequest,
    ExamCandidate,
    ExamCourse,
    ExamCredit,
    ExamMajor,
    ExamOption,
    ExamOptionCourse,
    ExamPlanCourse,
    ExamTicket,
    Grade,
    Person,
    Photographed,
    PhotoRoster,
    PhotoSlot,
    Role,
    Student,
    TransferInCourse,
    UnitName,
)

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Target:
    """``key`` names a row among those of an institution; rows are looked up by its first column.

    Columns in ``unread`` are never compared: another column tells whether they differ.
    """

    model: type[Any]
    key: tuple[str, ...]
    unread: tuple[str, ...] = ()

    @property
    def table(self) -> Table:
        return cast(Table, self.model.__table__)


def target(model: type[Any], *key: str, unread: str = "") -> Target:
    return Target(model, key, (unread,) if unread else ())


TARGETS: Mapping[str, Target] = {
    "units": target(UnitName, "unit_id", "valid_from"),
    "people": target(Person, "number", unread="id_number_sealed"),
    "students": target(Student, "person_id"),
    "roles": target(Role, "person_id", "role", "unit_id"),
    "courses": target(Course, "code"),
    "grades": target(Grade, "student_id", "course_id", "term"),
    "email_requests": target(EmailRequest, "student_id", "language", "gpa", "requested_on"),
    "exam_courses": target(ExamCourse, "code"),
    "exam_majors": target(ExamMajor, "code"),
    "exam_plans": target(ExamPlanCourse, "major_id", "course_id", "kind"),
    "exam_options": target(ExamOption, "major_id", "code"),
    "exam_option_courses": target(ExamOptionCourse, "option_id", "course_id"),
    "exam_candidates": target(ExamCandidate, "person_id"),
    "exam_tickets": target(ExamTicket, "number"),
    "exam_scores": target(ExamCredit, "ticket_id", "course_id", "kind", "source", "session"),
    "exam_credits": target(ExamCredit, "ticket_id", "course_id", "kind", "source", "passed_month"),
    "transfers_in": target(TransferInCourse, "transfer_id", "course_id"),
    "photo_slots": target(PhotoSlot, "schedule_id", "unit_id", "day", "begins"),
    "photo_roster": target(PhotoRoster, "season_id", "person_id"),
    "photo_codes": target(CollectionCode, "season_id", "person_id", unread="payload_sealed"),
    "photographed": target(Photographed, "person_id", "taken_on"),
}


def upsert(session: Session, institution: str, goal: Target, rows: list[Row]) -> tuple[int, int]:
    """How many of ``rows`` were added and how many changed; all others were there already.

    No two rows may have the same key.
    """
    known = existing(session, institution, goal, rows)
    added: dict[frozenset[str], list[Row]] = defaultdict(list)
    changed: dict[frozenset[str], list[Row]] = defaultdict(list)
    owned = {"institution_id": institution} if "institution_id" in goal.table.c else {}
    for row in rows:
        old = known.get(tuple(row[column] for column in goal.key))
        if old is None:
            added[frozenset(row)].append({**owned, **row})
        elif any(old[c] != value for c, value in row.items() if c not in goal.unread):
            changed[frozenset(row)].append(row)
    for group in added.values():
        session.execute(insert(goal.table), group)
    for columns, group in changed.items():
        change(session, institution, goal, columns, group)
    return sum(map(len, added.values())), sum(map(len, changed.values()))


def existing(
    session: Session, institution: str, goal: Target, rows: list[Row]
) -> dict[tuple[Any, ...], RowMapping]:
    """The rows that are there already. One column is enough to find few more than are wanted, and
    databases plan it better than a list of whole keys."""
    table, first = goal.table, goal.key[0]
    columns = [column for column in table.c if column.name not in goal.unread]
    query = select(*columns).where(table.c[first].in_({row[first] for row in rows}))
    if "institution_id" in table.c:
        query = query.where(table.c.institution_id == institution)
    found = session.execute(query).mappings()
    return {tuple(row[column] for column in goal.key): row for row in found}


def change(
    session: Session, institution: str, goal: Target, columns: frozenset[str], rows: list[Row]
) -> None:
    table = goal.table
    query = update(table).values({c: bindparam(f"new_{c}") for c in columns - set(goal.key)})
    for column in goal.key:
        query = query.where(table.c[column] == bindparam(f"key_{column}"))
    if "institution_id" in table.c:
        query = query.where(table.c.institution_id == institution)
    session.connection().execute(
        query,
        [
            {f"key_{c}" if c in goal.key else f"new_{c}": value for c, value in row.items()}
            for row in rows
        ],
    )
