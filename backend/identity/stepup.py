"""Showing once more who one is, before what would hurt most in strange hands.

By a code that is shown on a second channel, or by a fresh sign-in on a page; remembered for the chat
account it was done for, and on the web for the one session it was done in.
"""

from collections.abc import Sequence
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256
from hmac import compare_digest
from secrets import token_urlsafe

from sqlalchemy import delete, exists, select, update

from backend import accounts, audit
from backend.accounts import BOUND
from backend.errors import Refused
from backend.identity import links
from backend.identity.bindings import subject
from backend.models import AccountLink, ChatAccount, Person, StepUp, StepUpCode
from backend.work import Work

REMEMBERED = timedelta(minutes=30)  # one sitting; a phone left lying is not trusted for the day
CODE_LIFETIME = timedelta(minutes=5)
BINDING = "binding"  # the way of whoever typed a password to bind the account: for its files only
CODE_TRIES = 5  # of a million codes
TRUSTED_AFTER = timedelta(hours=24)  # an account just bound may be the thief's own second channel


class Purpose(StrEnum):
    FIRST_FILE = "first_file"  # the first document that an account is given, or look at one
    UNBIND = "unbind"
    BIND = "bind"  # one more account, by whoever has one
    BULK = "bulk"  # many decisions of staff at once
    BOOKS = "books"  # what the books show, and what is said of them


def speaking(work: Work, person_id: int) -> ChatAccount | None:
    """The account a turn comes from; of a turn that comes from inside, where it will be pushed to."""
    if work.account is not None:
        found = work.session.get(ChatAccount, work.account)
        return found if found and found.person_id == person_id else None
    return work.session.scalar(
        select(ChatAccount)
        .where(
            ChatAccount.institution_id == work.institution,
            ChatAccount.person_id == person_id,
            ChatAccount.blocked_at.is_(None),
        )
        .order_by(
            ChatAccount.channel.in_(BOUND).desc(),
            ChatAccount.last_seen_at.desc(),
            ChatAccount.id.desc(),
        )
        .limit(1)
    )


def due(work: Work, account: ChatAccount | None, purpose: Purpose) -> bool:
    """Whether it has to be done now. What is no account is never trusted.

    A turn from inside (``work.browser`` is None) goes on with a dialog that waited for it: whatever
    comes of it needs a press, which is somebody's and is looked at as such.
    """
    if account is None:
        return True
    done = select(StepUp.id).where(StepUp.account_id == account.id)
    if work.browser is not None:
        done = done.where(StepUp.browser == work.browser)
    if purpose is Purpose.FIRST_FILE:
        if account.channel not in BOUND:  # a session of the web chat began with a sign-in
            return False
    else:
        done = done.where(StepUp.at > work.now - REMEMBERED, StepUp.way != BINDING)
    return not work.session.scalar(select(exists(done)))


def possible(work: Work, account: ChatAccount | None) -> bool:
    """False only in a trial installation that has neither a page nor a second channel.

    In production that is no way around it: then it is refused.
    """
    return work.production or work.identity.pages or bool(account and seconds(work, account))


def grant(work: Work, account_id: int, way: str, browser: str) -> None:
    """It has been shown; ``way`` is "code" or "sign_in", ``browser`` the web session, or nothing."""
    old = delete(StepUpCode).where(StepUpCode.account_id == account_id)
    work.session.execute(old)
    _remember(work, account_id, way, browser)
    audit.record(work, subject(account_id), "step_up", "", "", way)


def grant_files(work: Work, account_id: int) -> None:
    """Whoever has just bound the account typed a password on our own page to do so."""
    _remember(work, account_id, BINDING, "")


def _remember(work: Work, account_id: int, way: str, browser: str) -> None:
    work.session.add(
        StepUp(
            institution_id=work.institution,
            account_id=account_id,
            way=way,
            at=work.now,
            browser=browser,
        )
    )
    work.session.flush()


# --- by a code on a second channel ----------------------------------------------------------


def seconds(work: Work, account: ChatAccount) -> Sequence[ChatAccount]:
    """Other accounts of the same person to show a code on, those seen last first."""
    if account.person_id is None:
        return []
    return work.session.scalars(
        select(ChatAccount)
        .where(
            ChatAccount.institution_id == work.institution,
            ChatAccount.person_id == account.person_id,
            ChatAccount.id != account.id,
            ChatAccount.channel.in_(BOUND),
            ChatAccount.blocked_at.is_(None),
            ChatAccount.bound_at.is_(None) | (ChatAccount.bound_at <= work.now - TRUSTED_AFTER),
        )
        .order_by(ChatAccount.last_seen_at.desc(), ChatAccount.id)
    ).all()


