"""Links that bind a chat account or step it up: good once, for ten minutes, for one account.

The row is found by an id that only our own mark makes a token of (``bot/links.py``), so that neither
the database nor the stored message holds a link anybody could follow.
"""

from datetime import datetime, timedelta
from secrets import token_urlsafe

from sqlalchemy import delete, update

from backend.models import AccountLink, SignIn
from backend.work import Work

LIFETIME = timedelta(minutes=10)
KEPT = timedelta(days=1)  # afterwards nobody asks any more why a link does not work
BIND, START, STEP_UP, UPLOAD = "bind", "start", "step_up", "upload"
PHOTOS = "photos"  # an archive of pictures, for whoever may have them checked (R16)


def new(
    work: Work,
    purpose: str,
    *,
    account: int | None = None,
    person: int | None = None,
    wish: str = "",
) -> AccountLink:
    """A fresh link; what is long over is cleared away."""
    work.session.execute(delete(SignIn).where(SignIn.expires_at <= work.now))  # they name links
    work.session.execute(delete(AccountLink).where(AccountLink.expires_at < work.now - KEPT))
    link = AccountLink(
        id=token_urlsafe(16),
        institution_id=work.institution,
        purpose=purpose,
        account_id=account,
        person_id=person,
        wish=wish,
        expires_at=work.now + LIFETIME,
    )
    work.session.add(link)
    work.session.flush()
    return link


def live(
    work: Work, link_id: str | None, purpose: str, at: datetime | None = None
) -> AccountLink | None:
    """The link, if it can still be used for this; its time is looked at as it was ``at``."""
    link = work.session.get(AccountLink, link_id) if link_id else None
    if (
        link is None
        or link.institution_id != work.institution
        or link.purpose != purpose
        or link.used_at is not None
        or link.expires_at <= (at or work.now)
    ):
        return None
    return link


def use(work: Work, link: AccountLink, at: datetime | None = None) -> bool:
    """From now on it is used; False when somebody else was faster. ``at``: when it was found live,
    where what it is used for has taken its time since."""
    taken = (
        update(AccountLink)
        .where(
            AccountLink.id == link.id,
            AccountLink.used_at.is_(None),
            AccountLink.expires_at > (at or work.now),
        )
        .values(used_at=work.now)
        .returning(AccountLink.id)
    )
    return work.session.scalar(taken) is not None
