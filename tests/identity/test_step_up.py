"""Before what would hurt most, people show once more who they are; a stolen session is not enough."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select

from backend import accounts
from backend.errors import NotAllowed
from backend.identity import bindings, stepup
from backend.identity.stepup import Purpose
from backend.models import ChatAccount, Delivery, StepUpCode
from bot.sections import SignInSettings
from tests.identity.conftest import CANDIDATE, NewHouse
from tests.identity.house import Browser, House, Phone, exam_first, exam_sign_in
from tests.identity.test_binding import PASSWORD, bind, bind_again

Browsers = Callable[[], Browser]


@pytest.fixture
def two(house: House, phone: Phone, browsers: Browsers) -> tuple[Phone, Phone]:
    """Somebody with two Telegram accounts, bound a day ago."""
    bind(house, phone, browsers())
    second = Phone(house, "70020002", "Lin at home")
    bind_again(house, second, browsers())
    house.later(days=1)
    phone.news()
    second.news()
    return phone, second


def code_on(phone: Phone, browser: Browser) -> str:
    [message] = phone.news()
    assert "需要验证码" in message["text"]
    assert not re.search(r"\d{6}", message["text"])  # it is behind the link, not in the chat
    found = re.search(r">(\d{6})<", browser.open(phone.link("看验证码")).page.text)
    assert found
    return found[1]


def unbind(phone: Phone, which: str = "Lin at home") -> list[dict[str, object]]:
    """Up to the first question."""
    said = phone.say("解除绑定")
    if "要解除哪一个" in said[-1]["text"]:
        label = next(b["label"] for b in said[-1]["buttons"] if which in b["label"])
        said = phone.press(label)
    return said


def test_account_is_unbound_with_a_code_from_the_other_channel(
    house: House, two: tuple[Phone, Phone], browser: Browser
) -> None:
    here, there = two
    [asked] = unbind(here)
    assert "验证码已发到您的Telegram" in asked["text"]
    code = code_on(there, browser)
    assert code not in house.everything_stored()
    [confirm] = here.say(code)
    assert "解除绑定 Telegram 账号 Lin at home" in confirm["text"]
    [done] = here.press("解除绑定")
    assert "已解除绑定" in done["text"]
    assert house.owner(there.address) is None
    assert "已解除绑定" in there.news()[-1]["text"]
    [again] = there.say("我的申请")
    assert "请先登录" in again["text"]
    assert house.audited("unbind") == 1


def test_code_is_not_to_be_read_by_whoever_reads_the_conversation(
    house: House, two: tuple[Phone, Phone], browser: Browser
) -> None:
    """A thief at the web chat sees everything the person is told, but not this."""
    here, there = two
    browser.open(f"{house.base}/sign-in")
    exam_sign_in(browser, house.id_number(CANDIDATE), PASSWORD)
    unbind(here)
    there.news()
    shown = browser.http.get(f"{house.base}/api/messages").text
    assert "/code/" not in shown
    assert "看验证码" not in shown


def test_five_wrong_codes_are_all_and_no_sixth_is_looked_at(
    house: House, two: tuple[Phone, Phone], browser: Browser
) -> None:
    here, there = two
    unbind(here)
    right = code_on(there, browser)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    for _ in range(4):
        said = here.say(wrong)
        assert "验证码不对" in said[0]["text"]
    said = here.say(wrong)
    assert "不能再用" in said[0]["text"]
    assert "网页上再登录" in said[-2]["text"] + said[-1]["text"]
    here.say(right)
    assert house.owner(there.address) == CANDIDATE
    assert house.audited("step_up") == 0
    assert not there.news()  # and no other code is sent at once


def test_code_is_over_after_five_minutes(
    house: House, two: tuple[Phone, Phone], browser: Browser
) -> None:
    here, there = two
    unbind(here)
    code = code_on(there, browser)
    link = there.link("看验证码")
    house.later(minutes=5)
    assert browser.open(link).page.status_code == 410
    here.say(code)
    assert house.owner(there.address) == CANDIDATE
    assert house.audited("step_up") == 0


def test_code_is_good_once(house: House, two: tuple[Phone, Phone], browser: Browser) -> None:
    here, there = two
    unbind(here)
    here.say(code_on(there, browser))
    assert browser.open(there.link("看验证码")).page.status_code == 410


def test_words_that_are_no_code_use_up_no_try(
    house: House, two: tuple[Phone, Phone], browser: Browser
) -> None:
    here, there = two
    unbind(here)
    code = code_on(there, browser)
    for words in ("12345", "1234567", "稍等"):
        here.say(words)
    with house.office.read() as work:
        assert work.session.scalars(select(StepUpCode.tries)).one() == 0
    here.say(f"验证码是 {code[:3]} {code[3:]}")
    assert house.audited("step_up") == 1


def test_account_just_bound_gets_no_code_to_confirm_with(
    house: House, phone: Phone, browsers: Browsers
) -> None:
    """A thief who binds an account of their own could otherwise unbind the owner's with it."""
    bind(house, phone, browsers())
    thief = Phone(house, "70660066", "Thief")
    bind_again(house, thief, browsers())
    thief.news()
    phone.news()
    said = unbind(phone, "Thief")
    assert "网页上再登录" in said[0]["text"]
    assert not thief.news()


