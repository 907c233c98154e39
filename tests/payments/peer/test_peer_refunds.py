"""A refund twice, or beyond what was paid, would be the university's own money."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from tests.payments.peer.merchant import Client, Heard, refusal
from tests.peers.wechatpay import Server

NUMBER = "T20261123-0001"


@pytest.fixture
def paid(client: Client, server: Server) -> Client:
    client.native()
    server.control.pay(NUMBER)
    server.deliver()
    return client


def test_the_same_number_is_one_refund(paid: Client, server: Server) -> None:
    first, second = (paid.refund("R1", 400).json() for _ in range(2))
    assert first == second
    assert refusal(paid.refund("R1", 401)) == (400, "INVALID_REQUEST")
    server.control.settle("R1")
    again = paid.refund("R1", 400).json()
    assert (again["refund_id"], again["status"]) == (first["refund_id"], "SUCCESS")
    assert paid.query().json()["trade_state"] == "REFUND"


def test_never_more_is_paid_back_than_was_paid(paid: Client) -> None:
    assert paid.refund("R1", 600).status_code == 200
    assert refusal(paid.refund("R2", 401)) == (400, "INVALID_REQUEST")
    assert paid.refund("R2", 400).status_code == 200
    assert refusal(paid.refund("R3", 1)) == (400, "INVALID_REQUEST")


def test_a_payment_has_fifty_refunds_at_most(paid: Client) -> None:
    for part in range(50):
        assert paid.refund(f"R{part}", 1).status_code == 200
    assert refusal(paid.refund("R50", 1)) == (400, "INVALID_REQUEST")


def test_a_refund_that_did_not_happen_may_be_made_anew(paid: Client, server: Server) -> None:
    paid.refund("R1", 1000)
    server.control.settle("R1", "CLOSED")
    assert paid.refunded("R1").json()["status"] == "CLOSED"
    assert paid.refund("R2", 1000).json()["status"] == "PROCESSING"


@pytest.mark.parametrize("outcome", ["SUCCESS", "ABNORMAL", "CLOSED"])
def test_what_becomes_of_a_refund_is_told(
    paid: Client, server: Server, heard: Heard, outcome: str
) -> None:
    server.control.next_refund(outcome, 60)
    assert paid.refund("R1", 300).json()["status"] == "PROCESSING"
    assert server.deliver() == []
    server.control.move(61)
    assert server.deliver() == ["204"]
    told = paid.opened(heard.requests[-1])
    assert (told["refund_status"], told["amount"]["refund"]) == (outcome, 300)
    assert ("success_time" in told) == (outcome == "SUCCESS")
    assert paid.refunded("R1").json()["status"] == outcome


def test_refunds_need_money_a_payment_and_less_than_a_year(paid: Client, server: Server) -> None:
    paid.native("T20261123-0002")
    assert refusal(paid.refund("R1", of="T20261123-0002")) == (400, "INVALID_REQUEST")
    assert refusal(paid.refund("R1", of="T-UNKNOWN")) == (404, "RESOURCE_NOT_EXISTS")
    assert refusal(paid.refunded("R1")) == (404, "RESOURCE_NOT_EXISTS")
    server.control.balance(999)
    assert refusal(paid.refund("R1")) == (403, "NOT_ENOUGH")
    assert paid.refund("R1", 999).status_code == 200
    server.control.balance(None)
    server.control.move(timedelta(days=366))
    assert refusal(paid.refund("R2", 1)) == (400, "INVALID_REQUEST")


@pytest.mark.parametrize(
    ("other", "field"),
    [
        ({"reason": "退" * 27}, "/reason"),
        ({"out_refund_no": "R 1"}, "/out_refund_no"),
        ({"amount": {"refund": 1, "total": 1000}}, "/amount/currency"),
        ({"amount": {"refund": 0, "total": 1000, "currency": "CNY"}}, "/amount/refund"),
    ],
)
def test_a_wrong_field_is_named(paid: Client, other: dict[str, Any], field: str) -> None:
    answer = paid.refund(**other)
    assert refusal(answer) == (400, "PARAM_ERROR")
    assert answer.json()["detail"]["field"] == field


def test_a_total_other_than_what_was_paid_is_refused(paid: Client) -> None:
    amount = {"refund": 1, "total": 999, "currency": "CNY"}
    assert refusal(paid.refund("R1", amount=amount)) == (400, "INVALID_REQUEST")


def test_of_refunds_asked_for_at_once_no_more_than_the_payment_is_granted(
    paid: Client, server: Server
) -> None:
    def ask(number: str) -> int:
        with Client(server) as mine:
            return mine.refund(number, 700).status_code

    with ThreadPoolExecutor(4) as pool:
        statuses = list(pool.map(ask, ["R1", "R2", "R1", "R3"]))
    assert statuses.count(400) in (2, 3)  # the number that was granted may have been asked twice
    granted = [n for n in ("R1", "R2", "R3") if paid.refunded(n).status_code == 200]
    assert len(granted) == 1
