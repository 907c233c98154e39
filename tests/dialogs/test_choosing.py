"""Choosing several, finding one of many, writing a text in pieces, naming a month."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.choosing import find, several
from dialogs.engine.dialog import Dialog
from dialogs.engine.slots import FILE, Invalid, Slot, month
from dialogs.engine.turn import Attached, Meant, Said
from dialogs.engine.words import Words, plain
from dialogs.engine.writing import essay
from nlu.interpreter import Entity, Parse
from tests.dialogs.conftest import Chatter

Make = Callable[..., Chatter]

COURSES = {
    "00015": plain("英语（二）"),
    "00018": plain("计算机应用基础"),
    "03708": plain("近现代史"),
}
MANY = {f"0{n:04}": plain(f"管理学{n}") for n in range(20, 30)} | COURSES


def pick(chat: Chat, work: Work) -> None:
    chosen = several(
        chat,
        "courses",
        plain("哪几门？"),
        COURSES,
        title=plain("课程"),
        entity="course",
        whole=plain("全部"),
    )
    chat.say(plain("、".join(chosen)))


def test_pressing_one_leaves_the_others_to_be_pressed_too(chatter: Make) -> None:
    talk = chatter(pick=pick)
    assert talk.say("选课", "pick") == ["哪几门？"]
    assert talk.press("近现代史") == ["已选：近现代史。还有吗？"]
    assert talk.press("英语（二）") == ["已选：近现代史、英语（二）。还有吗？"]
    assert talk.press("就这些") == ["00015、03708"]


@pytest.mark.parametrize(
    ("words", "chosen"),
    [
        ("1、3", "00015、03708"),
        ("第一个和第三个", "00015、03708"),
        ("英语（二）和近现代史", "00015、03708"),
        ("全部", "00015、00018、03708"),
        ("都要", "00015、00018、03708"),
    ],
)
def test_whoever_names_them_has_named_all(chatter: Make, words: str, chosen: str) -> None:
    talk = chatter(pick=pick)
    talk.say("选课", "pick")
    assert talk.say(words) == [chosen]


def test_two_that_were_named_at_the_start_are_not_asked_for(chatter: Make) -> None:
    talk = chatter(pick=pick)
    found = (Entity("course", "03708", 0, 2), Entity("course", "00015", 2, 4))
    [message] = talk.take(Said("免近代史和英二", Parse("pick", 0.95, (), found)))
    assert message.text == "00015、03708"
    assert talk.say("英语二", "pick", course="00015") == ["00015"]


def test_the_last_one_left_is_not_asked_about(chatter: Make) -> None:
    talk = chatter(pick=pick)
    talk.say("选课", "pick")
    talk.press("近现代史")
    talk.press("英语（二）")
    assert talk.press("计算机应用基础") == ["00015、00018、03708"]


def look(words: str) -> list[tuple[str, Words]]:
    return [(code, name) for code, name in MANY.items() if name.into("zh").startswith(words)]


def choose(chat: Chat, work: Work) -> None:
    chat.say(plain(find(chat, "course", plain("哪一门？"), look, title=plain("课程"), shown=3)))


def test_a_course_is_found_by_its_first_characters(chatter: Make) -> None:
    talk = chatter(choose=choose)
    assert talk.say("登记", "choose") == ["哪一门？"]
    assert talk.say("英语") == ["00015"]


def test_too_many_that_fit_are_narrowed_down(chatter: Make) -> None:
    talk = chatter(choose=choose)
    talk.say("登记", "choose")
    assert talk.say("管理") == ["是哪一个？还有 7 个没列出来，都不是就再多写几个字。"]
    assert talk.say("没有这门") == ["没有找到“没有这门”，换几个字再试试。"]
    talk.say("管理学")
    assert talk.press("管理学21") == ["00021"]


def write(chat: Chat, work: Work) -> None:
    text = essay(chat, "appraisal", plain("自我鉴定？"), title=plain("自我鉴定"), least=5, most=10)
    chat.say(plain(text))


def test_a_long_text_may_come_in_pieces_and_its_length_is_told(chatter: Make) -> None:
    talk = chatter(write=write)
    assert talk.say("写", "write") == ["自我鉴定？"]
    assert talk.say("一二三") == ["已写 3 字，至少 5 字，还差 2 字，接着写就行。"]
    assert talk.say("四 五\n六") == ["已写 6 字（5 到 10 字）。写好了吗？也可以接着写。"]
    refused, asked = talk.say("七八九十百")
    assert refused.startswith("太长了：加上这一段一共 11 字，最多 10 字。")
    assert asked.startswith("已写 6 字")
    assert talk.press("写好了") == ["一二三\n四 五\n六"]


def test_a_text_may_be_begun_anew(chatter: Make) -> None:
    talk = chatter(write=write)
    talk.say("写", "write")
    talk.say("写坏了的")
    assert talk.press("重写") == ["自我鉴定？"]
    talk.say("甲乙丙丁戊")
    assert talk.say("写好了") == ["甲乙丙丁戊"]


def test_done_is_no_way_out_of_a_text_that_is_too_short(chatter: Make) -> None:
    talk = chatter(write=write)
    talk.say("写", "write")
    talk.say("一二三")
    for words in ("写好了", "就这些"):
        assert talk.say(words)[0] == "还没有写够。"
    talk.say("四五")
    assert talk.say("就这些") == ["一二三\n四五"]


MONTH = month("month", plain("哪个月？"), title=plain("月份"), earliest="1980-01", latest="2026-03")


@pytest.mark.parametrize(
    ("words", "stored"),
    [
        ("2018年6月", "2018-06"),
        ("2018-06", "2018-06"),
        ("2018.6", "2018-06"),
        ("201806", "2018-06"),
        ("18年6月", "2018-06"),
        ("99年12月", "1999-12"),
        ("2018年6月16日", "2018-06"),
        ("是２０１８年６月拿到的", "2018-06"),
        ("六月", None),
    ],
)
def test_a_month_is_read_as_people_write_it(words: str, stored: str | None) -> None:
    assert MONTH.read(Said(words, Meant("", 0.0, ()))) == stored


@given(st.integers(1980, 2026), st.integers(1, 12))
def test_every_month_is_itself(year: int, month_: int) -> None:
    for words in (f"{year}年{month_}月", f"{year}-{month_:02}", f"{year}{month_:02}"):
        assert MONTH.read(Said(words, Meant("", 0.0, ()))) == f"{year}-{month_:02}"


def test_a_month_that_is_none_or_out_of_bounds_is_refused() -> None:
    with pytest.raises(Invalid, match="没有这个月"):
        MONTH.read(Said("2018年13月", Meant("", 0.0, ())))
    with pytest.raises(Invalid):
        MONTH.parse("1979-12")


def picture(place: int) -> Slot[str]:
    prompt, title = plain(f"第 {place} 张？"), plain("图片")
    return Slot(f"picture.{place}", prompt, title, str, lambda _: None, entity=FILE)


def collect(chat: Chat, work: Work) -> None:
    chat.say(plain(" ".join(chat.ask(picture(place)) for place in (1, 2, 3))))


def test_pictures_that_come_all_at_once_are_each_taken_in_their_order(chatter: Make) -> None:
    talk = chatter(collect=collect)
    talk.dialogs["collect"] = Dialog(collect, plain("收图"), file="picture", album=True)
    talk.dialogs["ask"] = Dialog(lambda chat, work: chat.wait("job", plain("等")), plain("等"))
    talk.say("收", "collect")
    for name in ("a", "b"):
        talk.take(Attached(name, f"{name}.png", "image/png", 1))
    [done] = talk.take(Attached("c", "c.png", "image/png", 1))
    assert done.text == "a b c"


def slowly(chat: Chat, work: Work) -> None:
    for place in (1, 2):
        chat.ask(picture(place))
        if chat.once(f"checked.{place}"):
            chat.wait(f"check.{place}", plain("正在看"))
    chat.say(plain("都看过了"))


def test_a_picture_that_comes_while_another_is_looked_at_is_not_lost(chatter: Make) -> None:
    talk = chatter(slowly=slowly)
    talk.dialogs["slowly"] = Dialog(slowly, plain("收图"), file="picture", album=True)
    talk.say("收", "slowly")
    talk.take(Attached("a", "a.png", "image/png", 1))
    kept = [one.text for one in talk.take(Attached("b", "b.png", "image/png", 1))]
    assert kept == ["图片收到了，轮到它的时候会用上。"]
    assert talk.done("check.1") == ["正在看"]
    assert talk.done("check.2") == ["都看过了"]
