"""What WeChat Pay says to a charge: a client that does not expect it fails with real payers."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from tests.payments.peer.merchant import Client, refusal
from tests.peers.wechatpay import Server

NUMBER = "T20261123-0001"
SCENE = {"payer_client_ip": "203.0.113.7", "h5_info": {"type": "Wap"}}


def opened(client: Client, way: str, **other: Any) -> Any:
    return client.send("POST", f"/v3/pay/transactions/{way}", client.order(**other))


def test_each_way_gives_what_its_page_needs(client: Client) -> None:
    native = opened(client, "native", number="NATIVE1").json()["code_url"]
    assert native.startswith("weixin://wxpay/bizpayurl?pr=")
    link = opened(client, "h5", number="H50001", scene_info=SCENE).json()["h5_url"]
    assert link.startswith(f"{client.server.url}/phone/h5?prepay_id=wx")
    payer = {"openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"}
    assert opened(client, "jsapi", number="JSAPI1", payer=payer).json()["prepay_id"][:2] == "wx"


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"description": ""}, "/description"),
        ({"description": "课" * 128}, "/description"),
        ({"description": None}, "/description"),
        ({"number": "T1"}, "/out_trade_no"),
        ({"number": "T" * 33}, "/out_trade_no"),
        ({"number": "T2026 1123"}, "/out_trade_no"),
        ({"number": "T2026@1123"}, "/out_trade_no"),
        ({"amount": {"total": 0}}, "/amount/total"),
        ({"amount": {"total": "1000"}}, "/amount/total"),
        ({"amount": {"total": 10.0}}, "/amount/total"),
        ({"amount": {"total": True}}, "/amount/total"),
        ({"amount": {"total": 1, "currency": "USD"}}, "/amount/currency"),
        ({"amount": None}, "/amount"),
        ({"notify_url": "http://registrar.example/notice"}, "/notify_url"),
        ({"notify_url": "https://registrar.example/notice?a=1"}, "/notify_url"),
        ({"time_expire": "2026-11-23 12:00:00"}, "/time_expire"),
        ({"time_expire": "2026-02-30T12:00:00+08:00"}, "/time_expire"),
        ({"mchid": "1900000109"}, "/mchid"),
        ({"attach": "x" * 129}, "/attach"),
    ],
)
def test_a_wrong_field_is_named(client: Client, other: dict[str, Any], field: str) -> None:
    answer = client.native(**other)
    assert refusal(answer) == (400, "PARAM_ERROR")
    assert answer.json()["detail"]["field"] == field


@pytest.mark.parametrize(
    ("way", "other", "field"),
    [
        ("h5", {}, "/scene_info"),
        ("h5", {"scene_info": {"payer_client_ip": "somewhere"}}, "/scene_info/payer_client_ip"),
        ("h5", {"scene_info": {"payer_client_ip": "::1"}}, "/scene_info/h5_info"),
        ("jsapi", {}, "/payer"),
        ("jsapi", {"payer": {}}, "/payer/openid"),
    ],
)
def test_each_way_has_fields_of_its_own(
    client: Client, way: str, other: dict[str, Any], field: str
) -> None:
    answer = opened(client, way, **other)
    assert refusal(answer) == (400, "PARAM_ERROR")
    assert answer.json()["detail"]["field"] == field


def test_an_app_of_somebody_else_is_refused(client: Client) -> None:
    answer = client.native(appid="wx0000000000000000")
    assert refusal(answer) == (400, "APPID_MCHID_NOT_MATCH")


def test_the_same_charge_may_be_asked_for_again_and_no_other_under_its_number(
    client: Client, server: Server
) -> None:
    first, second = (client.native().json()["code_url"] for _ in range(2))
    assert first != second
    assert refusal(client.native(amount={"total": 999})) == (400, "INVALID_REQUEST")
    other_way = opened(client, "h5", scene_info=SCENE)
    assert refusal(other_way) == (400, "INVALID_REQUEST")
    server.control.pay(NUMBER)
    assert refusal(client.native()) == (400, "ORDERPAID")
    client.native("T20261123-0002")
    client.close("T20261123-0002")
    assert refusal(client.native("T20261123-0002")) == (400, "ORDER_CLOSED")


def test_a_closed_charge_stays_closed(client: Client) -> None:
    client.native()
    answer = client.close()
    assert (answer.status_code, answer.content) == (204, b"")
    assert client.query().json()["trade_state"] == "CLOSED"
    assert refusal(client.close()) == (400, "ORDER_CLOSED")


def test_what_is_paid_cannot_be_closed(client: Client, server: Server) -> None:
    client.native()
    server.control.pay(NUMBER)
    assert refusal(client.close()) == (400, "ORDERPAID")
    found = client.query().json()
    assert (found["trade_state"], found["amount"]["total"]) == ("SUCCESS", 1000)
    path = f"/v3/pay/transactions/id/{found['transaction_id']}?mchid={found['mchid']}"
    assert client.send("GET", path).json() == found


def test_while_somebody_pays_a_charge_is_not_closed(client: Client, server: Server) -> None:
    client.native()
    server.control.paying(NUMBER)
    assert refusal(client.close()) == (202, "USERPAYING")
    assert client.query().json()["trade_state"] == "NOTPAY"
    server.control.pay(NUMBER)
    assert refusal(client.close()) == (400, "ORDERPAID")


def test_a_number_nobody_has_opened_is_unknown(client: Client) -> None:
    assert refusal(client.query()) == (404, "ORDER_NOT_EXIST")
    assert refusal(client.close()) == (404, "ORDER_NOT_EXIST")


def test_its_end_makes_a_charge_unpayable_and_does_not_close_it(
    client: Client, server: Server
) -> None:
    ends = datetime.now(UTC) + timedelta(minutes=30)
    client.native(time_expire=ends.isoformat(timespec="seconds"))
    server.control.move(1801)
    with pytest.raises(Exception, match="最晚支付"):
        server.control.pay(NUMBER)
    assert client.query().json()["trade_state"] == "NOTPAY"
    assert client.close().status_code == 204


def test_an_end_in_the_past_is_put_off_by_a_minute(client: Client, server: Server) -> None:
    assert client.native(time_expire="2020-01-01T00:00:00+08:00").status_code == 200
    server.control.pay(NUMBER)
    assert client.query().json()["trade_state"] == "SUCCESS"


def test_after_a_week_a_charge_is_closed(client: Client, server: Server) -> None:
    client.native()
    server.control.move(timedelta(days=7))
    assert client.query().json()["trade_state"] == "CLOSED"


def test_what_cannot_happen_may_be_brought_about(client: Client, server: Server) -> None:
    client.native()
    client.close()
    server.control.pay(NUMBER, amount=1, openid="oOther", whatever=True)
    found = client.query().json()
    assert (found["trade_state"], found["amount"]["total"]) == ("SUCCESS", 1)
    assert found["payer"]["openid"] == "oOther"


@pytest.mark.parametrize(
    ("kind", "status"), [("system", 500), ("frequency", 429), ("gateway", 502)]
)
@pytest.mark.parametrize("done", [True, False])
def test_a_failure_leaves_open_whether_it_was_done(
    client: Client, server: Server, kind: str, status: int, done: bool
) -> None:
    server.control.outage(kind, path="/v3/pay/transactions/native", done=done)
    assert client.native().status_code == status
    assert client.query().status_code == (200 if done else 404)


def test_a_connection_may_break_within_the_answer(client: Client, server: Server) -> None:
    server.control.outage("cut", done=True)
    with pytest.raises(httpx.RemoteProtocolError):
        client.native()
    server.control.outage("hang", seconds=0.1)
    with pytest.raises(httpx.HTTPError):
        client.native()
    with server.unreachable(), pytest.raises(httpx.ConnectError):
        client.query()
    assert client.query().json()["trade_state"] == "NOTPAY"


def test_control_over_http_is_there_only_when_asked_for(
    client: Client, server: Server, tmp_path: Any
) -> None:
    client.native()
    answer = client.http.post("/control/pay", json={"number": NUMBER, "amount": 7})
    assert answer.json()["result"]["amount"]["total"] == 7
    assert client.http.post("/control/pay", json={"number": "T-UNKNOWN"}).status_code == 400
    assert client.http.post("/control/_send", json={}).status_code == 404
    with Server(tmp_path / "other") as other, Client(other) as stranger:
        assert stranger.http.post("/control/pay", json={}).status_code == 404
