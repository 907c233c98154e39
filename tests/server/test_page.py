"""The page at the real server, for everyone: keyboard, screen reader, what is under way, and back again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.server.guest import Guest
from tests.server.running import PATIENCE, Running, with_fonts_and_model
from tests.server.screens import DESKTOP

WATCHES_TYPING = """() => {
    const typing = document.getElementById("typing");
    window.typingSeen = !typing.hidden;
    new MutationObserver(() => { window.typingSeen ||= !typing.hidden })
        .observe(typing, { attributes: true });
}"""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server at which nobody has said anything yet; it may be killed."""
    running = Running(with_fonts_and_model(tmp_path_factory.mktemp("page") / "data"))
    running.start()
    yield running
    if running.alive():
        running.stop()


def come(page: Page, server: Running, who: str) -> None:
    guest = Guest(server.base, who)
    guest.close()
    page.context.add_cookies([{"name": "chat", "value": guest.token, "url": server.base}])
    page.goto(server.base)
    expect(page.locator("#status")).to_have_text("在线")


def say(page: Page, text: str) -> None:
    page.locator("#text").fill(text)
    page.locator("#text").press("Enter")


def tab_to(page: Page, wanted: Locator, key: str = "Tab") -> None:
    """With the keyboard alone, as far as it takes."""
    expect(wanted).to_be_visible()
    for _ in range(60):
        page.keyboard.press(key)
        if wanted.evaluate("one => one === document.activeElement"):
            return
    raise AssertionError(f"{wanted} cannot be reached with the keyboard")


def choice(page: Page, label: str) -> Locator:
    return page.locator("#messages button.choice:enabled", has_text=label).last


def test_student_applies_with_the_keyboard_alone(own: Running, page: Page) -> None:
    page.goto(own.base)
    tab_to(page, page.locator(".person", has_text="林若溪"))
    page.keyboard.press("Enter")
    expect(page.locator("#status")).to_have_text("在线")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type("我想开一份英文成绩单，带绩点")
    page.keyboard.press("Enter")
    tab_to(page, choice(page, "集中教学和所级教学合在一起"), "Shift+Tab")
    page.keyboard.press("Space")
    expect(page.locator("#text")).to_be_focused()
    expect(page.locator(".theirs .text").last).to_contain_text("申请理由是什么")
    page.keyboard.type("求职")
    page.keyboard.press("Enter")
    expect(choice(page, "提交申请")).to_be_visible()
    tab_to(page, page.locator(".thumb").last, "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#viewer")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#viewer")).to_be_hidden()
    expect(page.locator(".thumb").last).to_be_focused()
    tab_to(page, choice(page, "提交申请"))
    page.keyboard.press("Enter")
    expect(page.locator(".theirs .text", has_text="已提交，编号 T").last).to_be_visible()


def test_screen_reader_hears_each_answer_once_and_no_history(own: Running, page: Page) -> None:
    come(page, own, "graduated")
    say(page, "我想开一份成绩单")
    expect(choice(page, "北京集中教学阶段")).to_be_visible()
    expect(page.locator("#log")).to_have_attribute("aria-live", "off")
    live = page.locator("#live p")
    heard = live.filter(has_text="成绩单要包括哪些课程？")
    expect(heard).to_have_count(1)
    expect(heard).to_contain_text("1 北京集中教学阶段")
    expect(heard).to_have_attribute("lang", "zh-CN")
    expect(live.filter(has_text="还有 1 份免费")).to_have_count(1)
    page.reload()
    expect(choice(page, "北京集中教学阶段")).to_be_visible()
    expect(live).to_have_count(0)
    say(page, "第一个")
    expect(live.filter(has_text="要中文的还是英文的？")).to_have_count(1)
    expect(live.filter(has_text="成绩单要包括哪些课程？")).to_have_count(0)


def test_one_sees_that_the_preview_is_under_way_and_then_that_it_is_there(
    own: Running, page: Page
) -> None:
    come(page, own, "20141800000001")
    say(page, "中文成绩单不带GPA")
    choice(page, "集中教学和所级教学合在一起").click()
    expect(choice(page, "求职")).to_be_visible()
    expect(page.locator("#typing")).to_be_hidden()
    page.evaluate(WATCHES_TYPING)
    choice(page, "求职").click()
    expect(choice(page, "确认订单")).to_be_visible()
    expect(page.locator("#typing")).to_be_hidden()
    assert page.evaluate("window.typingSeen")


def test_conversation_goes_on_by_itself_after_the_server_was_away(
    own: Running, browser: Browser
) -> None:
    context = browser.new_context(viewport=DESKTOP, locale="zh-CN")  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE * 1000)
    page = context.new_page()
    come(page, own, "20181800000009")
    say(page, "中文成绩单")
    expect(choice(page, "集中教学和所级教学合在一起")).to_be_visible()
    own.kill()
    expect(page.locator("#status")).not_to_have_text("在线")
    say(page, "合在一起的")
    expect(page.locator(".mine .text").last).to_have_text("合在一起的")
    own.start()
    expect(page.locator("#status")).to_have_text("在线")
    expect(choice(page, "不带 GPA")).to_be_visible()
    expect(page.locator(".mine", has_text="合在一起的")).to_have_count(1)
    page.reload()
    expect(choice(page, "不带 GPA")).to_be_visible()
    choice(page, "不带 GPA").click()
    expect(page.locator(".theirs .text").last).to_contain_text("申请理由是什么")
    context.close()
