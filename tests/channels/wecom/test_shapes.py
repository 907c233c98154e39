"""How a message looks in WeCom: nothing of it is cut off, refused or dropped."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.channels.pace import Pace
from bot.channels.port import Parcel, Stored
from bot.channels.wecom import cards
from bot.channels.wecom.plain import texts
from dialogs.engine.message import Action, Button, Card, Message, Picture
from tests.channels.wecom.house import House
from tests.peers.wecom.simulator import Phone

PRESSED = Action(frame="f", slot="s", value="v")


class Desk:
    def link(self, meaning: str) -> str:
        return f"https://registrar.test/{meaning}"

    def file_link(self, blob_id: str) -> str:
        return f"https://registrar.test/files/{blob_id}"

    async def stored(self, blob_id: str) -> Stored | None:
        return None


def parcel(token: str = "token_of-16_chars", **message: Any) -> Parcel:
    body = Message(**message).to_json()
    return Parcel(token, token, body, datetime(2026, 3, 2, tzinfo=UTC))


def buttons(*labels: str) -> tuple[Button, ...]:
    return tuple(Button(label, PRESSED, number=at) for at, label in enumerate(labels, 1))


def shown(house: House, phone: Phone, one: Parcel) -> list[dict[str, Any]]:
    """What the phone shows of it."""
    desk, channel = Desk(), house.wecom.channel
    before = len(phone.shown())

    async def send() -> None:
        for part in channel.parts(one, desk):
            await channel.send(phone.userid, one, part, desk)

    house.run(send())
    return phone.shown()[before:]


def all_words(message: dict[str, Any]) -> str:
    return str(message)


@pytest.mark.parametrize("ending", ["。", "！", "，", "字", "a"])
def test_long_words_come_in_pieces_that_lose_nothing(
    house: House, student: Phone, ending: str
) -> None:
    text = ("很长的一句话" * 5 + ending) * 120
    pieces = shown(house, student, parcel(text=text))
    assert len(pieces) > 2
    assert "".join(one["text"] for one in pieces) == text
    if ending == "。":
        assert all(one["text"].endswith("。") for one in pieces)


def test_seven_choices_are_numbers_to_type(house: House, student: Phone) -> None:
    (one,) = shown(
        house, student, parcel(text="哪一个？", buttons=buttons(*(f"选项{at}" for at in range(7))))
    )
    assert one["kind"] == "text"
    assert "7. 选项6" in one["text"]


def test_six_choices_are_buttons(house: House, student: Phone) -> None:
    (one,) = shown(
        house, student, parcel(text="哪一个？", buttons=buttons(*(f"选项{at}" for at in range(6))))
    )
    assert [button["text"] for button in one["card"]["button_list"]] == [
        f"选项{at}" for at in range(6)
    ]


def test_six_choices_and_a_link_are_all_there(house: House, student: Phone) -> None:
    links = (Button("去支付", url="order:D1"),)
    messages = shown(
        house,
        student,
        parcel(text="哪一个？", buttons=(*buttons(*(f"选项{at}" for at in range(6))), *links)),
    )
    assert "https://registrar.test/order:D1" in str(messages)
    assert len(messages[-1]["card"]["button_list"]) == 6


def test_a_link_alone_is_a_card_to_follow(house: House, student: Phone) -> None:
    (one,) = shown(
        house,
        student,
        parcel(text="订单 5.00 元。请在三天内支付。", buttons=(Button("去支付", url="order:D1"),)),
    )
    assert one["card"]["jump_list"][0]["title"] == "去支付"
    assert one["card"]["card_action"]["url"] == "https://registrar.test/order:D1"


def test_four_links_are_all_there(house: House, student: Phone) -> None:
    links = tuple(Button(f"第{at}个", url=f"verify:{at}") for at in range(4))
    messages = shown(house, student, parcel(text="请看：", buttons=links))
    assert all(f"https://registrar.test/verify:{at}" in str(messages) for at in range(4))


@pytest.mark.parametrize("count", [1, 6, 7, 12, 30])
@pytest.mark.parametrize("value", ["短", "很长的值" * 12])
def test_every_row_of_a_card_can_be_read(
    house: House, student: Phone, count: int, value: str
) -> None:
    rows = tuple((f"第{at}行", f"{value}{at}") for at in range(count))
    messages = shown(
        house,
        student,
        parcel(text="请核对。", card=Card("电子成绩单", rows), buttons=buttons("提交", "修改")),
    )
    assert all(f"{value}{at}" in str(messages) for at in range(count))
    assert messages[-1]["card"]["button_list"][0]["text"] == "提交"


def test_the_words_of_a_button_that_is_too_small_for_them_can_be_read(
    house: House, student: Phone
) -> None:
    label = "北京集中教学阶段和所级教学合在一起的全部课程"
    messages = shown(house, student, parcel(text="范围？", buttons=buttons(label, "其他")))
    assert f"1. {label}" in str(messages)
    assert cards.width(messages[-1]["card"]["button_list"][0]["text"]) <= cards.LABEL


def test_long_words_with_buttons_are_said_before_the_card(house: House, student: Phone) -> None:
    text = "很长的说明。" * 60
    messages = shown(house, student, parcel(text=text, buttons=buttons("同意", "不同意")))
    assert messages[0]["text"] == text
    assert [one["text"] for one in messages[-1]["card"]["button_list"]] == ["同意", "不同意"]


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("请核对预览", ()),
        ("请核对预览", (Button("去支付", url="order:D1"),)),
        ("很长的说明。" * 60, ()),
    ],
)
def test_a_message_that_is_decided_on_while_it_is_sent_is_shown_whole_without_its_buttons(
    house: House, student: Phone, text: str, links: tuple[Button, ...]
) -> None:
    rows = (("理由", "求职"),)
    one = parcel(
        text=text,
        card=Card("电子成绩单", rows),
        pictures=(Picture("gone", "预览图", 10, 10),),
        buttons=(*buttons("同意"), *links),
    )
    over = replace(one, done=True, closed="已由刘敏同意。")
    desk, channel = Desk(), house.wecom.channel

    async def send() -> None:
        first, *_ = channel.parts(one, desk)
        await channel.send(student.userid, one, first, desk)
        for part in channel.parts(over, desk)[1:]:
            await channel.send(student.userid, over, part, desk)

    before = len(student.shown())
    house.run(send())
    messages = student.shown()[before:]
    for words in (text, "预览图", "求职", "已由刘敏同意。", *(f"{one.url}" for one in links)):
        assert words in str(messages), words
    pressed = [one for card in messages for one in (card.get("card") or {}).get("button_list", [])]
    assert [one["text"] for one in pressed] == [one.label for one in links]


def test_what_somebody_wrote_does_not_become_a_link_under_our_name() -> None:
    (one,) = texts('理由：<a href="https://evil.example">点这里</a>')
    assert "<a" not in one["text"]
    assert "点这里" in one["text"]


def test_a_card_that_was_decided_in_many_words_tells_them(house: House, student: Phone) -> None:
    one = parcel(text="请审批。", buttons=buttons("同意"))
    shown(house, student, one)
    desk, channel = Desk(), house.wecom.channel
    remote = house.run(
        channel.send(student.userid, parcel("another-token-16", text="请审批：", buttons=buttons("同意")), {"card": "whole", "at": 0}, desk)
    )  # fmt: skip
    words = "已由欧阳某某老师于 2026 年 3 月 2 日同意，学生会收到通知。"
    closed = Parcel(
        "k",
        "another-token-16",
        parcel(text="请审批：", buttons=buttons("同意")).body,
        one.made_at,
        closed=words,
        done=True,
    )
    house.run(channel.close(student.userid, closed, [remote], desk))
    last = student.shown()[-1]
    assert last["done"]
    assert words in str(last["card"])


def test_the_same_message_to_two_people_is_shown_to_both(
    house: House, student: Phone, officer: Phone
) -> None:
    one = parcel(text="请选择。", buttons=buttons("好"))
    assert len(shown(house, student, one)) == 1
    assert len(shown(house, officer, one)) == 1


def test_a_hundred_messages_to_one_member_are_all_shown(house: House, student: Phone) -> None:
    """The simulator drops the thirty-first of a minute without a word, as WeCom does."""
    desk, channel = Desk(), house.wecom.channel
    pace, at = Pace(channel.limits), house.office.clock.now().timestamp()
    for number in range(100):
        at += pace.wait(student.userid, at)
        pace.remember([(student.userid, at)])
        house.simulator.control("time", at=int(at))
        one = parcel(f"token-number-{number:04}", text=f"第 {number} 条")
        house.run(channel.send(student.userid, one, {"text": f"第 {number} 条", "at": 0}, desk))
    assert len(student.shown()) == 100
    assert house.simulator.dropped() == []
