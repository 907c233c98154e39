"""Where a text must have a length, the page counts while one writes."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.browser.conftest import say
from tests.browser.fake_chat import FakeChat

LENGTH = {"written": 0, "least": 10, "most": 20}


def greet(page: Page) -> None:
    """Until the answer is there: an answer that comes later would end the question put meanwhile."""
    say(page, "你好")
    expect(page.locator(".theirs .text").last).to_have_text("收到：你好")


def test_whoever_writes_an_appraisal_sees_how_long_it_is_already(
    page: Page, chat: FakeChat
) -> None:
    greet(page)
    counter = page.locator("#counter")
    expect(counter).to_be_hidden()
    chat.say("li", text="请写自我鉴定", length=LENGTH)
    expect(counter).to_have_text("已写 0 字（10 到 20 字），还差 10 字")
    box = page.locator("#text")
    box.fill("我 热爱\n祖国")
    expect(counter).to_have_text("已写 5 字（10 到 20 字），还差 5 字")
    box.fill("我热爱祖国遵守法律")
    box.press_sequentially("法规")
    expect(counter).to_have_text("已写 11 字（10 到 20 字）")
    expect(box).to_have_attribute("aria-describedby", "counter")


def test_what_was_written_before_counts_and_too_much_is_told(page: Page, chat: FakeChat) -> None:
    greet(page)
    chat.say("li", text="接着写", length=LENGTH | {"written": 18})
    counter = page.locator("#counter")
    expect(counter).to_have_text("已写 18 字（10 到 20 字）")
    page.locator("#text").fill("再写几个字")
    expect(counter).to_have_text("已写 23 字（10 到 20 字），超出 3 字")
    expect(counter).to_have_attribute("data-state", "over")


def test_the_count_starts_anew_with_each_piece_and_goes_with_the_question(
    page: Page, chat: FakeChat
) -> None:
    greet(page)
    chat.say("li", text="请写", length=LENGTH)
    page.locator("#text").fill("一二三")
    expect(page.locator("#counter")).to_contain_text("已写 3 字")
    page.reload()
    expect(page.locator("#counter")).to_contain_text("已写 0 字")
    say(page, "写完了")
    expect(page.locator("#counter")).to_be_hidden()
