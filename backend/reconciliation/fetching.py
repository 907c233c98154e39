"""Fetching a day's bill, keeping it, and comparing it. No transaction waits for the provider or the store.

Every step may be done again: the same bill is kept once, a payment is taken once, and a difference is
found once.
"""

import logging
from contextlib import suppress
from datetime import date
from hashlib import sha256

from sqlalchemy import delete, exists, insert, select

from backend import blobs, charges
from backend.blobs import NewFile
from backend.files import drop, written
from backend.ledger import postings
from backend.ledger.book import Contradiction
from backend.models import BillDifference, BillLine, DailyBill, Payment
from backend.office import Office
from backend.payments import settle
from backend.payments.provider import (
    CURRENCY,
    Bill,
    BillPayment,
    PaymentNotice,
    ProviderRefused,
    ProviderUnreachable,
)
from backend.reconciliation import days, differences, ours, telling
from backend.reconciliation.comparing import About, Finding, Kind
from backend.reconciliation.differences import WORKFLOW, State
from backend.work import Work

NOT_READY, UNREACHABLE, FAILED = "not_ready", "unreachable", "failed"
CSV = "text/csv"
log = logging.getLogger(__name__)


def run(office: Office, number: str) -> None:
    """The job ``reconcile`` for the day ``number``."""
    reconcile(office, date.fromisoformat(number))


def give_up(work: Work, number: str) -> None:
    """It has failed for good, which was told; it is asked for again in an hour."""
    for row in days.waiting(work, date.fromisoformat(number)):
        row.tried_at, row.trouble = work.now, FAILED


def reconcile(office: Office, day: date) -> bool:
    """At any time, any number of times. False: there is no bill (yet)."""
    provider = office.payments
    if provider is None:
        return False
    with office.read() as work:
        ours = charges.payees(work, provider.name)
    try:
        bill = provider.bill(day, ours)
        trouble = NOT_READY if bill is None else ""
    except ProviderUnreachable as error:
        log.warning("the bill of %s is asked for again later: %s", day, error)
        bill, trouble = None, UNREACHABLE
    except ProviderRefused as refused:
        log.error("the bill of %s is refused: %s", day, refused)
        bill, trouble = None, refused.code
    if bill is None:
        with office.work() as work:
            row = days.expected(work, provider.name, day)
            row.tried_at, row.trouble = work.now, trouble
        return False
    _keep(office, provider.name, bill)
    for paid in _lost(office, provider.name, bill):
        _take(office, provider.name, day, paid)
    _enter_fee(office, provider.name, day)
    _compare(office, provider.name, day)
    return True


# --- keeping it -----------------------------------------------------------------------------


def _keep(office: Office, provider: str, bill: Bill) -> None:
    digest = sha256(bill.content).hexdigest()
    with office.read() as work:
        known = days.of_day(work, provider, bill.day)
        if known is not None and known.fetched_at is not None and known.sha256 == digest:
            return
    name = f"{provider}-{bill.day}.csv"
    files = [NewFile(bill.content, None, name, CSV, private=True)] if bill.content else []
    ids = written(office, files)
    with office.work() as work:
        row = _locked(work, provider, bill.day)
        if row.fetched_at is None or row.sha256 != digest:
            if row.blob_id is not None:
                blobs.delete(work, [row.blob_id])
            row.blob_id = blobs.keep(work, ids[0], expires_at=None).id if ids else None
            row.sha256, row.fetched_at = digest, work.now
            _write(work, row, bill)
            return
    drop(office, ids)  # another run was faster


