"""What time alone brings about: links end, their owners are told before, and views are forgotten."""

from datetime import timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, delete, select

from backend.models import Application, Credential, Share, ShareView
from backend.policy import store
from backend.sharing import making
from backend.work import Work
from backend.workdays import before_months

WARNED_BEFORE = timedelta(days=3)
_OF = (
    select(Share, Application.number)
    .join(Credential, Credential.id == Share.credential_id)
    .join(Application, Application.id == Credential.application_id)
    .where(Share.stopped_at.is_(None))
    .order_by(Share.expires_at)
    .limit(500)
    .with_for_update(of=Share, skip_locked=True)
)


def expire_due(work: Work) -> int:
    """They opened nothing any more from their last moment on; now the record says so."""
    due = work.session.execute(
        _OF.where(Share.institution_id == work.institution, Share.expires_at <= work.now)
    ).all()
    for share, number in due:
        making.end(work, share, number, making.EXPIRED)
    return len(due)


def warn_due(work: Work) -> int:
    """Owners are told once, a few days before; not of a link whose document has fallen."""
    due = work.session.execute(
        _OF.where(
            Share.institution_id == work.institution,
            making.live_at(work.now),
            Share.expires_at <= work.now + WARNED_BEFORE,
            Share.warned_at.is_(None),
            Credential.status == "issued",
        )
    ).all()
    for share, number in due:
        share.warned_at = work.now
        work.emit("share.expiring", number, share=share.id, owner=share.owner_id)
    return len(due)


def forget_views_due(work: Work) -> int:
    """Who looked is forgotten after the months that policy says; how often stays."""
    before = before_months(work.now, store.credential(work).share_views_months)
    old = delete(ShareView).where(
        ShareView.institution_id == work.institution, ShareView.at < before
    )
    return cast(CursorResult[Any], work.session.execute(old)).rowcount
