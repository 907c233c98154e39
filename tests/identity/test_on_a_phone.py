"""In a real browser as wide as a phone: from the chat's address to the chat, and nothing is cut off."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS
from tests.identity.conftest import CANDIDATE
from tests.identity.house import NUMBERS, House, Phone

POLICY = (
    "default-src 'self'; img-src 'self' data:; style-src 'self'; script-src 'self'; "
    "connect-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'self'"
)


@pytest.fixture
def page() -> Iterator[Page]:
    """Under the policy that the server sends with every page."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed: the sign-in pages were not tried in a browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 360, "height": 740}, locale="zh-CN")
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))

        def with_policy(route: object) -> None:
            answer = route.fetch(max_redirects=0)  # type: ignore[attr-defined]
            headers = answer.headers | {"content-security-policy": POLICY}
            route.fulfill(response=answer, headers=headers)  # type: ignore[attr-defined]

        page.route(re.compile(r"/(sign-in|bind|accounts|code)[^.]*$"), with_policy)
        yield page
        browser.close()
        assert faults == []


def fits(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth <= innerWidth"))


def sign_in(page: Page, id_number: str, password: str) -> None:
    page.get_by_text("改答文字题").click()
    expect(page.locator("body")).to_contain_text("What is")
    found = re.search(r"What is (\w+) plus (\w+)\?", page.content())
    assert found
    page.fill("[name=id_number]", id_number)
    page.fill("[name=password]", password)
    page.fill("[name=captcha]", str(NUMBERS.index(found[1]) + NUMBERS.index(found[2])))
    assert fits(page)
    page.get_by_role("button", name="登录").click()


def test_visitor_who_is_not_signed_in_is_led_through_the_sign_in_to_the_chat(
    house: House, page: Page
) -> None:
    page.goto(f"{house.base}/")
    expect(page.get_by_role("heading", name="登录教务助手")).to_be_visible()
    assert fits(page)
    page.get_by_text("自考账号").click()
    id_number = house.id_number(CANDIDATE)
    sign_in(page, id_number, id_number[-6:])
    page.fill("[name=password]", "brave-panda-7")
    page.fill("[name=again]", "brave-panda-7")
    assert fits(page)
    page.get_by_role("button", name="保存").click()
    expect(page.locator("#person")).to_have_text("林若溪")


def test_telegram_is_bound_on_a_phone(house: House, page: Page, phone: Phone) -> None:
    page.goto(phone.wants_in())
    assert fits(page)
    page.get_by_text("自考账号").click()
    id_number = house.id_number(CANDIDATE)
    sign_in(page, id_number, id_number[-6:])
    page.fill("[name=password]", "brave-panda-7")
    page.fill("[name=again]", "brave-panda-7")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("heading", name="确认绑定")).to_be_visible()
    assert fits(page)
    page.get_by_role("button", name="确认绑定").click()
    expect(page.get_by_role("heading", name="绑定好了")).to_be_visible()
    assert house.owner(phone.address) == CANDIDATE


def test_captcha_has_a_name_for_whoever_cannot_see_it(house: House, page: Page) -> None:
    page.goto(f"{house.base}/sign-in/with/exam")
    picture = page.locator("img.captcha")
    expect(picture).to_have_attribute("alt", re.compile("文字题"))
    assert picture.evaluate("image => image.complete && image.naturalWidth") == 220
    for name in ("身份证号", "密码", "图片里的字母和数字"):
        expect(page.get_by_label(re.compile(f"^{name}"))).to_be_visible()
