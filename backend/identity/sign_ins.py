"""A sign-in under way: one browser, one provider, ten minutes, and what its answer is checked by."""

from datetime import timedelta
from hashlib import sha256
from hmac import compare_digest
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import delete, update

from backend.models import SignIn
from backend.work import Work

LIFETIME = timedelta(minutes=10)


def begin(work: Work, provider: str, link_id: str | None) -> str:
    """The token for the browser to hold. ``link_id``: the link it came by; None for the web chat."""
    work.session.execute(delete(SignIn).where(SignIn.expires_at <= work.now))
    token = token_urlsafe(32)
    work.session.add(
        SignIn(
            token_hash=hashed(token),
            institution_id=work.institution,
            link_id=link_id,
            provider=provider,
            kept={},
            expires_at=work.now + LIFETIME,
        )
    )
    work.session.flush()
    return token


def find(work: Work, token: str) -> SignIn | None:
    one = work.session.get(SignIn, hashed(token)) if token else None
    if one is None or one.institution_id != work.institution or one.expires_at <= work.now:
        return None
    return one


def await_answer(work: Work, token: str, state: str, kept: dict[str, Any]) -> None:
    """The provider's answer will bear this state."""
    work.session.execute(
        update(SignIn)
        .where(SignIn.token_hash == hashed(token))
        .values(state_hash=hashed(state), kept=kept)
    )


def take_answer(work: Work, token: str, state: str) -> SignIn | None:
    """The sign-in that awaits an answer with this state, in this browser; it awaits no second."""
    one = find(work, token)
    if one is None or one.state_hash is None or not compare_digest(one.state_hash, hashed(state)):
        return None
    taken = (
        update(SignIn)
        .where(SignIn.token_hash == one.token_hash, SignIn.state_hash == one.state_hash)
        .values(state_hash=None)
        .returning(SignIn.token_hash)
    )
    return one if work.session.scalar(taken) is not None else None


def end(work: Work, token: str) -> None:
    work.session.execute(delete(SignIn).where(SignIn.token_hash == hashed(token)))


def renew(work: Work, one: SignIn) -> str:
    """Another token for the browser, once it is known who sits there."""
    token = token_urlsafe(32)
    work.session.execute(
        update(SignIn)
        .where(SignIn.token_hash == one.token_hash)
        .values(token_hash=hashed(token), state_hash=None, captcha=None)
    )
    work.session.expunge(one)
    return token


def hashed(secret: str) -> str:
    return sha256(secret.encode("utf-8", "surrogateescape")).hexdigest()
