"""Telegram within the server: updates come in by webhook, or by polling where there is none.

An update is acknowledged once what it says is safe in the database, so that nothing is lost by a
crash: the platform sends it again, and the same message counts once. The library's own Application
hides from its caller whether an update was taken, so only its Bot is used.
"""

import asyncio
import hmac
import json
import logging
from contextlib import suppress
from typing import Any

import httpx
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram import Bot, BotCommandScopeAllPrivateChats, Update

from backend.office import Office
from bot.channels.port import Blocked, Unreachable, Unsendable
from bot.channels.telegram import reading, words
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.client import bot_for, keep_quiet, platform_errors
from bot.channels.telegram.hearing import Bind, Hearing, Remembered, bind_nobody
from bot.channels.telegram.order import InOrder
from bot.limits import Limit
from bot.receive import Reception
from bot.sections import TelegramSettings
from bot.web.incoming import body_of

PATH = "/telegram/webhook"
SECRET = "x-telegram-bot-api-secret-token"  # noqa: S105 - the name of a header
UPDATES = (Update.MESSAGE, Update.CALLBACK_QUERY, Update.MY_CHAT_MEMBER)
BODY_MOST = 1024 * 1024  # bytes
LATE = 5 * 60.0  # seconds until a start that was refused is tried again
POLL = 25  # seconds that the platform holds a question for updates
IDLE = 0.2  # seconds between two questions, should the platform not hold them
PATIENCE = 10.0  # seconds that updates have to be finished at the end
TRIES = 5  # at one polled update
log = logging.getLogger(__name__)


class Telegram:
    """One bot. ``channel`` is for sending, ``routes`` and ``start``/``stop`` for the server."""

    def __init__(
        self,
        settings: TelegramSettings,
        *,
        secret: str,
        reception: Reception,
        office: Office,
        base_url: str,
        bind: Bind = bind_nobody,
        messages: Limit | None = None,
    ) -> None:
        """``secret`` is this installation's own, which only the platform is told.

        ``bind(token, address)`` is called (in a thread) for ``t.me/<bot>?start=TOKEN``; it returns
        what is said, or None where the token is nobody's and the words are heard as a greeting.
        ``messages`` is how many one chat may send.
        """
        self.bot: Bot = bot_for(settings)
        self.channel = TelegramChannel(self.bot)
        self.polling = settings.polling
        self._url = base_url.rstrip("/") + PATH
        self._secret = secret.replace("=", "")  # A-Z a-z 0-9 _ - are taken
        self._http = httpx.AsyncClient(timeout=30)
        self._hearing = Hearing(
            self.bot,
            self._http,
            reception,
            office,
            bind=bind,
            messages=messages or Limit(300, 100),
        )
        self._order = InOrder()
        self._done = Remembered(10_000)
        self._running: dict[int, asyncio.Task[None]] = {}
        self._life: asyncio.Task[None] | None = None

    @property
    def username(self) -> str:
        """The bot's name, as in ``t.me/<name>``; empty until the platform has been reached."""
        try:
            return self.bot.username
        except RuntimeError:
            return ""

    def routes(self) -> list[Route]:
        return [] if self.polling else [Route(PATH, self.webhook, methods=["POST"])]

    async def start(self) -> None:
        """Begins to connect; the server need not wait for a platform that is away."""
        keep_quiet()
        self._life = asyncio.create_task(self._live())

    async def stop(self) -> None:
        """What has come in is finished; the platform keeps what comes from now on."""
        if self._life:
            self._life.cancel()
            with suppress(asyncio.CancelledError):
                await self._life
        if self._running:
            await asyncio.wait(self._running.values(), timeout=PATIENCE)
        await self.bot.shutdown()
        await self._http.aclose()

    # --- coming in --------------------------------------------------------------------------

    async def webhook(self, request: Request) -> Response:
        given = request.headers.get(SECRET, "")
        if not self._secret or not hmac.compare_digest(given.encode(), self._secret.encode()):
            return Response(status_code=403)
        body = await body_of(request, BODY_MOST)
        try:
            raw = json.loads(body)
        except (ValueError, RecursionError):
            return Response(status_code=400)
        try:
            update = Update.de_json(raw, self.bot)
        except Exception as error:  # whatever it is, it will not be better the next time
            log.warning("an update is not as the platform describes it: %s", type(error).__name__)
            return Response(status_code=200)
        try:
            await self.take(update)
        except Exception:
            log.exception("update %s was not taken; the platform sends it again", update.update_id)
            return Response(status_code=503)
        return Response(status_code=200)

    async def take(self, update: Update) -> None:
        """Returns when it is safe; raises what prevents that. The same update is taken once."""
        number = update.update_id
        try:
            reading.whole(number)
            came = reading.read(update)
        except Exception as error:
            log.warning("an update is not as the platform describes it: %s", type(error).__name__)
            return
        if came is None or number in self._done:
            return
        task = self._running.get(number)
        if task is None:
            task = asyncio.create_task(self._order.run(came.chat, self._hearing.take(came)))
            self._running[number] = task
            task.add_done_callback(lambda done: self._ended(number, done))
        await asyncio.shield(task)

    def _ended(self, number: int, task: asyncio.Task[None]) -> None:
        del self._running[number]
        if not task.cancelled() and task.exception() is None:
            self._done.add(number)

    # --- connecting -------------------------------------------------------------------------

    async def _live(self) -> None:
        pause = 1.0
        while True:
            try:
                with platform_errors():
                    await self.bot.initialize()
                    await self._introduce()
                    if not self.polling:
                        await self._set_webhook()
                        log.info("Telegram sends updates to %s", self._url)
                        return
                    await self.bot.delete_webhook(drop_pending_updates=False)
                    pause = 1.0
                    await self._poll()
            except Unreachable as error:
                pause = error.wait or min(pause * 2, 60)
                log.warning("Telegram cannot be reached (%s)", error.why)
            except (Blocked, Unsendable) as error:
                pause = LATE
                log.error("Telegram refuses the webhook %s: %s", self._url, error)
            except Exception:
                pause = 60
                log.exception("connecting with Telegram failed")
            await asyncio.sleep(pause)

    async def _set_webhook(self) -> None:
        await self.bot.set_webhook(
            self._url,
            secret_token=self._secret,
            allowed_updates=UPDATES,
            drop_pending_updates=False,
        )

    async def _introduce(self) -> None:
        """The list of commands; the bot works without it."""
        private = BotCommandScopeAllPrivateChats()
        try:
            with platform_errors():
                await self.bot.set_my_commands(words.commands("zh"), scope=private)
                await self.bot.set_my_commands(
                    words.commands("en"), scope=private, language_code="en"
                )
        except (Unreachable, Unsendable, Blocked) as error:
            log.warning("the list of commands could not be set: %s", error)

    async def _poll(self) -> None:
        offset: int | None = None
        failed: dict[int, int] = {}
        while True:
            updates = await self.bot.get_updates(
                offset, timeout=POLL, allowed_updates=UPDATES, read_timeout=10
            )
            if not updates:
                await asyncio.sleep(IDLE)
            for update, outcome in zip(updates, await self._take_all(updates), strict=True):
                number = update.update_id
                if outcome is not None:
                    failed[number] = failed.get(number, 0) + 1
                    log.error("update %s was not taken", number, exc_info=outcome)
                    if failed[number] < TRIES:
                        await asyncio.sleep(1)
                        break  # it comes again, and so do those after it, which count once
                offset = number + 1

    async def _take_all(self, updates: tuple[Update, ...]) -> list[Any]:
        taken = (self.take(update) for update in updates)
        return await asyncio.gather(*taken, return_exceptions=True)
