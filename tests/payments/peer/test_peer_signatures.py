"""A client that signs anything else than what it sends would work here and fail at WeChat Pay."""

import time
from typing import Any

import httpx
import pytest

from tests.payments.peer.merchant import Client, refusal
from tests.peers.wechatpay import Server

QUERY = "/v3/pay/transactions/out-trade-no/T20261123-0001?mchid="


def test_an_answer_is_signed_whatever_it_says(client: Client) -> None:
    for answer in (client.native(), client.query(), client.native("no"), client.close()):
        assert client.signed(answer.headers, answer.content), answer
        assert answer.headers["wechatpay-signature-type"] == "WECHATPAY2-SHA256-RSA2048"
    assert client.query("T-UNKNOWN").status_code == 404


@pytest.mark.parametrize(
    "other",
    [
        {"mchid": "1900000109"},
        {"serial_no": "5157F09EFDC096DE15EBE81A47057A7232F1B8E1"},
        {"timestamp": -1000},  # seconds from now
        {"timestamp": 1000},
        {"timestamp": "yesterday"},
        {"signature": "AAAA"},
    ],
)
def test_who_is_not_the_merchant_is_refused_without_a_signature(
    client: Client, server: Server, other: dict[str, str | int]
) -> None:
    target = QUERY + server.merchant.mchid
    now = int(time.time())
    changed = {
        name: str(now + value) if isinstance(value, int) else value for name, value in other.items()
    }
    header = client.authorization("GET", target, "", **changed)
    answer = client.send("GET", target, headers={"Authorization": header})
    assert refusal(answer) == (401, "SIGN_ERROR")
    assert "wechatpay-signature" not in answer.headers


@pytest.mark.parametrize(
    "header",
    ["", "Bearer x", 'WECHATPAY2-SHA256-RSA2048 mchid="1"', "WECHATPAY2-SM2-WITH-SM3 a"],
)
def test_an_authorization_of_another_form_is_refused(client: Client, header: str) -> None:
    answer = client.send("GET", QUERY, headers={"Authorization": header})
    assert refusal(answer) == (401, "SIGN_ERROR")


@pytest.mark.parametrize("changed", ["method", "path", "query", "escaping", "body"])
def test_a_signature_over_anything_but_the_exact_bytes_is_refused(
    client: Client, changed: str
) -> None:
    target, body = "/v3/pay/transactions/native?a=%7C", '{"amount": {"total":1}}'
    signed = {
        "method": ("PUT", target, body),
        "path": ("POST", target.replace("native", "h5"), body),
        "query": ("POST", target.partition("?")[0], body),
        "escaping": ("POST", target.replace("%7C", "|"), body),
        "body": ("POST", target, body.replace(" ", "")),
    }[changed]
    sent = {"Accept": "*/*", "Content-Type": "application/json"}

    def send(*over: str) -> httpx.Response:
        headers = sent | {"Authorization": client.authorization(*over)}
        return client.http.post(target, content=body, headers=headers)

    answer = send(*signed)
    assert refusal(answer) == (401, "SIGN_ERROR")
    assert answer.json()["detail"]["issue"] == "sign not match"
    assert refusal(send("POST", target, body)) == (400, "PARAM_ERROR")  # and then form is looked at


def test_a_request_that_somebody_has_seen_cannot_be_sent_again(client: Client) -> None:
    target = QUERY + client.server.merchant.mchid
    header = {"Authorization": client.authorization("GET", target, "")}
    assert client.send("GET", target, headers=header).status_code == 404
    assert refusal(client.send("GET", target, headers=header)) == (401, "SIGN_ERROR")


def test_the_nonce_of_a_refused_request_is_not_used_up(client: Client) -> None:
    target = QUERY + client.server.merchant.mchid
    wrong = client.authorization("GET", target, "other", nonce_str="N1")
    assert client.send("GET", target, headers={"Authorization": wrong}).status_code == 401
    right = client.authorization("GET", target, "", nonce_str="N1")
    assert client.send("GET", target, headers={"Authorization": right}).status_code == 404


@pytest.mark.parametrize("missing", ["Accept", "User-Agent"])
def test_a_request_without_accept_or_user_agent_is_refused(client: Client, missing: str) -> None:
    answer = client.send("GET", QUERY, headers={missing: ""})
    assert refusal(answer) == (400, "PARAM_ERROR")


class TestRotation:
    def serial(self, client: Client, wanted: str = "") -> Any:
        headers = {"Wechatpay-Serial": wanted} if wanted else {}
        return client.send("GET", "/v3/certificates", headers=headers)

    def test_the_old_key_signs_for_whoever_asks_for_it(
        self, client: Client, server: Server
    ) -> None:
        old = server.merchant.public_key_id
        new = server.control.rotate(3600)["public_key_id"]
        assert old != new
        assert self.serial(client).headers["wechatpay-serial"] == new
        assert self.serial(client, new).headers["wechatpay-serial"] == new
        answer = self.serial(client, old)
        assert answer.headers["wechatpay-serial"] == old
        assert refusal(answer) == (404, "RESOURCE_NOT_EXISTS")

    def test_after_its_grace_the_old_key_is_unknown(self, client: Client, server: Server) -> None:
        old = server.merchant.public_key_id
        server.control.rotate(3600)
        server.control.move(3601)
        assert refusal(self.serial(client, old)) == (400, "PARAM_ERROR")
        assert refusal(self.serial(client, "PUB_KEY_ID_01")) == (400, "PARAM_ERROR")
