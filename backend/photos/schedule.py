"""When and where each unit is photographed (P1): drafted from a table, published, and moved."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, func, select

from backend import authority
from backend.authority import Role
from backend.clauses.clause import Document
from backend.clauses.shooting import shootings, spans, units_named
from backend.clock import SHANGHAI, local_date
from backend.consent import Consent
from backend.consents import keep
from backend.errors import Refused
from backend.models import (
    PhotoRoster,
    PhotoSchedule,
    PhotoSeason,
    PhotoSlot,
    Student,
    Unit,
    UnitName,
)
from backend.photos import drafting
from backend.policy import store
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


@dataclass(frozen=True, slots=True)
class Difference:
    """What publishing a draft changes: rows by unit id, and the people whose turn is another one."""

    added: list[tuple[int, Shooting]]
    gone: list[tuple[int, Shooting]]
    kept: int
    moved: list[int]


@dataclass(frozen=True, slots=True)
class FromAnnex:
    """A draft made from Annex 1: how many rows were taken, and units that no unit here is called."""

    draft: PhotoSchedule
    rows: int
    unknown: tuple[str, ...]


# --- looking ----------------------------------------------------------------------------------

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
    return work.once(
        ("photo_first_day", schedule.season_id),
        lambda: work.session.scalar(
            select(func.min(PhotoSlot.day))
            .join(PhotoSchedule, PhotoSchedule.id == PhotoSlot.schedule_id)
            .where(
                PhotoSchedule.season_id == schedule.season_id,
                PhotoSchedule.state.in_((State.PUBLISHED, State.REPLACED, State.ENDED)),
            )
        ),
    )


# --- changing ---------------------------------------------------------------------------------


def from_annex(work: Work, notice: Document) -> FromAnnex:
    """A draft from Annex 1 of the notice, as it was read for answers. Student affairs only.

    The season is the year in which the class graduates, the one after the notice. Raises Refused
    ``no_annex`` where the notice has none.
    """
    actor = authority.require(work, Role.STUDENT_AFFAIRS)
    found = shootings(notice)
    if not found:
        raise Refused("no_annex", "P1", office="student_affairs")
    discard_drafts(work)
    code = str(found[0].day.year + 1)
    draft_id = drafting.open_draft(work.session, work.institution, code, now=work.now, actor=actor)
    known = unit_names(work)
    unknown: list[str] = []
    taken = 0
    for one in found:
        unit = next((known[name] for name in units_named(one) if name in known), None)
        if unit is None:
            unknown.append(one.unit)
            continue
        for begins, ends in spans(one):
            work.session.add(
                PhotoSlot(
                    institution_id=work.institution,
                    schedule_id=draft_id,
                    unit_id=unit,
                    day=one.day,
                    begins=begins,
                    ends=ends,
                    group_no=one.group,
                    place_zh=one.place,
                    place_en=one.place_en,
                    approximate=one.about,
                )
            )
        taken += 1
    work.session.flush()
    draft = work.session.get_one(PhotoSchedule, draft_id)
    return FromAnnex(draft, taken, tuple(dict.fromkeys(unknown)))


def unit_names(work: Work) -> dict[str, int]:
    """Units by every name they have or had."""
    named = work.session.execute(
        select(UnitName.name_zh, UnitName.unit_id)
        .join(Unit, Unit.id == UnitName.unit_id)
        .where(Unit.institution_id == work.institution)
    )
    return {name: unit for name, unit in named}


def difference(work: Work, draft: PhotoSchedule) -> Difference:
    """Against what is published of the same season; nobody has moved where nothing was."""
    before = rows(work, published_of(work, draft.season_id))
    after = rows(work, draft)
    old = {(unit, one) for unit, turns in before.items() for one in turns}
    new = {(unit, one) for unit, turns in after.items() for one in turns}
    changed = {unit for unit, _one in old ^ new}
    people: list[int] = []
    if before and changed:
        roster = work.session.execute(
            select(PhotoRoster.person_id, PhotoRoster.group_no, Student.unit_id)
            .join(Student, Student.person_id == PhotoRoster.person_id)
            .where(PhotoRoster.season_id == draft.season_id, Student.unit_id.in_(changed))
            .order_by(PhotoRoster.person_id)
        )
        people = [
            person
            for person, group, unit in roster
            if to_come(work.now, theirs(before.get(unit, []), group))
            != to_come(work.now, theirs(after.get(unit, []), group))
        ]
    return Difference(in_order(new - old), in_order(old - new), len(old & new), people)


Row = tuple[int, Shooting]


def in_order(rows_: Iterable[Row]) -> list[Row]:
    return sorted(rows_, key=lambda row: (row[1].begins_at, row[0], row[1].group_no or 0))


def to_come(now: datetime, turns: Iterable[Shooting]) -> list[tuple[datetime, datetime, str]]:
    """When and where somebody still has to be: what they are told of when it changes."""
    return [(one.begins_at, one.over_at, one.place_zh) for one in turns if one.over_at > now]


def published_of(work: Work, season: int) -> PhotoSchedule | None:
    return work.session.scalar(
        select(PhotoSchedule).where(
            PhotoSchedule.season_id == season, PhotoSchedule.state == State.PUBLISHED
        )
    )


def publish(work: Work, number: str, consent: Consent) -> Difference:
    """The draft takes the place of what is published; whoever it moves is told, and nobody else.

    Raises NotAllowed for all but student affairs, AlreadyHandled for what is no draft any more.
    """
    authority.require(work, Role.STUDENT_AFFAIRS)
    keep(work, consent)
    store.lock(work)  # whoever publishes at the same time comes after, and is compared with this
    draft = require(work, number)
    changes = difference(work, draft)
    before = published_of(work, draft.season_id)
    WORKFLOW.take(work, draft, "publish")
    if before is not None:
        WORKFLOW.take(work, before, "replace")
    work.forget(("photo_schedule",))
    work.forget(("photo_first_day", draft.season_id))
    for person in changes.moved:
        work.emit("photo.moved", draft.number, person=person)
    return changes


def discard(work: Work, number: str) -> None:
    authority.require(work, Role.STUDENT_AFFAIRS)
    WORKFLOW.take(work, require(work, number), "discard")


def discard_drafts(work: Work) -> None:
    """A new table takes the place of one that was never published."""
    for draft in drafts(work):
        WORKFLOW.take(work, draft, "discard")


def require(work: Work, number: str) -> PhotoSchedule:
    found = find(work, number)
    if found is None:
        raise Refused("no_such_schedule", number=number)
    return found


def end_due(work: Work) -> int:
    """The last day of make-up is over: so is the season. Safe to repeat; returns how many ended."""
    until = store.photo(work).makeup.until
    today = local_date(work.now)
    if until is None or until >= today:
        return 0
    ended = 0
    for schedule in work.session.scalars(
        select(PhotoSchedule).where(
            PhotoSchedule.institution_id == work.institution,
            PhotoSchedule.state == State.PUBLISHED,
        )
    ).all():
        last = work.session.scalar(
            select(func.max(PhotoSlot.day)).where(PhotoSlot.schedule_id == schedule.id)
        )
        if last is not None and last < until:  # the policy speaks of a season that has been shot
            WORKFLOW.take(work, schedule, "end")
            ended += 1
    return ended
