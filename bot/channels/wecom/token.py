"""One access token for all processes, fetched by one of them at a time."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from bot.channels.port import Unreachable
from bot.channels.wecom.lent import HELD, Lent

NAME = "token"
EARLY = timedelta(minutes=5)  # it is renewed before it ends
LOOKING = 0.2  # seconds between looks while another process fetches
LOOKS = int(HELD.total_seconds() / LOOKING) + 5

Fetch = Callable[[], Awaitable[tuple[str, int]]]


class AccessToken:
    """``fetch`` asks WeCom for a new one: the token, and for how many seconds it holds.

    WeCom gives the same token again while it holds, and limits how often it may be asked.
    """

    def __init__(self, lent: Lent, fetch: Fetch, now: Callable[[], datetime]) -> None:
        self._lent = lent
        self._fetch = fetch
        self._now = now
        self._known = ""
        self._until: datetime | None = None
        self._turn = asyncio.Lock()

    async def get(self, refused: str = "") -> str:
        """A token other than the ``refused`` one. Raises ApiError, Unreachable."""
        if token := self._remembered(refused):
            return token
        async with self._turn:
            if token := self._remembered(refused):
                return token
            for _ in range(LOOKS):
                if token := await asyncio.to_thread(self._stored, refused):
                    return token
                if holder := await asyncio.to_thread(self._lent.hold, NAME):
                    try:
                        return await self._renew(refused)
                    finally:
                        await asyncio.to_thread(self._lent.release, NAME, holder)
                await asyncio.sleep(LOOKING)
        raise Unreachable("no access token")

    def _remembered(self, refused: str) -> str:
        if self._until is None or self._until <= self._now():
            return ""
        return self._known if self._known != refused else ""

    def _stored(self, refused: str) -> str:
        found = self._lent.get(NAME)
        if found is None or found["token"] == refused:
            return ""
        self._known = str(found["token"])
        self._until = datetime.fromisoformat(found["until"])
        return self._remembered(refused)

    async def _renew(self, refused: str) -> str:
        """Another process may have done it between our look and our turn."""
        if token := await asyncio.to_thread(self._stored, refused):
            return token
        token, seconds = await self._fetch()
        lifetime = max(timedelta(seconds=seconds) - EARLY, timedelta(seconds=seconds) / 2)
        until = self._now() + lifetime
        value = {"token": token, "until": until.isoformat()}
        await asyncio.to_thread(self._lent.put, NAME, value, lifetime)
        self._known, self._until = token, until
        return token
