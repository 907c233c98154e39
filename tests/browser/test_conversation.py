"""The conversation on the page: what is said arrives, once, and is shown as it was meant."""

from __future__ import annotations

import re
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.browser.conftest import NewVisitor, become, say
from tests.browser.fake_chat import FakeChat
from tests.browser.fake_server import BOT

NASTY = "<img src=x onerror=\"document.title='broken'\"><b>bold</b> & <script>alert(1)</script>"


def test_what_is_typed_is_answered(page: Page) -> None:
    say(page, "你好")
    expect(page.locator(".theirs .text")).to_have_text("收到：你好")
    expect(page.locator(".mine .text")).to_have_text("你好")
    expect(page.locator(".pending")).to_have_count(0)


def test_a_reload_shows_the_whole_conversation_again(page: Page) -> None:
    say(page, "成绩单")
    expect(page.locator(".card")).to_be_visible()
    page.reload()
    expect(page.locator(".message")).to_have_count(3)
    expect(page.locator(".card dd").nth(3)).to_contain_text("5.00 元")
    expect(page.locator("#person")).to_have_text("李明")
    say(page, "还在")
    expect(page.locator(".theirs .text").last).to_have_text("收到：还在")


def test_a_button_counts_once_however_often_it_is_pressed(page: Page, chat: FakeChat) -> None:
    say(page, "成绩单")
    page.locator("#messages .choice", has_text="确认订单").evaluate(
        "one => { one.click(); one.click() }"
    )
    expect(page.locator("a.choice", has_text="去支付")).to_be_visible()
    expect(page.locator("#messages button.choice:disabled")).to_have_count(3)
    expect(page.locator(".mine", has_text="确认订单")).to_have_count(1)
    assert [one.get("press") for one in chat.received if "press" in one] == ["p-yes"]
    page.reload()
    expect(page.locator("#messages button.choice:disabled")).to_have_count(3)


def test_a_refused_press_says_why_and_frees_the_buttons(page: Page, chat: FakeChat) -> None:
    say(page, "成绩单")
    chat.refuse_press = True
    page.locator("#messages .choice", has_text="取消申请").click()
    expect(page.locator(".unsent .reason")).to_have_text("这个按钮已经用过了")
    expect(page.locator("#messages button.choice:enabled")).to_have_count(3)
    chat.refuse_press = False
    page.get_by_role("button", name="未发送，重试").click()
    expect(page.locator(".theirs .text").last).to_have_text("收到：取消申请")
    expect(page.locator("#messages button.choice:disabled")).to_have_count(3)


def test_a_frame_that_comes_twice_is_shown_once(page: Page, chat: FakeChat) -> None:
    chat.echo_twice = True
    say(page, "一次")
    expect(page.locator(".theirs")).to_have_count(1)
    chat.say("li", text="再来")
    expect(page.locator(".theirs .text").last).to_have_text("再来")
    expect(page.locator(".message")).to_have_count(3)


def test_markup_from_anyone_is_shown_as_the_letters_it_is(page: Page, chat: FakeChat) -> None:
    say(page, NASTY)
    expect(page.locator(".theirs .text")).to_have_text(f"收到：{NASTY}")
    chat.say(
        "li",
        text=NASTY,
        card={"title": NASTY, "rows": [[NASTY, NASTY]]},
        buttons=[{"n": 1, "label": NASTY, "press": NASTY, "style": NASTY}],
        pictures=[{"url": "/files/a.png", "alt": NASTY, "width": 10, "height": 10}],
        files=[{"url": "/files/b.pdf", "name": NASTY, "size": 1, "type": NASTY}],
    )
    expect(page.locator(".card h3")).to_have_text(NASTY)
    expect(page.locator(".mine .text")).to_have_text(NASTY)
    assert page.locator("#messages b, #messages script, #messages img[src=x]").count() == 0
    assert page.title() == "教务助手"


def test_addresses_become_links_and_dangerous_ones_do_not(page: Page, chat: FakeChat) -> None:
    chat.say(
        "li",
        text="见 https://example.org/a?b=1。或 /v/8F3K 或 javascript:alert(1)，1/2 与 /help",
        buttons=[{"label": "去", "url": "javascript:alert(1)"}],
        files=[{"url": "https://elsewhere.test/x", "name": "x.pdf", "size": 1, "type": ""}],
    )
    links = page.locator("#messages a")
    expect(links).to_have_count(2)
    assert links.evaluate_all("all => all.map(one => one.getAttribute('href'))") == [
        "https://example.org/a?b=1",
        f"{chat.base}/v/8F3K",
    ]
    assert links.evaluate_all("all => all.every(one => one.rel.includes('noopener'))")


def test_long_messages_are_folded_and_can_be_read_whole(page: Page, chat: FakeChat) -> None:
    chat.say("li", text="长" * 10_000)
    more = page.get_by_role("button", name="展开全部")
    folded = page.locator(".text").bounding_box()
    more.click()
    expect(page.get_by_role("button", name="收起")).to_have_attribute("aria-expanded", "true")
    whole = page.locator(".text").bounding_box()
    assert folded is not None
    assert whole is not None
    assert folded["height"] < 400 < whole["height"]


