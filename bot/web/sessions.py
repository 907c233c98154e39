"""Who is signed in. A session ends when its person leaves, or after its time.

The token is known to its bearer alone; kept is a hash, so that the database signs nobody in.
"""

from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe

from sqlalchemy import delete, select
from starlette.requests import HTTPConnection

from backend.models import WebSession
from backend.office import Office
from backend.work import Work
from bot.web.words import Refusal

COOKIE = "chat"
LIFETIME = timedelta(days=30)


class Sessions:
    def __init__(self, office: Office) -> None:
        self._office = office

    def begin(self, person_id: int) -> str:
        """The token of a new session; sessions whose time is over are cleared away."""
        token = token_urlsafe(32)
        with self._office.work(person_id) as work:
            work.session.execute(delete(WebSession).where(WebSession.expires_at <= work.now))
            work.session.add(
                WebSession(
                    token_hash=_hash(token),
                    institution_id=work.institution,
                    person_id=person_id,
                    expires_at=work.now + LIFETIME,
                )
            )
        return token

    def person(self, token: str) -> int:
        """401 for a token that is invented, expired or ended."""
        with self._office.read() as work:
            return self.of(work, token)

    def of(self, work: Work, token: str) -> int:
        """The same for whoever is reading already."""
        person = work.session.scalar(
            select(WebSession.person_id).where(
                WebSession.token_hash == _hash(token),
                WebSession.institution_id == work.institution,
                WebSession.expires_at > work.now,
            )
        )
        if person is None:
            raise Refusal(401, "sign_in")
        return person

    def end(self, token: str) -> int | None:
        """From now on the token is nobody's; returns whose it was."""
        ended = delete(WebSession).where(WebSession.token_hash == _hash(token))
        with self._office.work() as work:
            person: int | None = work.session.scalar(ended.returning(WebSession.person_id))
        return person


def token_of(connection: HTTPConnection) -> str:
    """What a visitor shows: a token of the subprotocol or the header counts before the cookie."""
    offered = connection.scope.get("subprotocols") or []
    own = next((one.removeprefix("chat.") for one in offered if one.startswith("chat.")), "")
    scheme, _space, bearer = connection.headers.get("authorization", "").partition(" ")
    if not own and scheme.lower() == "bearer":
        own = bearer.strip()
    return own or connection.cookies.get(COOKIE, "")


def _hash(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
