"""Money on its way from the chat to WeChat Pay and back: what goes wrong on it costs nobody anything."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import httpx
import pytest

from tests.peers.wechatpay.control import FORGERIES
from tests.server.guest import (
    Guest,
    fields,
    from_page,
    pay_on_the_phone,
    shown,
    wait,
    with_code,
)
from tests.server.running import PATIENCE, Running, with_fonts_and_model
from tests.server.till import Till, charge_of

PAYS_FOR_ALL = "20141800000002"  # asked for every kind by e-mail (T3)
TWO_MINUTES = 150.0  # within which a charge is old enough to be asked about, and asked about
Come = Callable[[Running, str], Guest]


@pytest.fixture(scope="module")
def till(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Till]:
    with Till(tmp_path_factory.mktemp("wechatpay")) as till:
        yield till


@pytest.fixture(scope="module")
def shop(till: Till, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(with_fonts_and_model(tmp_path_factory.mktemp("shop")), **till.settings())
    running.start()
    yield running
    assert running.alive(), running.output()
    running.stop()


@pytest.fixture
def buyer(shop: Running, guests: Come) -> Guest:
    return guests(shop, PAYS_FOR_ALL)


@pytest.fixture
def browser() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=PATIENCE, follow_redirects=True, trust_env=False) as browser:
        yield browser


def receipts(buyer: Guest, order: str) -> int:
    told = (shown(one) for one in buyer.messages())
    return sum("收到付款" in one and order in one for one in told)


def delivered(buyer: Guest, order: str, after: int) -> bytes:
    """The document, which came after this place and once."""
    buyer.wait_for("收到付款", order, after=after)
    name = buyer.wait_for(".pdf", after=after)["files"][0]
    files = [one for one in buyer.messages(after) if one["files"]]
    assert (receipts(buyer, order), len(files)) == (1, 1), buyer.transcript()
    return buyer.http.get(name["url"]).content


def test_from_the_application_to_the_document_by_the_code_in_the_chat(
    till: Till, shop: Running, buyer: Guest, browser: httpx.Client
) -> None:
    began = buyer.heard
    order, link = buyer.order()
    scan = buyer.wait_for("二维码", order, after=began)
    assert "5.00 元" in scan["text"]
    [code] = scan["pictures"]
    assert buyer.http.get(code["url"]).headers["content-type"] == "image/png"
    number = charge_of(shop.data, order)
    page = with_code(browser, link)
    assert charge_of(shop.data, order) == number, "the page asks for what the chat has asked for"
    pay_on_the_phone(browser, page)
    assert delivered(buyer, order, began).startswith(b"%PDF-")
    [notice] = till.control.notices(number)
    assert notice["outcomes"] == ["204"]
    assert "已支付" in browser.get(link).text


def test_a_notice_that_comes_again_and_again_counts_once(
    till: Till, shop: Running, buyer: Guest, browser: httpx.Client
) -> None:
    began = buyer.heard
    order, link = buyer.order()
    till.control.mishaps(copies=3)
    try:
        pay_on_the_phone(browser, with_code(browser, link))
        assert delivered(buyer, order, began).startswith(b"%PDF-")
    finally:
        till.control.mishaps()
    number = charge_of(shop.data, order)
    wait(lambda: till.control.notices(number)[0]["outcomes"] or None, "the notice to be recorded")
    [notice] = till.control.notices(number)
    assert notice["outcomes"] == ["204"] * 3
    assert till.control.repeat(number) == ["204"]
    assert delivered(buyer, order, began).startswith(b"%PDF-")


def test_forged_notices_are_refused_and_nothing_is_delivered(
    till: Till, shop: Running, buyer: Guest, browser: httpx.Client
) -> None:
    began = buyer.heard
    order, link = buyer.order()
    page = with_code(browser, link)
    number = charge_of(shop.data, order)
    not_true = {"amount", "currency"}  # rightly signed: finance is told, and nothing is settled
    answers = {kind: till.control.forge(number, kind) for kind in FORGERIES.keys() - not_true}
    assert {kind: said for kind, said in answers.items() if said not in ("400", "401")} == {}
    buyer.say("我的订单")
    assert "待支付" in shown(buyer.messages()[-1])
    assert not [one for one in buyer.messages(began) if one["files"]]
    pay_on_the_phone(browser, page)
    assert delivered(buyer, order, began).startswith(b"%PDF-")


def test_while_wechat_pay_is_away_the_student_is_told_and_the_order_waits(
    till: Till, buyer: Guest, browser: httpx.Client
) -> None:
    began = buyer.heard
    with till.unreachable():
        order, link = buyer.order()
        told = buyer.wait_for("支付平台暂时连不上", order, after=began)
        assert "没有扣款" in told["text"]
        page = browser.get(link)
        refused = browser.post(link, data=fields(page.text), headers=from_page(page))
        assert refused.status_code == 503
        assert "支付平台暂时连不上" in refused.text
        assert "没有扣款" in refused.text
    pay_on_the_phone(browser, with_code(browser, link))
    assert delivered(buyer, order, began).startswith(b"%PDF-")


def test_a_payment_survives_a_server_that_dies_before_it_hears_of_it(
    till: Till, shop: Running, buyer: Guest, browser: httpx.Client
) -> None:
    began = buyer.heard
    order, link = buyer.order()
    page = with_code(browser, link)
    shop.kill()
    pay_on_the_phone(browser, page)
    shop.start()  # the notice is tried again after 15 seconds
    assert delivered(buyer, order, began).startswith(b"%PDF-")


def test_a_notice_that_is_lost_for_good_costs_two_minutes_at_most(
    till: Till, buyer: Guest, browser: httpx.Client
) -> None:
    began = buyer.heard
    order, link = buyer.order()
    page = with_code(browser, link)
    till.control.mishaps(forget=1)
    pay_on_the_phone(browser, page)
    deadline = time.monotonic() + TWO_MINUTES
    while not receipts(buyer, order) and time.monotonic() < deadline:
        time.sleep(1)
    assert delivered(buyer, order, began).startswith(b"%PDF-")