def test_account_is_unbound_after_a_fresh_sign_in_on_a_page(
    house: House, phone: Phone, browsers: Browsers
) -> None:
    bind(house, phone, browsers())
    said = phone.say("解除绑定")
    assert "网页上再登录" in said[0]["text"]
    assert "还在等您登录" in phone.say("好了吗")[-1]["text"]
    browser = browsers().open(phone.link("去登录"))
    assert "Lin Xiaoman" in browser.words
    exam_sign_in(browser, house.id_number(CANDIDATE), PASSWORD)
    assert "登录好了" in browser.words
    [confirm] = phone.news()  # it goes on by itself
    assert "解除绑定 Telegram 账号" in confirm["text"]
    phone.press("解除绑定")
    assert house.owner(phone.address) is None


def test_link_to_sign_in_anew_is_good_once_and_ten_minutes(
    house: House, phone: Phone, browsers: Browsers
) -> None:
    bind(house, phone, browsers())
    phone.say("解除绑定")
    link = phone.link("去登录")
    exam_sign_in(browsers().open(link), house.id_number(CANDIDATE), PASSWORD)
    assert browsers().open(link).page.status_code == 410
    house.later(hours=1)
    phone.say("先不办了")
    phone.say("解除绑定")
    second = phone.link("去登录")
    assert second != link
    house.later(minutes=10)
    assert browsers().open(second).page.status_code == 410


def test_it_is_remembered_for_half_an_hour_and_for_that_account_only(
    house: House, two: tuple[Phone, Phone], browser: Browser
) -> None:
    here, there = two
    unbind(here)
    here.say(code_on(there, browser))
    with house.office.read() as work:
        mine, theirs = (
            work.session.get_one(ChatAccount, house.account(one.address).id) for one in two
        )
        assert not stepup.due(work, mine, Purpose.BULK)
        assert stepup.due(work, theirs, Purpose.BULK)
    house.later(minutes=30)
    with house.office.read() as work:
        mine = work.session.get_one(ChatAccount, mine.id)
        assert stepup.due(work, mine, Purpose.BULK)
        assert not stepup.due(work, mine, Purpose.FIRST_FILE)  # only the first one asks


def test_password_typed_to_bind_an_account_counts_for_its_files_and_for_nothing_else(
    house: House, phone: Phone, browser: Browser
) -> None:
    bind(house, phone, browser)
    with house.office.read() as work:
        account = work.session.get_one(ChatAccount, house.account(phone.address).id)
        assert not stepup.due(work, account, Purpose.FIRST_FILE)
        assert stepup.due(work, account, Purpose.UNBIND)


def bound_without_a_password(house: House, phone: Phone) -> None:
    """As the directory of WeCom does, or single sign-on that asks for nothing."""
    phone.say("你好")
    with house.office.work() as work:
        bindings.bind(work, house.account(phone.address).id, house.person(CANDIDATE).id, None)
    phone.news()


def test_nobody_looks_at_a_transcript_on_an_account_just_bound_before_they_have_signed_in(
    house: House, phone: Phone, browser: Browser
) -> None:
    exam_first(browser.open(f"{house.base}/sign-in").follow("自考账号"), house, CANDIDATE, PASSWORD)
    bound_without_a_password(house, phone)
    phone.say("我想开一份中文成绩单，带绩点")
    phone.press("集中教学和所级教学合在一起")
    said = phone.press("求职")
    assert any("先确认一下是您本人" in one["text"] for one in said)
    assert all(not one["pictures"] for one in said)
    browser.open(phone.link("去登录"))
    exam_sign_in(browser, house.id_number(CANDIDATE), PASSWORD)
    phone.news()
    while house.jobs.run_all(house.office):
        told = phone.news()
    assert any(one["pictures"] for one in told)
    assert "提交申请" in str(told[-1]["buttons"])
    with house.office.read() as work:
        account = work.session.get_one(ChatAccount, house.account(phone.address).id)
        assert not stepup.due(work, account, Purpose.FIRST_FILE), "the file would ask once more"


