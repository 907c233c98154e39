"""From what a file says to what the tables hold: people, units and courses are looked up."""

from collections.abc import Callable
from typing import cast

from sqlalchemy import Table, insert

from backend.authority import OF_UNIT
from backend.models import Unit
from backend.registry import resolving_exam, resolving_photo
from backend.registry.entry import Entry, Registry, persons_of, students_of, without
from backend.registry.upsert import Row


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


RESOLVERS: dict[str, Callable[[Registry, list[Entry]], list[Row]]] = {
    "units": units,
    "people": people,
    "students": students,
    "roles": roles,
    "courses": courses,
    "grades": grades,
    "email_requests": email_requests,
    **resolving_exam.RESOLVERS,
    **resolving_photo.RESOLVERS,
}
