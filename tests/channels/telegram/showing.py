"""Messages as the assistant keeps them, shown through the peer of the Bot API."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from bot.channels.port import Parcel, Stored
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.client import bot_for
from bot.sections import TelegramSettings
from dialogs.engine.message import Action, Button, Card, File, Message, Picture
from tests.peers.telegram.bot_api import TOKEN

T = TypeVar("T")
PRESSED = Action(dialog="greet")


def parcel(message: Message, closed: str = "") -> Parcel:
    return Parcel("o1", "AbCdEfGhIjKlMnOp", message.to_json(), datetime.now(UTC), closed)


def button(label: str, number: int | None = None, style: str = "") -> Button:
    return Button(label, PRESSED, number=number, style=style)


class Desk:
    """Links by their meaning, and the files that are there."""

    def __init__(self, **files: Stored) -> None:
        self.files = files

    def link(self, meaning: str) -> str:
        return meaning if "://" in meaning else f"https://registrar.example/{meaning}"

    def file_link(self, blob_id: str) -> str:
        return f"https://registrar.example/files/{blob_id}"

    async def stored(self, blob_id: str) -> Stored | None:
        return self.files.get(blob_id)


class Show:
    """The channel alone, with the peer."""

    def __init__(self, url: str, token: str = TOKEN) -> None:
        self.settings = TelegramSettings.model_validate({"token": token, "api_url": url})

    def do(self, work: Callable[[TelegramChannel], Coroutine[Any, Any, T]]) -> T:
        async def run() -> T:
            bot = bot_for(self.settings)
            try:
                return await work(TelegramChannel(bot))
            finally:
                await bot.request.shutdown()

        return asyncio.run(run())

    def send(self, chat: int | str, parcel: Parcel, desk: Desk) -> list[str]:
        async def work(channel: TelegramChannel) -> list[str]:
            return [
                await channel.send(str(chat), parcel, part, desk)
                for part in channel.parts(parcel, desk)
            ]

        return self.do(work)

    def close(self, chat: int, parcel: Parcel, names: list[str], desk: Desk, words: str) -> None:
        closed = replace(parcel, closed=words)
        self.do(lambda channel: channel.close(str(chat), closed, names, desk))


__all__ = ["Button", "Card", "Desk", "File", "Message", "Picture", "Show", "button", "parcel"]
