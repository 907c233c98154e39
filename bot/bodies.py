"""Bodies that never come to an end: whoever sends too slowly is refused, whoever leaves is let go."""

import asyncio
import logging

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.words import Refusal

READ_WITHIN = 30.0  # seconds
UPLOADED_WITHIN = 5 * 60.0
UPLOADS = ("/api/attachments", "/upload/", "/photos/")
log = logging.getLogger(__name__)


class Bodies:
    """For all that read a body, on whatever path."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        upload = scope["path"].startswith(UPLOADS)
        within = UPLOADED_WITHIN if upload else READ_WITHIN
        try:
            await self.app(scope, no_longer_than(within, receive), send)
        except ClientDisconnect:  # nobody is there to be answered
            log.info("a sender left in the middle of a body")


def no_longer_than(seconds: float, receive: Receive) -> Receive:
    """A body is waited for no longer than this, however often a little of it comes; 408 then."""
    over_at: float | None = None
    complete = False

    async def timed() -> Message:
        nonlocal over_at, complete
        if complete:  # what comes now is the news that the sender has left
            return await receive()
        loop = asyncio.get_running_loop()
        over_at = over_at or loop.time() + seconds
        try:
            async with asyncio.timeout_at(over_at):
                message = await receive()
        except TimeoutError:
            raise Refusal(408, "too_slow") from None
        complete = not message.get("more_body", False)
        return message

    return timed
