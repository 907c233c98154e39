"""Houses with their own data, and the platform that they are connected with."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from bot.play import Stage
from tests.channels.telegram.house import SPEED, House
from tests.peers.telegram.bot_api import BotApi
from tests.peers.telegram.people import Person

NewHouse = Callable[..., House]


@pytest.fixture
def api() -> Iterator[BotApi]:
    with BotApi(clock=lambda: time.monotonic() * SPEED) as peer:
        yield peer


@pytest.fixture
def new_house(stage: Callable[..., Stage], api: BotApi) -> Iterator[NewHouse]:
    with ExitStack() as open_:

        def make(**more: Any) -> House:
            house = House(stage(), api, **more)
            open_.enter_context(house.serving)
            if not house.telegram.polling:
                api.wait_for(lambda: api.webhook.url)
            return house

        yield make


@pytest.fixture
def house(new_house: NewHouse) -> House:
    return new_house()


@pytest.fixture
def student(api: BotApi) -> Person:
    return Person(api, 700_000_001)


@pytest.fixture
def officer(api: BotApi) -> Person:
    return Person(api, 700_000_002)
