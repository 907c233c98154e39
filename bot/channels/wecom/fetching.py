"""Pictures and files that somebody sent: noted before WeCom is answered, fetched afterwards.

A crash in between loses nothing: what is noted is fetched by the next sweep, of whatever process.
"""

import asyncio
import logging
from datetime import timedelta
from mimetypes import guess_type
from typing import Any

from sqlalchemy import select

from backend import accounts
from backend.blobs import NewFile
from backend.clock import local_date
from backend.identity import confidential
from backend.media_types import UNKNOWN
from backend.models import ChatAccount, Conversation
from backend.office import Office
from bot.attachments import TooManyFiles, received
from bot.channels.port import Unreachable
from bot.channels.text import plain_name
from bot.channels.wecom import directory, words
from bot.channels.wecom.api import Api, Media, TooLarge
from bot.channels.wecom.errors import ApiError
from bot.channels.wecom.lent import Lent
from bot.channels.wecom.reading import File
from bot.receive import Reception
from bot.remarks import remark

NOTED = timedelta(hours=12)  # then nobody waits for it any more; WeCom has it for three days
AT_ONCE = 4
BEGINNING = "fetch:"
log = logging.getLogger(__name__)


class Fetching:
    def __init__(self, office: Office, reception: Reception, api: Api, lent: Lent) -> None:
        self._office = office
        self._reception = reception
        self._api = api
        self._lent = lent
        self._room = asyncio.Semaphore(AT_ONCE)
        self._running: dict[str, asyncio.Task[None]] = {}

    async def note(self, file: File) -> None:
        """From now on it is not lost. A repeat changes nothing."""
        name = f"{BEGINNING}{file.member}:{file.key}"
        value = {
            "member": file.member,
            "key": file.key,
            "media_id": file.media_id,
            "name": confidential.file_name(file.name),
            "picture": file.picture,
        }
        if await asyncio.to_thread(self._lent.add, name, value, NOTED):
            self._start(name)

    async def sweep(self) -> None:
        """Fetch what a crash or an outage has left."""
        for name in await asyncio.to_thread(self._lent.names, BEGINNING):
            if name not in self._running:
                self._start(name)

    async def settle(self) -> None:
        """Until all that was started has ended."""
        while self._running:
            await asyncio.gather(*self._running.values(), return_exceptions=True)

    async def stop(self) -> None:
        for task in list(self._running.values()):
            task.cancel()
        await self.settle()

    def _start(self, name: str) -> None:
        task = asyncio.create_task(self._fetch(name))
        self._running[name] = task
        task.add_done_callback(lambda _: self._running.pop(name, None))

    async def _fetch(self, name: str) -> None:
        try:
            async with self._room:
                noted = await asyncio.to_thread(self._lent.get, name)
                if noted is not None:
                    await self._bring(noted)
                    await asyncio.to_thread(self._lent.take, name)
        except Unreachable:
            log.warning("a file could not be fetched now")
        except Exception:  # it is noted still, and the sweep comes again
            log.exception("fetching a file failed")

    async def _bring(self, noted: dict[str, Any]) -> None:
        """The bytes of a file are fetched only where it is known whose they are."""
        owner = await asyncio.to_thread(self._owner, noted["member"])
        if owner is None:
            name = plain_name(noted["name"])
            body = {"name": name, "type": guess_type(name)[0] or UNKNOWN, "size": 0}
            await asyncio.to_thread(self._hear, noted, body)
            return
        try:
            media = await self._api.media(noted["media_id"])
        except TooLarge:
            await self._say(noted, words.TOO_LARGE)
        except ApiError as error:
            log.warning("a file could not be fetched: %s", error)
            await self._say(noted, words.NOT_FETCHED)
        else:
            await self._keep(noted, owner, media)

    async def _keep(self, noted: dict[str, Any], owner: int, media: Media) -> None:
        name = plain_name(noted["name"] or media.name)
        media_type = media.media_type
        if media_type in ("", UNKNOWN):
            media_type = guess_type(name)[0] or UNKNOWN
        file = NewFile(media.data, owner, name, media_type)
        try:
            recompressed = bool(noted.get("picture"))
            body = await asyncio.to_thread(received, self._office, file, recompressed=recompressed)
        except TooManyFiles:
            await self._say(noted, words.TOO_MANY)
        else:
            await asyncio.to_thread(self._hear, noted, body)
            if noted.get("picture"):
                await asyncio.to_thread(self._warn_of_compression, noted["member"])

    def _warn_of_compression(self, member: str) -> None:
        """Once a day; never while they talk to a person."""
        day = local_date(self._office.clock.now()).isoformat()
        remark(
            self._reception,
            directory.CHANNEL,
            member,
            f"recompressed {day}",
            words.RECOMPRESSED,
            while_talking=False,
        )

    def _owner(self, member: str) -> int | None:
        with self._office.read() as work:
            return accounts.person_behind(work, directory.CHANNEL, member)

    def _hear(self, noted: dict[str, Any], body: dict[str, Any]) -> None:
        member, key = noted["member"], noted["key"]
        self._reception.hear(directory.CHANNEL, member, key, "attached", body)

    async def _say(self, noted: dict[str, Any], sentence: dict[str, str]) -> None:
        about = (directory.CHANNEL, noted["member"], noted["key"])
        await asyncio.to_thread(remark, self._reception, *about, sentence)


def language_of(office: Office, member: str) -> str:
    """The language of the conversation with this member."""
    query = (
        select(Conversation.language)
        .join(ChatAccount, ChatAccount.conversation_id == Conversation.id)
        .where(
            ChatAccount.institution_id == office.institution,
            ChatAccount.channel == directory.CHANNEL,
            ChatAccount.address == member,
        )
    )
    with office.read() as work:
        return work.session.scalar(query) or "zh"