def open_code(work: Work, account: ChatAccount) -> StepUpCode | None:
    """A code that can still be typed."""
    return work.session.scalar(
        select(StepUpCode)
        .where(
            StepUpCode.account_id == account.id,
            StepUpCode.used_at.is_(None),
            StepUpCode.tries < CODE_TRIES,
            StepUpCode.expires_at > work.now,
        )
        .order_by(StepUpCode.expires_at.desc())
        .limit(1)
    )


def send_code(work: Work, account: ChatAccount, to: ChatAccount, purpose: Purpose) -> StepUpCode:
    """Show a new code on ``to``: in a conversation of its own, since the person's own one is also
    read by whoever asks."""
    code = StepUpCode(
        id=token_urlsafe(16),
        institution_id=work.institution,
        account_id=account.id,
        shown_to=to.id,
        tries=0,
        expires_at=work.now + CODE_LIFETIME,
    )
    work.session.add(code)
    work.session.flush()
    person = work.session.get_one(Person, account.person_id)
    work.emit(
        "step_up.code",
        subject(account.id),
        code=code.id,
        purpose=str(purpose),
        account=account.id,
        told=to.id,
        conversation=accounts.new_conversation(work, None, person.language),
    )
    return code


def sent_lately(work: Work, account: ChatAccount) -> bool:
    """Codes are not sent one after another, or one would be guessed in the end."""
    return bool(
        work.session.scalar(
            select(
                exists().where(
                    StepUpCode.account_id == account.id, StepUpCode.expires_at > work.now
                )
            )
        )
    )


def digits(work: Work, code_id: str) -> str:
    """The six digits; only our own key makes them."""
    mark = work.identity.mark("step-up code", code_id)
    return f"{int(sha256(mark.encode()).hexdigest(), 16) % 1_000_000:06d}"


def shown(work: Work, code_id: str) -> str | None:
    """The digits for the page behind the link, while they are good."""
    code = work.session.get(StepUpCode, code_id)
    if code is None or code.used_at is not None or code.expires_at <= work.now:
        return None
    return digits(work, code_id)


def try_code(work: Work, code: StepUpCode, typed: str) -> bool:
    """Counts the try before it looks."""
    counted = (
        update(StepUpCode)
        .where(
            StepUpCode.id == code.id,
            StepUpCode.used_at.is_(None),
            StepUpCode.tries < CODE_TRIES,
            StepUpCode.expires_at > work.now,
        )
        .values(tries=StepUpCode.tries + 1)
        .returning(StepUpCode.id)
    )
    if work.session.scalar(counted) is None:
        return False
    work.session.refresh(code)
    if not compare_digest(typed.encode(), digits(work, code.id).encode()):
        return False
    account_id = code.account_id
    work.session.expunge(code)
    grant(work, account_id, "code", work.browser or "")
    return True


# --- by a fresh sign-in ---------------------------------------------------------------------


def page_link(work: Work, account: ChatAccount) -> AccountLink:
    """The link to a page for this account: the one that is open, or a new one."""
    found = work.session.scalar(
        select(AccountLink)
        .where(
            AccountLink.account_id == account.id,
            AccountLink.purpose == links.STEP_UP,
            AccountLink.used_at.is_(None),
            AccountLink.expires_at > work.now,
        )
        .limit(1)
    )
    return found or links.new(work, links.STEP_UP, account=account.id, person=account.person_id)


def by_sign_in(work: Work, link_id: str, person_id: int, browser: str = "") -> int:
    """The account of the link has signed in anew. Raises Refused ``link_over``, ``other_person``.

    ``browser`` is the web session of whoever signed in, not of whoever asked for the link: the link
    stands in a conversation that others may look into.
    """
    link = links.live(work, link_id, links.STEP_UP)
    account = work.session.get(ChatAccount, link.account_id) if link else None
    if link is None or account is None:
        raise Refused("link_over")
    if account.person_id is None or account.person_id != person_id:
        raise Refused("other_person")
    if not links.use(work, link):
        raise Refused("link_over")
    grant(work, account.id, "sign_in", browser)
    work.emit("job.done", awaited(link.id), account=account.id)
    return account.id


def awaited(link_id: str) -> str:
    """What a dialog waits for while somebody signs in."""
    return f"person:{link_id}"