def test_first_file_on_an_account_just_bound_asks_and_the_web_chat_does_not(
    house: House, phone: Phone, browsers: Browsers
) -> None:
    browser = browsers().open(f"{house.base}/sign-in")
    exam_first(browser.follow("自考账号"), house, CANDIDATE, PASSWORD)
    bound_without_a_password(house, phone)
    browser = browsers().open(f"{house.base}/sign-in")
    exam_sign_in(browser, house.id_number(CANDIDATE), PASSWORD)
    person = house.person(CANDIDATE).id
    with house.office.read() as work:
        telegram = work.session.get_one(ChatAccount, house.account(phone.address).id)
        web = accounts.find(work, "web", str(person))
        assert stepup.due(work, telegram, Purpose.FIRST_FILE)
        assert not stepup.due(work, web, Purpose.FIRST_FILE)
        assert not stepup.due(work, web, Purpose.BULK)  # a sign-in of this very moment
        assert stepup.due(work, None, Purpose.FIRST_FILE)


def test_nobody_is_asked_where_nothing_can_be_shown_but_production_refuses(
    new_house: NewHouse,
) -> None:
    bare = new_house(SignInSettings())
    person = bare.person(CANDIDATE).id
    with bare.office.work(person) as work:
        mine = accounts.account(work, "web", str(person), person)
        assert stepup.due(work, mine, Purpose.BULK)
        assert not stepup.possible(work, mine)
        work.production = True
        assert stepup.possible(work, mine)


def test_nothing_reaches_an_account_after_it_is_unbound(
    house: House, two: tuple[Phone, Phone], browser: Browser
) -> None:
    here, there = two
    unbind(here)
    here.say(code_on(there, browser))
    account = house.account(there.address).id
    here.press("解除绑定")
    with house.office.read() as work:
        left = select(Delivery.state, Delivery.why).where(
            Delivery.account_id == account, Delivery.state != "sent"
        )
        before = [row for row in work.session.execute(left) if row.why == "unbound"]
    assert before
    assert {row.state for row in before} == {"expired"}
    house.settle()
    here.say("我的申请")
    assert all("申请" not in one["text"] for one in there.news())


def test_strangers_account_cannot_be_unbound(
    house: House, phone: Phone, browsers: Browsers
) -> None:
    bind(house, phone, browsers())
    house.ticket("20161800000001", "010987654321")
    other = Phone(house, "70050005")
    bind(house, other, browsers(), "20161800000001")
    with house.office.work(house.person("20161800000001").id) as work, pytest.raises(NotAllowed):
        bindings.unbind(work, house.account(phone.address).id, None)
    assert house.owner(phone.address) == CANDIDATE


def test_account_is_unbound_on_the_page_by_whoever_has_just_signed_in(
    house: House, phone: Phone, browsers: Browsers
) -> None:
    bind(house, phone, browsers())
    browser = browsers().open(f"{house.base}/accounts")
    assert browser.page.url.path == "/sign-in"  # not before
    exam_sign_in(browser, house.id_number(CANDIDATE), PASSWORD)
    assert "Lin Xiaoman" in browser.open(f"{house.base}/accounts").words
    house.later(minutes=31)  # the session lasts, the proof does not
    browser.send()
    assert "再登录一次" in browser.words
    assert house.owner(phone.address) == CANDIDATE
    exam_sign_in(browser, house.id_number(CANDIDATE), PASSWORD)
    assert browser.page.url.path == "/accounts"
    browser.send()
    assert "您没有绑定别的账号" in browser.words
    assert house.owner(phone.address) is None


def test_page_unbinds_no_strangers_account_and_nothing_for_a_strange_page(
    house: House, phone: Phone, browsers: Browsers
) -> None:
    bind(house, phone, browsers())
    house.ticket("20161800000001", "010987654321")
    other = browsers().open(f"{house.base}/sign-in").follow("自考账号")
    exam_first(other, house, "20161800000001")
    account = str(house.account(phone.address).id)
    address, own = f"{house.base}/accounts", {"Origin": house.base}
    assert other.http.post(address, data={"account": account}, headers=own).status_code == 410
    assert other.http.post(address, data={"account": "x"}, headers=own).status_code == 410
    assert other.http.post(address, data={"account": account}).status_code == 403
    assert house.owner(phone.address) == CANDIDATE


def tries_to_unbind(house: House, browser: Browser) -> str:
    """On the page; where it led."""
    browser.open(f"{house.base}/accounts").send()
    return browser.page.url.path.split("/")[1]


