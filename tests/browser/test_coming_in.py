"""The way in: in which language, as whom, and the way out again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import NewVisitor, become
from tests.browser.fake_chat import FakeChat


@pytest.fixture
def abroad(browser: Browser) -> Iterator[Page]:
    """A browser that speaks English and has never been here."""
    context = browser.new_context(locale="en-GB")
    yield context.new_page()
    context.close()


def test_the_first_visit_speaks_the_language_of_the_browser(abroad: Page, chat: FakeChat) -> None:
    abroad.goto(chat.base)
    expect(abroad.locator("#people-title")).to_have_text("Who would you like to be?")
    expect(abroad.locator("html")).to_have_attribute("lang", "en")
    abroad.locator("#people .language").click()
    abroad.reload()
    expect(abroad.locator("#people-title")).to_have_text("您想以谁的身份体验？")


def test_nobody_is_not_asked_who_they_are(visitor: NewVisitor, chat: FakeChat) -> None:
    page = visitor()
    complaints: list[str] = []
    page.on("response", lambda one: complaints.extend([one.url] if one.status >= 400 else []))
    page.goto(chat.base)
    expect(page.locator(".person").first).to_be_visible()
    become(page, chat, "李明")
    page.reload()
    expect(page.locator("#person")).to_have_text("李明")
    assert complaints == []


def test_an_address_of_nobody_says_so_in_both_languages_and_leads_back(
    visitor: NewVisitor, chat: FakeChat
) -> None:
    page = visitor()
    page.goto(f"{chat.base}/?as=nobody")
    told = page.locator("#nobody")
    expect(told).to_contain_text("没有这个人")
    expect(told).to_contain_text("There is no such person")
    told.get_by_role("link").click()
    expect(page.locator("#people-title")).to_be_visible()


def test_whoever_came_by_an_address_can_become_another_as_the_start_page_promises(
    visitor: NewVisitor, chat: FakeChat
) -> None:
    page = visitor()
    page.goto(f"{chat.base}/?as=li")
    expect(page.locator("#person")).to_have_text("李明")
    page.locator("#switch").click()
    page.locator("#people-back").click()
    expect(page.locator("#person")).to_be_visible()
    page.locator("#switch").click()
    page.locator(".person", has_text="赵静").click()
    expect(page.locator("#person")).to_have_text("赵静")
    assert page.url == f"{chat.base}/?as=zhao"


def test_of_two_side_by_side_neither_switches_alone(visitor: NewVisitor, chat: FakeChat) -> None:
    page = visitor()
    page.goto(f"{chat.base}/?side=li,zhao")
    left = page.frame_locator("#frame-0")
    expect(left.locator("#person")).to_have_text("李明")
    expect(left.locator("#switch")).to_be_hidden()
