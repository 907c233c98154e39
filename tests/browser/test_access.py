"""The page for everyone: keyboard, screen reader, small screens, large letters, colours."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, NewVisitor, become, say
from tests.browser.fake_chat import FakeChat
from tests.browser.fake_server import BOT
from tests.browser.script import PAGES

FITS = "() => document.documentElement.scrollWidth <= window.innerWidth"


def test_everything_can_be_done_with_the_keyboard_alone(
    visitor: NewVisitor, chat: FakeChat
) -> None:
    page = visitor()
    page.goto(chat.base)
    tab_to(page, ".person:has-text('李明')")
    page.keyboard.press("Enter")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type("第一行")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("第二行")
    page.keyboard.press("Enter")
    expect(page.locator(".theirs .text")).to_have_text("收到：第一行\n第二行")
    expect(page.locator("#text")).to_be_focused()
    page.keyboard.type("成绩单")
    page.keyboard.press("Enter")
    expect(page.locator(".card")).to_be_visible()

    tab_to(page, ".thumb", back=True)
    page.keyboard.press("Enter")
    expect(page.locator("#viewer")).to_be_visible()
    expect(page.locator("#viewer-count")).to_have_text("2 / 2")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("#viewer-count")).to_have_text("1 / 2")
    page.keyboard.press("Escape")
    expect(page.locator("#viewer")).to_be_hidden()
    expect(page.locator(".thumb").last).to_be_focused()

    tab_to(page, "#messages .choice:has-text('确认订单')")
    page.keyboard.press("Space")
    expect(page.locator("#text")).to_be_focused()
    tab_to(page, "a.file", back=True)


def tab_to(page: Page, selector: str, back: bool = False) -> None:
    for _ in range(40):
        page.keyboard.press("Shift+Tab" if back else "Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", plain(selector)):
            wanted = page.locator(selector)
            if wanted.evaluate_all("all => all.includes(document.activeElement)"):
                return
    raise AssertionError(f"{selector} cannot be reached with the keyboard")


def plain(selector: str) -> str:
    return re.sub(r":has-text\('.*'\)", "", selector)


def test_enter_that_ends_a_chinese_word_does_not_send_it(page: Page) -> None:
    page.locator("#text").fill("zhong")
    page.locator("#text").evaluate(
        "box => box.dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"
    )
    expect(page.locator("#text")).to_have_value("zhong")
    expect(page.locator(".message")).to_have_count(0)


def test_a_screen_reader_hears_each_new_message_once_and_no_history(
    page: Page, chat: FakeChat
) -> None:
    expect(page.locator("#log")).to_have_attribute("role", "log")
    expect(page.locator("#log")).to_have_attribute("aria-live", "off")
    chat.echo_twice = True
    say(page, "成绩单")
    live = page.locator("#live p")
    expect(live).to_have_count(2)
    expect(live.last).to_contain_text("费用: 5.00 元")
    expect(live.last).to_contain_text("1 确认订单, 2 保存并返回, 3 取消申请")
    expect(live.last).to_have_attribute("lang", "zh-CN")
    page.reload()
    expect(page.locator(".card")).to_be_visible()
    expect(live).to_have_count(0)


def test_every_control_has_a_name(page: Page) -> None:
    say(page, "成绩单")
    expect(page.locator(".thumb")).to_have_count(2)
    nameless = page.evaluate(
        """() => [...document.querySelectorAll("#chat :is(button, a, textarea), #viewer button")]
        .filter(one => !one.hidden && !one.textContent.trim() && !one.getAttribute("aria-label"))
        .map(one => one.outerHTML)"""
    )
    assert nameless == []


def test_a_narrow_phone_needs_no_sideways_scrolling(visitor: NewVisitor, chat: FakeChat) -> None:
    page = visitor(PHONE)
    become(page, chat, "李明")
    say(page, "成绩单")
    expect(page.locator(".card")).to_be_visible()
    chat.say(
        "li",
        text="W" * 10_000,
        card={"title": "T" * 200, "rows": [["K" * 60, "V" * 200]]},
        buttons=[{"n": 1, "label": "L" * 120, "press": "x"}],
        files=[{"url": "/files/a", "name": "N" * 120 + ".pdf", "size": 5, "type": ""}],
    )
    expect(page.locator(".message")).to_have_count(4)
    assert page.evaluate(FITS)
    assert page.evaluate(
        "() => { const log = document.getElementById('log');"
        " return log.scrollWidth <= log.clientWidth }"
    )
    assert page.evaluate(
        "() => [...document.querySelectorAll('.bubble, .choice, .card dd')]"
        ".every(one => one.getBoundingClientRect().right <= window.innerWidth)"
    )


@pytest.mark.parametrize("name", list(PAGES))
def test_the_other_pages_fit_a_narrow_phone(visitor: NewVisitor, chat: FakeChat, name: str) -> None:
    page = visitor((320, 640))
    page.goto(f"{chat.base}/pages/{name}")
    expect(page.locator("h1")).to_be_visible()
    assert page.evaluate(FITS)


def test_at_double_size_the_conversation_and_the_box_remain(
    visitor: NewVisitor, chat: FakeChat
) -> None:
    page = visitor((640, 400))
    become(page, chat, "李明")
    say(page, "成绩单")
    log = page.locator("#log").bounding_box()
    assert log is not None
    assert log["height"] > 150
    expect(page.locator("#text")).to_be_in_viewport()
    size = page.locator("#text").evaluate("box => parseFloat(getComputedStyle(box).fontSize)")
    assert size >= 16


def test_the_end_stays_in_view_and_reading_back_is_not_disturbed(
    page: Page, chat: FakeChat
) -> None:
    for number in range(30):
        chat.say("li", text=f"通知 {number}")
    expect(page.locator(".message").last).to_be_in_viewport()
    page.locator(".message").first.scroll_into_view_if_needed()
    expect(page.locator("#to-end")).to_be_visible()
    chat.say("li", text="最后一条")
    expect(page.locator("#to-end")).to_have_text("1")
    expect(page.locator(".message").first).to_be_in_viewport()
    page.locator("#to-end").click()
    expect(page.locator(".message").last).to_be_in_viewport()
    expect(page.locator("#to-end")).to_be_hidden()


PAIRS = [
    ("text", "ground"),
    ("text", "surface"),
    ("text", "surface-2"),
    ("muted", "ground"),
    ("muted", "surface"),
    ("muted", "surface-2"),
    ("accent", "ground"),
    ("accent", "surface"),
    ("accent", "surface-2"),
    ("accent", "accent-soft"),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("on-mine", "mine"),
    ("good", "good-soft"),
    ("warn", "warn-soft"),
    ("bad", "bad-soft"),
    ("bad", "surface"),
    ("bad", "ground"),
    ("warn", "surface"),
]


@pytest.mark.parametrize(("ink", "paper"), PAIRS)
def test_text_can_be_read_on_its_ground_by_day_and_by_night(ink: str, paper: str) -> None:
    light, dark = themes()
    for theme in (light, light | dark):
        assert contrast(theme[ink], theme[paper]) >= 4.5


def themes() -> tuple[dict[str, str], dict[str, str]]:
    css = (BOT / "static" / "tokens.css").read_text("utf-8")
    day, night = css.split("@media (prefers-color-scheme: dark)")
    colours = re.compile(r"--([\w-]+): (#[0-9a-f]{6});")
    return dict(colours.findall(day)), dict(colours.findall(night))


def contrast(one: str, other: str) -> float:
    """The ratio of WCAG 2.2, section 1.4.3."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
