"""When and where each unit is photographed (P1): the table that counts, version by version."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, func, select

from backend.clock import SHANGHAI, local_date
from backend.models import PhotoSchedule, PhotoSeason, PhotoSlot, Unit, UnitName
from backend.work import Work
from backend.workflow import NEW, Edge, Workflow


class State(StrEnum):
    DRAFT = "draft"
    PUBLISHED = "published"
    REPLACED = "replaced"  # by a later version
    DISCARDED = "discarded"
    ENDED = "ended"  # the last day of make-up is over


def moved(work: Work, case: PhotoSchedule, edge: Edge[PhotoSchedule]) -> dict[str, Any]:
    return {"published_at": work.now} if edge.event == "publish" else {}


WORKFLOW: Workflow[PhotoSchedule] = Workflow(
    "photo_season",
    Edge("draft", NEW, State.DRAFT, "student_affairs", "P1"),
    Edge("publish", State.DRAFT, State.PUBLISHED, "", "P1"),
    Edge("discard", State.DRAFT, State.DISCARDED),
    Edge("replace", State.PUBLISHED, State.REPLACED, "", "P1"),
    Edge("end", State.PUBLISHED, State.ENDED, "", "P6"),
    moved=moved,
)


@dataclass(frozen=True, slots=True)
class Shooting:
    """One turn of a unit. ``approximate``: the notice says "about"; that and the translation of the
    place make no other turn of it."""

    begins_at: datetime
    ends_at: datetime | None
    group_no: int | None
    place_zh: str
    place_en: str = field(compare=False)
    approximate: bool = field(compare=False)

    @property
    def day(self) -> date:
        return local_date(self.begins_at)

    @property
    def over_at(self) -> datetime:
        """From then on it is over; where no end is given, with the day."""
        return self.ends_at or datetime.combine(self.day, time(23, 59), SHANGHAI)


PUBLISHED = (
    select(PhotoSchedule)
    .join(PhotoSeason, PhotoSeason.id == PhotoSchedule.season_id)
    .where(
        PhotoSchedule.institution_id == bindparam("institution"),
        PhotoSchedule.state.in_((State.PUBLISHED, State.ENDED)),
    )
    .order_by(PhotoSeason.code.desc(), PhotoSchedule.published_at.desc())
)


def current(work: Work) -> PhotoSchedule | None:
    """The schedule that counts: of the latest season that has one published, be it over."""
    where = {"institution": work.institution}
    return work.once(
        ("photo_schedule",), lambda: next(iter(work.session.scalars(PUBLISHED, where)), None)
    )


def season_of(work: Work, schedule: PhotoSchedule) -> PhotoSeason:
    return work.session.get_one(PhotoSeason, schedule.season_id)


def find(work: Work, number: str) -> PhotoSchedule | None:
    return work.session.scalar(
        select(PhotoSchedule).where(
            PhotoSchedule.institution_id == work.institution, PhotoSchedule.number == number
        )
    )


def drafts(work: Work) -> list[PhotoSchedule]:
    """What waits to be published, newest first."""
    return list(
        work.session.scalars(
            select(PhotoSchedule)
            .where(
                PhotoSchedule.institution_id == work.institution,
                PhotoSchedule.state == State.DRAFT,
            )
            .order_by(PhotoSchedule.id.desc())
        )
    )


def rows(work: Work, schedule: PhotoSchedule | None) -> dict[int, list[Shooting]]:
    """Every turn by its unit, each unit's in order."""
    if schedule is None:
        return {}
    found: dict[int, list[Shooting]] = {}
    for slot in work.session.scalars(
        select(PhotoSlot)
        .where(PhotoSlot.schedule_id == schedule.id)
        .order_by(PhotoSlot.day, PhotoSlot.begins)
    ):
        found.setdefault(slot.unit_id, []).append(shooting(slot))
    return found


def shooting(slot: PhotoSlot) -> Shooting:
    return Shooting(
        begins_at=datetime.combine(slot.day, slot.begins, SHANGHAI),
        ends_at=datetime.combine(slot.day, slot.ends, SHANGHAI) if slot.ends else None,
        group_no=slot.group_no,
        place_zh=slot.place_zh,
        place_en=slot.place_en,
        approximate=slot.approximate,
    )


def of_unit(work: Work, schedule: PhotoSchedule, unit_id: int) -> list[Shooting]:
    slots = work.session.scalars(
        select(PhotoSlot)
        .where(PhotoSlot.schedule_id == schedule.id, PhotoSlot.unit_id == unit_id)
        .order_by(PhotoSlot.day, PhotoSlot.begins)
    )
    return [shooting(slot) for slot in slots]


def theirs(turns: Iterable[Shooting], group_no: int | None) -> list[Shooting]:
    """A student's turns among those of the unit: of their own group, where they have one."""
    turns = list(turns)
    own = [one for one in turns if group_no is not None and one.group_no == group_no]
    return own or turns


def first_day(work: Work, schedule: PhotoSchedule) -> date | None:
    """Of the season, whatever was moved since: pictures from then on are of this season."""
    return first_days(work).get(schedule.season_id)


def first_days(work: Work) -> dict[int, date]:
    """By the seasons that have turns that were published, earliest season first."""
    days = (
        select(PhotoSeason.id, func.min(PhotoSlot.day))
        .join(PhotoSchedule, PhotoSchedule.season_id == PhotoSeason.id)
        .join(PhotoSlot, PhotoSlot.schedule_id == PhotoSchedule.id)
        .where(
            PhotoSeason.institution_id == work.institution,
            PhotoSchedule.state.in_((State.PUBLISHED, State.REPLACED, State.ENDED)),
        )
        .group_by(PhotoSeason.id, PhotoSeason.code)
        .order_by(PhotoSeason.code)
    )
    return work.once(
        ("photo_first_days",),
        lambda: {season: day for season, day in work.session.execute(days)},
    )


def unit_names(work: Work) -> dict[str, int]:
    """Units by every name they have or had."""
    named = work.session.execute(
        select(UnitName.name_zh, UnitName.unit_id)
        .join(Unit, Unit.id == UnitName.unit_id)
        .where(Unit.institution_id == work.institution)
    )
    return {name: unit for name, unit in named}
