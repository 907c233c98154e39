"""A sending that is broken off goes on by the count of its parts: they stay as many, in their order,
also when the buttons are pressed or closed meanwhile."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.port import Channel, Parcel, Stored
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.wecom.channel import WecomChannel
from dialogs.engine.message import Action, Button, Card, File, Message, Picture

NOBODY: Any = None  # laying out asks neither the platform nor the database
CHANNELS = [TelegramChannel(NOBODY), WecomChannel(NOBODY, NOBODY, 10)]
PICTURE = Picture("p", "预览", 100, 100)
FILE = File("f", "成绩单.pdf", 10, "application/pdf")
CARD = Card("电子成绩单", (("姓名", "林若溪"), ("理由", "求职")))
LONG = "很长的一句话。" * 500
LINK = Button("去支付", url="order:D1")


class Desk:
    def link(self, meaning: str) -> str:
        return f"https://registrar.example.edu.cn/{meaning}"

    def file_link(self, blob_id: str) -> str:
        return f"https://registrar.example.edu.cn/files/{blob_id}"

    async def stored(self, blob_id: str) -> Stored | None:
        return None


def buttons(count: int, label: str = "选项") -> tuple[Button, ...]:
    pressed = Action(frame="f", slot="s", value="v")
    return tuple(Button(f"{label}{n}", pressed, number=n) for n in range(1, count + 1))


MESSAGES = {
    "a picture and a card": Message(
        "请核对预览", pictures=(PICTURE,), card=CARD, buttons=buttons(2)
    ),
    "words too long for a card": Message(LONG, buttons=buttons(2), files=(FILE,)),
    "words just too long for one piece": Message("字" * 668, buttons=buttons(7)),
    "labels too long for a button": Message("范围？", buttons=buttons(2, "全部课程" * 9)),
    "more choices than a card has buttons": Message("哪一个？", buttons=buttons(7)),
    "choices and a link": Message("订单", card=CARD, buttons=(*buttons(1), LINK)),
    "choices and many links": Message("订单", buttons=(*buttons(6), LINK)),
    "a link alone": Message("订单 5 元。", buttons=(LINK,)),
    "nothing but choices": Message("", pictures=(PICTURE,), buttons=buttons(1)),
    "words alone": Message(LONG, pictures=(PICTURE,), files=(FILE,)),
}


def kinds(channel: Channel, parcel: Parcel) -> list[str]:
    return [kind(part) for part in channel.parts(parcel, Desk())]


def kind(part: Any) -> str:
    """What stands in a part: which file, or that it is words."""
    if isinstance(part, dict):
        one = part.get("picture") or part.get("file") or {}
        return str(one.get("blob_id", "words"))
    return part.blob_id or "words"


def words_of(parts: Sequence[Any]) -> list[str]:
    return [one.get("text", "") if isinstance(one, dict) else one.text for one in parts]


@pytest.mark.parametrize("name", MESSAGES)
@pytest.mark.parametrize("channel", CHANNELS, ids=lambda one: one.name)
def test_a_message_has_as_many_parts_in_the_same_order_open_or_done(
    channel: Channel, name: str
) -> None:
    opened = Parcel("k", "token_of-16_chars", MESSAGES[name].to_json(), datetime.now(UTC))
    closed = "已由欧阳老师于 3 月 2 日同意，学生会收到通知。" * 20
    for over in (replace(opened, done=True), replace(opened, done=True, closed=closed)):
        assert kinds(channel, over) == kinds(channel, opened)
        before, after = (words_of(channel.parts(one, Desk())) for one in (opened, over))
        for was, now in zip(before, after, strict=True):
            assert now.startswith(was), "what was cut elsewhere is lost, or said twice"