def test_sign_in_counts_in_its_own_browser_and_not_where_a_session_was_left_open(
    house: House, phone: Phone, browsers: Browsers
) -> None:
    bind(house, phone, browsers())
    left_open, own = browsers(), browsers()
    for browser in (left_open, own):
        exam_sign_in(browser.open(f"{house.base}/sign-in"), house.id_number(CANDIDATE), PASSWORD)
        house.later(hours=1)
    assert tries_to_unbind(house, own) == "step-up"
    exam_sign_in(own, house.id_number(CANDIDATE), PASSWORD)
    assert own.page.url.path == "/accounts"
    assert tries_to_unbind(house, left_open) == "step-up"
    assert house.owner(phone.address) == CANDIDATE
    assert tries_to_unbind(house, own) == "accounts"
    assert house.owner(phone.address) is None


def in_the_chat(house: House, browser: Browser, key: str, **said: str) -> list[dict[str, Any]]:
    chat = {"X-Requested-With": "chat"}
    url = f"{house.base}/api/messages"
    assert browser.http.post(url, json={"id": key, **said}, headers=chat).status_code == 202
    house.settle()
    found: list[dict[str, Any]] = browser.http.get(url).json()["messages"]
    return found


def latest(messages: list[dict[str, Any]], label: str) -> dict[str, Any]:
    """The latest button with this label."""
    found = [one for message in messages for one in message.get("buttons", [])]
    return [one for one in found if one["label"] == label][-1]


def test_whoever_answers_a_strangers_question_in_the_chat_gives_the_stranger_nothing(
    house: House, phone: Phone, browsers: Browsers
) -> None:
    """A thief asks in a session left open; the owner signs in by the link, which both can see."""
    bind(house, phone, browsers())
    thief, owner = browsers(), browsers()
    exam_sign_in(thief.open(f"{house.base}/sign-in"), house.id_number(CANDIDATE), PASSWORD)
    house.later(hours=1)
    link = latest(in_the_chat(house, thief, "m1", text="解除绑定"), "去登录")["url"]
    exam_sign_in(owner.open(link), house.id_number(CANDIDATE), PASSWORD)
    assert "登录好了" in owner.words
    house.settle()
    shown = thief.http.get(f"{house.base}/api/messages").json()["messages"]
    press = latest(shown, "解除绑定")["press"]
    said = in_the_chat(house, thief, "m2", press=press)
    assert "再登录一次" in "".join(one["text"] for one in said[-2:])
    assert house.owner(phone.address) == CANDIDATE
    assert tries_to_unbind(house, owner) == "accounts"  # where they signed in, a session has begun
    assert house.owner(phone.address) is None


def test_session_left_open_on_the_web_binds_no_further_account(
    house: House, phone: Phone, browsers: Browsers
) -> None:
    """Whoever has an account somewhere shows once more that it is they before they get a link; a
    thief who asks gets none when the owner signs in."""
    bind(house, phone, browsers())
    thief, owner = browsers(), browsers()
    exam_sign_in(thief.open(f"{house.base}/sign-in"), house.id_number(CANDIDATE), PASSWORD)
    house.later(hours=1)
    offered = latest(in_the_chat(house, thief, "m1", text="绑定账号"), "绑定 Telegram")
    assert not offered.get("url")
    link = latest(in_the_chat(house, thief, "m2", press=offered["press"]), "去登录")["url"]
    exam_sign_in(owner.open(link), house.id_number(CANDIDATE), PASSWORD)
    house.settle()
    shown = thief.http.get(f"{house.base}/api/messages").json()["messages"]
    again = latest(shown, "绑定 Telegram")
    assert again != offered
    assert not again.get("url")
    said = in_the_chat(house, thief, "m3", press=again["press"])
    assert "先确认一下是您本人" in "".join(one["text"] for one in said[-2:])
    asked = latest(in_the_chat(house, owner, "m4", text="绑定账号"), "绑定 Telegram")
    assert "?start=" in asked["url"]  # where they signed in this moment


def test_whoever_was_asked_in_the_web_chat_goes_on_there_after_signing_in(
    house: House, phone: Phone, browser: Browser
) -> None:
    bind(house, phone, browser)
    exam_sign_in(browser.open(f"{house.base}/sign-in"), house.id_number(CANDIDATE), PASSWORD)
    house.later(hours=1)
    link = latest(in_the_chat(house, browser, "m1", text="解除绑定"), "去登录")["url"]
    exam_sign_in(browser.open(link), house.id_number(CANDIDATE), PASSWORD)
    house.settle()
    shown = browser.http.get(f"{house.base}/api/messages").json()["messages"]
    press = latest(shown, "解除绑定")["press"]
    in_the_chat(house, browser, "m2", press=press)
    assert house.owner(phone.address) is None
