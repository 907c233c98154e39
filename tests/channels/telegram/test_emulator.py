"""The same channel with an emulator of the Bot API that was not written here."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot.play import Stage
from tests.channels.telegram.house import House
from tests.peers.telegram import emulator
from tests.peers.telegram.emulator import TOKEN, Emulator

CHAT = 5_000_001
WHO = {"id": CHAT, "first_name": "测试", "is_bot": False}
WHERE = {"id": CHAT, "first_name": "测试", "type": "private"}


@pytest.fixture
def foreign() -> Iterator[Emulator]:
    try:
        emulator.installed()
    except emulator.Unavailable as why:
        pytest.skip(f"telegram-test-api: {why}")
    with emulator.running() as started:
        yield started


def shown(foreign: Emulator) -> list[dict[str, Any]]:
    """Messages of the bot with their ids, the latest last."""
    return [
        {**one["message"], "message_id": one["messageId"]}
        for one in foreign.history()
        if "chat_id" in one.get("message", {})
    ]


def button(foreign: Emulator, label: str) -> tuple[dict[str, Any], str]:
    """The latest one with this label, and the message it stands under."""
    return next(
        (message, one["callback_data"])
        for message in reversed(shown(foreign))
        for row in (message.get("reply_markup") or {}).get("inline_keyboard", [])
        for one in row
        if one["text"] == label
    )


def until(found: Callable[[], Any]) -> Any:
    end = time.monotonic() + 60
    while not (value := found()):
        assert time.monotonic() < end, "nothing came"
        time.sleep(0.05)
    return value


def test_an_application_is_talked_over_through_an_emulator_of_others(
    foreign: Emulator, stage: Callable[..., Stage]
) -> None:
    house = House(stage(), foreign, token=TOKEN, polling=True)
    house.bind(CHAT, "enrolled")

    def write(text: str) -> None:
        before = len(house.heard(CHAT))
        foreign.post("/sendMessage", botToken=TOKEN, **{"from": WHO}, chat=WHERE, date=1, text=text)
        until(lambda: len(house.heard(CHAT)) > before)
        house.settle()

    def press(label: str) -> None:
        before = len(house.heard(CHAT))
        message, data = button(foreign, label)
        on = {"message_id": message["message_id"], "date": 1, "chat": WHERE}
        foreign.post("/sendCallback", botToken=TOKEN, **{"from": WHO}, message=on, data=data)
        until(lambda: len(house.heard(CHAT)) > before)
        house.settle()

    with house.serving:
        write("我想要一份英文成绩单，带绩点")
        press("集中教学和所级教学合在一起")
        assert "申请理由是什么" in shown(foreign)[-1]["text"]
        write("多少钱一份？")
        assert any("每种免费 1 份" in one["text"] for one in shown(foreign))
        assert "申请理由是什么" in shown(foreign)[-1]["text"]
