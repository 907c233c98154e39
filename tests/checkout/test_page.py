"""From the link of an order to having paid it: what is seen, pressed and opened."""

import base64
import re
from datetime import timedelta
from io import BytesIO
from urllib.parse import unquote, urlsplit

import httpx
import pytest
import zxingcpp
from PIL import Image
from sqlalchemy import select

from backend.models import Charge
from backend.orders import State
from backend.payments.provider import ProviderRefused, ProviderUnreachable, Way
from bot.limits import Limit
from tests.checkout.conftest import (
    DESKTOP,
    PHONE,
    SAME_SITE,
    SITE,
    WECHAT,
    WXWORK,
    WXWORK_DESK,
    Browser,
    Buying,
    Directory,
    Pages,
    form_token,
    ways,
)
from tests.payments.scene import LIFETIME


def scanned(page: httpx.Response) -> str:
    """What the QR code on the page says."""
    found = re.search(r'src="data:image/png;base64,([^"]+)"', page.text)
    assert found is not None, page.text
    (code,) = zxingcpp.read_barcodes(Image.open(BytesIO(base64.b64decode(found[1]))))
    return str(code.text)


def test_one_sees_what_one_pays_for_whom_and_until_when(scene: Buying, browser: Browser) -> None:
    order = scene.confirm()
    page = browser.get(scene.path(order))
    assert page.status_code == 200
    for text in (order, "5.00", "电子成绩单", "中文，不带 GPA", "林**", "2026-03-03 09:00"):
        assert text in page.text
    assert "林小满" not in page.text


def test_nobody_keeps_the_page_frames_it_or_learns_its_address(
    scene: Buying, browser: Browser
) -> None:
    page = browser.get(scene.path(scene.confirm()))
    for one in (page, browser.press(page, "native"), browser.get(f"{page.url.path}/state")):
        assert one.headers["cache-control"] == "no-store"
        assert one.headers["referrer-policy"] == "strict-origin-when-cross-origin"
        policy = one.headers["content-security-policy"]
        assert "frame-ancestors 'none'" in policy
        assert "unsafe-inline" not in policy


def test_looking_opens_nothing_so_that_previews_of_links_do_not(
    scene: Buying, browser: Browser
) -> None:
    path = scene.path(scene.confirm())
    for way in ("", "?way=native", "?way=h5", "/state"):
        browser.get(path + way)
    assert scene.till.charges == {}
    assert scene.charge_states() == []


def test_a_computer_shows_a_code_that_leads_to_the_charge(scene: Buying, browser: Browser) -> None:
    order = scene.confirm()
    page = browser.get(scene.path(order))
    assert ways(page) == ["native"]
    assert "data-at-once" in page.text
    pressed = browser.press(page, "native")
    assert pressed.status_code == 303
    shown = browser.get(pressed.headers["location"])
    (charge,) = scene.till.charges
    assert scanned(shown) == f"native:{charge}"
    assert "data-at-once" not in shown.text


def test_only_a_code_that_is_an_address_can_be_followed(scene: Buying, browser: Browser) -> None:
    page = browser.get(scene.path(scene.confirm()))
    real = browser.get(browser.press(page, "native").headers["location"])
    assert "演示" not in real.text
    with scene.office.work() as work:
        (charge,) = work.session.scalars(select(Charge))
        charge.link = "http://peer.test/phone/scan?code_url=weixin%3A%2F%2F"
    played = browser.get(real.url.path + "?way=native")
    assert (
        'href="http://peer.test/phone/scan?code_url=weixin%3A%2F%2F" target="_blank"' in played.text
    )
    assert "演示" in played.text


def test_pressing_twice_is_one_charge(scene: Buying, browser: Browser) -> None:
    page = browser.get(scene.path(scene.confirm()))
    for script in (False, True, False):
        browser.press(page, "native", script=script)
    assert len(scene.till.charges) == 1
    assert scene.charge_states() == ["open"]


