"""A chat account becomes somebody's by a link, a sign-in on a page and one press; and nobody else's."""

from __future__ import annotations

from collections.abc import Callable

import httpx

from backend.identity import links
from backend.models import Conversation
from bot.sections import SignInSettings
from tests.identity.conftest import CANDIDATE, NewHouse
from tests.identity.house import (
    Browser,
    House,
    Phone,
    conversation_of,
    exam_first,
    exam_sign_in,
)

Browsers = Callable[[], Browser]
PASSWORD = "brave-panda-7"
OTHER = "20161800000001"


def bind(house: House, phone: Phone, browser: Browser, number: str = CANDIDATE) -> None:
    """The very first time, with a new password."""
    exam_first(browser.open(phone.wants_in()).follow("自考账号"), house, number, PASSWORD)
    browser.send(answer="bind")
    phone.news()
    assert house.owner(phone.address) == number


def bind_again(house: House, phone: Phone, browser: Browser, number: str = CANDIDATE) -> None:
    browser.open(phone.wants_in())
    exam_sign_in(browser, house.id_number(number), PASSWORD).send(answer="bind")
    assert house.owner(phone.address) == number


def test_whoever_asks_for_a_transcript_unbound_signs_in_on_a_page_and_goes_on(
    house: House, phone: Phone, browser: Browser
) -> None:
    [asked] = phone.say("我想开一份成绩单")
    assert "请先登录" in asked["text"]
    browser.open(phone.link("登录并绑定"))
    assert "Telegram 账号 Lin Xiaoman（7001**01）" in browser.words
    exam_first(browser.follow("自考账号"), house, CANDIDATE)
    assert "Lin Xiaoman" in browser.words
    assert "林**" in browser.words
    assert "2023********01" in browser.words
    assert house.owner(phone.address) is None  # signing in alone binds nothing
    browser.send(answer="bind")
    assert "绑定好了" in browser.words
    [welcome] = phone.news()
    assert "林**" in welcome["text"]
    assert phone.press("接着办")[0]["text"]
    assert house.account(phone.address).conversation_id == conversation_of(house, CANDIDATE)
    assert house.audited("bind") == 1


def test_link_that_the_chat_looks_into_by_itself_is_still_good_for_its_owner(
    house: House, phone: Phone, browser: Browser
) -> None:
    link = phone.wants_in()
    for _ in range(3):
        assert httpx.get(link, trust_env=False).status_code == 200
        assert httpx.get(f"{link}/with/exam", trust_env=False).status_code == 303
    assert house.owner(phone.address) is None
    exam_first(browser.open(link).follow("自考账号"), house, CANDIDATE).send(answer="bind")
    assert house.owner(phone.address) == CANDIDATE


def test_link_binds_once_whoever_is_faster(house: House, phone: Phone, browsers: Browsers) -> None:
    link = phone.wants_in()
    house.ticket(OTHER, "010987654321")
    first, second = browsers(), browsers()
    exam_first(first.open(link).follow("自考账号"), house, CANDIDATE)
    exam_first(second.open(link).follow("自考账号"), house, OTHER)
    first.send(answer="bind")
    assert "绑定好了" in first.words
    second.send(answer="bind")
    assert second.page.status_code == 410
    assert house.owner(phone.address) == CANDIDATE
    assert browsers().open(link).page.status_code == 410
    assert house.audited("bind") == 1


def test_link_is_over_after_ten_minutes_also_for_whoever_has_signed_in(
    house: House, phone: Phone, browsers: Browsers
) -> None:
    link = phone.wants_in()
    late = browsers()
    exam_first(late.open(link).follow("自考账号"), house, CANDIDATE)
    house.later(minutes=10)
    late.send(answer="bind")
    assert late.page.status_code == 410
    assert browsers().open(link).page.status_code == 410
    assert house.owner(phone.address) is None


