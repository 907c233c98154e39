"""Reminders of a shooting: the evening before and some hours before, each once (P1, P2, P4).

Officers may also remind everybody who is still missing.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import aliased

from backend import audit
from backend.clock import SHANGHAI, local_date
from backend.consent import Consent
from backend.consents import keep
from backend.errors import Refused
from backend.models import Photographed, PhotoRoster, PhotoSchedule, PhotoSlot, Student
from backend.photos import attendance, schedule
from backend.photos.attendance import Missing
from backend.photos.schedule import Shooting, shooting
from backend.policy import store
from backend.work import Work

AT_ONCE = 500  # people in one round of the sweep; the others come with the next


def send_due(work: Work) -> int:
    """Whoever has a shooting tomorrow, or in a few hours; how many were told. Safe to repeat."""
    policy, plan = store.photo(work), schedule.current(work)
    if plan is None or plan.state != schedule.State.PUBLISHED:
        return 0
    local = work.now.astimezone(SHANGHAI)
    told = 0
    if policy.remind_evening_at is not None and local.time() >= policy.remind_evening_at:
        tomorrow = local.date() + timedelta(days=1)
        for row, turn in due(work, plan, tomorrow, (time.min, time.max)):
            row.evening_told = tomorrow
            told += remind(work, "photo.remind_evening", plan.number, row, turn)
    if policy.remind_hours_before is not None:
        ahead = local + timedelta(hours=policy.remind_hours_before)
        until = ahead.time() if ahead.date() == local.date() else time.max
        for row, turn in due(work, plan, local.date(), (local.time(), until)):
            row.hours_told = local.date()
            told += remind(work, "photo.remind_hours", plan.number, row, turn)
    work.session.flush()
    return told


def remind(work: Work, name: str, number: str, row: PhotoRoster, turn: Shooting) -> int:
    work.emit(name, number, person=row.person_id, until=turn.over_at.isoformat())
    return 1


def due(
    work: Work, plan: PhotoSchedule, day: date, between: tuple[time, time]
) -> list[tuple[PhotoRoster, Shooting]]:
    """Who has a turn then, has not been told, photographed or excused (P5); with their first turn.

    A turn begins after the first time and not after the second.
    """
    begun = schedule.first_day(work, plan)
    keep_months = store.photo(work).keep_months
    told = PhotoRoster.evening_told if day > local_date(work.now) else PhotoRoster.hours_told
    taken = exists().where(
        Photographed.person_id == PhotoRoster.person_id,
        Photographed.taken_on >= excused_from(keep_months, begun, day),
    )
    own = aliased(PhotoSlot)
    has_own = exists().where(
        own.schedule_id == PhotoSlot.schedule_id,
        own.unit_id == PhotoSlot.unit_id,
        own.group_no == PhotoRoster.group_no,
    )
    rows = work.session.execute(
        select(PhotoRoster, PhotoSlot)
        .join(Student, Student.person_id == PhotoRoster.person_id)
        .join(PhotoSlot, PhotoSlot.unit_id == Student.unit_id)
        .where(
            PhotoRoster.season_id == plan.season_id,
            PhotoSlot.schedule_id == plan.id,
            PhotoSlot.day == day,
            PhotoSlot.begins > between[0],
            PhotoSlot.begins <= between[1],
            or_(PhotoSlot.group_no == PhotoRoster.group_no, ~has_own),
            told.is_distinct_from(day),
            ~taken,
        )
        .order_by(PhotoRoster.person_id, PhotoSlot.begins)
        .limit(AT_ONCE)
    )
    first: dict[int, tuple[PhotoRoster, Shooting]] = {}
    for row, slot in rows:
        first.setdefault(row.person_id, (row, shooting(slot)))
    return list(first.values())


def excused_from(months: int, begun: date | None, day: date) -> date:
    """Pictures from this day on spare somebody the shooting: of two years, or of this season."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    earliest = date(year, month + 1, 1) + timedelta(days=day.day - 1)
    return min(earliest, begun) if begun else earliest


def remind_missing(work: Work, units: Sequence[int] | None, consent: Consent) -> list[Missing]:
    """Everybody of these units who is still missing is told once more; who they were.

    Raises NotAllowed for whoever has no such unit, Refused ``nobody_to_tell``.
    """
    mine = attendance.units_of(work)
    wanted = mine if units is None else [one for one in units if mine is None or one in mine]
    people = attendance.missing(work, wanted)
    if not people:
        raise Refused("nobody_to_tell")
    keep(work, consent)
    plan = schedule.current(work)
    number = plan.number if plan else ""
    for one in people:
        work.emit("photo.remind_missing", number, person=one.person_id)
    audit.record(work, number, "remind", "", "", str(len(people)))
    return people


def until_of(facts: dict[str, object]) -> datetime | None:
    """From when on a reminder is of no use to anybody."""
    moment = facts.get("until")
    return datetime.fromisoformat(str(moment)) if moment else None
