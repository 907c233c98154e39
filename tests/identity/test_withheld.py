"""What nobody should type into a chat is not kept anywhere, and the one who typed it is told."""

from __future__ import annotations

import logging

import pytest

from backend.identity.confidential import found_in
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
        "110105194912310021",  # the check digit does not fit
        "11010519491331002X",  # there is no 33rd day
        "订单 D260302-0001，学号 20231800000001",
        "1101051949123100211010519491231002",
        "",
    ],
)
def test_ordinary_words_are_heard(words: str) -> None:
    assert found_in(words) == ""


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
