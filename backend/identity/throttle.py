"""Wrong passwords cost time: for the account they were tried on, and for where they came from.

A try is counted before the password is looked at, so that many at once are no way around it; a right
one wipes its account's count. Accounts that do not exist are counted like those that do.
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from backend.database import insert_into
from backend.models import SignInTry
from backend.work import Work

FORGOTTEN = timedelta(hours=24)  # a count that has not grown for so long begins anew
ACCOUNT_PAUSES = (0, 0, 5, 15, 15 * 60, 30 * 60)  # seconds after the first, second, ... failure
ACCOUNT_LOCK = 60 * 60  # after every further one; no longer, or strangers could shut anybody out
ADDRESS_TRIES = 50  # a whole dormitory may share an address
ADDRESS_LOCK = 15 * 60
LOCKED_FROM = 60  # seconds; a pause this long is called a lock


def account(index: str) -> str:
    return f"account:{index}"


def address(mark: str) -> str:
    return f"address:{mark}"


def take(work: Work, *whos: str) -> datetime | None:
    """Count a try for each of these; or the time before which there is none, and nothing counts."""
    rows = {who: _row(work, who) for who in sorted(whos)}
    waits = [row.until for row in rows.values() if row.until and row.until > work.now]
    if waits:
        return max(waits)
    for who, row in rows.items():
        if work.now - row.last_at > FORGOTTEN:
            row.failures = 0
        row.failures += 1
        row.last_at = work.now
        pause = _pause(who, row.failures)
        row.until = work.now + timedelta(seconds=pause) if pause else None
    work.session.flush()
    return None


def waiting(work: Work, *whos: str) -> datetime | None:
    """Until when the next try has to wait."""
    latest = work.session.scalar(
        select(func.max(SignInTry.until)).where(
            SignInTry.institution_id == work.institution,
            SignInTry.who.in_(whos),
            SignInTry.until > work.now,
        )
    )
    return latest


def clear(work: Work, who: str) -> None:
    """The password was right."""
    work.session.execute(
        delete(SignInTry).where(SignInTry.institution_id == work.institution, SignInTry.who == who)
    )


def give_back(work: Work, who: str) -> None:
    """The try was no failure of this address; what else came from it still counts."""
    row = _row(work, who)
    row.failures = max(row.failures - 1, 0)
    if row.failures < ADDRESS_TRIES:
        row.until = None
    work.session.flush()


def forget_due(work: Work) -> int:
    """Counts that would begin anew, and with them the marks of where the tries came from."""
    old = delete(SignInTry).where(
        SignInTry.institution_id == work.institution, SignInTry.last_at < work.now - FORGOTTEN
    )
    return len(work.session.execute(old.returning(SignInTry.who)).all())


def _pause(who: str, failures: int) -> int:
    if who.startswith("address:"):
        return ADDRESS_LOCK if failures >= ADDRESS_TRIES else 0
    return ACCOUNT_PAUSES[failures - 1] if failures <= len(ACCOUNT_PAUSES) else ACCOUNT_LOCK


def _row(work: Work, who: str) -> SignInTry:
    """Locked until this transaction is over."""
    first = {
        "institution_id": work.institution,
        "who": who,
        "failures": 0,
        "last_at": work.now,
    }
    insert = insert_into(work.writing, SignInTry).values(first)
    kept = insert.on_conflict_do_update(  # which locks it, so that nobody forgets it now
        index_elements=[SignInTry.institution_id, SignInTry.who], set_={"who": who}
    )
    work.session.execute(kept)
    return work.session.scalars(
        select(SignInTry)
        .where(SignInTry.institution_id == work.institution, SignInTry.who == who)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one()
