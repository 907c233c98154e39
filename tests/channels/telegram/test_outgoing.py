"""What people see of a message on Telegram, and what becomes of one that cannot be shown."""

import asyncio
import struct
from typing import Any

import pytest

from bot.channels.port import Blocked, Stored, Unreachable, Unsendable
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.parts import compose
from tests.channels.telegram.showing import (
    Button,
    Card,
    Desk,
    File,
    Message,
    Picture,
    Show,
    button,
    parcel,
)
from tests.peers.telegram.bot_api import BotApi
from tests.peers.telegram.methods import units
from tests.peers.telegram.people import Person

CHOICE = Message("办哪一种？", buttons=(button("中文", 1), button("英文", 2)))


@pytest.fixture
def show(api: BotApi) -> Show:
    return Show(api.url)


def labels(message: dict[str, Any]) -> list[list[str]]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [[one["text"] for one in row] for row in rows]


def png(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height)


def test_a_card_is_read_as_it_was_written_with_its_title_bold(show: Show, student: Person) -> None:
    card = Card("<电子成绩单> & 😀", (("姓名", "林*若_溪"), ("费用", "5.00 元")))
    show.send(student.id, parcel(Message("请核对 😀。", card=card)), Desk())
    (message,) = student.messages
    assert message["text"] == "请核对 😀。\n\n<电子成绩单> & 😀\n姓名：林*若_溪\n费用：5.00 元"
    (bold,) = message["entities"]
    wide = message["text"].encode("utf-16-le")
    marked = wide[bold["offset"] * 2 : (bold["offset"] + bold["length"]) * 2]
    assert marked.decode("utf-16-le") == "<电子成绩单> & 😀"


def test_a_long_text_is_whole_and_cut_at_sentences_with_the_buttons_below_its_end(
    show: Show, student: Person
) -> None:
    sentences = [f"第 {n} 条规定是这样写的，请您仔细看一看。" for n in range(700)]
    said = parcel(Message("".join(sentences), buttons=(button("看完了"),)))
    names = show.send(student.id, said, Desk())
    assert "".join(one["text"] for one in student.messages) == "".join(sentences)
    assert all(one["text"].endswith("。") for one in student.messages)
    assert [labels(one) for one in student.messages] == [[]] * (len(names) - 1) + [[["看完了"]]]
    show.close(student.id, said, names, Desk(), "已由刘敏同意。")
    assert student.messages[-1]["text"].endswith("。\n\n已由刘敏同意。")


def test_characters_outside_the_basic_plane_do_not_make_a_text_too_long(
    show: Show, student: Person
) -> None:
    show.send(student.id, parcel(Message("😀" * 5000)), Desk())
    assert all(units(one["text"]) <= 4096 for one in student.messages)
    assert "".join(one["text"] for one in student.messages) == "😀" * 5000


def test_buttons_that_were_used_are_gone_and_links_stay(show: Show, student: Person) -> None:
    said = parcel(
        Message(
            "请确认订单。",
            buttons=(button("确认订单", style="primary"), Button("打开", url="verify:X")),
        )
    )
    names = show.send(student.id, said, Desk())
    assert labels(student.messages[0]) == [["确认订单", "打开"]]
    show.close(student.id, said, names, Desk(), "")
    show.close(student.id, said, names, Desk(), "")  # once more after a crash
    assert labels(student.messages[0]) == [["打开"]]
    assert student.messages[0]["text"] == "请确认订单。"


def test_a_prompt_that_another_one_has_decided_says_so_in_place_of_its_buttons(
    show: Show, student: Person
) -> None:
    card = Card("成绩单申请 T260302-0001", (("学生", "林若溪"),))
    said = parcel(Message("请审批。", card=card, buttons=(button("同意"), button("驳回"))))
    names = show.send(student.id, said, Desk())
    for _ in range(2):
        show.close(student.id, said, names, Desk(), "已由刘敏同意。")
    (message,) = student.messages
    assert labels(message) == []
    assert message["text"].endswith("学生：林若溪\n\n已由刘敏同意。")
    assert message["entities"]


def test_a_prompt_that_was_decided_before_it_could_be_sent_has_no_buttons(
    show: Show, student: Person
) -> None:
    show.send(student.id, parcel(CHOICE, closed="已由刘敏同意。"), Desk())
    assert student.messages[0]["text"] == "办哪一种？\n\n已由刘敏同意。"
    assert labels(student.messages[0]) == []


