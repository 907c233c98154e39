"""Does everything add up? Recomputed from the lines, and compared with payments and orders.

Every question is one statement, so that what is booked meanwhile is seen whole or not at all.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, and_, case, exists, func, select
from sqlalchemy.sql import Select

from backend import orders
from backend.ledger import guard
from backend.ledger.accounts import Account
from backend.ledger.postings import Kind
from backend.models import Disposal, LedgerEntry, LedgerFault, LedgerLine, Order, Payment
from backend.office import Office
from backend.payments.provider import CURRENCY
from backend.work import Work

MINUTE = 47  # of every hour; one that is missed comes with the next
_SAME = and_(
    LedgerLine.institution_id == LedgerEntry.institution_id,
    LedgerLine.number == LedgerEntry.number,
)
_REFERENCE = Payment.provider + ":" + Payment.transaction_id
_INCOME = LedgerLine.account.startswith("income:", autoescape=True)


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """What does not add up. ``subject`` is the number or name of what is concerned."""

    code: str
    subject: str

    @property
    def key(self) -> str:
        return f"{self.code}:{self.subject}"


@dataclass(frozen=True, slots=True)
class Report:
    entries: int
    lines: int
    faults: tuple[Fault, ...]
    foreign: tuple[str, ...]  # payments in another currency, which are not for this ledger


def check(work: Work) -> Report:
    """Looks at all there is; changes nothing."""
    faults = [
        *(Fault("guard_missing", one) for one in guard.missing(work.session.connection())),
        *(
            Fault(code, str(row[0]))
            for code, query in _questions(work)
            for row in _rows(work, query)
        ),
    ]
    own = LedgerEntry.institution_id == work.institution
    entries = work.session.scalar(select(func.count()).where(own)) or 0
    lines = (
        work.session.scalar(
            select(func.count()).where(LedgerLine.institution_id == work.institution)
        )
        or 0
    )
    foreign = work.session.scalars(
        select(_REFERENCE)
        .where(Payment.institution_id == work.institution, Payment.currency != CURRENCY)
        .order_by(_REFERENCE)
    )
    return Report(entries, lines, tuple(faults), tuple(foreign))


def look(office: Office) -> None:
    """Every hour: finance hears of what does not add up."""
    if office.clock.now().minute == MINUTE:
        tell(office)


def tell(office: Office) -> None:
    """Announce ``ledger.fault``: each fault once, and again if it has gone and comes back."""
    with office.read() as work:
        found = {one.key: one for one in check(work).faults}
    with office.work() as work:
        known = {
            one.fault: one
            for one in work.session.scalars(
                select(LedgerFault)
                .where(LedgerFault.institution_id == work.institution)
                .with_for_update()
            )
        }
        for key in known.keys() - found.keys():
            work.session.delete(known[key])
        new = sorted(found.keys() - known.keys())
        for key in new:
            work.session.merge(
                LedgerFault(institution_id=work.institution, fault=key, found_at=work.now)
            )
        if new:
            faults = [[found[key].code, found[key].subject] for key in new]
            work.emit("ledger.fault", f"{len(new)}", faults=faults)


def _rows(work: Work, query: Select[*tuple[Any, ...]]) -> Iterator[Row[Any]]:
    yield from work.session.execute(query)


def _questions(work: Work) -> Iterator[tuple[str, Select[*tuple[Any, ...]]]]:
    """What each fault is called, and the statement that finds it: a row each."""
    own = LedgerEntry.institution_id == work.institution
    own_line = LedgerLine.institution_id == work.institution
    total = func.coalesce(func.sum(LedgerLine.amount_fen), 0)
    yield (
        "entry_unbalanced",
        select(LedgerEntry.number)
        .outerjoin(LedgerLine, _SAME)
        .where(own)
        .group_by(LedgerEntry.number)
        .having((total != 0) | (func.count(LedgerLine.line) < 2))
        .order_by(LedgerEntry.number),
    )
    yield "sum_not_zero", select(total).where(own_line).having(total != 0)
    last = func.coalesce(func.max(LedgerEntry.number), 0)
    yield (
        "number_missing",
        select(last - func.count(LedgerEntry.number))
        .where(own)
        .having(last != func.count(LedgerEntry.number)),
    )
    yield (
        "line_loose",
        select(LedgerLine.number).distinct().where(own_line, ~exists().where(_SAME)),
    )
    yield (
        "overdrawn",
        select(LedgerLine.payment + " " + LedgerLine.account)
        .where(
            own_line,
            LedgerLine.payment.is_not(None),
            _INCOME | LedgerLine.account.in_((Account.HELD, Account.PAYABLE)),
        )
        .group_by(LedgerLine.payment, LedgerLine.account)
        .having(func.sum(LedgerLine.amount_fen) > 0),
    )
    yield from _payments(work)
    yield from _orders(work)
    yield from _disposals(work)


def _payments(work: Work) -> Iterator[tuple[str, Select[*tuple[Any, ...]]]]:
    """Every payment in yuan is an entry of as much, and the other way round."""
    entered = and_(
        LedgerEntry.institution_id == Payment.institution_id,
        LedgerEntry.key == "payment:" + _REFERENCE,
    )
    ours = and_(Payment.institution_id == work.institution, Payment.currency == CURRENCY)
    yield "payment_unbooked", select(_REFERENCE).where(ours, ~exists().where(entered))
    came_in = func.sum(case((LedgerLine.amount_fen > 0, LedgerLine.amount_fen), else_=0))
    yield (
        "payment_differs",
        select(_REFERENCE)
        .join(LedgerEntry, entered)
        .join(LedgerLine, _SAME)
        .where(ours)
        .group_by(_REFERENCE, Payment.amount_fen)
        .having(came_in != Payment.amount_fen),
    )
    yield (
        "payment_not_there",
        select(LedgerLine.payment)
        .distinct()
        .select_from(LedgerEntry)
        .join(LedgerLine, _SAME)
        .where(
            LedgerEntry.institution_id == work.institution,
            LedgerEntry.kind == Kind.PAYMENT,
            LedgerLine.amount_fen < 0,
            ~exists().where(ours, LedgerLine.payment == _REFERENCE),
        ),
    )


def _orders(work: Work) -> Iterator[tuple[str, Select[*tuple[Any, ...]]]]:
    """Every paid order is income of its price, once; and no other order is."""
    booked = (
        select(
            LedgerLine.order_id.label("order_id"),
            func.sum(-LedgerLine.amount_fen).label("fen"),
        )
        .select_from(LedgerLine)
        .join(LedgerEntry, _SAME)
        .where(
            LedgerLine.institution_id == work.institution,
            LedgerEntry.kind.in_((Kind.PAYMENT, Kind.HELD_FOR_ORDER)),
            _INCOME,
        )
        .group_by(LedgerLine.order_id)
        .subquery()
    )
    price = case((Order.state == orders.State.PAID, Order.total_fen), else_=0)
    yield (
        "order_differs",
        select(Order.number)
        .outerjoin(booked, booked.c.order_id == Order.id)
        .where(
            Order.institution_id == work.institution,
            func.coalesce(booked.c.fen, 0) != price,
        )
        .order_by(Order.number),
    )


def _disposals(work: Work) -> Iterator[tuple[str, Select[*tuple[Any, ...]]]]:
    """Whatever finance have done with held money is an entry of as much."""
    booked = (
        select(func.sum(LedgerLine.amount_fen))
        .select_from(LedgerEntry)
        .join(LedgerLine, _SAME)
        .where(
            LedgerEntry.institution_id == Disposal.institution_id,
            LedgerEntry.subject == "held:" + Disposal.number,
            LedgerLine.amount_fen > 0,
        )
        .scalar_subquery()
    )
    done = Disposal.state == "done"
    yield (
        "disposal_differs",
        select(Disposal.number)
        .where(
            Disposal.institution_id == work.institution,
            func.coalesce(booked, 0) != case((done, Disposal.amount_fen), else_=0),
        )
        .order_by(Disposal.number),
    )
