"""Two people at the real page: from choosing who one is to the file, also on a telephone."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.server.conftest import CHEMISTS
from tests.server.guest import Guest
from tests.server.running import Running
from tests.server.screens import PHONE, Look, fits, loaded, opened, sign_in


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


def test_student_pays_with_a_phone_and_finds_the_file_in_the_chat_after_a_reload(
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
    # in the same window: there is one conversation
    expect(page.locator(".amount")).to_contain_text("5.00")
    expect(page.locator(".facts")).to_contain_text("英文，带 GPA")
    expect(page.locator(".facts")).to_contain_text(order)
    loaded(page.locator(".scan img"))  # a computer need not press for its code
    fits(page)
    look(page, "14-phone-to-pay")
    pay_at_wechat(opened(page, page.get_by_role("link", name="演示：就当扫了码")), look)
    expect(page.get_by_text("已支付").first).to_be_visible()
    fits(page)
    look(page, "16-phone-paid")
    page.get_by_role("link", name="返回对话").click()
    code = page.get_by_role("button", name="支付二维码").locator("img").last
    file = page.locator("#messages a", has_text=".pdf").last
    expect(file).to_be_visible()
    loaded(code)
    fits(page)
    look(page, "17-phone-file")
    keeps(page, file, look)


def pay_at_wechat(phone: Page, look: Look) -> None:
    expect(phone.locator(".amount")).to_contain_text("5.00")
    fits(phone)
    look(phone, "15-phone-at-wechat")
    phone.get_by_role("button", name="支付").click()
    expect(phone.get_by_text("支付成功").first).to_be_visible()
    phone.close()


def keeps(page: Page, file: Locator, look: Look) -> None:
    """The file is there after a reload, and whoever gets it can have it verified."""
    page.reload()
    expect(file).to_be_visible()
    expect(page.locator("#status")).to_have_text("在线")
    with page.expect_download() as downloaded:
        file.click()
    assert downloaded.value.suggested_filename.endswith(".pdf")
    assert Path(downloaded.value.path()).read_bytes().startswith(b"%PDF-")
    verdict = opened(page, page.get_by_role("link", name="验证真伪").last)
    expect(verdict.get_by_text("真实有效").first).to_be_visible()
    fits(verdict)
    look(verdict, "18-phone-genuine")


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
