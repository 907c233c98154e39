"""Rows about graduation photos: seasons, schedules and the owners of codes are looked up."""

from collections.abc import Callable, Iterable

from sqlalchemy import select

from backend.models import CollectionCode, PhotoSeason
from backend.photos import drafting
from backend.registry.entry import Entry, Registry, students_of
from backend.registry.upsert import Row


def photo_slots(registry: Registry, entries: list[Entry]) -> list[Row]:
    """Into the draft of the season, which counts for nobody until it is published."""
    rows = []
    for entry in entries:
        values = dict(entry.values)
        unit = registry.unit_ids.get(values.pop("unit"))
        ends = values.get("ends")
        if unit is None:
            registry.refuse(entry, "unit", "unknown_unit")
        elif ends is not None and ends <= values["begins"]:
            registry.refuse(entry, "ends", "ends_before_start")
        else:
            draft = drafting.open_draft(
                registry.session,
                registry.institution,
                values.pop("season"),
                now=registry.now,
                actor=registry.actor,
            )
            rows.append({"schedule_id": draft, "unit_id": unit, **DEFAULTS, **values})
    return rows


DEFAULTS = {"ends": None, "group_no": None, "place_en": "", "approximate": True}


def photo_roster(registry: Registry, entries: list[Entry]) -> list[Row]:
    return [row for _entry, row in of_a_season(registry, entries)]


def photo_codes(registry: Registry, entries: list[Entry]) -> list[Row]:
    """Sealed, and found through a keyed hash: a code that is somebody else's is refused (P2)."""
    marks = {id(entry): registry.sealer.index(entry.values["payload"]) for entry in entries}
    owners = owners_of(registry, marks.values())
    rows = []
    for entry, row in of_a_season(registry, entries):
        payload, mark = row.pop("payload"), marks[id(entry)]
        if owners.setdefault(mark, row["person_id"]) != row["person_id"]:
            registry.refuse(entry, "payload", "code_of_another")
            continue
        sealed = {"payload_sealed": registry.sealer.seal(payload), "payload_index": mark}
        rows.append({"valid_until": None, "source": "import", **row, **sealed})
    return rows


def photographed(registry: Registry, entries: list[Entry]) -> list[Row]:
    rows = []
    for entry, row in students_of(registry, entries):
        if row["taken_on"] > registry.today:
            registry.refuse(entry, "taken_on", "in_future")
        else:
            rows.append({"person_id": row.pop("student_id"), **row})
    return rows


def of_a_season(registry: Registry, entries: list[Entry]) -> Iterable[tuple[Entry, Row]]:
    known = {
        code: key
        for code, key in registry.session.execute(
            select(PhotoSeason.code, PhotoSeason.id).where(
                PhotoSeason.institution_id == registry.institution
            )
        )
    }
    for entry, row in students_of(registry, entries):
        season = known.get(row.pop("season"))
        if season is None:
            registry.refuse(entry, "season", "unknown_season")
        else:
            yield entry, {"season_id": season, "person_id": row.pop("student_id"), **row}


def owners_of(registry: Registry, marks: Iterable[str]) -> dict[str, int]:
    query = select(CollectionCode.payload_index, CollectionCode.person_id).where(
        CollectionCode.institution_id == registry.institution,
        CollectionCode.payload_index.in_(set(marks)),
    )
    return {mark: person for mark, person in registry.session.execute(query)}


RESOLVERS: dict[str, Callable[[Registry, list[Entry]], list[Row]]] = {
    "photo_slots": photo_slots,
    "photo_roster": photo_roster,
    "photo_codes": photo_codes,
    "photographed": photographed,
}
