"""Bodies that never come to an end: whoever sends too slowly is refused, whoever leaves is let go."""

import asyncio
import contextlib
import logging

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from backend.photos.archive import MOST_ARCHIVE
from backend.registry.limits import MEGABYTE
from bot.web.words import Refusal

READ_WITHIN = 30.0  # seconds
UPLOADED_WITHIN = 5 * 60.0
SILENT = 3.0  # whoever sends nothing for so long is waiting for the answer
DROPPED_MOST = MEGABYTE  # bytes of a body that is answered before it has come whole
UPLOADS = {  # and for files, of which many are a little too large
    "/api/attachments": 64 * MEGABYTE,
    "/upload/": 64 * MEGABYTE,
    "/v": 64 * MEGABYTE,
    "/photos/": 2 * MOST_ARCHIVE,
}
log = logging.getLogger(__name__)


class Bodies:
    """For all that read a body, on whatever path."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        most = next((most for path, most in UPLOADS.items() if scope["path"].startswith(path)), 0)
        body = Body(receive, UPLOADED_WITHIN if most else READ_WITHIN)
        awaited = is_coming(scope)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start" and awaited:
                await body.drop(most or DROPPED_MOST)
            await send(message)

        try:
            await self.app(scope, body.receive, answer)
        except ClientDisconnect:  # nobody is there to be answered
            log.info("a sender left in the middle of a body")


def is_coming(scope: Scope) -> bool:
    """Whether a body was announced that is sent without waiting for a word from here."""
    headers = dict(scope.get("headers", ()))
    announced = headers.get(b"content-length", b"0") != b"0" or b"transfer-encoding" in headers
    return announced and b"expect" not in headers


class Body:
    """It is waited for no longer than ``within`` seconds, however often a little of it comes; 408 then."""

    def __init__(self, receive: Receive, within: float) -> None:
        self._receive = receive
        self._within = within
        self._over_at: float | None = None
        self._complete = False

    async def receive(self) -> Message:
        if self._complete:  # what comes now is the news that the sender has left
            return await self._receive()
        loop = asyncio.get_running_loop()
        self._over_at = self._over_at or loop.time() + self._within
        try:
            async with asyncio.timeout_at(self._over_at):
                message = await self._receive()
        except TimeoutError:
            raise Refusal(408, "too_slow") from None
        self._complete = not message.get("more_body", False)
        return message

    async def drop(self, most: int) -> None:
        """Read what is still coming, at most so many bytes, and forget it.

        Who is still sending does not listen yet, and would be told of a broken connection only.
        """
        with contextlib.suppress(Refusal, TimeoutError):  # they are too slow for that, too
            while not self._complete and most > 0:
                async with asyncio.timeout(SILENT):
                    message = await self.receive()
                most -= len(message.get("body", b""))
