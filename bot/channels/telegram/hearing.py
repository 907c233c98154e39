"""What came in on Telegram, handed to the reception; what never gets there is answered here."""

import asyncio
import logging
import re
from collections import OrderedDict
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import httpx
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool
from telegram import Bot
from telegram.error import BadRequest, TelegramError

from backend import accounts
from backend.blobs import NewFile
from backend.models import ChatAccount, Conversation
from backend.office import Office
from backend.work import Work
from bot.attachments import TooManyFiles, received
from bot.channels.port import Blocked, Unreachable, Unsendable
from bot.channels.telegram import words
from bot.channels.telegram.client import CHAT, platform_errors
from bot.channels.telegram.reading import (
    Came,
    Command,
    File,
    InGroup,
    Press,
    Reach,
    Unreadable,
    Words,
)
from bot.limits import Limit
from bot.receive import Reception, TooLong
from bot.remarks import remark

FILE_MOST = 20_000_000  # bytes; https://core.telegram.org/bots/api#getfile
FETCHES = 3
TOKEN = re.compile(r"[A-Za-z0-9_-]{1,64}")  # https://core.telegram.org/bots/features#deep-linking
Bind = Callable[[str, str], str | None]
log = logging.getLogger(__name__)


class TooLarge(Exception):
    """More bytes than are taken, whatever was said about them before."""


def bind_nobody(token: str, address: str) -> str | None:
    """Where there is no way to bind an account from here."""
    return None