def test_closing_what_is_not_there_any_more_troubles_nobody(
    show: Show, api: BotApi, student: Person
) -> None:
    names = show.send(student.id, parcel(CHOICE), Desk())
    api.messages[student.id].clear()
    show.close(student.id, parcel(CHOICE), names, Desk(), "")
    show.close(student.id, parcel(CHOICE), names, Desk(), "办好了")


def test_a_message_half_sent_goes_on_with_the_same_parts(show: Show) -> None:
    long = Message("规定。" * 3000, buttons=(button("好"),), files=(File("f", "a.pdf", 1, "x"),))
    opened = compose(parcel(long), Desk(), open_=True)
    closed = compose(parcel(long, closed="办好了"), Desk(), open_=False)
    assert [one.blob_id for one in opened] == [one.blob_id for one in closed]
    assert opened[0] == closed[0]


def test_buttons_fit_on_a_telephone(show: Show, student: Person) -> None:
    wide = "集中教学和所级教学合在一起的全部课程以及补修的本科课程"
    names = ("甲", "乙", "丙", "丁", "北京集中教学阶段", "集中教学和所级教学合在一起", wide)
    buttons = tuple(button(name, n) for n, name in enumerate(names, 1))
    show.send(student.id, parcel(Message("选一个：", buttons=buttons)), Desk())
    (message,) = student.messages
    assert labels(message)[:2] == [["甲", "乙", "丙"], ["丁"]]
    assert labels(message)[-1] == [wide[:19] + "…"]
    assert message["text"] == f"选一个：\n\n7. {wide}"


def test_numbers_to_type_are_shown_only_where_there_is_no_button(
    show: Show, student: Person
) -> None:
    many = tuple(button(f"第 {n} 项", n) for n in range(1, 101))
    show.send(student.id, parcel(Message("选一个：", buttons=many)), Desk())
    (message,) = student.messages
    shown = [label for row in labels(message) for label in row]
    assert shown == [f"第 {n} 项" for n in range(1, 91)]
    typed = "\n".join(f"{n}. 第 {n} 项" for n in range(91, 101))
    assert message["text"] == f"选一个：\n\n{typed}"


def test_buttons_without_words_are_shown_too(show: Show, student: Person) -> None:
    show.send(student.id, parcel(Message(buttons=(button("好"),), language="en")), Desk())
    assert student.messages[0]["text"] == "Please choose:"


@pytest.mark.parametrize("url", ["http://localhost:8000/v/X", "http://registrar/v/X"])
def test_a_link_that_cannot_be_a_button_is_written_out(
    show: Show, student: Person, url: str
) -> None:
    said = Message("请打开。", buttons=(Button("验证真伪", url=url), button("好")))
    show.send(student.id, parcel(said), Desk())
    assert student.messages[0]["text"] == f"请打开。\n\n验证真伪：{url}"
    assert labels(student.messages[0]) == [["好"]]


def test_the_platform_does_not_open_peoples_links_for_a_preview(
    show: Show, api: BotApi, student: Person
) -> None:
    show.send(student.id, parcel(Message("https://registrar.example/checkout/SECRET")), Desk())
    assert api.calls[-1][1]["link_preview_options"] == {"is_disabled": True}


def test_pictures_and_documents_arrive_unchanged(show: Show, api: BotApi, student: Person) -> None:
    picture, pdf = png(1240, 1754), b"%PDF-1.7 signed"
    said = Message(
        "做好了。",
        pictures=(Picture("p", "第 1 页", 1240, 1754), Picture("tall", "长图", 100, 3000)),
        files=(File("f", "成绩单.pdf", len(pdf), "application/pdf"),),
        buttons=(button("好"),),
    )
    desk = Desk(
        p=Stored(picture, "1.png", "image/png"),
        tall=Stored(png(100, 3000), "2.png", "image/png"),
        f=Stored(pdf, "成绩单.pdf", "application/pdf"),
    )
    names = show.send(student.id, parcel(said), desk)
    assert [next(kind for kind in ("text", "photo", "document") if kind in one)
            for one in student.messages] == ["text", "photo", "document", "document"]  # fmt: skip
    assert api.uploads[int(names[1])].data == picture
    assert api.uploads[int(names[3])].data == pdf
    assert api.uploads[int(names[3])].name == "成绩单.pdf"
    assert labels(student.messages[0]) == [["好"]]


