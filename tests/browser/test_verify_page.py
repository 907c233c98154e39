"""Whoever holds a document at a counter: one press, and the verdict without scrolling, on a small phone."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from backend.database import Database
from backend.documents.verdict import addition
from dialogs.verification.report_words import CHECKED
from tests.backend.scene import Scene
from tests.server.screens import fits
from tests.server.verify_site import Served, Site, put
from tests.verification import fake

PHONE = (360, 640)
REMEMBER = """new MutationObserver(([change]) => {
    if (change.target.checkVisibility()) sessionStorage.busy = change.target.innerText;
}).observe(document.querySelector(".busy"), {attributes: true})"""
Open = Callable[..., Page]


@pytest.fixture
def site(sqlite_template: Path, tmp_path: Path) -> Iterator[Site]:
    path = tmp_path / "registrar.db"
    path.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{path}")
    made = Site(Scene(database, tmp_path))
    yield made
    made.close()
    database.close()


@pytest.fixture
def base(site: Site) -> Iterator[str]:
    with Served(site) as served:
        yield served.base


@pytest.fixture
def opened(browser: Browser, base: str) -> Iterator[Open]:
    """A page on a small phone; at the end no script has failed."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def new(path: str = "/v", *, scripts: bool = True, language: str = "zh-CN") -> Page:
        context = browser.new_context(
            viewport={"width": PHONE[0], "height": PHONE[1]},
            locale=language,
            java_script_enabled=scripts,
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: faults.extend([line.text] * (line.type == "error")))
        page.goto(base + path)
        return page

    yield new
    for context in contexts:
        context.close()
    assert [fault for fault in faults if "favicon" not in fault] == []


def choose(page: Page, file: Path) -> None:
    """One press on what stands there."""
    with page.expect_file_chooser() as chooser:
        page.locator("label.action").click()
    chooser.value.set_files(file)


def test_one_press_shows_the_verdict_without_scrolling(
    site: Site, opened: Open, tmp_path: Path
) -> None:
    page = opened()
    choose(page, put(tmp_path, "genuine.pdf", site.pdf))
    expect(page.locator(".verdict.good h1")).to_contain_text("真实有效")
    expect(page.locator(".verdict.good p .en")).to_be_in_viewport(ratio=1)
    assert page.evaluate("scrollY") == 0
    expect(page.locator(".facts").first).to_contain_text("林**")
    fits(page)


@pytest.mark.parametrize("language", ["zh-CN", "en-US"])
def test_an_altered_file_is_red_and_told_in_both_languages(
    site: Site, opened: Open, tmp_path: Path, language: str
) -> None:
    data = site.pdf + b"more"
    site.answers[data] = fake.added_to(site.pdf, addition("annotations", 2), code=site.code)
    page = opened(language=language)
    choose(page, put(tmp_path, "altered.pdf", data))
    expect(page.locator(".verdict.bad")).to_be_visible()
    expect(page.locator("h1 .en")).to_have_text("Not shown to be genuine")
    expect(page.locator(".verdict p .en")).to_contain_text("2 annotation(s) or stamp(s)")
    expect(page.locator(".verdict p")).to_be_in_viewport(ratio=1)
    nameless = page.locator("section dt:not(:has(.en[lang=en]))").all_inner_texts()
    assert set(nameless) <= {"GPA", "SHA-256", *CHECKED.values()}
    fits(page)


def test_while_it_is_being_checked_that_is_shown(site: Site, opened: Open, tmp_path: Path) -> None:
    page = opened()
    expect(page.locator(".busy")).to_be_hidden()
    page.evaluate(REMEMBER)  # by itself Playwright waits until the next page is there
    choose(page, put(tmp_path, "genuine.pdf", site.pdf))
    expect(page.locator(".verdict.good")).to_be_visible()
    assert "正在上传并核对" in page.evaluate("sessionStorage.busy")
    page.go_back()
    expect(page.locator(".busy")).to_be_hidden()


def test_the_keyboard_alone_chooses_a_file_and_sees_where_it_is(
    site: Site, opened: Open, tmp_path: Path
) -> None:
    page = opened()
    page.keyboard.press("Tab")
    expect(page.locator("#file")).to_be_focused()
    ring = page.locator("label.action").evaluate("one => getComputedStyle(one).outlineStyle")
    assert ring == "solid"
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(put(tmp_path, "genuine.pdf", site.pdf))
    expect(page.locator(".verdict.good")).to_be_visible()


def test_a_file_that_is_too_large_is_told_before_it_is_sent(
    site: Site, opened: Open, tmp_path: Path
) -> None:
    page = opened()
    choose(page, put(tmp_path, "large.pdf", b"x" * 11 * 1024 * 1024))
    expect(page.locator(".choose .error")).to_contain_text("文件有 11.0 MB")
    assert site.inspector.asked == []
    choose(page, put(tmp_path, "genuine.pdf", site.pdf))
    expect(page.locator(".verdict.good")).to_be_visible()


def test_without_scripts_there_is_a_button_to_send_it(
    site: Site, opened: Open, tmp_path: Path
) -> None:
    page = opened(scripts=False)
    page.locator("#file").set_input_files(put(tmp_path, "genuine.pdf", site.pdf))
    page.get_by_role("button", name="核验").click()
    expect(page.locator(".verdict.good")).to_be_visible()


def test_the_file_is_compared_with_the_document_whose_code_was_scanned(
    site: Site, opened: Open, tmp_path: Path
) -> None:
    page = opened(f"/v/{site.code}")
    expect(page.locator(".verdict.good")).to_be_in_viewport(ratio=1)
    expect(page.locator(".facts", has_text="学分")).to_contain_text("6")
    choose(page, put(tmp_path, "genuine.pdf", site.pdf))
    expect(page.locator(".verdict.good p").first).to_contain_text("一个字节都没有变")
    fits(page)


def test_a_code_that_is_typed_leads_to_its_page(site: Site, opened: Open) -> None:
    page = opened()
    page.get_by_label("或者输入文件上的验证码").fill(site.code.lower())
    page.get_by_role("button", name="查询").click()
    expect(page.locator(".verdict.good")).to_be_visible()
