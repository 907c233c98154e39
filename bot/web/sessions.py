"""Who is signed in. A session ends when its person leaves, or after its time.

The token is known to its bearer alone; kept is a hash, so that the database signs nobody in.
"""

from datetime import timedelta
from hashlib import sha256
from secrets import token_urlsafe

from sqlalchemy import delete, select
from starlette.requests import HTTPConnection
from starlette.responses import Response

from backend import accounts
from backend.identity import stepup
from backend.models import Conversation, WebSession
from backend.office import Office
from backend.work import Work
from bot.hub import Hub
from bot.web.words import Refusal

COOKIE = "chat"
LIFETIME = timedelta(days=30)


class Sessions:
    def __init__(self, office: Office, hub: Hub) -> None:
        self._office = office
        self._hub = hub

    def begin(self, person_id: int, *, proved: bool = False) -> str:
        """The token of a new session.

        ``proved``: they have just shown who they are, and not only that they were signed in
        somewhere; it counts in this session for what else asks for it.
        """
        with self._office.work(person_id) as work:
            token = self.open(work, person_id)
            if proved:
                account = accounts.account(work, accounts.WEB, str(person_id), person_id)
                stepup.grant(work, account.id, "sign_in", hashed(token))
        return token

    def open(self, work: Work, person_id: int) -> str:
        """The same for whoever is at work already; sessions whose time is over are cleared away."""
        token = token_urlsafe(32)
        work.session.execute(delete(WebSession).where(WebSession.expires_at <= work.now))
        work.session.add(
            WebSession(
                token_hash=hashed(token),
                institution_id=work.institution,
                person_id=person_id,
                expires_at=work.now + LIFETIME,
            )
        )
        work.session.flush()
        return token

    def give(self, response: Response, token: str) -> None:
        """For the browser to show from now on."""
        response.set_cookie(
            COOKIE,
            token,
            max_age=int(LIFETIME.total_seconds()),
            httponly=True,
            samesite="lax",
            secure=self._office.base_url.startswith("https"),
        )

    def person(self, token: str) -> int:
        """401 for a token that is invented, expired or ended."""
        with self._office.read() as work:
            return self.of(work, token)

    def of(self, work: Work, token: str) -> int:
        """The same for whoever is reading already."""
        person = work.session.scalar(
            select(WebSession.person_id).where(
                WebSession.token_hash == hashed(token),
                WebSession.institution_id == work.institution,
                WebSession.expires_at > work.now,
            )
        )
        if person is None:
            raise Refusal(401, "sign_in")
        return person

    def is_of(self, work: Work, token: str, person_id: int) -> bool:
        """Whether it is this person's."""
        try:
            return self.of(work, token) == person_id
        except Refusal:
            return False

    def end(self, token: str) -> None:
        """From now on the token is nobody's. Its open sockets look at once, find that, and close."""
        ended = delete(WebSession).where(WebSession.token_hash == hashed(token))
        with self._office.work() as work:
            person_id = work.session.scalar(ended.returning(WebSession.person_id))
            mine = select(Conversation.id).where(Conversation.person_id == person_id)
            conversation_id = work.session.scalar(mine) if person_id is not None else None
        if conversation_id is not None:
            self._hub.spoken(conversation_id)


def token_of(connection: HTTPConnection) -> str:
    """What a visitor shows: a token of the subprotocol or the header counts before the cookie."""
    offered = connection.scope.get("subprotocols") or []
    own = next((one.removeprefix("chat.") for one in offered if one.startswith("chat.")), "")
    scheme, _space, bearer = connection.headers.get("authorization", "").partition(" ")
    if not own and scheme.lower() == "bearer":
        own = bearer.strip()
    return own or connection.cookies.get(COOKIE, "")


def hashed(token: str) -> str:
    """What a session is known by here."""
    return sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