def test_each_place_is_offered_what_works_there(
    scene: Buying, pages: Pages, subtests: pytest.Subtests
) -> None:
    path = scene.path(scene.confirm())
    expected = {
        DESKTOP: ["native"],
        PHONE: ["h5", "native"],
        WECHAT: ["native"],
        WXWORK: ["native"],
        WXWORK_DESK: ["native"],
    }
    app = pages.application()
    for agent, offered in expected.items():
        with subtests.test(agent=agent):
            assert ways(Browser(app, agent).get(path)) == offered
    scene.in_wecom()
    for agent in (WECHAT, WXWORK):
        with subtests.test(agent=agent, bound=True):
            assert ways(Browser(app, agent).get(path)) == ["jsapi", "native"]
    assert ways(Browser(app, WXWORK_DESK).get(path)) == ["native"]


def test_what_the_contract_lacks_is_not_offered(scene: Buying, pages: Pages) -> None:
    path, app = scene.path(scene.confirm()), pages.application()
    scene.in_wecom()
    scene.till.ways = frozenset({Way.JSAPI})
    assert "企业微信里打开" in Browser(app, DESKTOP).get(path).text
    assert ways(Browser(app, WXWORK).get(path)) == ["jsapi"]
    scene.till.ways = frozenset({Way.H5})
    assert "手机浏览器" in Browser(app, WECHAT).get(path).text


def test_on_a_phone_a_press_leads_to_wechat_with_and_without_scripts(
    scene: Buying, pages: Pages
) -> None:
    phone = Browser(pages.application(), PHONE)
    page = phone.get(scene.path(scene.confirm()))
    told = phone.press(page, "h5", script=True).json()
    (charge,) = scene.till.charges
    there, _, back = told["go"].partition("?redirect_url=")
    assert (there, unquote(back)) == (f"h5:{charge}", f"{SITE}{page.url.path}")
    assert scene.till.charges[charge].asked.payer_ip == "203.0.113.9"
    plain = phone.get(phone.press(page, "h5").headers["location"])
    assert f'href="h5:{charge}?redirect_url=' in plain.text


def test_in_wecom_the_payment_is_of_the_member(
    scene: Buying, pages: Pages, directory: Directory
) -> None:
    scene.in_wecom("lin.xiaoman")
    wecom = Browser(pages.application(), WXWORK)
    page = wecom.get(scene.path(scene.confirm()))
    assert directory.asked == []
    told = wecom.press(page, "jsapi", script=True).json()
    (charge,) = scene.till.charges
    assert told == {"pay": {"package": f"prepay_id=jsapi:{charge}"}}
    assert scene.till.charges[charge].asked.openid == "openid-of-lin.xiaoman"


def test_where_wecom_does_not_say_who_pays_a_code_is_shown(
    scene: Buying, pages: Pages, directory: Directory
) -> None:
    scene.in_wecom()
    directory.away = True
    wecom = Browser(pages.application(), WXWORK)
    told = wecom.press(wecom.get(scene.path(scene.confirm())), "jsapi", script=True).json()
    shown = wecom.get(told["go"])
    assert scanned(shown).startswith("native:")
    assert "长按二维码" in shown.text


def test_the_page_hears_that_it_is_paid_though_no_notice_has_come(
    scene: Buying, browser: Browser
) -> None:
    order = scene.confirm()
    page = browser.get(scene.path(order))
    browser.press(page, "native")
    state = f"{page.url.path}/state"
    assert browser.get(state).json() == {"state": "waiting"}
    (charge,) = scene.till.charges
    scene.till.pay(charge)
    later = Browser(
        Pages(scene, Directory(scene.office)).application()
    )  # it has not asked just now
    assert later.get(state).json() == {"state": "paid"}
    assert scene.state(order) is State.PAID
    done = browser.get(page.url.path)
    assert "已支付" in done.text
    assert ways(done) == []