def test_one_sees_that_an_answer_is_being_written(page: Page, chat: FakeChat) -> None:
    chat.run(chat.typing("li", True))
    expect(page.locator("#typing")).to_be_visible()
    chat.run(chat.typing("li", False))
    expect(page.locator("#typing")).to_be_hidden()


def test_an_answer_overtaken_on_its_way_does_not_make_one_wait_for_ever(
    page: Page, chat: FakeChat
) -> None:
    conversation = chat.of("li")
    conversation.typing = True  # so it was when the page asked; the socket has told the end of it
    sockets, conversation.sockets = conversation.sockets, set()
    chat.say("li", text="只在应答里")
    conversation.sockets = sockets
    page.evaluate("dispatchEvent(new Event('online'))")
    expect(page.locator(".theirs .text")).to_have_text("只在应答里")
    expect(page.locator("#typing")).to_be_hidden()


def test_a_file_is_sent_and_shown(page: Page, tmp_path: Path) -> None:
    proof = tmp_path / "证明.pdf"
    proof.write_bytes(b"%PDF-1.7 proof")
    page.set_input_files("#picker", proof)
    expect(page.locator(".mine a.file .name")).to_have_text("证明.pdf")
    expect(page.locator(".theirs .text")).to_have_text("文件已收到：证明.pdf")
    expect(page.locator(".message")).to_have_count(2)


def test_a_file_over_the_limit_is_refused_before_it_is_uploaded(page: Page, tmp_path: Path) -> None:
    huge = tmp_path / "huge.pdf"
    with huge.open("wb") as out:
        out.truncate(20 * 1024 * 1024 + 1)
    uploads: list[str] = []
    page.on("request", lambda one: uploads.append(one.url))
    page.set_input_files("#picker", huge)
    expect(page.locator("#note")).to_contain_text("20 MB")
    assert [one for one in uploads if "attachments" in one] == []
    expect(page.locator(".message")).to_have_count(0)


def test_a_file_that_could_not_be_sent_is_sent_by_retry(
    page: Page, chat: FakeChat, tmp_path: Path
) -> None:
    proof = tmp_path / "again.pdf"
    proof.write_bytes(b"%PDF-1.7 proof")
    chat.refuse_posts = True
    page.set_input_files("#picker", proof)
    retry = page.get_by_role("button", name="未发送，重试")
    expect(retry).to_be_visible()
    chat.refuse_posts = False
    retry.click()
    expect(page.locator(".mine a.file .name")).to_have_text("again.pdf")
    expect(page.locator(".pending")).to_have_count(0)


def test_the_page_speaks_english_when_asked_and_remembers(page: Page, chat: FakeChat) -> None:
    page.locator("#chat .language").click()
    expect(page.locator("#status")).to_have_text("Online")
    say(page, "hello")
    expect(page.locator("h1", has_text="Registrar Assistant")).to_be_visible()
    expect(page.locator("#text")).to_have_attribute("placeholder", "Message…")
    assert page.locator("html").get_attribute("lang") == "en"
    expect(page.locator(".theirs .bubble")).to_have_attribute("lang", "en")
    page.reload()
    expect(page.locator("#status")).to_have_text("Online")


def test_labels_and_conversation_are_never_in_two_languages(page: Page, chat: FakeChat) -> None:
    say(page, "hello")
    expect(page.locator("#status")).to_have_text("Online")
    with page.expect_response(lambda one: one.request.method == "PATCH"):
        page.locator("#chat .language").click()
    expect(page.locator("#status")).to_have_text("在线")
    assert chat.languages == {"li": "zh"}
    say(page, "hello")  # spoken to in English again, by what was said
    expect(page.locator("#status")).to_have_text("Online")


def test_language_chosen_before_the_conversation_is_the_one_it_begins_in(
    visitor: NewVisitor, chat: FakeChat
) -> None:
    page = visitor()
    page.goto(chat.base)
    page.locator("#people .language").click()
    expect(page.locator(".person").first).to_contain_text("Li MingStudentApplies for a transcript")
    expect(page.locator("#side-form option").first).to_have_text("Li Ming · Student")
    page.locator(".person").first.click()
    expect(page.locator("#status")).to_have_text("Online")
    assert chat.languages == {"li": "en"}


def test_there_is_one_control_for_the_language(page: Page, chat: FakeChat) -> None:
    chat.say(
        "li",
        text="您好！",
        buttons=[
            {"n": 1, "label": "我的申请", "press": "p-mine"},
            {"n": 2, "label": "English", "press": "p-english", "language": "en"},
        ],
    )
    expect(page.locator("#messages .choice")).to_have_text(["我的申请"])
    expect(page.get_by_text("English").locator("visible=true")).to_have_count(1)


