"""A student and an officer with WeCom on their phones, through the real wire formats."""

import base64
import contextlib
import re

import pytest
from sqlalchemy import select

from backend.models import Delivery
from bot.channels.wecom import menu
from bot.channels.wecom.menu import MENU
from tests.channels.everywhere import signs_in
from tests.channels.wecom.house import House
from tests.peers.wecom.simulator import Phone, readable

CHINESE = re.compile(r"[\u3400-\u9fff]")


def applied(house: House, student: Phone) -> None:
    """An application for an English transcript waits for the officer."""
    student.says("我想开一份英文成绩单，带绩点")
    house.settle()
    for label in ("集中教学和所级教学…", "求职"):
        student.presses(label)
        house.settle()
    with contextlib.suppress(LookupError):  # asked the first time
        signs_in(house.stage, "enrolled")
        house.settle()
    student.presses("提交申请")
    house.settle()


def test_words_typed_in_wecom_are_answered_in_wecom(house: House, student: Phone) -> None:
    assert student.says("你好") == {"statuses": [200], "reply": "", "text": ""}
    house.settle()
    assert "林若溪" in student.words()


def test_a_transcript_is_applied_for_approved_and_received_in_wecom(
    house: House, student: Phone, officer: Phone
) -> None:
    officer.says("你好")
    applied(house, student)
    preview = next(one for one in student.shown() if one["kind"] == "image")
    assert base64.b64decode(preview["data"]).startswith(b"\x89PNG")
    assert "林若溪（20231800000001）" in officer.words()
    officer.presses("同意")
    house.settle()
    student.presses("办理订单")
    house.settle()
    student.presses("确认订单")
    house.settle()
    assert student.words().count("先确认一下是您本人") == 1
    document = next(one for one in student.shown() if one["kind"] == "file")
    assert base64.b64decode(document["data"]).startswith(b"%PDF-")
    assert document["name"] == "Transcript-T260302-0001.pdf"
    assert house.simulator.dropped() == []


def test_a_decided_prompt_says_who_decided_and_cannot_be_pressed_again(
    house: House, student: Phone, officer: Phone
) -> None:
    officer.says("你好")
    applied(house, student)
    officer.presses("同意")
    house.settle()
    prompt = next(
        one for one in officer.cards() if "成绩单申请" in one["card"]["main_title"]["title"]
    )
    assert prompt["done"]
    assert prompt["replaced"] == "已由刘敏同意"
    assert "林若溪" in str(prompt["card"])


def test_a_press_on_a_card_of_four_days_ago_still_closes_it(
    house: House, student: Phone, officer: Phone
) -> None:
    """The code that came with sending is over; the one that came with the press is not."""
    officer.says("你好")
    applied(house, student)
    house.later(days=4)
    officer.presses("同意")
    house.settle()
    prompt = next(
        one for one in officer.cards() if "成绩单申请" in one["card"]["main_title"]["title"]
    )
    assert prompt["replaced"] == "已由刘敏同意"


def test_a_card_whose_code_is_over_holds_nothing_up(house: House, student: Phone) -> None:
    student.says("我想开一份英文成绩单，带绩点")
    house.settle()
    house.later(days=4)
    student.says("集中教学和所级教学合在一起")
    house.settle()
    assert "申请理由是什么" in student.words()
    with house.office.read() as work:
        states = set(work.session.scalars(select(Delivery.state)))
    assert states == {"sent"}


def test_a_button_can_be_answered_by_its_number(house: House, student: Phone) -> None:
    student.says("我想开一份英文成绩单，带绩点")
    house.settle()
    assert "2. 集中教学和所级教学合在一起" in student.words()
    student.says("2")
    house.settle()
    assert "申请理由是什么" in student.words()


def test_the_payment_link_stands_on_the_order(house: House, student: Phone, officer: Phone) -> None:
    officer.says("你好")
    for _ in range(2):  # the second copy of a kind costs
        applied(house, student)
        officer.presses("同意")
        house.settle()
        student.presses("办理订单")
        house.settle()
        student.presses("确认订单")
        house.settle()
        house.later(minutes=2)  # more than thirty messages a minute do not reach one person
    links = [
        one["url"]
        for card in student.cards()
        for one in card["card"].get("button_list", [])
        if one["type"] == 1
    ]
    assert any("/checkout/" in url for url in links)


@pytest.mark.parametrize("key", [one["key"] for one in MENU["button"] if "key" in one])
def test_a_press_in_the_menu_is_taken_as_said(house: House, student: Phone, key: str) -> None:
    student.does("click", key=key)
    house.settle()
    assert [one.body["text"] for one in house.heard(student.userid)] == [key]
    assert "没听明白" not in student.words()


def test_every_entry_of_the_menu_is_understood(house: House, student: Phone) -> None:
    for entry in MENU["button"]:
        for leaf in entry.get("sub_button", []):
            student.does("click", key=leaf["key"])
            house.settle()
    assert "电子成绩单" in student.words()
    assert "没听明白" not in student.words()


