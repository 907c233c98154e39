"""The payer's phone pays what a code stands for, once, and nothing else."""

import html
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from tests.payments.peer.merchant import Client
from tests.peers.wechatpay import Server

NUMBER = "T20261123-0001"
SCENE = {"payer_client_ip": "203.0.113.7", "h5_info": {"type": "Wap"}}


def press(client: Client, answer: httpx.Response) -> httpx.Response:
    """The one button of a page."""
    action = re.search(r'action="([^"]+)"', answer.text)
    assert action, answer.text
    fields = re.findall(r'name="([^"]+)" value="([^"]*)"', answer.text)
    data = {html.unescape(name): html.unescape(value) for name, value in fields}
    return client.http.post(action[1], data=data, follow_redirects=True)


def test_a_scanned_code_is_paid_with_one_press(client: Client) -> None:
    code = client.native(description="成绩单 <b>&").json()["code_url"]
    page = client.http.get("/phone/scan", params={"code_url": code}, follow_redirects=True)
    assert page.status_code == 200
    for words in ("10.00", "成绩单 &lt;b&gt;&amp;", "演示：不收真钱", "支付", NUMBER):
        assert words in page.text
    assert "支付成功" in press(client, page).text
    assert "支付成功" in press(client, page).text  # pressed twice, paid once
    assert client.query().json()["trade_state"] == "SUCCESS"
    assert NUMBER in client.http.get("/phone").text


def test_a_link_leads_back_to_the_merchant(client: Client) -> None:
    order = client.order(scene_info=SCENE)
    link = client.send("POST", "/v3/pay/transactions/h5", order).json()["h5_url"]
    back = "https://registrar.example/paid?order=1"
    params = {"redirect_url": back}
    paid = press(client, client.http.get(f"{link}&{httpx.QueryParams(params)}"))
    assert paid.text.count(html.escape(back)) == 2
    aside = client.http.get(f"{link}&redirect_url=javascript:alert(1)")
    assert "javascript" not in aside.text


def test_codes_grow_old_and_links_sooner(client: Client, server: Server) -> None:
    code = client.native().json()["code_url"]
    link = client.send(
        "POST", "/v3/pay/transactions/h5", client.order("T20261123-0002", scene_info=SCENE)
    ).json()["h5_url"]
    server.control.move(301)
    assert client.http.get(link).status_code == 410
    pr = parse_qs(urlsplit(code).query)["pr"][0]
    assert client.http.get("/phone/pay", params={"pr": pr}).status_code == 200
    server.control.move(7200)
    old = client.http.get("/phone/pay", params={"pr": pr})
    assert (old.status_code, "已过期" in old.text) == (410, True)
    assert client.http.post("/phone/pay", data={"pr": pr}).status_code == 410
    assert client.query().json()["trade_state"] == "NOTPAY"


def test_a_closed_charge_cannot_be_paid(client: Client) -> None:
    code = client.native().json()["code_url"]
    client.close()
    page = client.http.get("/phone/scan", params={"code_url": code}, follow_redirects=True)
    assert (page.status_code, "订单已关闭" in page.text) == (410, True)


@pytest.mark.parametrize(
    "code", ["", "https://evil.example/?pr=1", "weixin://wxpay/bizpayurl?pr=x"]
)
def test_what_is_no_code_is_said_to_be_none(client: Client, code: str) -> None:
    page = client.http.get("/phone/scan", params={"code_url": code}, follow_redirects=True)
    assert (page.status_code, "付款码无效" in page.text) == (404, True)


class TestInWeChat:
    def given(self, client: Client, **other: Any) -> dict[str, str]:
        order = client.order(payer={"openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"})
        prepay = client.send("POST", "/v3/pay/transactions/jsapi", order).json()["prepay_id"]
        signed = {
            "appId": client.server.merchant.appid,
            "timeStamp": "1732334400",
            "nonceStr": "5K8264ILTKCH16CQ2502SI8ZNMTM67VS",
            "package": f"prepay_id={prepay}",
        }
        return {**signed, "signType": "RSA", "paySign": client.sign(*signed.values())} | other

    def test_what_the_merchant_has_signed_is_paid(self, client: Client) -> None:
        page = client.http.get("/phone/jsapi", params=self.given(client))
        assert "支付成功" in press(client, page).text
        found = client.query().json()
        assert (found["trade_type"], found["payer"]["openid"][:4]) == ("JSAPI", "oUpF")

    @pytest.mark.parametrize(
        "other",
        [{"paySign": "AAAA"}, {"timeStamp": "1"}, {"signType": "MD5"}, {"appId": "wx0"}],
    )
    def test_what_it_has_not_signed_is_not(self, client: Client, other: dict[str, str]) -> None:
        given = self.given(client, **other)
        assert client.http.get("/phone/jsapi", params=given).status_code == 400
        assert client.http.post("/phone/jsapi", data=given).status_code == 400
        assert client.query().json()["trade_state"] == "NOTPAY"
