"""What is known here of a day's payments and refunds, for ``comparing``.

A payment belongs to the day on which the provider says that it was made. A refund belongs to the day
on which the provider took it on, which is known here a moment later: so it, and whatever happened in
the last minutes of a day, is expected only once the next day's bill is there too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, select
from sqlalchemy.orm import aliased

from backend.clock import SHANGHAI
from backend.ledger import postings
from backend.models import (
    Application,
    AuditEntry,
    BillLine,
    DailyBill,
    Payment,
    Refund,
)
from backend.payments.provider import CURRENCY, TOLERANCE
from backend.reconciliation.comparing import About, Billed, Finding, Key, Kind, Known, compare
from backend.refunds.states import KIND, State, first_number, own_number
from backend.work import Work

_AT_ONCE = 500  # names in one statement
_EARLIER = aliased(AuditEntry)


@dataclass(frozen=True, slots=True)
class Day:
    """From its first moment to the one after its last, in China's time."""

    begins: datetime
    ends: datetime

    @classmethod
    def of(cls, day: date) -> "Day":
        first = datetime.combine(day, time(), SHANGHAI)
        return cls(first, datetime.combine(day + timedelta(days=1), time(), SHANGHAI))


def findings(work: Work, bill: DailyBill) -> list[Finding]:
    """What differs now; the bill has been fetched."""
    billed = lines(work, bill)
    known = dict(_named(work, bill))
    expected = dict(_expected(work, bill))
    elsewhere = _elsewhere(work, bill, expected)
    found = list(compare(billed, known | expected, expected.keys(), elsewhere))
    entered = postings.fee_entered(work, provider=bill.provider, day=bill.day)
    if entered != bill.fee_fen:
        of_day = bill.day.isoformat()
        found.append(Finding(About.FEE, of_day, Kind.OTHER_AMOUNT, bill.fee_fen, entered))
    return found


def lines(work: Work, bill: DailyBill) -> list[Billed]:
    """The rows of the bill, in its order."""
    rows = work.session.scalars(
        select(BillLine).where(BillLine.bill_id == bill.id).order_by(BillLine.place)
    )
    return [
        Billed(row.about, row.reference, row.belongs_to, row.amount_fen, row.state) for row in rows
    ]


def _named(work: Work, bill: DailyBill) -> Iterator[tuple[Key, Known]]:
    """Whatever the bill names and is known here, of whatever day."""
    in_bill = exists().where(
        BillLine.bill_id == bill.id, BillLine.reference == Payment.transaction_id
    )
    yield from _payments(work, bill, in_bill.where(BillLine.about == About.PAYMENT))
    named = select(BillLine.reference).where(
        BillLine.bill_id == bill.id, BillLine.about == About.REFUND
    )
    by_number: dict[str, list[str]] = {}
    for reference in work.session.scalars(named):
        by_number.setdefault(own_number(reference), []).append(reference)
    numbers = sorted(by_number)
    for at in range(0, len(numbers), _AT_ONCE):
        query = _REFUNDS.where(Application.number.in_(numbers[at : at + _AT_ONCE]))
        for number, known in _refunds(work, query):
            theirs = (one for one in by_number[number] if known.is_called(one))
            yield from (((About.REFUND, one), known.under(one)) for one in theirs)


def _expected(work: Work, bill: DailyBill) -> Iterator[tuple[Key, Known]]:
    """What should be in this bill."""
    day = Day.of(bill.day)
    sure_until = day.ends if _followed(work, bill) else day.ends - TOLERANCE
    within = and_(Payment.paid_at >= day.begins, Payment.paid_at < sure_until)
    yield from _payments(work, bill, within)
    taken_on = select(AuditEntry.subject).where(
        AuditEntry.institution_id == work.institution,
        AuditEntry.event == "send",
        AuditEntry.at >= day.begins,
        AuditEntry.at < sure_until,
    )
    sent_before = exists().where(
        _EARLIER.institution_id == work.institution,
        _EARLIER.subject == Application.number,
        _EARLIER.event == "send",
        _EARLIER.at < day.begins,
    )
    theirs = _REFUNDS.where(
        Payment.provider == bill.provider, Application.number.in_(taken_on), ~sent_before
    )
    for _number, known in _refunds(work, theirs):
        first = first_number(known.asked_as)
        yield (About.REFUND, first), known.under(first)


def _payments(
    work: Work, bill: DailyBill, which: ColumnElement[bool]
) -> Iterator[tuple[Key, Known]]:
    rows = work.session.execute(
        select(Payment.transaction_id, Payment.charge_number, Payment.amount_fen).where(
            Payment.institution_id == work.institution,
            Payment.provider == bill.provider,
            Payment.currency == CURRENCY,
            which,
        )
    )
    for transaction, charge, fen in rows:
        yield (About.PAYMENT, transaction), Known(charge, fen)


@dataclass(frozen=True, slots=True)
class _Refund:
    asked_as: str
    transaction: str
    fen: int
    state: str

    def is_called(self, number: str) -> bool:
        """The provider knows, or knew, it by this number."""
        return first_number(number) == first_number(self.asked_as)

    def under(self, number: str) -> Known:
        """What the provider closed under an earlier number was paid in another way, as one by hand is."""
        state = self.state if number == self.asked_as else State.BY_HAND
        return Known(self.transaction, self.fen, state)


_REFUNDS = (
    select(
        Application.number,
        Refund.asked_as,
        Payment.transaction_id,
        Refund.amount_fen,
        Application.state,
    )
    .join(Refund, Refund.application_id == Application.id)
    .join(Payment, Payment.id == Refund.payment_id)
    .where(Application.kind == KIND)
)


def _refunds(work: Work, query: Select[*tuple[Any, ...]]) -> Iterator[tuple[str, _Refund]]:
    """By our numbers."""
    ours = query.where(Application.institution_id == work.institution)
    for number, *rest in work.session.execute(ours):
        yield number, _Refund(*rest)


def _followed(work: Work, bill: DailyBill) -> bool:
    """The next day's bill is there."""
    next_one = exists().where(
        DailyBill.institution_id == work.institution,
        DailyBill.provider == bill.provider,
        DailyBill.day == bill.day + timedelta(days=1),
        DailyBill.fetched_at.is_not(None),
    )
    return bool(work.session.scalar(select(next_one)))


def _elsewhere(work: Work, bill: DailyBill, expected: dict[Key, Known]) -> dict[Key, bool]:
    """What other bills name of what this one names, or should; True where that bill is of before."""
    mine = select(BillLine.about, BillLine.reference).where(BillLine.bill_id == bill.id).subquery()
    others = (
        select(BillLine.about, BillLine.reference, DailyBill.day)
        .join(DailyBill, DailyBill.id == BillLine.bill_id)
        .where(
            BillLine.institution_id == work.institution,
            DailyBill.provider == bill.provider,
            BillLine.bill_id != bill.id,
        )
    )
    named = others.join(
        mine, and_(mine.c.about == BillLine.about, mine.c.reference == BillLine.reference)
    )
    rows = list(work.session.execute(named))
    references = sorted({reference for _, reference in expected})
    for at in range(0, len(references), _AT_ONCE):
        piece = references[at : at + _AT_ONCE]
        rows += work.session.execute(others.where(BillLine.reference.in_(piece)))
    found: dict[Key, bool] = {}
    for about, reference, day in rows:
        key = (about, reference)
        found[key] = found.get(key, False) or day < bill.day
    return found
