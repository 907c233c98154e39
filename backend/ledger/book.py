"""Writes entries: balanced, numbered without gaps, each fact once.

Entries of an institution are written one after another: whoever posts keeps the turn until the
transaction ends, so post after every other lock is taken, last of all.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, text

from backend.models import LedgerEntry, LedgerLine
from backend.work import Work

LOCK = 7265  # any number; the triggers of guard.py know it too
_TURN = text("SELECT pg_advisory_xact_lock(:lock, hashtext(:institution))")


class Contradiction(Exception):
    """The same fact is in the ledger with other amounts; whoever posts it is mistaken."""


class Overdrawn(Exception):
    """More is to be moved than there is: it was moved already, or never came."""


@dataclass(frozen=True, slots=True, order=True)
class Line:
    """``amount_fen`` positive: a debit. ``payment`` is "wechat:4200…"; ``why`` it is held."""

    account: str
    amount_fen: int
    order_id: int | None = None
    payment: str | None = None
    why: str = ""


def post(
    work: Work, key: str, kind: str, subject: str, happened_at: datetime, lines: Iterable[Line]
) -> int:
    """Write an entry; its number. The same key with the same lines is the same entry.

    Raises Contradiction when the key stands there with other lines, ValueError when the lines are
    fewer than two, one moves nothing, or they do not add up to nothing.
    """
    asked = [one for one in lines if one.amount_fen]
    if len(asked) < 2 or sum(one.amount_fen for one in asked) != 0:
        raise ValueError(f"{key}: an entry has two sides that are equal")
    if (known := posted(work, key)) is not None:
        if sorted(map(_comparable, lines_of(work, known))) != sorted(map(_comparable, asked)):
            raise Contradiction(key)
        return known
    number = _last(work) + 1
    connection = work.writing
    connection.execute(
        insert(LedgerLine),
        [
            {
                "institution_id": work.institution,
                "number": number,
                "line": index,
                "account": one.account,
                "amount_fen": one.amount_fen,
                "order_id": one.order_id,
                "payment": one.payment,
                "why": one.why,
            }
            for index, one in enumerate(asked, 1)
        ],
    )
    connection.execute(
        insert(LedgerEntry),
        {
            "institution_id": work.institution,
            "number": number,
            "key": key,
            "kind": kind,
            "subject": subject,
            "booked_at": work.now,
            "happened_at": happened_at,
        },
    )
    return number


def take_turn(work: Work) -> None:
    """Nobody else writes entries from now on, until the end; on SQLite that is so anyway."""
    connection: Connection = work.writing
    if connection.dialect.name == "postgresql":
        connection.execute(_TURN, {"lock": LOCK, "institution": work.institution})


def posted(work: Work, key: str) -> int | None:
    """The number of the entry of this fact. Takes the turn, so that the answer stays true."""
    take_turn(work)
    number: int | None = work.writing.execute(
        select(LedgerEntry.number).where(
            LedgerEntry.institution_id == work.institution, LedgerEntry.key == key
        )
    ).scalar_one_or_none()
    return number


def lines_of(work: Work, number: int) -> list[Line]:
    """The lines of an entry as they were written."""
    rows = work.writing.execute(
        select(
            LedgerLine.account,
            LedgerLine.amount_fen,
            LedgerLine.order_id,
            LedgerLine.payment,
            LedgerLine.why,
        )
        .where(LedgerLine.institution_id == work.institution, LedgerLine.number == number)
        .order_by(LedgerLine.line)
    )
    return [Line(*row) for row in rows]


def owed(work: Work, account: str, payment: str, order_id: int | None = None) -> int:
    """What stands on the credit side of an account from one payment (for one order), in fen."""
    query = select(func.coalesce(func.sum(-LedgerLine.amount_fen), 0)).where(
        LedgerLine.institution_id == work.institution,
        LedgerLine.account == account,
        LedgerLine.payment == payment,
    )
    if order_id is not None:
        query = query.where(LedgerLine.order_id == order_id)
    return int(work.writing.execute(query).scalar_one())


def _last(work: Work) -> int:
    query = select(func.coalesce(func.max(LedgerEntry.number), 0)).where(
        LedgerEntry.institution_id == work.institution
    )
    return int(work.writing.execute(query).scalar_one())


def _comparable(line: Line) -> tuple[str, int, int, str, str]:
    return line.account, line.amount_fen, line.order_id or 0, line.payment or "", line.why
