"""Certificates that time stamps are checked with: without them nothing can be stamped (T8).

They are not ours: they are never registered among those that sign, and no row is kept of them.
"""

from collections.abc import Iterable

from cryptography.x509 import load_pem_x509_certificates
from sqlalchemy import select

from backend import audit
from backend.clock import local_date
from backend.documents import keys
from backend.models import Institution
from backend.policy import store
from backend.work import Work


def warn_due(work: Work, roots: Iterable[bytes]) -> int:
    """Tell of those (PEM) that soon expire, once for each number of days in the policy.

    Nobody is told where a later one of the same name is there.
    """
    known = [keys.info_of(one) for pem in roots for one in load_pem_x509_certificates(pem)]
    days, told = store.credential(work).expiry_warn_days, 0
    for info in known:
        end = info.not_after
        renewed = (one for one in known if one.subject == info.subject and one != info)
        if end is None or any(one.not_after and one.not_after > end for one in renewed):
            continue
        left = (local_date(end) - local_date(work.now)).days
        reached = [day for day in days if left <= day]
        if left < 0 or not reached or not _told_first(work, info.fingerprint, min(reached)):
            continue
        work.emit("signing.stamps_expiring", info.subject, days=left, day=end.isoformat())
        told += 1
    return told


def _told_first(work: Work, fingerprint: str, days: int) -> bool:
    """Whether nobody was told of so few days; one process at a time asks and notes it."""
    work.session.execute(
        select(Institution.id).where(Institution.id == work.institution).with_for_update()
    )
    about = f"stamps:{fingerprint}"
    last = audit.last(work, about, "warn")
    if last is not None and int(last.why) <= days:
        return False
    audit.record(work, about, "warn", "", "", str(days))
    return True
