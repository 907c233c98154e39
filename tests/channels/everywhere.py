"""Somebody with the assistant on one channel, whichever it is, and people on several at once."""

import contextlib
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from functools import cached_property
from itertools import count
from typing import Protocol

from backend.registry.demo import FEATURED
from bot.play import Stage
from tests.channels.site import Site
from tests.channels.telegram.house import SPEED
from tests.channels.telegram.house import House as TelegramHouse
from tests.channels.wecom.house import House as WecomHouse
from tests.peers.telegram.bot_api import BotApi
from tests.peers.wecom.simulator import Simulator

KINDS = {
    "pdf": "application/pdf",
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def number_of(who: str) -> str:
    return next((one.number for one in FEATURED if one.key == who), who)


def kind_of(name: str) -> str:
    return KINDS[name.rsplit(".", 1)[1]]


class Someone(Protocol):
    """``press`` takes the label as the dialog gives it, however the channel shows it; LookupError
    where it cannot be pressed (any more). ``decide`` is a press that counts at once where it is a
    press; who types is asked once more."""

    who: str

    def say(self, text: str) -> None: ...
    def press(self, label: str) -> None: ...
    def decide(self, label: str) -> None: ...
    def attach(self, name: str, data: bytes) -> None: ...
    def words(self) -> str: ...
    def pieces(self) -> list[str]: ...
    def links(self) -> list[str]: ...
    def pictures(self) -> int: ...
    def files(self) -> list[tuple[str, bytes]]: ...


def signs_in(stage: Stage, who: str) -> None:
    """On the page whose link they have just been sent."""
    stage.cast(who, who)
    stage.sign_in(who)


def signs_in_if_asked(meeting: "Meeting", who: str) -> None:
    """As on a phone that shows somebody's papers for the first time."""
    with contextlib.suppress(LookupError):
        signs_in(meeting.stage, who)
        meeting.settle()


class Meeting:
    """One assistant and the people who talk to it, each on a channel of their own."""

    def __init__(
        self,
        stage: Stage,
        listening: socket.socket,
        open_: ExitStack,
        channels: "Mapping[str, Callable[[Meeting, str], Someone]]",
    ) -> None:
        self.stage = stage
        self.open = open_
        self.site = open_.enter_context(Site(stage, listening))
        self.addresses = count(700_000_001)
        self._channels = channels
        self._houses: dict[str, TelegramHouse | WecomHouse] = {}

    def settle(self) -> None:
        """Until nothing moves on any channel: what is done on one is told on another."""
        self.stage.news()
        for _ in self._houses:
            for house in self._houses.values():
                house.settle()

    def on(self, channel: str, who: str) -> Someone:
        """They have come to the chat, and said nothing that matters yet."""
        return self._channels[channel](self, who)

    @cached_property
    def telegram(self) -> TelegramHouse:
        api = self.open.enter_context(BotApi(clock=lambda: time.monotonic() * SPEED))
        house = self._houses["telegram"] = TelegramHouse(self.stage, api)
        self.open.enter_context(house.serving)
        api.wait_for(lambda: api.webhook.url)
        return house

    @cached_property
    def wecom(self) -> WecomHouse:
        simulator = self.open.enter_context(Simulator())
        house = self._houses["wecom"] = WecomHouse(self.stage, simulator)
        return self.open.enter_context(house)


New = Callable[[str], Someone]
