"""An assistant with the demo's people, reached through the Bot API's wire and nothing else."""

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Any

from sqlalchemy import select

from backend import accounts
from backend.models import Blob, ChatAccount, Conversation, Inbound, Outbound, Person
from backend.registry.demo import FEATURED
from bot.channels.port import Blocked, Parcel, Stored, Unreachable
from bot.channels.telegram import Telegram
from bot.limits import Limit
from bot.play import Stage
from bot.settings import TelegramSettings
from tests.channels.telegram.serving import Serving
from tests.peers.telegram.bot_api import TOKEN, BotApi
from tests.peers.telegram.emulator import Emulator

SPEED = 20.0  # how much faster than ours the platform's seconds pass
SECRET = "a-secret_of_this-installation="


class House:
    def __init__(
        self,
        stage: Stage,
        api: BotApi | Emulator,
        *,
        polling: bool = False,
        bind: Callable[[str, str], str | None] = lambda _, __: None,
        messages: Limit | None = None,
        token: str = TOKEN,
    ) -> None:
        self.stage = stage
        self.api = api
        self.office = stage.assistant.office
        settings = TelegramSettings.model_validate(
            {"token": token, "api_url": api.url, "polling": polling}
        )

        def make(url: str) -> Telegram:
            return Telegram(
                settings,
                secret=SECRET,
                reception=stage.assistant.reception,
                office=self.office,
                base_url=url,
                bind=bind,
                messages=messages,
            )

        self.serving = Serving(make)
        self.telegram = self.serving.telegram
        self.channel = self.telegram.channel
        self.postman = Postman(self)

    def bind(self, address: int, who: str) -> int:
        """This chat belongs to that person of the demo; the pages that bind are not part of this."""
        number = next((one.number for one in FEATURED if one.key == who), who)
        with self.office.work() as work:
            person = work.session.scalars(select(Person.id).where(Person.number == number)).one()
            accounts.account(work, "telegram", str(address), person).bound_at = work.now
        return person

    def settle(self) -> None:
        """Turns are taken, jobs run and messages sent until nothing moves."""
        if isinstance(self.api, BotApi):
            self.api.webhook.quiet()
        stage = self.stage
        while stage.pump.run(stage.assistant.reception.take_turns) or stage.jobs.run_all(
            self.office
        ):
            pass
        self.serving.run(self.postman.deliver())

    def heard(self, address: int) -> list[Inbound]:
        with self.office.read() as work:
            return list(
                work.session.scalars(
                    select(Inbound)
                    .join(ChatAccount, ChatAccount.id == Inbound.account_id)
                    .where(ChatAccount.address == str(address), Inbound.message_key.is_not(None))
                    .order_by(Inbound.id)
                )
            )

    def texts(self, address: int) -> list[str]:
        return [one.body.get("text", "") for one in self.heard(address)]

    def account(self, address: int) -> ChatAccount | None:
        with self.office.read() as work:
            return work.session.scalar(
                select(ChatAccount).where(ChatAccount.address == str(address))
            )

    def language(self, address: int) -> str:
        with self.office.read() as work:
            return work.session.scalars(
                select(Conversation.language)
                .join(ChatAccount, ChatAccount.conversation_id == Conversation.id)
                .where(ChatAccount.address == str(address))
            ).one()


class Desk:
    """What messages refer to, from the assistant itself."""

    def __init__(self, house: House) -> None:
        self.house = house

    def link(self, meaning: str) -> str:
        return self.house.stage.assistant.links.follow(meaning, self.house.office.clock.now())

    def file_link(self, blob_id: str) -> str:
        return self.house.stage.assistant.links.file(blob_id, self.house.office.clock.now())

    async def stored(self, blob_id: str) -> Stored | None:
        with self.house.office.read() as work:
            blob = work.session.get(Blob, blob_id)
        if blob is None:
            return None
        return Stored(self.house.office.blobs.get(blob.key), blob.name, blob.media_type)


class Postman:
    """Brings what is said to chats in its order, no faster than the channel's limits."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.desk = Desk(house)
        self.said: dict[tuple[str, int], list[str]] = {}  # names by address and outbound
        self.closed: set[tuple[str, int]] = set()
        self.times: dict[str, list[float]] = {}

    async def deliver(self) -> None:
        with self.house.office.read() as work:
            found = work.session.execute(
                select(ChatAccount.address, Outbound)
                .join(Outbound, Outbound.conversation_id == ChatAccount.conversation_id)
                .where(ChatAccount.channel == "telegram", ChatAccount.blocked_at.is_(None))
                .order_by(Outbound.seq)
            ).all()
        by_chat: dict[str, list[Outbound]] = {}
        for address, outbound in found:
            by_chat.setdefault(address, []).append(outbound)
        await asyncio.gather(*(self.serve(*one) for one in by_chat.items()))

    async def serve(self, address: str, messages: list[Outbound]) -> None:
        for outbound in messages:
            name = (address, outbound.id)
            parcel = Parcel(
                f"o{outbound.id}",
                outbound.token,
                outbound.body,
                outbound.created_at,
                outbound.closed or "",
            )
            if name not in self.said:
                self.said[name] = await self.send(address, parcel)
            elif (outbound.pressed_at or outbound.closed) and name not in self.closed:
                self.closed.add(name)
                names = self.said[name]
                close = partial(self.house.channel.close, address, parcel, names, self.desk)
                await self.patiently(address, close)

    async def send(self, address: str, parcel: Parcel) -> list[str]:
        names: list[str] = []
        try:
            for part in self.house.channel.parts(parcel, self.desk):
                send = partial(self.house.channel.send, address, parcel, part, self.desk)
                names.append(await self.patiently(address, send))
        except Blocked:
            names.append("")
        return names

    async def patiently(self, address: str, call: Callable[[], Any]) -> Any:
        while True:
            await self.room(address)
            try:
                return await call()
            except Unreachable as error:
                await asyncio.sleep((error.wait or 1) / SPEED)

    async def room(self, address: str) -> None:
        limits = self.house.channel.limits
        for name, rates in ((address, limits.chat), ("", limits.all)):
            times = self.times.setdefault(name, [])
            for rate in rates:
                if len(times) >= rate.count:
                    free = times[-rate.count] + rate.seconds / SPEED
                    await asyncio.sleep(max(0.0, free - asyncio.get_running_loop().time()))
            times.append(asyncio.get_running_loop().time())
