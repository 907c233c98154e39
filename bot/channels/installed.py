"""The channels of this installation that are pushed to, and who sends on them."""

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from secrets import token_hex
from socket import gethostname
from typing import TYPE_CHECKING

from starlette.routing import Route

from backend.sealing import Sealer
from bot.assemble import Assistant
from bot.channels.port import Channel
from bot.deliver import Dispatcher
from bot.limits import Limit
from bot.prepare import PERSONAL
from bot.signin.provider import Provider
from bot.signin.start import Starting

if TYPE_CHECKING:
    from bot.channels.telegram.application import Telegram
    from bot.channels.wecom.openids import OpenIds
    from bot.channels.wecom.wecom import Wecom


class Channels:
    """``ring`` from any thread tells the dispatchers that there is news."""

    def __init__(self, assistant: Assistant, *, messages: Limit) -> None:
        settings, office = assistant.settings, assistant.office
        self.wecom: Wecom | None = None
        self.telegram: Telegram | None = None
        pushed: list[Channel] = []
        # A platform's library costs half a second of start-up: only for whoever uses it.
        if settings.wecom:
            from bot.channels.wecom import wecom  # noqa: PLC0415

            sealer = Sealer.from_text(settings.secret(PERSONAL))
            self.wecom = wecom.Wecom(
                settings.wecom, office, assistant.reception, sealer, messages=messages
            )
            pushed.append(self.wecom.channel)
        if settings.telegram:
            from bot.channels.telegram import application  # noqa: PLC0415

            self.telegram = application.Telegram(
                settings.telegram,
                secret=settings.secret("telegram-webhook"),
                reception=assistant.reception,
                office=office,
                base_url=settings.base_url,
                bind=Starting(office, assistant.links).bind,
                messages=messages,
            )
            pushed.append(self.telegram.channel)
        holder = f"{gethostname()}-{os.getpid()}-{token_hex(4)}"
        self.dispatchers = [
            Dispatcher(office, channel, assistant.links, holder) for channel in pushed
        ]

    def routes(self) -> list[Route]:
        return [
            *(self.wecom.routes() if self.wecom else []),
            *(self.telegram.routes() if self.telegram else []),
        ]

    def providers(self) -> list[Provider]:
        """Channels that say themselves who somebody is who opens our pages in them."""
        if not self.wecom:
            return []
        from bot.signin.wecom import WecomProvider  # noqa: PLC0415

        return [WecomProvider(self.wecom.oauth)]

    def payers(self) -> "OpenIds | None":
        """Who may be known to pay inside WeChat or WeCom."""
        return self.wecom.openids if self.wecom else None

    def ring(self) -> None:
        for dispatcher in self.dispatchers:
            dispatcher.ring()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While the server runs: messages come in, and what waits is sent."""
        async with contextlib.AsyncExitStack() as stack:
            if self.wecom:
                await stack.enter_async_context(self.wecom.running())
            if self.telegram:
                await self.telegram.start()
                stack.push_async_callback(self.telegram.stop)
            sending = [asyncio.create_task(one.run()) for one in self.dispatchers]
            try:
                yield
            finally:
                for task in sending:
                    task.cancel()
                await asyncio.gather(*sending, return_exceptions=True)
