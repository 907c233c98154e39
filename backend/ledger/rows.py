"""The rows of a statement: what was there, every line with the balance after it, totals, what is there.

A balance is that of the line's account, positive where it is what the account normally has.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from backend.goods import Title
from backend.ledger import chart, wording
from backend.ledger.balances import Turnover, on_its_side, total
from backend.ledger.statement import Movement


@dataclass(frozen=True, slots=True)
class Row:
    """As it is shown; amounts in fen, None where the cell stays empty. ``strong`` rows are sums."""

    number: int | None
    booked_at: datetime | None
    happened_at: datetime | None
    what: str
    reference: str
    order: str
    account: str
    debit_fen: int | None
    credit_fen: int | None
    balance_fen: int | None
    strong: bool = False


def rows(
    accounts: Mapping[str, Turnover], movements: Iterable[Movement], language: str
) -> Iterator[Row]:
    """``accounts`` are those of the month, ``movements`` its lines in order."""
    names = {one: wording.into(chart.name(one), language) for one in accounts}
    ordered = chart.in_order(set(accounts))
    standing = {one: accounts[one].opening_fen for one in ordered}
    for account in ordered:
        yield _balance(wording.OPENING, language, names[account], account, standing[account])
    for one in movements:
        standing[one.account] += one.amount_fen
        yield Row(
            one.number,
            one.booked_at,
            one.happened_at,
            wording.what(one, language),
            wording.reference(one, language),
            one.order,
            names[one.account],
            one.amount_fen if one.amount_fen > 0 else None,
            -one.amount_fen if one.amount_fen < 0 else None,
            on_its_side(one.account, standing[one.account]),
        )
    whole = total(accounts)
    words = wording.into(wording.TOTAL, language)
    yield _sum(words, "", whole.debit_fen, whole.credit_fen, None)
    for account in ordered:
        yield _balance(wording.CLOSING, language, names[account], account, standing[account])


def _balance(title: Title, language: str, name: str, account: str, fen: int) -> Row:
    return _sum(wording.into(title, language), name, None, None, on_its_side(account, fen))


def _sum(
    words: str, account: str, debit: int | None, credit: int | None, balance: int | None
) -> Row:
    return Row(None, None, None, words, "", "", account, debit, credit, balance, strong=True)
