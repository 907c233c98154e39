"""What stands where, at any time. Amounts are fen; a debit is positive, a credit negative."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select

from backend.ledger.accounts import on_debit_side
from backend.models import LedgerEntry, LedgerLine
from backend.work import Work


@dataclass(frozen=True, slots=True)
class Turnover:
    """What an account had at the beginning of a time (signed), and what moved in it (not negative)."""

    opening_fen: int
    debit_fen: int
    credit_fen: int

    @property
    def closing_fen(self) -> int:
        return self.opening_fen + self.debit_fen - self.credit_fen


def balances(work: Work, before: datetime | None = None) -> dict[str, int]:
    """Every account that was ever used: what was booked before a moment, or all there is."""
    until = [] if before is None else [LedgerEntry.booked_at < before]
    return {account: debit - credit for account, (debit, credit) in _sums(work, *until).items()}


def turnovers(
    work: Work, begins: datetime, ends: datetime, last: int | None = None
) -> dict[str, Turnover]:
    """By account, what was booked from ``begins`` until before ``ends`` in entries up to ``last``."""
    upto = [] if last is None else [LedgerEntry.number <= last]
    opening = _sums(work, LedgerEntry.booked_at < begins, *upto)
    moved = _sums(work, LedgerEntry.booked_at >= begins, LedgerEntry.booked_at < ends, *upto)
    found = {}
    for account in opening.keys() | moved.keys():
        before, within = opening.get(account, (0, 0)), moved.get(account, (0, 0))
        found[account] = Turnover(before[0] - before[1], *within)
    return found


def on_its_side(account: str, fen: int) -> int:
    """A balance as people read it: positive where it is what this account normally has."""
    return fen if on_debit_side(account) else -fen


def total(found: Mapping[str, Turnover]) -> Turnover:
    return Turnover(
        sum(one.opening_fen for one in found.values()),
        sum(one.debit_fen for one in found.values()),
        sum(one.credit_fen for one in found.values()),
    )


def _sums(work: Work, *where: ColumnElement[bool]) -> dict[str, tuple[int, int]]:
    """Debits and credits by account."""
    amount = LedgerLine.amount_fen
    query = (
        select(
            LedgerLine.account,
            func.sum(case((amount > 0, amount), else_=0)),
            func.sum(case((amount < 0, -amount), else_=0)),
        )
        .join(
            LedgerEntry,
            (LedgerEntry.institution_id == LedgerLine.institution_id)
            & (LedgerEntry.number == LedgerLine.number),
        )
        .where(LedgerEntry.institution_id == work.institution, *where)
        .group_by(LedgerLine.account)
    )
    return {
        account: (int(debit), int(credit)) for account, debit, credit in work.session.execute(query)
    }
