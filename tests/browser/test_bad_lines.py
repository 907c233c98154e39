"""A line that breaks, a server that is away: nothing said is lost, nothing is said twice."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewVisitor, become, say
from tests.browser.fake_chat import FakeChat


def test_the_page_comes_back_by_itself_when_the_server_drops_it(page: Page, chat: FakeChat) -> None:
    chat.run(chat.drop())
    chat.say("li", text="断线时说的话")
    expect(page.locator(".theirs .text")).to_have_text("断线时说的话")
    page.wait_for_function("() => document.getElementById('status').dataset.state === 'online'")
    say(page, "又通了")
    expect(page.locator(".theirs .text").last).to_have_text("收到：又通了")
    expect(page.locator(".message")).to_have_count(3)
    for _ in range(100):
        if chat.sockets_opened == 2:
            break
        page.wait_for_timeout(100)
    assert chat.sockets_opened == 2


def test_a_prompt_decided_while_one_was_away_is_no_longer_open(page: Page, chat: FakeChat) -> None:
    say(page, "成绩单")
    expect(page.locator("#messages button.choice:enabled")).to_have_count(3)
    chat.of("li").messages[2]["used"] = True
    chat.run(chat.drop())
    expect(page.locator("#messages button.choice:disabled")).to_have_count(3)


def test_a_network_without_sockets_still_carries_the_conversation(
    visitor: NewVisitor, chat: FakeChat
) -> None:
    chat.refuse_sockets = True
    page = visitor()
    become(page, chat, "李明")
    say(page, "没有长连接")
    expect(page.locator(".theirs .text")).to_have_text("收到：没有长连接")
    chat.say("li", text="主动通知")
    expect(page.locator(".theirs .text").last).to_have_text("主动通知")
    assert chat.sockets_opened == 0


def test_what_could_not_be_sent_survives_a_reload_and_goes_out_once(
    page: Page, chat: FakeChat
) -> None:
    chat.refuse_posts = True
    tried: list[str] = []
    page.on("request", lambda one: tried.extend([one.post_data] if one.post_data else []))
    say(page, "第一句")
    say(page, "第二句")
    expect(page.get_by_role("button", name="未发送，重试")).to_have_count(2)
    page.reload()
    expect(page.locator(".mine .text")).to_have_text(["第一句", "第二句"])
    chat.refuse_posts = False
    expect(page.locator(".theirs .text")).to_have_text(["收到：第一句", "收到：第二句"])
    expect(page.locator(".pending")).to_have_count(0)
    assert [one["text"] for one in chat.received] == ["第一句", "第二句"]
    first = re.search(r'"id":"([^"]+)"', tried[0])
    assert first is not None
    assert chat.received[0]["id"] == first.group(1)
    page.reload()
    expect(page.locator(".message")).to_have_count(4)


def test_one_may_write_before_the_history_has_come(visitor: NewVisitor, chat: FakeChat) -> None:
    chat.refuse_history = True
    page = visitor()
    page.goto(chat.base)
    page.locator(".person", has_text="李明").click()
    expect(page.locator("#person")).to_have_text("李明")
    chat.say("li", text="早先的话")
    say(page, "已经在写")
    expect(page.locator(".pending .text")).to_have_text("已经在写")
    assert chat.received == []
    chat.refuse_history = False
    texts = page.locator(".message .text")
    expect(texts).to_have_text(["早先的话", "已经在写", "收到：已经在写"])
    expect(page.locator(".pending")).to_have_count(0)


def test_a_failed_message_is_tried_again_without_being_asked(page: Page, chat: FakeChat) -> None:
    chat.refuse_posts = True
    say(page, "等一等")
    expect(page.get_by_role("button", name="未发送，重试")).to_be_visible()
    chat.refuse_posts = False
    expect(page.locator(".theirs .text")).to_have_text("收到：等一等")


def test_a_discarded_message_is_never_sent(page: Page, chat: FakeChat) -> None:
    chat.refuse_posts = True
    say(page, "算了")
    page.get_by_role("button", name="删除").click()
    expect(page.locator(".message")).to_have_count(0)
    expect(page.locator(".day")).to_have_count(0)
    chat.refuse_posts = False
    page.reload()
    say(page, "新的")
    expect(page.locator(".theirs .text")).to_have_text("收到：新的")
    assert [one["text"] for one in chat.received] == ["新的"]


def test_unsent_words_never_go_out_in_another_persons_name(page: Page, chat: FakeChat) -> None:
    chat.refuse_posts = True
    say(page, "李明的话")
    expect(page.get_by_role("button", name="未发送，重试")).to_be_visible()
    page.locator("#switch").click()
    page.locator(".person", has_text="赵静").click()
    expect(page.locator("#person")).to_have_text("赵静")
    chat.refuse_posts = False
    say(page, "赵静的话")
    expect(page.locator(".theirs .text")).to_have_text("收到：赵静的话")
    assert [(one["person"], one["text"]) for one in chat.received] == [("zhao", "赵静的话")]


def test_a_session_that_ended_leads_back_to_the_choice(page: Page, chat: FakeChat) -> None:
    chat.tokens.clear()
    say(page, "还在吗")
    expect(page.locator("#people")).to_be_visible()
