"""The statement of a month (in China's time): what was there, every movement, what is there now.

It covers the entries up to a number that is fixed when it is asked for. Entries never change, so it
may be read in pieces, and comes to the same whenever it is read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, func, select, tuple_

from backend.authority import Role, require
from backend.clock import SHANGHAI, local_date
from backend.ledger.balances import Turnover, turnovers
from backend.models import LedgerEntry, LedgerLine, Order
from backend.office import Office
from backend.work import Work

PIECE = 2000  # lines that are read at once


@dataclass(frozen=True, slots=True, order=True)
class Month:
    year: int
    month: int

    @classmethod
    def of(cls, moment: datetime) -> "Month":
        day = local_date(moment)
        return cls(day.year, day.month)

    @classmethod
    def named(cls, text: str) -> "Month":
        """Of ``2026-11``; raises ValueError."""
        day = date.fromisoformat(f"{text}-01")
        return cls(day.year, day.month)

    def __str__(self) -> str:
        return f"{self.year}-{self.month:02}"

    def shifted(self, months: int) -> "Month":
        count = self.year * 12 + self.month - 1 + months
        return Month(count // 12, count % 12 + 1)

    @property
    def begins(self) -> datetime:
        return datetime(self.year, self.month, 1, tzinfo=SHANGHAI)

    @property
    def ends(self) -> datetime:
        """The first moment that is not in it."""
        return self.shifted(1).begins


@dataclass(frozen=True, slots=True)
class Movement:
    """One line of an entry, with all that says what it is."""

    number: int
    line: int
    booked_at: datetime
    happened_at: datetime
    kind: str
    subject: str
    order: str  # its number; "" where there is none
    account: str
    amount_fen: int  # debits positive
    why: str


def last_number(work: Work) -> int:
    """Of the newest entry; 0 where there is none."""
    query = select(func.coalesce(func.max(LedgerEntry.number), 0)).where(
        LedgerEntry.institution_id == work.institution
    )
    return int(work.session.execute(query).scalar_one())


def first_month(work: Work) -> Month | None:
    """In which the first entry was booked."""
    first = work.session.scalar(
        select(func.min(LedgerEntry.booked_at)).where(
            LedgerEntry.institution_id == work.institution
        )
    )
    return None if first is None else Month.of(first)


def of_month(work: Work, month: Month, last: int | None = None) -> dict[str, Turnover]:
    """Opening balance, debits and credits of each account that was ever used until the month's end."""
    return turnovers(work, month.begins, month.ends, last)


def to_see(work: Work, month: Month, last: int | None = None) -> dict[str, Turnover]:
    """The same, for finance; raises NotAllowed."""
    require(work, Role.FINANCE)
    return of_month(work, month, last)


def count(work: Work, month: Month, last: int) -> int:
    """How many lines the month has."""
    query = select(func.count()).select_from(_lines(work, month, last).subquery())
    return int(work.session.execute(query).scalar_one())


def movements(office: Office, month: Month, last: int) -> Iterator[list[Movement]]:
    """The month's lines in the order of their numbers, in pieces; no session is held in between."""
    after = (0, 0)
    while True:
        with office.read() as work:
            query = (
                _lines(work, month, last)
                .where(tuple_(LedgerEntry.number, LedgerLine.line) > after)
                .limit(PIECE)
            )
            piece = [Movement(*row) for row in work.session.execute(query)]
        if not piece:
            return
        yield piece
        after = (piece[-1].number, piece[-1].line)


def _lines(work: Work, month: Month, last: int) -> Select[*tuple[Any, ...]]:
    return (
        select(
            LedgerEntry.number,
            LedgerLine.line,
            LedgerEntry.booked_at,
            LedgerEntry.happened_at,
            LedgerEntry.kind,
            LedgerEntry.subject,
            func.coalesce(Order.number, ""),
            LedgerLine.account,
            LedgerLine.amount_fen,
            LedgerLine.why,
        )
        .join(
            LedgerLine,
            (LedgerLine.institution_id == LedgerEntry.institution_id)
            & (LedgerLine.number == LedgerEntry.number),
        )
        .outerjoin(Order, Order.id == LedgerLine.order_id)
        .where(
            LedgerEntry.institution_id == work.institution,
            LedgerEntry.booked_at >= month.begins,
            LedgerEntry.booked_at < month.ends,
            LedgerEntry.number <= last,
        )
        .order_by(LedgerEntry.number, LedgerLine.line)
    )
