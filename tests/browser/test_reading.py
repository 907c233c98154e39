"""What one reads and decides by: buttons, a preview large enough, whole names."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import DESKTOP, NewVisitor, become, say
from tests.browser.fake_chat import FakeChat
from tests.browser.test_access import FITS, contrast, themes

PHONE = (390, 844)


@pytest.fixture
def phone(visitor: NewVisitor, chat: FakeChat) -> Page:
    page = visitor(PHONE)
    become(page, chat, "李明")
    return page


def width(one: Locator) -> float:
    box = one.bounding_box()
    assert box is not None
    return box["width"]


def test_what_can_be_pressed_has_no_number_that_jumps(page: Page, chat: FakeChat) -> None:
    english = {"n": 1, "label": "English", "press": "p", "language": "en"}
    chat.say("li", text="请选择", buttons=[english, {"n": 2, "label": "求职", "press": "q"}])
    expect(page.locator("#messages .choice")).to_have_text(["求职"])
    expect(page.locator("#live")).to_contain_text("2 求职")  # for those who do not see where it is


def test_the_way_back_to_ones_own_language_can_be_pressed(page: Page, chat: FakeChat) -> None:
    chat.say(
        "li",
        text="You wrote in English, so I will answer in English.",
        buttons=[{"n": 1, "label": "中文", "press": "p", "language": "zh"}],
    )
    expect(page.locator("#messages .choice")).to_have_text(["中文"])


def test_on_a_phone_a_preview_is_not_scrolled_past_until_one_does_it(
    phone: Page, chat: FakeChat
) -> None:
    picture = {"url": "/files/a.png", "alt": "第 1 页", "width": 794, "height": 1123}
    say(phone, "求职")
    expect(phone.locator(".theirs .text").last).to_have_text("收到：求职")
    chat.say("li", text="这是成绩单预览", pictures=[picture])
    expect(phone.locator(".thumb")).to_have_count(1)
    rows = [[f"第 {number} 项", "内容"] for number in range(12)]
    chat.say("li", text="请核对", card={"title": "电子成绩单", "rows": rows})
    expect(phone.locator(".card")).to_have_count(1)
    expect(phone.locator("#to-end")).to_be_visible()
    assert top_in_log(phone.locator(".thumb")) >= 0
    phone.locator("#to-end").click()
    expect(phone.locator("#to-end")).to_be_hidden()
    assert top_in_log(phone.locator(".thumb")) < 0
    phone.wait_for_timeout(100)
    chat.say("li", text="有一条新消息")
    expect(phone.locator(".theirs .text").last).to_be_in_viewport()
    assert top_in_log(phone.locator(".thumb")) < 0


def top_in_log(one: Locator) -> float:
    top: float = one.evaluate(
        "one => one.getBoundingClientRect().top"
        " - document.getElementById('log').getBoundingClientRect().top"
    )
    return top


def test_a_pressed_button_can_be_read_while_the_mouse_is_still_on_it(page: Page) -> None:
    say(page, "成绩单")
    button = page.locator("#messages .choice", has_text="确认订单")
    button.click()
    expect(page.locator("a.choice", has_text="去支付")).to_be_visible()  # drawn for the last time
    expect(button).to_be_disabled()
    button.hover(force=True)
    expect(button).to_have_css("background-color", "rgba(0, 0, 0, 0)")


def test_paying_stands_out_only_until_the_conversation_has_gone_on(
    page: Page, chat: FakeChat
) -> None:
    pay = {"label": "去支付 5.00 元", "url": "/checkout/one", "style": "primary"}
    chat.say("li", text="请支付", buttons=[pay])
    link = page.locator("a.choice", has_text="去支付")
    light, dark = themes()
    expect(link).to_have_css("background-color", rgb(light["accent"]))
    chat.say("li", text="已收到付款")
    expect(link).to_have_css("background-color", rgb(light["surface"]))
    assert contrast(light["accent"], light["surface"]) >= 4.5
    assert contrast(dark["accent"], dark["surface"]) >= 4.5


def rgb(colour: str) -> str:
    return "rgb({}, {}, {})".format(*(int(colour[at : at + 2], 16) for at in (1, 3, 5)))


def test_name_and_grades_can_be_checked_on_a_phone_without_opening_the_preview(
    phone: Page, chat: FakeChat
) -> None:
    picture = {"url": "/files/a.png", "alt": "第 1 页", "width": 794, "height": 1123}
    chat.say("li", text="这是成绩单预览", pictures=[picture])
    thumb = phone.locator(".thumb")
    expect(thumb).to_have_count(1)
    assert width(thumb) > 290
    box = thumb.locator("img").bounding_box()
    assert box is not None
    assert box["height"] / box["width"] == pytest.approx(1123 / 794, rel=0.02)
    thumb.click()
    expect(phone.locator("#viewer")).to_be_visible()


def test_of_several_pages_the_next_one_can_be_seen_to_be_there(phone: Page) -> None:
    say(phone, "成绩单")
    first, second = phone.locator(".thumb").nth(0), phone.locator(".thumb").nth(1)
    expect(second).to_be_visible()
    assert width(first) > 250
    strip = phone.locator(".pictures").bounding_box()
    beside = second.bounding_box()
    assert strip is not None
    assert beside is not None
    assert beside["x"] < strip["x"] + strip["width"] - 10
    second.scroll_into_view_if_needed()
    second.click()
    expect(phone.locator("#viewer-count")).to_have_text("2 / 2")


@pytest.mark.parametrize(
    "name",
    ["Transcript-T261122-0009.pdf", "电子成绩单-T261122-0001.pdf", "no.name..at__all", "N" * 90],
)
def test_the_whole_name_of_a_file_is_shown_and_its_number_is_not_torn(
    phone: Page, chat: FakeChat, name: str
) -> None:
    chat.say("li", files=[{"url": "/files/a.pdf", "name": name, "size": 5, "type": ""}])
    shown = phone.locator(".file .name")
    expect(shown).to_have_text(name)
    assert shown.evaluate("one => one.scrollWidth <= one.clientWidth")
    numbered = shown.locator("span", has_text=re.compile("T261122"))
    for part in numbered.all():
        assert part.evaluate("one => one.getBoundingClientRect().height < 1.6 * 16")


def test_labels_of_prices_stand_in_one_line_on_a_phone(phone: Page) -> None:
    say(phone, "价格")
    label = phone.locator(".card dt", has_text="中文，不带 GPA")
    expect(label).to_be_visible()
    lines = label.evaluate(
        "one => { const range = document.createRange(); range.selectNodeContents(one);"
        " return range.getClientRects().length }"
    )
    assert lines == 1
    lefts = phone.locator(".card dd").evaluate_all("all => all.map(one => one.offsetLeft)")
    assert len(set(lefts)) == 1


def test_one_pays_in_the_same_window_and_comes_back_to_the_same_conversation(
    page: Page, chat: FakeChat
) -> None:
    page.goto(f"{chat.base}/?as=li")
    expect(page.locator("#status")).to_have_text("在线")
    say(page, "确认订单")
    page.get_by_role("link", name="去支付").click()
    expect(page.locator(".amount")).to_contain_text("5.00")
    assert len(page.context.pages) == 1
    page.get_by_role("link", name="返回对话").click()
    expect(page.locator("a.file")).to_be_visible()
    assert page.url == f"{chat.base}/?as=li"


def test_one_of_two_side_by_side_pays_and_both_are_there_again(
    visitor: NewVisitor, chat: FakeChat
) -> None:
    page = visitor(DESKTOP)
    page.goto(f"{chat.base}/?side=li,zhao")
    left, right = page.frame_locator("#frame-0"), page.frame_locator("#frame-1")
    expect(left.locator("#status")).to_have_text("在线")
    left.locator("#text").fill("确认订单")
    left.locator("#text").press("Enter")
    left.get_by_role("link", name="去支付").click()
    expect(page.locator(".amount")).to_contain_text("5.00")  # the whole window, not the frame
    page.get_by_role("link", name="返回对话").click()
    expect(left.locator("a.file")).to_be_visible()
    expect(right.locator("#person")).to_have_text("赵静")


def test_the_way_back_leads_to_no_other_site(page: Page, chat: FakeChat) -> None:
    page.evaluate("sessionStorage.setItem('chat.way-back', '//elsewhere.test/')")
    page.goto(f"{chat.base}/pages/pay-paid")
    page.wait_for_load_state("networkidle")
    back = page.get_by_role("link", name="返回对话")
    assert back.evaluate("one => one.href") == f"{chat.base}/"


def test_on_a_phone_the_other_conversation_shows_that_something_has_come(
    visitor: NewVisitor, chat: FakeChat
) -> None:
    page = visitor(PHONE)
    page.goto(f"{chat.base}/?side=li,zhao")
    tabs = page.locator("#side-tabs button")
    expect(page.frame_locator("#frame-0").locator("#status")).to_have_text("在线")
    expect(page.frame_locator("#frame-1").locator("#status")).to_have_text("在线")
    expect(page.locator(".news:visible")).to_have_count(0)
    chat.say("zhao", text="有一份申请等您审批")
    expect(tabs.nth(1).locator(".news")).to_be_visible()
    tabs.nth(1).click()
    expect(page.locator(".news:visible")).to_have_count(0)
    expect(page.frame_locator("#frame-1").locator(".theirs .text")).to_be_visible()


def test_the_bar_above_two_conversations_speaks_as_the_one_in_front(
    visitor: NewVisitor, chat: FakeChat
) -> None:
    chat.languages = {"li": "en"}
    page = visitor(PHONE)
    page.goto(f"{chat.base}/?side=li,zhao")
    expect(page.locator("#side .language")).to_have_text("中文")
    expect(page.locator("#side .language")).to_have_attribute("lang", "zh-CN")
    expect(page.frame_locator("#frame-1").locator("#status")).to_have_text("在线")
    page.locator("#side-tabs button").nth(1).click()
    expect(page.locator("#side .language")).to_have_text("English")


def test_side_by_side_the_left_one_is_ready_to_type_in(visitor: NewVisitor, chat: FakeChat) -> None:
    page = visitor(DESKTOP)
    page.goto(f"{chat.base}/?side=li,zhao")
    expect(page.frame_locator("#frame-1").locator("#status")).to_have_text("在线")
    expect(page.frame_locator("#frame-0").locator("#text")).to_be_focused()
    page.keyboard.type("你好")
    page.keyboard.press("Enter")
    expect(page.frame_locator("#frame-0").locator(".mine .text")).to_have_text("你好")


def test_a_number_in_a_sentence_is_never_torn(phone: Page, chat: FakeChat) -> None:
    chat.say("li", text="已提交，编号为这一串字 " + "T261122-0001、" * 9 + "现在由研究所审批。")
    numbers = phone.locator(".text .whole")
    expect(numbers).to_have_text(["T261122-0001"] * 9)
    assert numbers.evaluate_all("all => all.every(one => one.getClientRects().length === 1)")


NUMBERS = ["20221800000001", "20231800000006", "110101199003070011", "T260302-0001"]


@pytest.mark.parametrize("size", [(390, 844), (360, 740), (320, 640)])
def test_a_long_number_can_be_read_out_from_one_line(
    visitor: NewVisitor, chat: FakeChat, size: tuple[int, int]
) -> None:
    page = visitor(size)
    become(page, chat, "李明")
    listed = [
        ["陈景行（20221800000001）", "化学研究所；第 1 组；没有采集码"],
        ["欧阳娜娜（20231800000006）", "化学研究所；第 2 组；有采集码"],
    ]
    text = f"请核对 {'、'.join(NUMBERS)}。"
    chat.say("li", text=text, card={"title": "未拍照名单", "rows": listed})
    numbers = page.locator(".card dt .whole, .theirs .text .whole")
    expect(numbers).to_have_count(2 + len(NUMBERS))
    lines = numbers.evaluate_all("all => all.map(one => one.getClientRects().length)")
    assert set(lines) == {1}
    beside = page.locator(".card dt .whole").evaluate_all(
        "all => all.map(one => one.closest('div').querySelector('dd').getBoundingClientRect().left"
        " - one.getBoundingClientRect().right)"
    )
    assert min(beside) >= 0, "it runs into what stands beside it"
    assert page.evaluate(FITS)


def test_a_number_longer_than_its_column_is_not_cut_off(
    visitor: NewVisitor, chat: FakeChat
) -> None:
    page = visitor((320, 640))
    become(page, chat, "李明")
    rows = [["学历证书电子注册号", "114141200705012345"], ["电话", "010-69671118/88256154"]]
    chat.say("li", text="请核对", card={"title": "证书", "rows": rows})
    expect(page.locator(".card")).to_have_count(1)
    inside = page.locator(".card dd .whole").evaluate_all(
        "all => all.every(one => one.scrollWidth <= one.closest('dd').clientWidth)"
    )
    assert inside
