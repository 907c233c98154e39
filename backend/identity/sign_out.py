"""Ending what a person has open everywhere: whoever came in with the old password is out with it."""

from sqlalchemy import delete, or_, select, update

from backend.identity import links
from backend.models import AccountLink, ChatAccount, SignIn, StepUp, StepUpCode, WebSession
from backend.work import Work


def everywhere(work: Work, person_id: int, *, but: SignIn | None = None) -> None:
    """Web sessions, sign-ins under way and step-ups, made or open; bound accounts stay bound.

    ``but`` is the sign-in that goes on, with the link it came by. Sockets that are open look every
    two seconds, and close.
    """
    token, link = (but.token_hash, but.link_id) if but is not None else ("", None)
    session = work.session
    session.execute(delete(WebSession).where(WebSession.person_id == person_id))
    theirs = or_(SignIn.pending_id == person_id, SignIn.person_id == person_id)
    session.execute(delete(SignIn).where(theirs, SignIn.token_hash != token))
    accounts = select(ChatAccount.id).where(ChatAccount.person_id == person_id)
    session.execute(delete(StepUp).where(StepUp.account_id.in_(accounts)))
    codes = or_(StepUpCode.account_id.in_(accounts), StepUpCode.shown_to.in_(accounts))
    session.execute(delete(StepUpCode).where(codes))
    session.execute(
        update(AccountLink)
        .where(
            or_(AccountLink.account_id.in_(accounts), AccountLink.person_id == person_id),
            AccountLink.purpose.in_((links.START, links.STEP_UP)),
            AccountLink.used_at.is_(None),
            AccountLink.id != (link or ""),
        )
        .values(used_at=work.now)
    )
