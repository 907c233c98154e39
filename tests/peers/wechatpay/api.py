"""The paths of API v3 that the peer has, and what each does."""

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, unquote

from tests.peers.wechatpay import bills, charges, refunds
from tests.peers.wechatpay.checks import json_object
from tests.peers.wechatpay.errors import ApiError
from tests.peers.wechatpay.gate import Asked
from tests.peers.wechatpay.platform import Platform

Query = dict[str, str]
Answer = tuple[int, dict[str, Any] | None]
Work = Callable[[Platform, str, Query, bytes], Answer]


def prepay(platform: Platform, way: str, _: Query, body: bytes) -> Answer:
    return 200, charges.open_charge(platform, way, json_object(body))


def query(platform: Platform, number: str, query: Query, _: bytes) -> Answer:
    charges.ours(platform, query.get("mchid", ""))
    return 200, charges.query(platform, number)


def query_transaction(platform: Platform, number: str, query: Query, _: bytes) -> Answer:
    charges.ours(platform, query.get("mchid", ""))
    return 200, charges.query_transaction(platform, number)


def close(platform: Platform, number: str, _: Query, body: bytes) -> Answer:
    charges.close(platform, number, json_object(body))
    return 204, None


def refund(platform: Platform, _: str, __: Query, body: bytes) -> Answer:
    return 200, refunds.ask(platform, json_object(body))


def query_refund(platform: Platform, number: str, _: Query, __: bytes) -> Answer:
    return 200, refunds.query(platform, number)


def trade_bill(platform: Platform, _: str, query: Query, __: bytes) -> Answer:
    return 200, bills.ask(platform, query)


def certificates(_: Platform, __: str, ___: Query, ____: bytes) -> Answer:
    words = "无可用的平台证书，请在商户平台-API安全申请使用微信支付公钥。"
    raise ApiError(404, "RESOURCE_NOT_EXISTS", words)


PATHS: list[tuple[str, re.Pattern[str], Work]] = [
    ("POST", re.compile(r"/v3/pay/transactions/(native|h5|jsapi)"), prepay),
    ("GET", re.compile(r"/v3/pay/transactions/out-trade-no/([^/]+)"), query),
    ("GET", re.compile(r"/v3/pay/transactions/id/([^/]+)"), query_transaction),
    ("POST", re.compile(r"/v3/pay/transactions/out-trade-no/([^/]+)/close"), close),
    ("POST", re.compile(r"/v3/refund/domestic/refunds()"), refund),
    ("GET", re.compile(r"/v3/refund/domestic/refunds/([^/]+)"), query_refund),
    ("GET", re.compile(r"/v3/bill/tradebill()"), trade_bill),
    ("GET", re.compile(r"/v3/certificates()"), certificates),
]


def perform(platform: Platform, asked: Asked) -> Answer:
    """Raises ApiError."""
    refunds.settle_due(platform)
    path, _, query = asked.target.partition("?")
    values = {name: value[0] for name, value in parse_qs(query).items()}
    allowed = False
    for method, form, work in PATHS:
        if named := form.fullmatch(path):
            if method == asked.method:
                return work(platform, unquote(named[1]), values, asked.body)
            allowed = True
    if allowed:
        raise ApiError(405, "METHOD_NOT_ALLOWED", "不支持的请求方法")
    raise ApiError(404, "RESOURCE_NOT_EXISTS", "请求的资源不存在")
