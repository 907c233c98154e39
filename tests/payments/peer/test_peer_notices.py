"""Notices: when they come, how often, and in which wrong ways the registrar must be able to get them."""

import json
from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidTag

from tests.payments.peer.merchant import Client, Heard
from tests.peers.wechatpay import Server
from tests.peers.wechatpay.control import FORGERIES

NUMBER = "T20261123-0001"
SCHEDULE = [
    *(15, 15, 30, 3 * 60, 10 * 60, 20 * 60, 30 * 60, 30 * 60, 30 * 60, 60 * 60),
    *(3 * 3600, 3 * 3600, 3 * 3600, 6 * 3600, 6 * 3600),
]


@pytest.fixture
def paid(client: Client, server: Server) -> Client:
    client.native(attach="A1")
    server.control.pay(NUMBER)
    return client


def test_a_notice_is_signed_sealed_and_says_what_a_query_says(
    paid: Client, server: Server, heard: Heard
) -> None:
    assert server.deliver() == ["204"]
    request = heard.requests[0]
    assert paid.signed(request.headers, request.content)
    body = json.loads(request.content)
    assert (body["event_type"], body["resource_type"]) == (
        "TRANSACTION.SUCCESS",
        "encrypt-resource",
    )
    assert body["resource"]["associated_data"] == "transaction"
    assert paid.opened(request) == paid.query().json()
    assert server.deliver() == []


def test_it_comes_again_until_it_is_acknowledged_and_for_a_day_at_most(
    paid: Client, server: Server, heard: Heard
) -> None:
    heard.answers = [500, 302, 401, 404] + [500] * 100
    assert server.deliver() == ["500"]
    for pause in SCHEDULE:
        server.control.move(pause - 1)
        assert server.deliver() == []
        server.control.move(1)
        assert len(server.deliver()) == 1
    server.control.move(timedelta(days=3))
    assert server.deliver() == []
    assert len({request.content for request in heard.requests}) == 1
    assert len({request.headers["wechatpay-nonce"] for request in heard.requests}) == 16
    assert server.control.notices(NUMBER)[0]["outcomes"][:3] == ["500", "302", "401"]


@pytest.mark.parametrize("status", [200, 204])
def test_either_status_acknowledges(
    paid: Client, server: Server, heard: Heard, status: int
) -> None:
    heard.answers = [500, status]
    server.deliver()
    server.control.move(15)
    assert server.deliver() == [str(status)]
    server.control.move(timedelta(days=1))
    assert server.deliver() == []


def test_notices_get_lost_late_doubled_and_out_of_order(
    client: Client, server: Server, heard: Heard
) -> None:
    numbers = [f"T20261123-000{n}" for n in range(4)]
    for number in numbers:
        client.native(number)
    server.control.mishaps(lose=1)
    server.control.pay(numbers[0])
    assert server.deliver() == ["lost"]
    server.control.mishaps(copies=2)
    server.control.move(15)
    assert server.deliver() == ["204", "204"]

    server.control.mishaps(forget=1)
    server.control.pay(numbers[1])
    assert server.deliver() == []
    assert server.control.repeat(numbers[1]) == ["204"]

    server.control.mishaps(delay_seconds=60)
    server.control.pay(numbers[2])
    assert server.deliver() == []
    server.control.move(61)
    assert server.deliver() == ["204"]

    server.control.mishaps()
    server.control.pay(numbers[3])
    client.refund("R1", of=numbers[3])
    server.control.settle("R1")
    server.control.hold()
    assert server.deliver() == []
    heard.requests.clear()
    assert server.control.release(backwards=True) == ["204", "204"]
    events = [json.loads(request.content)["event_type"] for request in heard.requests]
    assert events == ["REFUND.SUCCESS", "TRANSACTION.SUCCESS"]


RIGHTLY_SIGNED = {"api_v3_key", "mchid", "appid", "amount", "currency", "state", "stale", "ahead"}


@pytest.mark.parametrize("kind", FORGERIES)
def test_every_forgery_is_wrong_in_its_own_way(
    client: Client, server: Server, heard: Heard, kind: str
) -> None:
    client.native()
    heard.answers = [401]
    assert server.control.forge(NUMBER, kind) == "401"
    request = heard.requests[0]
    if kind == "unsigned":
        assert "wechatpay-signature" not in request.headers
        return
    assert client.signed(request.headers, request.content) == (kind in RIGHTLY_SIGNED)
    off = int(request.headers["wechatpay-timestamp"]) - server.platform.clock.now().timestamp()
    assert (abs(off) > 300) == (kind in ("stale", "ahead"))
    if kind == "probe":
        assert request.headers["wechatpay-signature"].startswith("WECHATPAY/SIGNTEST/")
    if kind == "api_v3_key":
        with pytest.raises(InvalidTag):
            client.opened(request)
        return
    told, merchant = client.opened(request), server.merchant
    assert (told["mchid"] == merchant.mchid) == (kind != "mchid")
    assert (told["appid"] == merchant.appid) == (kind != "appid")
    assert (told["amount"]["total"] == 1000) == (kind != "amount")
    assert (told["amount"]["currency"] == "CNY") == (kind != "currency")
    assert (told["trade_state"] == "SUCCESS") == (kind != "state")


def test_a_notice_may_still_come_signed_with_a_certificate(
    paid: Client, server: Server, heard: Heard
) -> None:
    server.control.mishaps(certificate=True)
    server.deliver()
    serial = heard.requests[0].headers["wechatpay-serial"]
    assert not serial.startswith("PUB_KEY_ID_")
    assert int(serial, 16)


def test_after_a_rotation_the_new_key_signs_notices(
    paid: Client, server: Server, heard: Heard
) -> None:
    new = server.control.rotate()["public_key_id"]
    server.deliver()
    assert heard.requests[0].headers["wechatpay-serial"] == new