def _write(work: Work, row: DailyBill, bill: Bill) -> None:
    row.payments, row.refunds = len(bill.payments), len(bill.refunds)
    row.paid_fen = sum(one.amount_fen for one in bill.payments)
    row.refunded_fen = sum(one.amount_fen for one in bill.refunds)
    kept = sum(one.fee_fen for one in bill.payments)
    row.fee_fen = kept - sum(one.fee_fen for one in bill.refunds)
    work.session.execute(delete(BillLine).where(BillLine.bill_id == row.id))
    common = {"bill_id": row.id, "institution_id": work.institution}
    lines = [
        common
        | {
            "about": About.PAYMENT,
            "reference": one.transaction_id,
            "belongs_to": one.charge_number,
            "amount_fen": one.amount_fen,
            "fee_fen": one.fee_fen,
            "state": "",
            "paid_at": one.paid_at,
        }
        for one in bill.payments
    ] + [
        common
        | {
            "about": About.REFUND,
            "reference": one.number,
            "belongs_to": one.transaction_id,
            "amount_fen": one.amount_fen,
            "fee_fen": one.fee_fen,
            "state": one.state,
            "paid_at": None,
        }
        for one in bill.refunds
    ]
    if lines:
        numbered = [line | {"place": place} for place, line in enumerate(lines, 1)]
        work.writing.execute(insert(BillLine), numbered)
    work.session.flush()


# --- money that nobody told us of -----------------------------------------------------------


def _lost(office: Office, provider: str, bill: Bill) -> list[BillPayment]:
    with office.read() as work:
        row = days.of_day(work, provider, bill.day)
        here = exists().where(
            Payment.institution_id == work.institution,
            Payment.provider == provider,
            Payment.transaction_id == BillLine.reference,
        )
        lost = set(
            work.session.scalars(
                select(BillLine.reference).where(
                    BillLine.bill_id == (row.id if row else None),
                    BillLine.about == About.PAYMENT,
                    ~here,
                )
            )
        )
    unheard = {one.transaction_id: one for one in bill.payments if one.transaction_id in lost}
    return list(unheard.values())


def _take(office: Office, provider: str, day: date, paid: BillPayment) -> None:
    """As if its notice came now; the difference is kept in the same transaction."""
    notice = PaymentNotice(
        provider, paid.transaction_id, paid.charge_number, paid.amount_fen, CURRENCY, paid.paid_at
    )
    finding = Finding(
        About.PAYMENT,
        paid.transaction_id,
        Kind.ONLY_BILLED,
        paid.amount_fen,
        None,
        paid.charge_number,
    )
    with office.work() as work:
        row = _locked(work, provider, day)
        if settle.recorded(work, notice) is not None:
            return  # the notice has come this very moment
        there = {(one.about, one.reference): one for one in differences.of(work, row)}
        found = differences.found(work, row, finding, there)
        found.outcome = settle.take(work, notice)
        if found.outcome != settle.Outcome.UNKNOWN:
            WORKFLOW.take(work, found, "explain", why=found.outcome)


# --- comparing ------------------------------------------------------------------------------


def _enter_fee(office: Office, provider: str, day: date) -> None:
    """What the provider has kept; where other was entered before, that is a difference."""
    with office.work() as work, suppress(Contradiction):
        row = _locked(work, provider, day)
        postings.provider_fee(
            work, provider=provider, day=day, fee_fen=row.fee_fen, at=ours.Day.of(day).ends
        )


def _compare(office: Office, provider: str, day: date) -> None:
    """This day, and every other that has something open, or waited for this one."""
    with office.read() as work:
        others = _concerned(work, provider, day)
    for one in (day, *others):
        with office.work() as work:
            row = _locked(work, provider, one)
            gone = differences.note(work, row, ours.findings(work, row))
            if one == day:
                row.compared_at, row.tried_at, row.trouble = work.now, work.now, ""
            work.session.flush()
            telling.differs(work, row)
            telling.explained(work, row, gone)
    with office.work() as work:
        telling.agreed(work, provider)


def _concerned(work: Work, provider: str, day: date) -> list[date]:
    is_open = exists().where(
        BillDifference.bill_id == DailyBill.id, BillDifference.state == State.OPEN
    )
    found = work.session.scalars(
        select(DailyBill.day)
        .where(
            DailyBill.institution_id == work.institution,
            DailyBill.provider == provider,
            DailyBill.compared_at.is_not(None),
            DailyBill.day != day,
            is_open | (DailyBill.day == day - days.ONE),
        )
        .order_by(DailyBill.day)
    )
    return list(found)


def _locked(work: Work, provider: str, day: date) -> DailyBill:
    days.expected(work, provider, day)
    row = days.of_day(work, provider, day, locked=True)
    if row is None:
        raise LookupError(f"no bill of {day}")
    return row
