"""Writes the demo's seasons of graduation photos."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy.orm import Session

from backend.models import (
    CollectionCode,
    Photographed,
    PhotoRoster,
    PhotoSchedule,
    PhotoSeason,
    PhotoSlot,
)
from backend.registry.demo import photos
from backend.registry.demo.rows import keys, put
from backend.registry.demo.students import DemoStudent
from backend.sealing import Sealer

PUBLISHED = date(2024, 10, 10)  # the day of the notice


def load(
    session: Session,
    sealer: Sealer,
    units: dict[str, int],
    people: dict[str, int],
    everyone: Iterable[DemoStudent],
    today: date,
) -> None:
    now = photos.season(today)
    put(session, PhotoSeason, [{"code": "2025"}, {"code": now}])
    seasons = keys(session, PhotoSeason, "code")
    cases = {one.case: people[one.number] for one in everyone if one.case}
    numbers = {one.case: one.number for one in everyone if one.case}
    real = schedule(session, seasons["2025"], "PS2025-1", "ended", PUBLISHED)
    first = schedule(session, seasons[now], f"PS{now}-1", "replaced", photos.day(today, -5))
    demo = schedule(session, seasons[now], f"PS{now}-2", "published", today)
    rows: list[dict[str, Any]] = [
        {
            "schedule_id": real,
            "unit_id": units[unit],
            "day": row.day,
            "begins": begins,
            "ends": ends,
            "group_no": row.group,
            "place_zh": row.place,
            "place_en": row.place_en,
            "approximate": row.about,
        }
        for unit, row, begins, ends in photos.real_rows()
    ]
    rows += [
        {
            "schedule_id": version,
            "unit_id": units[one.unit],
            "day": photos.day(today, one.after),
            "begins": one.begins,
            "ends": one.ends,
            "group_no": one.group_no,
            "place_zh": one.place[0],
            "place_en": one.place[1],
            "approximate": one.approximate,
        }
        for version, slots in ((first, photos.BEFORE), (demo, photos.SLOTS))
        for one in slots
    ]
    put(session, PhotoSlot, rows)
    put(
        session,
        PhotoRoster,
        [
            {"season_id": seasons[now], "person_id": cases[case], "group_no": group}
            for case, group in photos.LISTED.items()
        ],
    )
    codes = {cases[case]: photos.code(numbers[case]) for case in photos.CODES}
    put(
        session,
        CollectionCode,
        [
            {
                "season_id": seasons[now],
                "person_id": person,
                "payload_sealed": sealer.seal(payload),
                "payload_index": sealer.index(payload),
            }
            for person, payload in codes.items()
        ],
    )
    put(
        session,
        Photographed,
        [
            {
                "person_id": cases[one.case],
                "taken_on": photos.day(today, -one.before),
                "way": one.way,
            }
            for one in photos.TAKEN
        ],
    )


def schedule(session: Session, season: int, number: str, state: str, on: date) -> int:
    put(
        session,
        PhotoSchedule,
        [
            {
                "number": number,
                "season_id": season,
                "state": state,
                "made_at": photos.noticed_on(on),
                "published_at": photos.noticed_on(on),
                "version": 1,
            }
        ],
    )
    return keys(session, PhotoSchedule, "number")[number]
