"""The client that WeChat Pay's documents name for Python understands the peer, and is understood."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from wechatpayv3 import WeChatPay, WeChatPayType

from tests.payments.peer.merchant import NOTIFY, Heard
from tests.peers.wechatpay import Server

NUMBER = "T20261123-0001"


@pytest.fixture
def official(server: Server) -> Iterator[WeChatPay]:
    merchant = server.merchant
    made = WeChatPay(
        WeChatPayType.NATIVE,
        merchant.mchid,
        merchant.private_key,
        merchant.serial,
        merchant.appid,
        merchant.api_v3_key,
        notify_url=NOTIFY,
        public_key=merchant.public_key,
        public_key_id=merchant.public_key_id,
    )
    made._core._gate_way = server.url
    return made


def test_a_whole_life_of_a_charge(official: WeChatPay, server: Server, heard: Heard) -> None:
    status, text = official.pay("中文成绩单", NUMBER, {"total": 1000, "currency": "CNY"})
    assert status == 200
    assert json.loads(text)["code_url"].startswith("weixin://wxpay/bizpayurl?pr=")

    server.control.pay(NUMBER)
    assert server.deliver() == ["204"]
    notice = heard.requests[0]
    told = official.callback(notice.headers, notice.content)
    assert (told["event_type"], told["resource"]["out_trade_no"]) == ("TRANSACTION.SUCCESS", NUMBER)
    asked = json.loads(official.query(out_trade_no=NUMBER)[1])
    assert {**asked, "promotion_detail": []} == {**told["resource"], "promotion_detail": []}
    assert official.close(NUMBER)[0] == 400

    amount = {"refund": 400, "total": 1000, "currency": "CNY"}
    status, text = official.refund("R1", amount, out_trade_no=NUMBER, notify_url=NOTIFY)
    assert (status, json.loads(text)["status"]) == (200, "PROCESSING")
    server.control.settle("R1")
    assert server.deliver() == ["204"]
    refund = official.callback(heard.requests[1].headers, heard.requests[1].content)
    assert refund["resource"]["refund_status"] == "SUCCESS"
    assert json.loads(official.query_refund("R1")[1])["status"] == "SUCCESS"

    day = asked["success_time"][:10]
    server.control.move(86400 * 2)
    status, text = official.trade_bill(day)
    assert status == 200
    status, content = official.download_bill(json.loads(text)["download_url"])
    assert status == 200
    assert asked["transaction_id"] in gzip.decompress(content).decode()


def test_an_open_charge_is_closed_with_an_empty_answer(official: WeChatPay) -> None:
    official.pay("中文成绩单", NUMBER, {"total": 1000})
    assert official.close(NUMBER) == (204, b"")
    assert json.loads(official.query(out_trade_no=NUMBER)[1])["trade_state"] == "CLOSED"


@pytest.mark.parametrize("kind", ["unsigned", "forged", "probe", "altered", "certificate"])
def test_a_wrong_signature_is_seen_by_the_client(
    official: WeChatPay, server: Server, kind: str
) -> None:
    server.control.outage(kind)
    with pytest.raises(Exception, match=r"verify|algorithm"):
        official.pay("中文成绩单", NUMBER, {"total": 1000})
    assert official.pay("中文成绩单", NUMBER, {"total": 1000})[0] == 200


def test_keys_survive_a_restart(official: WeChatPay, server: Server, tmp_path: Path) -> None:
    official.pay("中文成绩单", NUMBER, {"total": 1000})
    merchant = server.merchant
    server.stop()
    with Server(tmp_path / "wechatpay", transport=httpx.MockTransport(Heard())) as again:
        official._core._gate_way = again.url
        assert again.merchant.public_key == merchant.public_key
        assert json.loads(official.query(out_trade_no=NUMBER)[1])["trade_state"] == "NOTPAY"
