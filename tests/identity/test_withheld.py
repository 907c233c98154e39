"""What nobody should type into a chat is not kept anywhere, and the one who typed it is told."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from backend.blobs import NewFile
from backend.identity import confidential
from backend.identity.confidential import found_in
from bot.attachments import received
from bot.receive import NOT_STORED
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
    ],
)
def test_id_number_is_recognized_however_it_is_written(words: str) -> None:
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
        "110105194912310021",  # the check digit does not fit
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


@pytest.mark.parametrize(
    "name", [name for name, one in vars(confidential).items() if isinstance(one, re.Pattern)]
)
def test_no_text_keeps_everybody_waiting_whatever_it_is_made_of(name: str) -> None:
    """From any place a pattern looks at a bounded number of characters, or it is one run of a class
    and takes in as a whole what it has looked at: the work grows as the text does."""
    parsed = _parser.parse(getattr(confidential, name).pattern, re.IGNORECASE)
    if len(parsed) == 1 and parsed[0][0] is _constants.MAX_REPEAT:
        assert [one for _most, [(one, _what)] in repeats(parsed)] == [_constants.IN]
        return
    assert all(most <= confidential.LONGEST for most, _what in repeats(parsed))


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
