"""Two people at the real page: from choosing who one is to the file, also on a telephone."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from tests.server.conftest import CHEMISTS
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


def test_student_and_officer_side_by_side_reach_the_approval(
    server: Running, page: Page, look: Look
) -> None:
    page.goto(server.base)
    look(page, "01-people")
    page.locator(".person", has_text="林若溪").click()
    expect(page.locator("#status")).to_have_text("在线")
    look(page, "02-welcome")
    page.goto(f"{server.base}/?side=enrolled,unit_officer")
    student = page.frame_locator("#frames iframe").nth(0)
    officer = page.frame_locator("#frames iframe").nth(1)
    expect(student.locator("#status")).to_have_text("在线")
    student.locator("#text").fill("我想开一份英文成绩单，带绩点")
    student.locator("#text").press("Enter")
    student.get_by_role("button", name="集中教学和所级教学合在一起").last.click()
    student.get_by_role("button", name="出国留学").last.click()
    expect(student.get_by_role("button", name="提交申请")).to_be_enabled()
    loaded(student.locator("#messages img").last)
    look(page, "03-preview")
    student.get_by_role("button", name="提交申请").click()
    filed = student.locator(".theirs", has_text="已提交").last.inner_text()
    number = re.findall(r"T\d{6}-\d{4}", filed)[0]
    prompt = officer.locator(".message", has=officer.locator(".card", has_text=number)).last
    prompt.get_by_role("button", name="同意").click()
    expect(student.locator(".theirs", has_text="已通过审批").last).to_be_visible()
    look(page, "04-approved")


def test_student_pays_at_the_cashier_and_finds_the_file_in_the_chat_after_a_reload(
    server: Running, page: Page, look: Look
) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(server.base)
    fits(page)
    look(page, "11-phone-people")
    sign_in(page, server, "20141800000001")  # asked for this kind by e-mail (T3)
    expect(page.locator("#status")).to_have_text("在线")
    page.locator("#text").fill("我想开一份成绩单")
    page.locator("#text").press("Enter")
    for label in ("集中教学和所级教学合在一起", "英文", "带 GPA", "求职"):
        page.get_by_role("button", name=label, exact=True).last.click()
        fits(page)
    confirm = page.get_by_role("button", name="确认订单").last
    expect(confirm).to_be_enabled()
    loaded(page.locator("#messages img").last)
    fits(page)
    look(page, "12-phone-preview")
    page.locator("#messages img").last.click()
    expect(page.locator("#viewer")).to_be_visible()
    look(page, "13-phone-viewer")
    page.keyboard.press("Escape")
    confirm.click()
    told = page.locator(".theirs", has=page.get_by_role("link", name="去支付")).last
    order = re.findall(r"D\d{6}-\d{4}", told.inner_text())[0]
    page.get_by_role("link", name="去支付").last.click()
    cashier = page  # in the same window: there is one conversation
    expect(cashier.locator(".amount")).to_contain_text("5.00")
    expect(cashier.locator(".facts")).to_contain_text("英文，带 GPA")
    expect(cashier.locator(".facts")).to_contain_text(order)
    fits(cashier)
    look(cashier, "14-phone-cashier")
    cashier.get_by_role("button", name="支付 5.00 元").click()
    expect(cashier.get_by_text("已支付").first).to_be_visible()
    look(cashier, "15-phone-paid")
    cashier.get_by_role("link", name="返回对话").click()
    file = cashier.locator("#messages a", has_text=".pdf").last
    expect(file).to_be_visible()
    fits(cashier)
    look(cashier, "16-phone-file")
    cashier.reload()
    expect(file).to_be_visible()
    expect(cashier.locator("#status")).to_have_text("在线")
    with cashier.expect_download() as downloaded:
        file.click()
    assert downloaded.value.suggested_filename.endswith(".pdf")
    assert Path(downloaded.value.path()).read_bytes().startswith(b"%PDF-")
    verdict = opened(cashier, cashier.get_by_role("link", name="验证真伪").last)
    expect(verdict.get_by_text("真实有效").first).to_be_visible()
    fits(verdict)
    look(verdict, "17-phone-genuine")


def test_reason_with_markup_is_letters_on_the_officers_screen(
    server: Running, page: Page, look: Look
) -> None:
    nasty = "<img src=x onerror=\"document.title='broken'\"><b>加粗</b>"
    student = Guest(server.base, CHEMISTS[6])
    student.apply(reason=nasty)
    student.press("提交申请")
    student.close()
    sign_in(page, server, "unit_officer")
    expect(page.locator(".card", has_text=nasty).last).to_be_visible()
    look(page, "21-officer")
    assert "broken" not in page.title()
