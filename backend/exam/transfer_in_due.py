"""What time alone brings about for scores from another province: news, reminders, missed (E7)."""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import select

from backend.clock import SHANGHAI
from backend.exam.transfer_in import FOR_REVIEWERS, WORKFLOW, State
from backend.models import TransferIn
from backend.policy import store
from backend.work import Work


def tell_due(work: Work) -> int:
    """What an import has changed is told to the candidate; how many."""
    query = select(TransferIn).where(
        TransferIn.institution_id == work.institution, TransferIn.told_at.is_(None)
    )
    due = work.session.scalars(query.with_for_update(skip_locked=True)).all()
    for transfer in due:
        transfer.told_at = work.now
        work.emit("transfer_in.news", transfer.number)
    _prompt(work, due)
    return len(due)


def _prompt(work: Work, moved: Sequence[TransferIn]) -> None:
    """Those who have to act next are asked once for all of them: an import brings many."""
    theirs = [one.number for one in moved if one.state in FOR_REVIEWERS]
    if theirs:
        work.emit("transfer_in.to_review", theirs[0], numbers=theirs)


def remind_due(work: Work) -> int:
    """The evening before an appointment and some hours before it, once each (E7); how many.

    Of two that are due at once only the later one is sent, and none once the time has come.
    """
    query = select(TransferIn).where(
        TransferIn.institution_id == work.institution,
        TransferIn.state == State.INVITED,
        TransferIn.confirm_at > work.now,
        TransferIn.reminded_hours_at.is_(None),
    )
    coming = work.session.scalars(query.with_for_update(skip_locked=True)).all()
    if not coming:
        return 0
    policy, sent = store.exam(work).transfer_in, 0
    for transfer in coming:
        at = transfer.confirm_at
        if at is None:
            continue
        if policy.remind_hours and work.now >= at - timedelta(hours=policy.remind_hours):
            transfer.reminded_hours_at = work.now
            work.emit("transfer_in.remind_hours", transfer.number)
            sent += 1
        elif (
            policy.remind_evening_at is not None
            and transfer.reminded_evening_at is None
            and work.now >= evening_before(at, policy.remind_evening_at)
        ):
            transfer.reminded_evening_at = work.now
            work.emit("transfer_in.remind_evening", transfer.number)
            sent += 1
    return sent


def evening_before(at: datetime, evening: time) -> datetime:
    day = at.astimezone(SHANGHAI).date() - timedelta(days=1)
    return datetime.combine(day, evening, SHANGHAI)


def miss_due(work: Work) -> int:
    """Whoever has not been confirmed by the end of the day of the appointment was not there."""
    begins = work.now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    query = select(TransferIn).where(
        TransferIn.institution_id == work.institution,
        TransferIn.state == State.INVITED,
        TransferIn.confirm_at < begins,
    )
    due = work.session.scalars(query.with_for_update(skip_locked=True)).all()
    for transfer in due:
        WORKFLOW.take(work, transfer, "miss")
    _prompt(work, due)
    return len(due)
