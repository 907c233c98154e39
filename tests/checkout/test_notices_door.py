"""The door for a provider's notices: what is acknowledged, and what makes it come again."""

import json
from collections.abc import Mapping
from datetime import datetime

import pytest

from backend import charges
from backend.orders import State
from backend.payments.by_hand import NAME
from backend.payments.provider import (
    ForgedNotice,
    MalformedNotice,
    OpenedAs,
    Payee,
    PaymentNotice,
    RefundNotice,
    RefundState,
    Way,
)
from tests.checkout.conftest import Browser, Buying, Pages

DOOR = "/pay/notify/by_hand"


@pytest.fixture
def says(scene: Buying, monkeypatch: pytest.MonkeyPatch) -> dict[bytes, object]:
    """What a body means to the provider; anything else is forged."""
    known: dict[bytes, object] = {}

    def read(
        _: Mapping[str, str], body: bytes, __: datetime, ___: OpenedAs
    ) -> PaymentNotice | RefundNotice:
        found = known.get(body, ForgedNotice("nobody's"))
        if isinstance(found, ForgedNotice):
            raise found
        assert isinstance(found, PaymentNotice | RefundNotice)
        return found

    monkeypatch.setattr(scene.till, "read_notice", read)
    return known


def test_a_payment_is_acknowledged_each_time_and_counts_once(
    scene: Buying, browser: Browser, says: dict[bytes, object]
) -> None:
    order = scene.confirm()
    says[b"paid"] = scene.pay(order)
    for _ in range(3):
        assert browser.send("POST", DOOR, content=b"paid").status_code == 204
    assert scene.state(order) is State.PAID
    assert len(scene.payments()) == 1


def test_money_that_nothing_asked_for_is_kept_and_need_not_be_told_again(
    scene: Buying, browser: Browser, says: dict[bytes, object]
) -> None:
    says[b"stray"] = scene.notice(scene.confirm(), charge_number="C000000-0000-XXXX")
    assert browser.send("POST", DOOR, content=b"stray").status_code == 204
    assert scene.payment_states() == [("SB1", "unknown")]
    assert scene.told_finance() == ["payment.unknown"]


def test_a_refund_goes_to_whoever_pays_back(
    scene: Buying, browser: Browser, pages: Pages, says: dict[bytes, object]
) -> None:
    notice = RefundNotice(
        "by_hand", "R1", "BR1", "BH1", "C1", 500, RefundState.SUCCESS, scene.clock.now()
    )
    says[b"back"] = notice
    assert browser.send("POST", DOOR, content=b"back").status_code == 204
    assert pages.refunds == [notice]


def test_what_is_forged_broken_or_too_large_pays_nothing_and_says_fail(
    scene: Buying, browser: Browser, says: dict[bytes, object]
) -> None:
    says[b"broken"] = MalformedNotice("no JSON")
    answers = [
        browser.send("POST", DOOR, content=b"forged"),
        browser.send("POST", DOOR, content=b"broken"),
        browser.send("POST", DOOR, content=b"x" * (64 * 1024 + 1)),
        browser.send("POST", "/pay/notify/another", content=b"paid"),
    ]
    assert [one.status_code for one in answers] == [401, 400, 413, 404]
    for one in answers:
        assert json.loads(one.text)["code"] == "FAIL"
        assert json.loads(one.text)["message"]
    assert scene.payments() == []


def test_a_failing_database_makes_the_provider_try_again(
    scene: Buying, browser: Browser, says: dict[bytes, object]
) -> None:
    order = scene.confirm()
    says[b"paid"] = scene.pay(order)
    announce = scene.office.announce
    scene.office.announce = broken
    assert browser.send("POST", DOOR, content=b"paid").status_code == 503
    assert scene.state(order) is State.CONFIRMED
    scene.office.announce = announce
    assert browser.send("POST", DOOR, content=b"paid").status_code == 204
    assert scene.state(order) is State.PAID


def test_where_nothing_can_be_paid_no_notice_is_taken(scene: Buying, browser: Browser) -> None:
    scene.office.payments = None
    assert browser.send("POST", DOOR, content=b"paid").status_code == 404


def broken(_: object) -> None:
    raise OSError("disk full")


def test_a_notice_is_held_against_whom_its_charge_was_opened_for(
    scene: Buying, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    was, told = Payee("1900000109", "wx-before"), list[Payee | None]()
    order = scene.confirm()
    with scene.office.work() as work:
        number = charges.begin(work, [order], Way.NATIVE, NAME, was).number

    def read(_: object, __: bytes, ___: datetime, opened_as: OpenedAs) -> PaymentNotice:
        told.extend((opened_as(number), opened_as("C000000-0000-XXXX")))
        raise ForgedNotice("nobody's")

    monkeypatch.setattr(scene.till, "read_notice", read)
    browser.send("POST", DOOR, content=b"told")
    assert told == [was, None]