def test_the_menu_is_one_that_wecom_takes(house: House) -> None:
    house.run(menu.create(house.wecom.api))
    shown = house.simulator.control("calls")["menu"]
    assert [one["name"] for one in shown] == [one["name"] for one in MENU["button"]]


def test_somebody_who_cannot_see_the_application_any_more_is_not_written_to_in_vain(
    house: House, student: Phone
) -> None:
    student.says("你好")
    house.settle()
    house.phone("enrolled", visible=False)
    student.says("我想开一份英文成绩单，带绩点")
    house.settle()
    account = house.account(student.userid)
    assert account is not None
    assert account.blocked_at is not None
    house.phone("enrolled", visible=True)
    student.says("你好")
    house.settle()
    assert house.account(student.userid).blocked_at is None  # type: ignore[union-attr]


def test_who_was_taken_out_of_the_visible_range_and_put_back_is_reached_again(
    house: House, student: Phone
) -> None:
    student.says("你好")
    house.settle()
    student.does("unsubscribe")
    assert house.account(student.userid).blocked_at is not None  # type: ignore[union-attr]
    house.later(seconds=1)
    student.does("subscribe")
    assert house.account(student.userid).blocked_at is None  # type: ignore[union-attr]


def test_opening_the_application_greets_once(house: House, student: Phone) -> None:
    for _ in range(3):
        student.does("enter_agent")
        house.later(seconds=1)
        house.settle()
    assert student.words().count("林若溪") == 1


def test_a_member_whom_the_registry_lacks_is_nobody_and_sees_nothing_of_anybody(
    house: House,
) -> None:
    stranger = house.phone("stranger", "somebody-else")
    stranger.says("我的申请")
    stranger.does("enter_agent")
    house.settle()
    account = house.account("somebody-else")
    assert account is not None
    assert account.person_id is None
    assert stranger.words() != ""


def test_a_message_that_was_shown_although_nobody_was_told_is_not_shown_twice(
    house: House, student: Phone
) -> None:
    house.simulator.control("misbehave", path="/cgi-bin/message/send", lost=True)
    student.says("你好")
    house.settle()
    assert [one["kind"] for one in student.shown()] == ["card"]
    assert house.simulator.calls("/cgi-bin/message/send") == 2


def test_a_message_that_was_sent_before_a_crash_is_not_shown_twice(
    house: House, student: Phone
) -> None:
    student.says("你好")
    house.settle()
    once = student.words()
    assert [one["kind"] for one in student.shown()] == ["card"]
    with house.office.work() as work:  # as if we had died before noting it
        for delivery in work.session.scalars(select(Delivery)):
            delivery.state, delivery.remote, delivery.ended_at = "waiting", [], None
    house.later(minutes=5)
    house.settle()
    assert student.words() == once
    assert len(house.simulator.dropped()) == 1


def test_an_english_conversation_gets_english_cards(
    house: House, student: Phone, officer: Phone
) -> None:
    """Titles, rows, buttons, and what stands on a card once it is done with."""
    for one in (student, officer):
        one.says("English")
        house.settle()
    before = len(student.shown()), len(officer.shown())
    student.says("I want an English transcript with GPA")
    house.settle()
    for label in ("Centralized and in…", "Job application"):
        student.presses(label)
        house.settle()
    signs_in(house.stage, "enrolled")
    house.settle()
    student.presses("Submit the applica…")
    house.settle()
    (asked, *_) = [one["card"] for one in student.cards() if "Job application" in str(one["card"])]
    assert asked["main_title"]["title"] == "What is the reason for your application?"
    assert [one["text"] for one in asked["button_list"]] == [
        "Job application",
        "Study abroad",
        "Further study",
        "Visa",
    ]
    officer.presses("Approve")
    house.settle()
    prompt = next(one for one in officer.cards() if "T260302-0001" in str(one["card"]))
    assert prompt["card"]["main_title"]["title"] == "Transcript application T260302-0001"
    assert prompt["replaced"] == "Approved by LIU Min"
    student.presses("Order the transcript")
    house.settle()
    for one, place in zip((student, officer), before, strict=True):
        shown = one.shown()[place:]
        assert sum(message["kind"] == "card" for message in shown) >= 1
        assert [message for message in shown if CHINESE.search(readable(message))] == []


def test_a_short_answer_comes_at_once_and_costs_none_of_what_may_be_pushed(
    house: House, student: Phone
) -> None:
    told = student.says("不办了")
    assert told["reply"]
    house.settle()
    assert [one["text"] for one in student.shown()] == [told["reply"]]
    assert house.simulator.calls("/cgi-bin/message/send") == 0
    assert student.does("text", again=True)["reply"] == told["reply"], "brought again, said again"
    house.later(minutes=1)
    house.settle()
    assert house.simulator.calls("/cgi-bin/message/send") == 0


def test_an_answer_with_buttons_is_pushed_without_waiting(house: House, student: Phone) -> None:
    assert student.says("你好")["reply"] == ""
    house.settle()
    assert student.cards()