def test_the_provider_is_not_asked_at_every_look(
    scene: Buying, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    page = browser.get(scene.path(scene.confirm()))
    browser.press(page, "native")
    query = scene.till.query
    monkeypatch.setattr(
        scene.till, "query", lambda number, *more: (asked.append(number), query(number, *more))[1]
    )
    for _ in range(5):
        browser.get(f"{page.url.path}/state")
        browser.get(f"{page.url.path}?looked=1")
    assert len(asked) == 1


def test_whoever_has_paid_elsewhere_sees_it_when_pressing(scene: Buying, browser: Browser) -> None:
    order = scene.confirm()
    page = browser.get(scene.path(order))
    browser.press(page, "native")
    (charge,) = scene.till.charges
    scene.till.pay(charge)
    scene.pass_time(timedelta(hours=2))  # so that the provider is asked for the link again
    pressed = browser.press(page, "native")
    assert "已支付" in browser.get(pressed.headers["location"]).text
    assert scene.state(order) is State.PAID


def test_money_that_is_known_to_be_there_is_not_asked_for_again(
    scene: Buying, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise ProviderUnreachable

    page = browser.get(scene.path(scene.confirm()))
    browser.press(page, "native")
    (charge,) = scene.till.charges
    scene.till.pay(charge)
    scene.pass_time(timedelta(hours=2))
    monkeypatch.setattr(scene.till, "query", away)
    shown = browser.get(browser.press(page, "native").headers["location"])
    assert "请不要重复支付" in shown.text
    assert ways(shown) == []


def test_a_provider_that_is_away_takes_nothing_and_the_order_waits(
    scene: Buying, browser: Browser
) -> None:
    order = scene.confirm()
    page = browser.get(scene.path(order))
    scene.till.away = True
    plain = browser.press(page, "native")
    assert plain.status_code == 503
    for text in ("暂时连不上", "2026年3月3日 09:00", "没有扣款"):
        assert text in plain.text
    assert ways(plain) == ["native"]
    assert "data-at-once" not in plain.text
    scripted = browser.press(page, "native", script=True)
    assert scripted.status_code == 503
    assert "没有扣款" in scripted.json()["problem"]["zh"]
    assert scene.state(order) is State.CONFIRMED
    scene.till.away = False
    assert browser.press(page, "native").status_code == 303
    assert scene.charge_states() == ["open"]


def test_a_refusal_is_told_to_staff_once_and_to_the_student_with_a_number_to_call(
    scene: Buying, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: object) -> str:
        raise ProviderRefused("NOAUTH", "商户无此权限")

    order = scene.confirm()
    page = browser.get(scene.path(order))
    monkeypatch.setattr(scene.till, "open", refuse)
    for _ in range(2):
        answer = browser.press(page, "native")
        assert answer.status_code == 502
    for text in (order, "010-88256213", "没有扣款"):
        assert text in answer.text
    assert "NOAUTH" not in answer.text
    assert scene.told("payment.refused") == [order]


def test_a_charge_that_was_closed_over_there_is_replaced(scene: Buying, browser: Browser) -> None:
    page = browser.get(scene.path(scene.confirm()))
    browser.press(page, "native")
    (charge,) = scene.till.charges
    scene.till.close(charge)
    scene.pass_time(timedelta(hours=2))
    shown = browser.get(browser.press(page, "native").headers["location"])
    assert scanned(shown) != f"native:{charge}"
    assert scene.charge_states() == ["closed", "open"]


@pytest.mark.parametrize(("end", "says"), [("expire", "订单已过期"), ("cancel", "订单已取消")])
def test_an_order_that_has_ended_takes_no_money_and_says_what_to_do(
    scene: Buying, browser: Browser, end: str, says: str
) -> None:
    order = scene.confirm()
    page = browser.get(scene.path(order))
    scene.expire() if end == "expire" else scene.cancel(order)
    after = browser.get(page.url.path)
    assert after.status_code == 410
    assert says in after.text
    assert "重新下单" in after.text
    assert ways(after) == []
    browser.press(page, "native")
    assert scene.till.charges == {}


def test_an_order_in_its_last_minute_is_over(scene: Buying, browser: Browser) -> None:
    path = scene.path(scene.confirm())
    scene.pass_time(LIFETIME - timedelta(seconds=30))
    assert "订单已过期" in browser.get(path).text


def test_two_orders_are_one_payment_and_each_is_paid(scene: Buying, browser: Browser) -> None:
    first, second = scene.confirm(), scene.another()
    page = browser.get(scene.path(first, second))
    assert "10.00" in page.text
    browser.press(page, "native")
    (charge,) = scene.till.charges
    assert scene.till.charges[charge].asked.amount_fen == 1000
    notice = scene.till.pay(charge)
    assert notice is not None
    scene.take(notice)
    assert [scene.state(one) for one in (first, second)] == [State.PAID, State.PAID]
    assert "已支付" in browser.get(page.url.path).text


def test_of_two_orders_only_what_is_left_is_asked_for(scene: Buying, browser: Browser) -> None:
    first, second = scene.confirm(), scene.another()
    path = scene.path(first, second)
    scene.take(scene.pay(first))
    page = browser.get(path)
    assert "已支付" in page.text
    assert "</span><small>¥</small>5.00" in page.text
    browser.press(page, "native")
    asked = [one.asked.amount_fen for one in scene.till.charges.values()]
    assert asked == [500, 500]


def test_orders_of_two_people_are_no_payment(scene: Buying, browser: Browser) -> None:
    mine = scene.confirm()
    stranger = scene.graduate("G2")
    theirs = scene.confirm(scene.file(stranger))
    assert browser.get(scene.path(mine, theirs)).status_code == 404


@pytest.mark.parametrize("token", ["x", "x.y", "%00", "a" * 500])
def test_a_mistyped_address_leads_nowhere(browser: Browser, token: str) -> None:
    for answer in (
        browser.get(f"/checkout/{token}"),
        browser.send("POST", f"/checkout/{token}", headers=SAME_SITE),
    ):
        assert answer.status_code == 404
        assert "链接已失效" in answer.text
    assert browser.get(f"/checkout/{token}/state").status_code == 404


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://elsewhere.test"},
        {"origin": "null"},
        {"origin": "http://elsewhere.test", "sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {},
    ],
)
def test_another_site_opens_nothing(
    scene: Buying, browser: Browser, headers: dict[str, str]
) -> None:
    page = browser.get(scene.path(scene.confirm()))
    sent = {"form_token": form_token(page), "way": "native"}
    answer = browser.send("POST", page.url.path, data=sent, headers=headers)
    assert answer.status_code == 403
    assert scene.till.charges == {}


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"way=native",
        b"form_token=guess&way=native",
        b"\xff\xfe",
        b"x" * 5000,
        b"&".join([b"a=1"] * 9),
    ],
)
def test_a_form_that_is_not_the_pages_own_opens_nothing(
    scene: Buying, browser: Browser, content: bytes
) -> None:
    path = scene.path(scene.confirm())
    answer = browser.send("POST", path, content=content, headers=SAME_SITE)
    assert answer.status_code == 403
    assert scene.till.charges == {}


