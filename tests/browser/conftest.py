"""Chromium and the fake server, once a session; a fresh visitor for every test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.fake_chat import FakeChat
from tests.browser.fake_server import Server

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP = (1280, 800)
PHONE = (360, 740)
NewVisitor = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: the chat page was not tried")
    expect.set_options(timeout=15_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def server(browser: Browser) -> Iterator[FakeChat]:
    with Server(FakeChat()) as chat:
        yield chat


@pytest.fixture
def chat(server: FakeChat) -> FakeChat:
    server.clear()
    return server


@pytest.fixture
def visitor(browser: Browser, chat: FakeChat) -> Iterator[NewVisitor]:
    """Open a browser of one's own; at the end, no script failed and no policy was broken."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def new(size: tuple[int, int] = DESKTOP) -> Page:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale="zh-CN", has_touch=False
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "console",
            lambda line: faults.extend(
                [line.text] if "Content Security Policy" in line.text else []
            ),
        )
        return page

    yield new
    for context in contexts:
        context.close()
    assert faults == []


@pytest.fixture
def page(visitor: NewVisitor, chat: FakeChat) -> Page:
    """A visitor who has become 李明 and is connected."""
    page = visitor()
    become(page, chat, "李明")
    return page


def become(page: Page, chat: FakeChat, name: str) -> None:
    page.goto(chat.base)
    page.locator(".person", has_text=name).click()
    expect(page.locator("#status")).to_have_text("在线")


def say(page: Page, text: str) -> None:
    page.locator("#text").fill(text)
    page.locator("#text").press("Enter")
