"""A draft takes the place of the schedule that counts, and whoever it moves is told (P1)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from backend import authority
from backend.authority import Role
from backend.clock import local_date
from backend.consent import Consent
from backend.consents import keep
from backend.errors import Refused
from backend.models import PhotoRoster, PhotoSchedule, PhotoSlot, Student
from backend.photos.schedule import WORKFLOW, Shooting, State, drafts, find, rows, theirs
from backend.policy import store
from backend.work import Work

Row = tuple[int, Shooting]


@dataclass(frozen=True, slots=True)
class Difference:
    """What publishing a draft changes: rows by unit id, and the people whose turn is another one."""

    added: list[tuple[int, Shooting]]
    gone: list[tuple[int, Shooting]]
    kept: int
    moved: list[int]


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
    work.forget(("photo_first_days",))
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
