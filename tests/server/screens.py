"""Chromium at the real server, as a desktop or a telephone."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.server.guest import Guest
from tests.server.running import PATIENCE, Running

CHROMIUM = shutil.which("chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 860}
Look = Callable[[Page, str], None]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: the real page was not tried in a browser")
    expect.set_options(timeout=PATIENCE * 1000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """At the end no script has failed and nothing was blocked or missing."""
    context = browser.new_context(viewport=DESKTOP, locale="zh-CN", accept_downloads=True)  # type: ignore[arg-type]
    context.set_default_timeout(PATIENCE * 1000)
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    yield page
    context.close()
    assert [fault for fault in faults if "401" not in fault] == []  # 401: who am I, nobody yet


@pytest.fixture
def look() -> Look:
    """Keep a picture for people to look at, where REGISTRAR_TEST_PICTURES names a folder."""
    folder = os.environ.get("REGISTRAR_TEST_PICTURES")

    def keep(page: Page, name: str) -> None:
        if folder:
            page.screenshot(path=Path(folder) / f"{name}.png")

    return keep


def fits(page: Page) -> None:
    page.wait_for_load_state("load")  # words can be there before their styles are
    wide, inner = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide <= inner, f"the page is {wide} px wide on a screen of {inner}"


def sign_in(page: Page, server: Running, who: str) -> None:
    guest = Guest(server.base, who)
    guest.close()
    page.context.add_cookies([{"name": "chat", "value": guest.token, "url": server.base}])
    page.goto(server.base)


def opened(page: Page, link: Locator) -> Page:
    """The page that a link opens beside this one, on a screen of the same size."""
    with page.expect_popup() as popup:
        link.click()
    popup.value.set_viewport_size(page.viewport_size or PHONE)  # type: ignore[arg-type]
    return popup.value


def loaded(picture: Locator) -> None:
    expect(picture).to_be_visible()
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("complete", True)
    assert picture.evaluate("one => one.naturalWidth") > 0