def test_what_was_sent_too_fast_says_so_and_goes_out_by_itself(page: Page, chat: FakeChat) -> None:
    chat.too_fast = True
    say(page, "第一句")
    say(page, "第二句")
    expect(page.locator(".unsent .reason").first).to_contain_text("发得太快了")
    expect(page.locator("#live")).to_contain_text("发得太快了")
    chat.too_fast = False
    expect(page.locator(".mine .text")).to_have_text(["第一句", "第二句"])
    expect(page.locator(".theirs .text").last).to_have_text("收到：第二句")
    expect(page.locator(".pending")).to_have_count(0)


def test_what_is_written_behind_something_that_could_not_go_follows_it(
    page: Page, chat: FakeChat
) -> None:
    chat.too_fast = True
    say(page, "第一句")
    expect(page.locator(".unsent .reason").first).to_contain_text("发得太快了")
    chat.too_fast = False
    say(page, "第二句")
    expect(page.locator(".theirs .text").last).to_have_text("收到：第二句")
    expect(page.locator(".mine .text")).to_have_text(["第一句", "第二句"])
    expect(page.locator(".pending")).to_have_count(0)


def test_every_label_exists_in_both_languages(page: Page) -> None:
    sources = [*BOT.glob("static/chat/*.js"), BOT / "templates" / "chat.html"]
    named = re.compile(r"""(?:\bsay\(|data-(?:say|label|hint)=)["'](\w+)["']""")
    keys = sorted({key for one in sources for key in named.findall(one.read_text("utf-8"))})
    assert len(keys) > 40
    labels = page.evaluate(
        """async keys => {
            const words = await import("/static/chat/words.js");
            const chinese = keys.map(key => words.say(key));
            words.toggleLanguage();
            return keys.map((key, index) => [key, chinese[index], words.say(key)]);
        }""",
        keys,
    )
    assert [one for one in labels if not one[1] or not one[2] or one[1] == one[2]] == []


def test_messages_of_another_day_stand_under_its_date(page: Page, chat: FakeChat) -> None:
    chat.say("li", text="旧的", at="2025-03-02T15:59:00Z")
    chat.say("li", text="午夜之后", at="2025-03-02T16:01:00Z")
    chat.say("li", text="刚才")
    expect(page.locator(".day")).to_have_text(["2025年3月2日星期日", "2025年3月3日星期一", "今天"])
    expect(page.locator("time").first).to_have_text("23:59")


def test_a_long_history_opens_at_its_end_and_the_rest_on_demand(page: Page, chat: FakeChat) -> None:
    for number in range(250):
        chat.say("li", text=f"第 {number} 条")
    page.reload()
    expect(page.locator(".message")).to_have_count(200)
    expect(page.locator(".message").last).to_be_in_viewport()
    page.locator("#earlier").click()
    expect(page.locator(".message")).to_have_count(250)
    expect(page.locator(".message .text").first).to_have_text("第 0 条")
    expect(page.locator(".day")).to_have_count(1)


def test_someone_else_starts_with_an_empty_page(page: Page, chat: FakeChat) -> None:
    say(page, "只给李明看")
    expect(page.locator(".message")).to_have_count(2)
    page.locator("#switch").click()
    page.locator(".person", has_text="赵静").click()
    expect(page.locator("#person")).to_have_text("赵静")
    expect(page.locator("#empty")).to_be_visible()
    expect(page.locator(".message")).to_have_count(0)


def test_without_demo_and_without_session_one_is_led_to_the_sign_in_page(
    visitor: NewVisitor, chat: FakeChat
) -> None:
    chat.demo = False
    page = visitor()
    page.route("**/sign-in", lambda route: route.fulfill(body="<h1>登录</h1>"))
    page.goto(chat.base)
    expect(page).to_have_url(f"{chat.base}/sign-in")


def test_two_people_are_signed_in_side_by_side(visitor: NewVisitor, chat: FakeChat) -> None:
    page = visitor()
    become(page, chat, "王芳")
    page.goto(f"{chat.base}/?side=li,zhao")
    left, right = page.frame_locator("#frame-0"), page.frame_locator("#frame-1")
    expect(left.locator("#person")).to_have_text("李明")
    expect(right.locator("#person")).to_have_text("赵静")
    expect(left.locator("#status")).to_have_text("在线")
    expect(right.locator("#status")).to_have_text("在线")
    left.locator("#text").fill("我是学生")
    left.locator("#text").press("Enter")
    right.locator("#text").fill("我是老师")
    right.locator("#text").press("Enter")
    expect(left.locator(".theirs .text")).to_have_text("收到：我是学生")
    expect(right.locator(".theirs .text")).to_have_text("收到：我是老师")
    assert [one["person"] for one in chat.received] == ["li", "zhao"]
    page.locator("#side .language").click()
    expect(right.locator("#status")).to_have_text("Online")
    page.goto(chat.base)
    expect(page.locator("#person")).to_have_text("王芳")