def test_buttons_of_a_picture_alone_can_be_closed(show: Show, student: Person) -> None:
    said = parcel(Message(pictures=(Picture("p", "预览", 10, 10),), buttons=(button("对"),)))
    desk = Desk(p=Stored(png(10, 10), "1.png", "image/png"))
    names = show.send(student.id, said, desk)
    assert labels(student.messages[0]) == [["对"]]
    show.close(student.id, said, names, desk, "已确认。")
    assert labels(student.messages[0]) == []
    assert student.messages[0]["caption"] == "预览\n\n已确认。"


def test_a_picture_the_platform_cannot_read_is_sent_as_a_file(
    show: Show, api: BotApi, student: Person
) -> None:
    said = parcel(Message(pictures=(Picture("p", "预览", 10, 10),)))
    show.send(student.id, said, Desk(p=Stored(b"GIF89a", "1.gif", "image/gif")))
    (message,) = student.messages
    assert api.uploads[message["message_id"]].data == b"GIF89a"


def test_a_file_that_is_gone_or_too_large_is_said_in_words(show: Show, student: Person) -> None:
    files = (File("gone", "旧.pdf", 1, "x"), File("big", "大.pdf", 50_000_001, "x"))
    desk = Desk(big=Stored(b"x" * 50_000_001, "大.pdf", "application/pdf"))
    show.send(student.id, parcel(Message(files=files)), desk)
    assert [one["text"] for one in student.messages] == [
        "（旧.pdf 已过保存期，已经删除。）",
        "大.pdf 太大，Telegram 带不了，请在这里下载：https://registrar.example/files/big",
    ]


def test_who_has_blocked_us_or_is_not_there_is_reached_elsewhere(
    show: Show, student: Person
) -> None:
    student.api.blocked.add(student.id)
    for address in (student.id, 999, "不是编号"):
        with pytest.raises(Blocked):
            show.send(address, parcel(CHOICE), Desk())


def test_too_many_messages_at_once_are_to_be_sent_later_and_not_lost(
    show: Show, student: Person
) -> None:
    said = parcel(CHOICE)

    async def all_at_once(channel: TelegramChannel) -> list[str | BaseException]:
        (part,) = channel.parts(said, Desk())
        sending = (channel.send(str(student.id), said, part, Desk()) for _ in range(12))
        return await asyncio.gather(*sending, return_exceptions=True)

    outcomes = show.do(all_at_once)
    waits = [one.wait for one in outcomes if isinstance(one, Unreachable)]
    assert waits
    assert all(wait is not None and wait >= 1 for wait in waits)
    assert len(student.messages) + len(waits) == 12


def test_a_platform_in_trouble_is_tried_again(show: Show, api: BotApi, student: Person) -> None:
    for failure in ((500, "Internal Server Error"), (502, "Bad Gateway")):
        api.failing.append(failure)
        with pytest.raises(Unreachable):
            show.send(student.id, parcel(CHOICE), Desk())
    show.send(student.id, parcel(CHOICE), Desk())
    assert len(student.messages) == 1


def test_a_platform_that_is_away_is_tried_again(api: BotApi, student: Person) -> None:
    with pytest.raises(Unreachable) as caught:
        Show("http://127.0.0.1:9").send(student.id, parcel(CHOICE), Desk())
    assert caught.value.why == "network"


def test_a_wrong_token_is_not_shown_to_anybody(api: BotApi, student: Person) -> None:
    with pytest.raises(Unreachable) as caught:
        Show(api.url, token="123:wrong").send(student.id, parcel(CHOICE), Desk())
    assert caught.value.why == "token"
    assert "wrong" not in str(caught.value)


def test_a_message_the_platform_will_never_take_is_not_tried_for_ever(
    show: Show, api: BotApi, student: Person
) -> None:
    link = "https://registrar.example/checkout/SECRET"
    api.failing.append((400, f"Bad Request: URL '{link}' is invalid"))
    with pytest.raises(Unsendable) as caught:
        show.send(student.id, parcel(CHOICE), Desk())
    assert "SECRET" not in str(caught.value)
