"""All parts of the channel, put together once."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

import httpx
from starlette.routing import Route

from backend.office import Office
from backend.sealing import Sealer
from bot.channels.wecom.api import FIRST_PAUSE, Api
from bot.channels.wecom.callback import Callback
from bot.channels.wecom.channel import WecomChannel
from bot.channels.wecom.fetching import Fetching
from bot.channels.wecom.lent import of_application
from bot.channels.wecom.oauth import OAuth
from bot.channels.wecom.openids import OpenIds
from bot.limits import Limit
from bot.receive import Reception
from bot.sections import WecomSettings

SWEEP_SECONDS = 60.0
log = logging.getLogger(__name__)


class Wecom:
    """``channel`` is what the dispatcher sends on; ``routes`` and ``running`` belong to the server.

    ``messages`` is how much one member may send. Raises NotReady where the settings cannot be right.
    """

    def __init__(
        self,
        settings: WecomSettings,
        office: Office,
        reception: Reception,
        sealer: Sealer,
        *,
        messages: Limit | None = None,
        pause: float = FIRST_PAUSE,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        lent = of_application(settings, office, sealer)
        self.api = Api(settings, lent, office.clock.now, pause=pause, transport=transport)
        self.channel = WecomChannel(self.api, lent, settings.members)
        self.fetching = Fetching(office, reception, self.api, lent)
        self.openids = OpenIds(self.api, lent)
        self.oauth = OAuth(settings, office, self.api)
        self._callback = Callback(
            settings, reception, office, lent, self.fetching, messages or Limit(0, 1)
        )

    def routes(self) -> list[Route]:
        return self._callback.routes()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While the server runs: what was left to be fetched is fetched."""
        sweeping = asyncio.create_task(self._sweep())
        try:
            yield
        finally:
            sweeping.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await sweeping
            await self.fetching.stop()
            await self.api.close()

    async def _sweep(self) -> None:
        while True:
            try:
                await self.fetching.sweep()
            except Exception:
                log.exception("the sweep of files to be fetched failed")
            await asyncio.sleep(SWEEP_SECONDS)