def test_link_that_is_made_up_or_meant_for_something_else_opens_nothing(
    house: House, phone: Phone, browser: Browser
) -> None:
    token = phone.wants_in().rsplit("/", 1)[1]
    for wrong in (token[:-1], token[1:], "x" * 46, token.swapcase(), "", "é" * 30, "0" * 5000):
        status = browser.open(f"{house.base}/bind/{wrong}").page.status_code
        assert status in (404, 410), wrong
    assert browser.open(f"{house.base}/step-up/{token}").page.status_code == 410
    assert browser.open(f"{house.base}/code/{token}").page.status_code == 410
    assert house.starting().bind(token, "70019999") is None


def test_stored_rows_hold_no_link_that_could_be_followed(house: House, phone: Phone) -> None:
    token = phone.wants_in().rsplit("/", 1)[1]
    assert token not in house.everything_stored()


def test_whoever_was_sent_a_strangers_link_can_say_it_is_not_theirs(
    house: House, phone: Phone, browser: Browser
) -> None:
    exam_first(browser.open(phone.wants_in()).follow("自考账号"), house, CANDIDATE)
    browser.send(answer="leave")
    assert "没有绑定" in browser.words
    assert house.owner(phone.address) is None


def test_strange_page_cannot_press_the_button_that_binds(
    house: House, phone: Phone, browser: Browser
) -> None:
    exam_first(browser.open(phone.wants_in()).follow("自考账号"), house, CANDIDATE)
    for headers in ({}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
        answer = browser.http.post(
            f"{house.base}/sign-in/confirm", data={"answer": "bind"}, headers=headers
        )
        assert answer.status_code == 403
    assert house.owner(phone.address) is None


def test_other_browser_cannot_finish_what_one_has_begun(
    house: House, phone: Phone, browsers: Browsers
) -> None:
    begun, other = browsers(), browsers()
    exam_first(begun.open(phone.wants_in()).follow("自考账号"), house, CANDIDATE)
    assert other.open(f"{house.base}/sign-in/confirm").page.status_code == 410


def test_new_binding_is_told_on_the_other_channel_with_the_way_to_end_it(
    house: House, phone: Phone, browsers: Browsers
) -> None:
    bind(house, phone, browsers())
    second = Phone(house, "70020002", "Stranger")
    bind_again(house, second, browsers())
    [warning] = phone.news()
    assert "Telegram 账号 Stranger（7002**02） 刚刚绑定" in warning["text"]
    assert "不是您本人" in warning["text"]
    assert [button["label"] for button in warning["buttons"]] == ["解除绑定"]
    [welcome] = second.news()
    assert "绑定好了" in welcome["text"]


def test_dialog_begun_on_one_channel_goes_on_on_the_other(
    house: House, phone: Phone, browsers: Browsers
) -> None:
    bind(house, phone, browsers())
    phone.say("开一份中文成绩单")
    second = Phone(house, "70020002")
    bind_again(house, second, browsers())
    second.news()
    second.say("集中教学和所级教学合在一起")
    with house.office.read() as work:
        talk = work.session.get_one(Conversation, conversation_of(house, CANDIDATE)).state
    [open_one] = talk["stack"]
    assert open_one["dialog"] == "apply_transcript"
    assert open_one["answers"]["language"] == "zh"  # said on the first
    assert open_one["answers"]["coverage"] == "combined"  # said on the second


def test_account_that_is_somebodys_becomes_nobody_elses_by_an_older_link(
    house: House, phone: Phone, browsers: Browsers
) -> None:
    house.ticket(OTHER, "010987654321")
    older = phone.wants_in()
    bind(house, phone, browsers())
    thief = browsers()
    exam_first(thief.open(older).follow("自考账号"), house, OTHER).send(answer="bind")
    assert thief.page.status_code == 410
    assert house.owner(phone.address) == CANDIDATE


def test_signed_in_visitor_opens_telegram_by_a_link_and_is_known_there(
    house: House, browser: Browser
) -> None:
    exam_first(browser.open(f"{house.base}/sign-in").follow("自考账号"), house, CANDIDATE)
    assert str(browser.page.url) == f"{house.base}/"
    chat = {"X-Requested-With": "chat"}
    sent = browser.http.post(
        f"{house.base}/api/messages", json={"id": "m1", "text": "绑定账号"}, headers=chat
    )
    assert sent.status_code == 202
    house.settle()
    messages = browser.http.get(f"{house.base}/api/messages").json()["messages"]
    [url] = [one["url"] for one in messages[-1]["buttons"] if one["label"] == "绑定 Telegram"]
    bot, _, token = url.partition("?start=")
    assert bot == "https://t.me/RegistrarTestBot"
    assert len(token) <= 64  # what Telegram takes
    assert token.replace("-", "").replace("_", "").isalnum()
    phone = Phone(house, "70030003", "Lin")
    assert "请看清楚" in (house.starting().bind(token, phone.address) or "")
    [question] = phone.news()
    assert "林**（2023********01）" in question["text"]
    assert house.owner(phone.address) is None
    assert "绑定好了" in phone.press("绑定")[-1]["text"]
    assert house.owner(phone.address) == CANDIDATE
    assert house.audited("bind") == 1
    assert "链接已经用过" in (house.starting().bind(token, "70040004") or "")
    [told] = [
        one["text"]
        for one in browser.http.get(f"{house.base}/api/messages").json()["messages"]
        if "刚刚绑定" in one["text"]
    ]
    assert "Lin" in told


def started(house: House, number: str = CANDIDATE) -> str:
    """The token of a link to Telegram that somebody who is signed in was given."""
    person = house.person(number).id
    with house.office.work(person) as work:
        link = links.new(work, links.START, person=person)
    return house.links.one_time("start", link.id)


def test_victim_who_opens_a_strangers_link_to_telegram_does_not_become_the_stranger(
    house: House, phone: Phone
) -> None:
    token = started(house)
    for _ in range(2):
        assert "请看清楚" in (house.starting().bind(token, phone.address) or "")
    phone.news()
    assert "请先登录" in phone.say("我想开一份成绩单")[-1]["text"]
    assert house.owner(phone.address) is None
    assert house.audited("bind") == 0


def test_press_that_comes_too_late_or_second_binds_nobody(house: House, phone: Phone) -> None:
    token, slow = started(house), Phone(house, "70020002", "Slow")
    for one in (phone, slow):
        house.starting().bind(token, one.address)
        one.news()
    phone.press("绑定")
    assert house.owner(phone.address) == CANDIDATE
    assert "链接已经用过" in slow.press("绑定")[-1]["text"]
    assert house.owner(slow.address) is None
    house.starting().bind(started(house), slow.address)
    slow.news()
    house.later(minutes=10)
    assert "链接已经用过" in slow.press("绑定")[-1]["text"]
    assert house.owner(slow.address) is None


def test_link_to_telegram_takes_no_account_that_is_somebodys(house: House, phone: Phone) -> None:
    token, others = started(house), started(house, OTHER)
    house.starting().bind(token, phone.address)
    house.starting().bind(others, phone.address)
    phone.news()
    phone.press("绑定")  # the latest question
    assert house.owner(phone.address) == OTHER
    assert "已经绑定给别人" in (house.starting().bind(token, phone.address) or "")
    again = started(house, OTHER)
    assert "已经绑定好了" in (house.starting().bind(again, phone.address) or "")
    assert house.audited("bind") == 1


def test_page_without_any_way_to_sign_in_says_so(new_house: NewHouse, browser: Browser) -> None:
    bare = new_house(SignInSettings())
    assert "没有设置登录方式" in browser.open(f"{bare.base}/sign-in").words
    phone = Phone(bare, "70010001")
    [asked] = phone.say("我想开一份成绩单")
    assert "请先登录" in asked["text"]
    assert not asked["buttons"]
