"""What nobody should type into a chat is not kept anywhere, and the one who typed it is told."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from backend.blobs import NewFile
from backend.identity import confidential, passwords
from backend.identity.confidential import found_in
from backend.registry.id_numbers import valid
from bot.attachments import received
from bot.sent import NOT_STORED
from nlu import training_data
from tests.identity.conftest import CANDIDATE
from tests.identity.house import Browser, House, Phone, exam_first

ID_NUMBER = "11010519491231002X"


@pytest.mark.parametrize(
    "words",
    [
        ID_NUMBER,
        f"我的身份证号是{ID_NUMBER}，帮我查一下",
        "身份证11010519491231002x",
        "110105 19491231 002X",
        "110105-19491231-002X",
        "1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 X",
        "１１０１０５１９４９１２３１００２Ｘ",
        "110105\u200b19491231\u200b002X",
        "一一零一零五一九四九一二三一零零二X",
        f"电话13800138000 {ID_NUMBER}",
        f"id:{ID_NUMBER}.",
        "110105    19491231    002X",
        "110105......19491231......002X",
        "110105\n\n19491231\r\n\r\n002X",
        "110105（19491231）002X",
        "110105。19491231。002X",
        "1️⃣1️⃣0️⃣1️⃣0️⃣5️⃣19491231002X",
        f"{ID_NUMBER}abc",
        f"{ID_NUMBER}谢谢",
        "110105194912310021",  # a digit is wrong
        "身份证110105 19491231 0021",
        "我的身份证是110105194912310021，帮我查",
        "1 1 0 1 0 5 1 9 4 9 1 2 3 1 0 0 2 1",
        "110105491231002",  # from before 1999
        "老身份证号：110105 491231 002",
    ],
)
def test_id_number_is_recognized_however_it_is_written(words: str) -> None:
    assert found_in(words) == "id_number"


@pytest.mark.parametrize(
    "words",
    [
        "毕业证书编号 114141200705012345",  # a school, a year, a serial; and a province and a day
        "毕业证编号：114141200705012345",
        "学位证书号码是114141200705012345",
        f"证书编号{ID_NUMBER}",
        "my diploma number is 114141200705012345",
        "certificate No. 114141200705012345",
    ],
)
def test_the_number_of_a_certificate_is_taken_where_it_is_called_so(words: str) -> None:
    assert found_in(words) == ""


@pytest.mark.parametrize("words", ["114141200705012345", "我的号码 114141200705012345"])
def test_a_number_that_nobody_calls_a_certificates_may_be_somebodys_own(words: str) -> None:
    assert found_in(words) == "id_number"


@pytest.mark.parametrize(
    "words",
    [
        "密码是abc12345",
        "我的密码：hunter2!",
        "密码 Passw0rd",
        "password: correct-horse",
        "my password is Tr0ub4dor&3",
        "口令为 letmein",
        "PWD=secret",
        "密码是“qwerty”",
        "我的密码 123456",
        "我的密码1234",
        "密码123456",
        "密码改成了abc12345",
        "密码已经改为 hunter22",
        "密码现在是letmein",
        "密码设置成qwerty12",
        "密码：\n\n   hunter22",
        "my password has been changed to hunter",
        "pwd qwerty!",
        "密码 qwertyuiop",
        "密码qwertyuiop",
        "password=a1",
        "密码：a1b",
        "The password I set was Abc12345",
        "the password that I have been using is: panda77",
        "密码就用身份证后六位31002X",
        "密码就是我的生日0307",
        "密码是我名字加生日 lin0307",
    ],
)
def test_password_is_recognized(words: str) -> None:
    assert found_in(words) == "password"


@pytest.mark.parametrize(
    "words",
    [
        "我想开一份成绩单",
        "密码是什么？",
        "初始密码是身份证后六位吗",
        "忘记密码怎么办",
        "my password is wrong",
        "the password is not accepted",
        "is the password required?",
        "密码改成几位的？",
        "密码已经改了",
        "我的密码改过了，还是登录不了",
        "my password has been reset, what now?",
        "忘记密码，学号 20231800000001",
        "110105194913310021",  # there is no 13th month
        "990105194912310021",  # nor such a province
        "110105203012310021",  # nobody is born yet
        "110105202603021234",  # an order of this year
        "准考证号110105491231002",
        "订单号：110105194912310021",
        "202603021234567",
        "6222020200112233445",
        "密码错误",
        "怎么改密码",
        "初始密码是什么",
        "what is the initial password",
        "初始密码是什么 T260302-0001",
        "密码是8-16位吗",
        "密码:6-20个字符",
        "密码是我2023年设的",
        "密码用学号20231800000001",
        "密码 incorrect, please help",
        "密码 expired",
        "pwd forgotten",
        "pwd reset please",
        "password requirements",
        "password reset please",
        "my password is from the office",
        "the password I was given is wrong",
        "11010519491331002X",  # there is no 33rd day
        "订单 D260302-0001，学号 20231800000001",
        "1101051949123100211010519491231002",
        "",
    ],
)
def test_ordinary_words_are_heard(words: str) -> None:
    assert found_in(words) == ""


def repeats(parsed: Any) -> Iterator[tuple[int, Any]]:
    """How often each part of a pattern may be there, and what it is."""
    if isinstance(parsed, _parser.SubPattern):
        for operation, what in parsed:
            if operation in (_constants.MAX_REPEAT, _constants.MIN_REPEAT):
                yield int(what[1]), what[2]
            yield from repeats(what)
    elif isinstance(parsed, tuple | list):
        for part in parsed:
            yield from repeats(part)


@given(
    st.lists(
        st.one_of(
            st.from_regex(r"[TD]2[0-9]{5}-[0-9]{4}", fullmatch=True),  # a case, an order
            st.from_regex(r"01[0-9]{10}", fullmatch=True),  # an exam ticket
            st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True),  # a mobile phone
            st.from_regex(r"20[0-2][0-9]{11}", fullmatch=True),  # a student
        ),
        max_size=4,
    ),
    st.sampled_from([" ", "，", "\n", "和", " / "]),
)
def test_numbers_of_cases_tickets_and_phones_are_heard(numbers: list[str], between: str) -> None:
    """Alone and in a row; that two of them make up one with a right check digit is chance."""
    words = confidential.plain(between.join(numbers))
    assume(not any(map(valid, digits_in_a_row(words))))
    assert found_in(words) == ""


def digits_in_a_row(words: str) -> list[str]:
    run = re.sub(r"[^0-9a-zA-Z和]", "", words)
    return [run[place : place + 18] for place in range(len(run))]


def test_no_sentence_that_the_assistant_understands_is_taken_for_a_password() -> None:
    said = [one.text for one in training_data.read()]
    assert len(said) > 1_000
    assert [one for one in said if found_in(one)] == []


PATTERNS = [
    one
    for module in (confidential, passwords)
    for one in vars(module).values()
    if isinstance(one, re.Pattern)
]


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda one: one.pattern[:24])
def test_no_text_keeps_everybody_waiting_whatever_it_is_made_of(pattern: re.Pattern[str]) -> None:
    """From any place a pattern looks at a bounded number of characters, or it is one run of a class
    and takes in as a whole what it has looked at: the work grows as the text does."""
    parsed = _parser.parse(pattern.pattern, re.IGNORECASE)
    if len(parsed) == 1 and parsed[0][0] is _constants.MAX_REPEAT:
        assert [one for _most, [(one, _what)] in repeats(parsed)] == [_constants.IN]
        return
    assert all(most <= passwords.LONGEST for most, _what in repeats(parsed))


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("密码=" + " " * 11_990, ""),
        ("密码=" + " " * 11_980 + "hunter22", "password"),
        ("密码=" * 4_000, ""),
        ("password " * 1_300 + "hunter22", "password"),
        ("密码" + "已经" * 5_990, ""),
        ("密码" + "a1" * 5_990, "password"),
        ("1 " * 5_900 + "，" + "\u0315\u0300" * 50 + ID_NUMBER, "id_number"),
        ("." * 11_900 + ID_NUMBER, "id_number"),
    ],
)
def test_longest_text_is_looked_through_to_its_end(words: str, found: str) -> None:
    assert found_in(words) == found


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        (f"身份证{ID_NUMBER}.pdf", "文件.pdf"),
        ("110105_19491231_002X 扫描.JPG", "文件.JPG"),
        (f"{ID_NUMBER}(1)", "文件"),
        ("110105 19491231.002X", "文件"),
        ("我的密码 123456.txt", "文件.txt"),
        (f"a.{ID_NUMBER}", "文件"),
        ("成绩单 2026.pdf", "成绩单 2026.pdf"),
    ],
)
def test_name_of_a_file_gives_no_id_number_away(house: House, name: str, kept: str) -> None:
    person = house.person(CANDIDATE).id
    body = received(house.office, NewFile(b"%PDF", person, name, "application/pdf"))
    assert body["name"] == kept
    unstored = {"name": name, "type": "application/pdf", "size": 4}  # by nobody known
    house.assistant.reception.hear("telegram", "70010001", "one", "attached", unstored)
    house.settle()
    stored = house.everything_stored()
    assert (name in stored) == (name == kept)
    assert kept in stored


@pytest.mark.parametrize("secret", [ID_NUMBER, "密码是S3cret-panda"])
def test_nothing_of_it_is_stored_or_logged_and_the_person_is_told_why(
    house: House, phone: Phone, caplog: pytest.LogCaptureFixture, secret: str
) -> None:
    caplog.set_level(logging.DEBUG)
    [told] = phone.say(f"你好，{secret}，我想开成绩单")
    assert "没有保存" in told["text"]
    assert "E1" in told["text"]
    assert phone.link("登录并绑定").startswith(f"{house.base}/bind/")
    stored = house.everything_stored()
    for part in (secret, secret.removeprefix("密码是"), "我想开成绩单"):
        assert part not in stored
        assert part not in caplog.text
    assert NOT_STORED in stored


def test_own_id_number_is_not_kept_whatever_it_is_called(
    house: House, phone: Phone, browser: Browser
) -> None:
    exam_first(browser.open(phone.wants_in()).follow("自考账号"), house, CANDIDATE)
    browser.send(answer="bind")
    phone.news()
    own = house.id_number(CANDIDATE)
    said = phone.say(f"毕业证书编号 {own}")
    assert "没有保存" in said[0]["text"]
    assert own not in house.everything_stored()


def test_open_question_is_still_there_afterwards(
    house: House, phone: Phone, browser: Browser
) -> None:
    exam_first(browser.open(phone.wants_in()).follow("自考账号"), house, CANDIDATE)
    browser.send(answer="bind")
    phone.news()
    [question] = phone.say("开一份中文成绩单")[-1:]
    said = phone.say(f"身份证号{ID_NUMBER}")
    assert "没有保存" in said[0]["text"]
    assert said[-1]["text"] == question["text"]


def test_message_that_comes_twice_is_told_about_once(house: House, phone: Phone) -> None:
    for _ in range(2):
        house.assistant.reception.hear(
            "telegram", phone.address, "same", "said", {"text": ID_NUMBER}
        )
    assert len(phone.news()) == 1
    assert ID_NUMBER not in house.everything_stored()
