"""Who is photographed, who need not be again (P5), and who has missed it and must go alone (P6)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import func, select

from backend import authority
from backend.authority import Role
from backend.clock import SHANGHAI, local_date
from backend.errors import NotAllowed
from backend.models import (
    CollectionCode,
    Person,
    Photographed,
    PhotoRoster,
    Student,
    Unit,
)
from backend.photos import schedule
from backend.photos.schedule import Shooting
from backend.policy import store
from backend.policy.photo import MakeUp, PhotoPolicy
from backend.registry import students, units
from backend.work import Work
from backend.workdays import after_months


class Standing(StrEnum):
    """Where somebody stands with this season's photograph."""

    NO_SEASON = "no_season"  # nothing has been published
    NOT_LISTED = "not_listed"  # not on the roster of the season
    NO_TURN = "no_turn"  # on it, but the notice says nothing of their unit
    TO_COME = "to_come"
    TODAY = "today"
    MISSED = "missed"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Attendance:
    """``turns`` are the student's own; ``turn`` the next one, or the last where all are over.

    ``earlier`` is a picture of former years that still counts, until ``keeps_until`` (P5).
    """

    standing: Standing
    season: str
    turns: list[Shooting]
    turn: Shooting | None
    taken_on: date | None
    earlier: date | None
    keeps_until: date | None


def of_person(work: Work, person_id: int) -> Attendance:
    plan, student = schedule.current(work), students.find(work, person_id)
    if plan is None or student is None:
        return Attendance(Standing.NO_SEASON, "", [], None, None, None, None)
    season = schedule.season_of(work, plan)
    listed = work.session.get(PhotoRoster, (season.id, person_id))
    begun = schedule.first_day(work, plan)
    days = work.session.scalars(
        select(Photographed.taken_on)
        .where(Photographed.person_id == person_id)
        .order_by(Photographed.taken_on.desc())
    ).all()
    taken = next((day for day in days if begun and day >= begun), None)
    earlier = next((day for day in days if begun is None or day < begun), None)
    keeps = keeps_until(store.photo(work), earlier) if earlier else None
    if keeps is not None and keeps < local_date(work.now):
        earlier = keeps = None
    turns = (
        schedule.theirs(schedule.of_unit(work, plan, student.unit_id), listed.group_no)
        if listed
        else []
    )
    turn = next((one for one in turns if one.over_at > work.now), turns[-1] if turns else None)
    return Attendance(
        standing_of(work.now, listed is not None, turn, taken),
        season.code,
        turns,
        turn,
        taken,
        earlier,
        keeps,
    )


def taken_in(work: Work, season_id: int, person_id: int) -> date | None:
    """The last day on which somebody's picture was taken in a season, which the next one ends."""
    begun = schedule.first_days(work)
    if season_id not in begun:
        return None
    seasons = list(begun)
    following = seasons[seasons.index(season_id) + 1 :]
    taken = select(func.max(Photographed.taken_on)).where(
        Photographed.institution_id == work.institution,
        Photographed.person_id == person_id,
        Photographed.taken_on >= begun[season_id],
    )
    if following:
        taken = taken.where(Photographed.taken_on < begun[following[0]])
    return work.session.scalar(taken)


def standing_of(now: datetime, listed: bool, turn: Shooting | None, taken: date | None) -> Standing:
    if taken is not None:
        return Standing.DONE
    if not listed:
        return Standing.NOT_LISTED
    if turn is None:
        return Standing.NO_TURN
    if turn.over_at <= now:
        return Standing.MISSED
    return Standing.TODAY if turn.day == local_date(now) else Standing.TO_COME


def keeps_until(policy: PhotoPolicy, taken: date) -> date:
    """P5 says "within two years" and not from when: the day of the picture is taken."""
    moment = datetime(taken.year, taken.month, taken.day, 12, tzinfo=SHANGHAI)
    return local_date(after_months(moment, policy.keep_months))


# --- make-up (P6) -----------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MakeUpCard:
    """What is written on the card at the photo company, from the registry, and until when one goes.

    ``over``: the last day is past. ``until`` None: the institution has not said.
    """

    school_code: str
    school_name: str
    unit_code: str
    unit_name: str
    until: date | None
    over: bool
    place: MakeUp


def makeup(work: Work, person_id: int) -> MakeUpCard | None:
    """None for somebody without studies here."""
    student = students.find(work, person_id)
    if student is None:
        return None
    place = store.photo(work).makeup
    code = work.session.get_one(Unit, student.unit_id).code
    digits = "".join(character for character in code if character.isdigit())
    return MakeUpCard(
        place.school_code,
        place.school_name,
        digits[-place.code_digits :],
        units.name(work, student.unit_id)[0],
        place.until,
        place.until is not None and place.until < local_date(work.now),
        place,
    )


# --- the officers' list -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Missing:
    """Somebody who is to be photographed and has not been. ``urgent``: they must not wait."""

    person_id: int
    number: str
    name: str
    unit_id: int
    group_no: int | None
    has_code: bool
    missed: bool
    urgent: bool


def units_of(work: Work) -> list[int] | None:
    """Units whose students the actor looks after; None is all. Raises NotAllowed for others."""
    person = work.actor or 0
    if authority.holds(work, person, Role.STUDENT_AFFAIRS):
        return None
    found = authority.units(work, person, Role.UNIT_OFFICER)
    if not found:
        raise NotAllowed
    return found


def missing(work: Work, units_: Sequence[int] | None) -> list[Missing]:
    """The roster without who has been photographed this season, or keeps an earlier picture (P5)."""
    plan = schedule.current(work)
    if plan is None:
        return []
    policy, today = store.photo(work), local_date(work.now)
    begun = schedule.first_day(work, plan)
    latest = (
        select(Photographed.person_id, func.max(Photographed.taken_on).label("taken_on"))
        .where(Photographed.institution_id == work.institution)
        .group_by(Photographed.person_id)
        .subquery()
    )
    query = (
        select(
            Person.id,
            Person.number,
            Person.name,
            Student.unit_id,
            PhotoRoster.group_no,
            CollectionCode.person_id,
            latest.c.taken_on,
        )
        .join(PhotoRoster, PhotoRoster.person_id == Person.id)
        .join(Student, Student.person_id == Person.id)
        .outerjoin(
            CollectionCode,
            (CollectionCode.person_id == Person.id)
            & (CollectionCode.season_id == PhotoRoster.season_id),
        )
        .outerjoin(latest, latest.c.person_id == Person.id)
        .where(PhotoRoster.season_id == plan.season_id)
        .order_by(Student.unit_id, Person.number)
    )
    if units_ is not None:
        query = query.where(Student.unit_id.in_(units_))
    turns = schedule.rows(work, plan)
    last = policy.makeup.until
    late = last is not None and last - timedelta(days=policy.last_days) <= today
    found = []
    for person, number, name, unit, group, code, taken in work.session.execute(query):
        if taken is not None and (
            (begun is not None and taken >= begun) or keeps_until(policy, taken) >= today
        ):
            continue
        own = schedule.theirs(turns.get(unit, []), group)
        missed = bool(own) and all(one.over_at <= work.now for one in own)
        has_code = code is not None
        found.append(Missing(person, number, name, unit, group, has_code, missed, missed and late))
    return found
