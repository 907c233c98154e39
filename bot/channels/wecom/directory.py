"""Whose WeCom user id it is. WeCom has authenticated it; the registry knows people by number.

A user id is somebody's when it is their number, or when a file or the enterprise's directory says so.
Everything here may be repeated.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from backend import accounts, audit
from backend.errors import Refused
from backend.identity import bindings
from backend.identity.bindings import subject
from backend.models import Person
from backend.office import Office
from backend.registry.tables import lines
from backend.work import Work
from bot.channels.wecom.api import Api

CHANNEL = accounts.WECOM
USERID_COLUMNS = frozenset({"userid", "账号", "帐号", "企业微信账号", "企业微信帐号"})
NUMBER_COLUMNS = frozenset({"number", "学号", "工号", "学工号", "人员编号", "学号/工号"})
ROOT = 1  # the topmost department


@dataclass(slots=True)
class Bound:
    """What became of the user ids. ``unknown``: the registry lacks their person. ``apart``: they are
    somebody else's, or their owner has ended the binding; neither is changed from here."""

    new: int = 0
    same: int = 0
    unknown: list[str] = field(default_factory=list)
    apart: list[str] = field(default_factory=list)


class NoColumns(ValueError):
    """The first line of the file does not name a column of user ids and one of numbers."""


def person_of(work: Work, number: str) -> int | None:
    """By number; written in other case only where that leaves one person."""
    mine = select(Person.id).where(Person.institution_id == work.institution)
    exact = work.session.scalar(mine.where(Person.number == number))
    if exact is not None:
        return exact
    alike = work.session.scalars(mine.where(func.lower(Person.number) == number.lower()).limit(2))
    found = alike.all()
    return found[0] if len(found) == 1 else None


def bind(work: Work, userid: str, person: int) -> bool:
    """The address, which is nobody's, is this person's from now on; False when it has an owner, or
    its owner has ended the binding: then only they bind it again, on the sign-in page."""
    account = accounts.find(work, CHANNEL, userid)
    if account and (account.person_id or audit.last(work, subject(account.id), "unbind")):
        return False
    account = account or accounts.account(work, CHANNEL, userid, None)
    try:
        bindings.bind(work, account.id, person, wish=None)
    except Refused:  # somebody has bound it on the page at this very moment
        return False
    return True


def recognize(office: Office, userid: str) -> int | None:
    """Whose user id this is; whoever writes for the first time and has their number as user id is
    bound at once. None: nobody's that we know."""
    with office.read() as work:
        known = accounts.person_behind(work, CHANNEL, userid)
        person = known or person_of(work, userid)
    if known is not None or person is None:
        return known
    with suppress(IntegrityError), office.work() as work:  # their second word has come at once too
        bind(work, userid, person)
    with office.read() as work:
        return accounts.person_behind(work, CHANNEL, userid)


def bind_all(office: Office, pairs: Iterable[tuple[str, str]]) -> Bound:
    """Bind user ids to numbers, each on its own, so that nobody who is writing meanwhile waits."""
    done = Bound()
    for userid, number in pairs:
        try:
            bind_one(office, userid, number, done)
        except IntegrityError:  # they have written for the first time at this very moment
            bind_one(office, userid, number, done)
    return done


def bind_one(office: Office, userid: str, number: str, done: Bound) -> None:
    """Counted in ``done``."""
    with office.work() as work:
        person = person_of(work, number)
        known = accounts.person_behind(work, CHANNEL, userid)
        new = person is not None and known is None and bind(work, userid, person)
        owner = accounts.person_behind(work, CHANNEL, userid)
    if person is None:
        done.unknown.append(userid)
    elif owner != person:
        done.apart.append(userid)
    elif new:
        done.new += 1
    else:
        done.same += 1


def pairs_in(path: Path) -> Iterator[tuple[str, str]]:
    """User ids and numbers in a CSV or XLSX file. Raises NoColumns, UnreadableFile."""
    with lines(path) as found:
        heads = [cell.casefold() for cell in next(found).cells]
        at_id = next((at for at, head in enumerate(heads) if head in USERID_COLUMNS), None)
        at_number = next((at for at, head in enumerate(heads) if head in NUMBER_COLUMNS), None)
        if at_id is None or at_number is None:
            raise NoColumns
        for line in found:
            cells = [*line.cells, *[""] * len(heads)]
            if cells[at_id] and cells[at_number]:
                yield cells[at_id], cells[at_number]


async def pairs_from(api: Api, department: int = ROOT) -> list[tuple[str, str]]:
    """User ids and numbers as the enterprise's directory has them. Raises ApiError, Unreachable.

    The number stands in an attribute of the member (学号, 工号 ...); otherwise the user id is it.
    Only members in the application's visible range are told.
    """
    told = await api.get("/cgi-bin/user/list", department_id=department, fetch_child=1)
    return [(one["userid"], number_of(one)) for one in told.get("userlist", [])]


def number_of(member: dict[str, Any]) -> str:
    for attribute in (member.get("extattr") or {}).get("attrs") or []:
        if str(attribute.get("name", "")).casefold() in NUMBER_COLUMNS:
            text = attribute.get("text") or {}
            if number := str(text.get("value") or attribute.get("value") or "").strip():
                return number
    return str(member["userid"])
