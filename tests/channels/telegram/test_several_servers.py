"""Several servers that take in what one bot is sent."""

import asyncio
import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from typing import Any

import pytest

from bot.play import Stage
from tests.channels.telegram.house import House
from tests.peers.telegram.bot_api import BotApi
from tests.peers.telegram.people import Person


def connected(api: BotApi, house: House) -> bool:
    return api.webhook.url == house.telegram._url


@pytest.fixture
def houses(stage: Callable[..., Stage], api: BotApi) -> Iterator[list[House]]:
    """Two servers with the same data, of which each in turn is given an update."""
    shared = stage()
    with ExitStack() as open_:
        both = [House(shared, api) for _ in range(2)]
        for one in both:
            open_.enter_context(one.serving)
            api.wait_for(partial(connected, api, one))
        urls = itertools.cycle([one.telegram._url for one in both])
        deliver = api.webhook.deliver

        def to_either(update: dict[str, Any] | bytes, secret: str | None = None) -> int:
            api.webhook.url = next(urls)
            return deliver(update, secret)

        api.webhook.deliver = to_either  # type: ignore[method-assign]
        yield both


def test_messages_of_one_chat_are_taken_in_order_whichever_server_gets_them(
    houses: list[House], student: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The platform pushes the next one of a chat once the one before has been acknowledged, so an
    acknowledgement must not come before a message is safe."""
    slow = houses[0].telegram._hearing
    hear = slow._hear

    async def slowly(*what: Any, **more: Any) -> None:
        await asyncio.sleep(0.05)
        await hear(*what, **more)

    monkeypatch.setattr(slow, "_hear", slowly)
    said = [f"第 {n} 句" for n in range(8)]
    for text in said:
        student.say(text)
    houses[0].settle()
    assert houses[0].texts(student.id) == said
    assert {status for _, status in houses[0].api.webhook.pushed} == {200}  # type: ignore[union-attr]