def test_a_way_that_is_none_opens_nothing(scene: Buying, browser: Browser) -> None:
    page = browser.get(scene.path(scene.confirm()))
    for way in ("cash", ""):
        sent = {"form_token": form_token(page), "way": way}
        answer = browser.send("POST", page.url.path, data=sent, headers=SAME_SITE)
        assert answer.status_code == 403


def test_where_nothing_can_be_paid_one_is_told_whom_to_call(
    scene: Buying, browser: Browser
) -> None:
    path = scene.path(scene.confirm())
    scene.office.payments = None
    page = browser.get(path)
    assert page.status_code == 503
    assert "不能在线支付" in page.text
    assert "010-88256213" in page.text


def test_many_presses_are_slowed_down(scene: Buying, pages: Pages) -> None:
    pages.opened = Limit(60, 3)
    browser = Browser(pages.application())
    path = scene.path(scene.confirm())
    answers = [browser.get(path).status_code for _ in range(4)]
    assert answers == [200, 200, 200, 429]


def test_every_sentence_is_there_in_both_languages(scene: Buying, browser: Browser) -> None:
    page = browser.get(scene.path(scene.confirm()))
    for text in ("Payment", "Electronic transcript", "Pay before", "Back to the chat"):
        assert text in page.text


def test_the_address_carries_no_number_that_one_can_read(scene: Buying) -> None:
    order = scene.confirm()
    assert order not in urlsplit(scene.path(order)).path