class Remembered:
    """Names that have been seen, the latest of them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._names: OrderedDict[object, None] = OrderedDict()

    def add(self, name: object) -> None:
        self._names[name] = None
        self._names.move_to_end(name)
        if len(self._names) > self._most:
            self._names.popitem(last=False)

    def __contains__(self, name: object) -> bool:
        return name in self._names


class Hearing:
    """One update after another of each chat. ``take`` returns when it is safe."""

    def __init__(
        self, bot: Bot, http: httpx.AsyncClient, reception: Reception, office: Office, *, bind: Bind,
        messages: Limit,
    ) -> None:  # fmt: skip
        self._bot = bot
        self._http = http
        self._reception = reception
        self._office = office
        self._bind = bind
        self._messages = messages
        self._notes = Limit(per_minute=20, burst=5)  # of one chat, for what is said from here
        self._groups = Remembered(10_000)
        self._albums = Remembered(1_000)
        self._named = Remembered(10_000)  # so that a name is not written down at every word

    async def take(self, came: Came) -> None:
        match came:
            case InGroup():
                await self._send_to_private(came)
            case Reach():
                await run_in_threadpool(self._note_reach, str(came.chat), came.blocked)
            case Press():
                try:
                    if await self._let_in(came):
                        await self._hear(came, "pressed", {"press": came.press})
                finally:
                    await self._answer(came.query)
            case _ if not await self._let_in(came):
                pass
            case Words():
                await self._hear(came, "said", {"text": came.text})
            case Command():
                await self._obey(came)
            case File():
                await self._take_file(came)
            case Unreadable():
                await self._tell(came, words.UNHEARD[came.kind])

    # --- to the reception -------------------------------------------------------------------

    async def _hear(self, came: Came, kind: str, body: dict[str, Any], suffix: str = "") -> None:
        address, key = str(came.chat), came.key + suffix
        if came.english:
            await run_in_threadpool(self._begin_in_english, address)
        try:
            await run_in_threadpool(self._reception.hear, CHAT, address, key, kind, body)
        except TooLong:
            await self._tell(came, words.TOO_LONG)
        else:
            await self._note_name(came)

    async def _obey(self, command: Command) -> None:
        """Commands are sentences; an unknown one is heard as it was written."""
        if command.name == "start" and TOKEN.fullmatch(command.argument):
            said = await run_in_threadpool(self._bind, command.argument, str(command.chat))
            if said is not None:
                await self._note_name(command)
                await self._tell(command, {"zh": said, "en": said})
                return
        text = f"/{command.name} {command.argument}".strip()
        if meant := words.MEANT.get(command.name):
            text = meant[await run_in_threadpool(self._language, command)]
        await self._hear(command, "said", {"text": text})

    async def _take_file(self, file: File) -> None:
        try:
            body = await self._file_body(file)
        except TooLarge:
            await self._tell(file, words.TOO_LARGE)
        except TooManyFiles:
            await self._tell(file, words.TOO_MANY)
        except (Unsendable, Blocked):
            await self._tell(file, words.NOT_FETCHED)
        else:
            await self._hear(file, "attached", body)
            if file.photo and not (file.album and file.album in self._albums):
                self._albums.add(file.album)
                await self._tell(file, words.RECOMPRESSED, while_talking=False)
        if file.caption:
            await self._hear(file, "said", {"text": file.caption}, suffix="t")

    async def _file_body(self, file: File) -> dict[str, Any]:
        """The bytes of a file are kept only where it is known whose they are."""
        if (file.size or 0) > FILE_MOST:
            raise TooLarge
        person = await run_in_threadpool(self._person, str(file.chat))
        body = {"name": file.name, "type": file.media_type, "size": file.size or 0}
        if person is None:
            return body
        data = await self._fetch(file.file_id)
        new = NewFile(data, person, file.name, file.media_type)
        return await run_in_threadpool(received, self._office, new, recompressed=file.photo)

    async def _fetch(self, file_id: str) -> bytes:
        """Raises TooLarge; Unsendable where it cannot be had."""
        for attempt in range(FETCHES):
            await asyncio.sleep(attempt)
            with suppress(Unreachable, httpx.HTTPError), platform_errors():
                try:
                    found = await self._bot.get_file(file_id)
                except BadRequest as error:
                    if "too big" in error.message:
                        raise TooLarge from error
                    raise
                return await self._stream(found.file_path or "")
        raise Unsendable("file not fetched")

    async def _stream(self, url: str) -> bytes:
        data = bytearray()
        async with self._http.stream("GET", url) as answer:
            if answer.status_code in (400, 401, 404):
                raise Unsendable("no such file")
            answer.raise_for_status()
            async for chunk in answer.aiter_bytes():
                data += chunk
                if len(data) > FILE_MOST:
                    raise TooLarge
        return bytes(data)

    # --- answered here ----------------------------------------------------------------------

    async def _let_in(self, came: Came) -> bool:
        wait = self._messages.take(f"{CHAT}:{came.chat}")
        if wait:
            await self._tell(came, words.TOO_FAST, seconds=int(wait) + 1)
        return not wait

    async def _send_to_private(self, came: InGroup) -> None:
        """Once; a group sees nothing else of us."""
        if came.query:
            await self._answer(came.query, words.GROUP)
        elif came.chat not in self._groups:
            self._groups.add(came.chat)
            await self._say_in_group(came, words.GROUP)

    async def _answer(self, query: str, text: str = "") -> None:
        """The button stops showing that it waits; too late is as good."""
        try:
            await self._bot.answer_callback_query(query, text or None, show_alert=bool(text))
        except TelegramError as error:
            log.info("a press was not acknowledged: %s", type(error).__name__)

    async def _tell(
        self, came: Came, said: dict[str, str], *, while_talking: bool = True, **facts: object
    ) -> None:
        """In the conversation. Whoever causes many of these at once has read the first."""
        if self._notes.take(str(came.chat)):
            return
        if came.english:
            await run_in_threadpool(self._begin_in_english, str(came.chat))
        sentence = {one: text.format(**facts) if facts else text for one, text in said.items()}
        about = (CHAT, str(came.chat), came.key)
        await run_in_threadpool(
            remark, self._reception, *about, sentence, while_talking=while_talking
        )

    async def _say_in_group(self, group: InGroup, text: str) -> None:
        """Groups are no accounts. It is said once in each, and only that is sent from here."""
        try:
            with platform_errors():
                await self._bot.send_message(group.chat, text, message_thread_id=group.thread)
        except (Unreachable, Blocked, Unsendable) as error:
            log.info("a group was not answered: %s", type(error).__name__)

    # --- accounts ---------------------------------------------------------------------------

    def _person(self, address: str) -> int | None:
        with self._office.read() as work:
            return accounts.person_behind(work, CHAT, address)

    def _language(self, came: Came) -> str:
        """That of the conversation, or else of the sender's program."""
        with self._office.read() as work:
            account = self._account(work, str(came.chat))
            if account is not None:
                return work.session.get_one(Conversation, account.conversation_id).language
        return "en" if came.english else "zh"

    def _begin_in_english(self, address: str) -> None:
        """At the first message, when no language can have been chosen yet."""
        with self._office.read() as work:
            if self._account(work, address) is not None:
                return
        with self._office.work() as work:
            if self._account(work, address) is None:
                account = accounts.account(work, CHAT, address, None)
                found = work.session.get_one(Conversation, account.conversation_id)
                found.language = "en"

    async def _note_name(self, came: Came) -> None:
        """The pages that bind show it, next to what little they show of the address."""
        known = (came.chat, came.sender)
        if came.sender and known not in self._named:
            await run_in_threadpool(self._write_name, str(came.chat), came.sender)
            self._named.add(known)

    def _write_name(self, address: str, name: str) -> None:
        with self._office.work() as work:
            accounts.called(work, CHAT, address, name)

    def _note_reach(self, address: str, blocked: bool) -> None:
        with self._office.work() as work:
            accounts.reach(work, CHAT, address, blocked=blocked)

    def _account(self, work: Work, address: str) -> ChatAccount | None:
        return work.session.scalar(
            select(ChatAccount).where(
                ChatAccount.institution_id == work.institution,
                ChatAccount.channel == CHAT,
                ChatAccount.address == address,
            )
        )
