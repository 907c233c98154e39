"""The bill is what the books are compared with: its form and figures are WeChat's."""

import csv
import gzip
import hashlib
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from tests.payments.peer.merchant import Client, refusal
from tests.peers.wechatpay import Server
from tests.peers.wechatpay.clock import CHINA

NUMBER = "T20261123-0001"
HEADER = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,"
    "货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,"
    "商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注"
)
SUMMARY = (
    "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
)


def day(server: Server) -> str:
    return server.platform.clock.now().astimezone(CHINA).date().isoformat()


def next_noon(server: Server) -> None:
    now = server.platform.clock.now().astimezone(CHINA)
    noon = (now + timedelta(days=1)).replace(hour=12, minute=0, second=0)
    server.control.move(noon - now)


def asked(client: Client, of: str, more: str = "&bill_type=ALL") -> dict[str, str]:
    answer = client.send("GET", f"/v3/bill/tradebill?bill_date={of}{more}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def fetched(client: Client, url: str) -> bytes:
    parts = urlsplit(url)
    answer = client.send("GET", f"{parts.path}?{parts.query}")
    assert answer.status_code == 200, answer.text
    assert "wechatpay-signature" not in answer.headers
    return answer.content


@pytest.fixture
def booked(client: Client, server: Server) -> str:
    """A day with two payments and a refund of one of them."""
    of = day(server)
    for number in (NUMBER, "T20261123-0002"):
        client.native(number)
        server.control.pay(number)
    client.refund("R1", 400)
    server.control.settle("R1")
    next_noon(server)
    return of


def test_a_bill_has_wechats_form(client: Client, booked: str) -> None:
    said = asked(client, booked)
    content = fetched(client, said["download_url"])
    assert said["hash_value"] == hashlib.sha1(content).hexdigest()
    text = content.decode("utf-8-sig")
    assert text != content.decode()  # it begins with a byte order mark
    lines = text.split("\r\n")
    assert (lines[0], lines[4], lines[6]) == (HEADER, SUMMARY, "")
    assert all(value.startswith("`") for line in lines[1:4] for value in line.split(","))
    assert lines[5] == "`3,`20.00,`4.00,`0.00,`0.10000,`20.00,`4.00"
    kinds = {line["交易状态"]: line for line in csv.DictReader(lines[:4])}
    refund, payment = kinds["`REFUND"], kinds["`SUCCESS"]
    assert (refund["退款金额"], refund["订单金额"], refund["手续费"]) == (
        "`4.00",
        "`0.00",
        "`-0.02000",
    )
    assert (refund["商户订单号"], refund["商户退款单号"], refund["退款状态"]) == (
        f"`{NUMBER}",
        "`R1",
        "`SUCCESS",
    )
    assert (payment["订单金额"], payment["手续费"], payment["费率"]) == (
        "`10.00",
        "`0.06000",
        "`0.60%",
    )


def test_a_packed_bill_has_the_hash_of_what_is_in_it(client: Client, booked: str) -> None:
    said = asked(client, booked, "&tar_type=GZIP")
    content = gzip.decompress(fetched(client, said["download_url"]))
    assert said["hash_value"] == hashlib.sha1(content).hexdigest()


@pytest.mark.parametrize(("kind", "lines"), [("SUCCESS", 2), ("REFUND", 1)])
def test_payments_and_refunds_can_be_had_alone(
    client: Client, booked: str, kind: str, lines: int
) -> None:
    said = asked(client, booked, f"&bill_type={kind}")
    rows = fetched(client, said["download_url"]).decode("utf-8-sig").split("\r\n")
    assert len(rows) == lines + 4
    assert len(rows[0].split(",")) == len(rows[1].split(","))
    assert ("退款成功时间" in rows[0]) == (kind == "REFUND")


def test_a_bill_is_there_at_ten_the_next_morning(client: Client, server: Server) -> None:
    client.native()
    server.control.pay(NUMBER)
    of = day(server)
    path = f"/v3/bill/tradebill?bill_date={of}"
    assert refusal(client.send("GET", path)) == (400, "STATEMENT_CREATING")
    next_noon(server)
    server.control.move(-2 * 3600 - 300)
    assert refusal(client.send("GET", path)) == (400, "STATEMENT_CREATING")
    server.control.move(300)
    url = asked(client, of)["download_url"]
    server.control.move(301)
    parts = urlsplit(url)
    assert client.send("GET", f"{parts.path}?{parts.query}").status_code == 404


def test_a_day_without_trade_has_no_bill(client: Client, server: Server, booked: str) -> None:
    server.control.move(timedelta(days=1))
    now = server.platform.clock.now().astimezone(CHINA)
    path = f"/v3/bill/tradebill?bill_date={(now - timedelta(days=1)).date()}"
    assert refusal(client.send("GET", path)) == (400, "NO_STATEMENT_EXIST")
    for wrong in ("", "20261123", "2020-01-01", "2999-01-01"):
        path = f"/v3/bill/tradebill?bill_date={wrong}"
        assert refusal(client.send("GET", path)) == (400, "PARAM_ERROR")


def test_a_fetch_is_signed_by_the_merchant(client: Client, booked: str) -> None:
    url = asked(client, booked)["download_url"]
    assert client.http.get(url, headers={"Accept": "*/*"}).status_code == 401
    other = client.server.url + "/v3/billdownload/file?token=guessed"
    assert refusal(client.send("GET", other.removeprefix(client.server.url))) == (
        404,
        "RESOURCE_NOT_EXISTS",
    )


def test_the_books_may_differ(client: Client, server: Server, booked: str) -> None:
    transaction = client.query().json()["transaction_id"]
    server.control.book(booked, "missing", client.refunded().json()["refund_id"])
    server.control.book(booked, "amount", transaction, 999)
    extra = server.control.book(booked, "extra", amount=555)
    content = fetched(client, asked(client, booked)["download_url"]).decode("utf-8-sig")
    rows = list(csv.DictReader(content.split("\r\n")[:4]))
    amounts = {row["微信订单号"]: row["订单金额"] for row in rows}
    assert len(amounts) == 3
    assert (amounts[f"`{transaction}"], amounts[f"`{extra}"]) == ("`9.99", "`5.55")


def test_what_wechat_keeps_follows_its_rate(client: Client, server: Server) -> None:
    server.control.fee_rate("1.00")
    client.native()
    server.control.pay(NUMBER)
    of = day(server)
    next_noon(server)
    text = fetched(client, asked(client, of)["download_url"]).decode()
    assert "`0.10000,`1.00%" in text
