"""What finance is told: a day that agrees, what differs, what has explained itself, a bill that does not come.

Each is told once, and again only where it has changed.
"""

from collections.abc import Sequence

from sqlalchemy import exists, select

from backend.models import BillDifference, DailyBill
from backend.work import Work


def differs(work: Work, bill: DailyBill) -> None:
    """Announce what they have not heard of this day."""
    new = work.session.scalars(
        select(BillDifference)
        .where(BillDifference.bill_id == bill.id, BillDifference.told_at.is_(None))
        .order_by(BillDifference.id)
        .with_for_update()
    ).all()
    if not new:
        return
    for one in new:
        one.told_at = work.now
    bill.told_at = work.now
    numbers = [one.number for one in new]
    work.emit("reconciliation.differs", bill.day.isoformat(), numbers=numbers)


def explained(work: Work, bill: DailyBill, gone: Sequence[BillDifference]) -> None:
    if gone:
        numbers = [one.number for one in gone]
        work.emit("reconciliation.explained", bill.day.isoformat(), numbers=numbers)


def agreed(work: Work, provider: str) -> None:
    """All days that agree and were not told yet, together, once no other is about to be compared."""
    ours = (DailyBill.institution_id == work.institution, DailyBill.provider == provider)
    unanswered = DailyBill.tried_at.is_(None) | (DailyBill.tried_at < DailyBill.asked_at)
    under_way = exists().where(
        *ours, DailyBill.compared_at.is_(None), DailyBill.asked_at.is_not(None), unanswered
    )
    if work.session.scalar(select(under_way)):
        return
    untold = work.session.scalars(
        select(DailyBill)
        .where(*ours, DailyBill.compared_at.is_not(None), DailyBill.told_at.is_(None))
        .order_by(DailyBill.day)
        .with_for_update()
    ).all()
    for bill in untold:
        bill.told_at = work.now
    if untold:
        days = [bill.day.isoformat() for bill in untold]
        work.emit("reconciliation.agreed", days[-1], days=days)


def late(work: Work, overdue: Sequence[DailyBill]) -> None:
    """Bills that should have been there for a day."""
    new = [bill for bill in overdue if bill.late_told_at is None]
    for bill in new:
        bill.late_told_at = work.now
    if new:
        days = [bill.day.isoformat() for bill in new]
        work.emit("reconciliation.late", days[-1], days=days)
