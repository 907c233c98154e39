"""Notices of WeChat Pay: nobody gets a document by a notice that WeChat Pay has not sent us just now."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend.payments.provider import (
    ForgedNotice,
    MalformedNotice,
    Payee,
    PaymentNotice,
    RefundNotice,
    RefundState,
)
from backend.payments.wechat.core import LARGEST_NOTICE
from backend.payments.wechat.provider import WechatPay
from tests.payments.wechat.far_end import (
    KEY_ID,
    MCHID,
    NEXT,
    NEXT_ID,
    NOW,
    OURS,
    STRANGE,
    THEIRS,
    TRANSACTION,
    FarEnd,
    line,
    notice,
    public_pem,
    refund_told,
    signed,
    transaction,
)

GOOD = notice(transaction())


@pytest.fixture(scope="module")
def far_end() -> Iterator[FarEnd]:
    """Whatever a notice says, nobody is asked because of it."""
    end = FarEnd()
    yield end
    assert end.asked == []


@pytest.fixture(scope="module")
def provider(far_end: FarEnd) -> Iterator[WechatPay]:
    here = line(far_end)
    yield here
    here.stop()


def refused(provider: WechatPay, headers: dict[str, str], body: bytes) -> ForgedNotice:
    with pytest.raises(ForgedNotice) as caught:
        provider.read_notice(headers, body, NOW)
    return caught.value


def changed(headers: dict[str, str], **others: str) -> dict[str, str]:
    return {**headers, **{name.replace("_", "-"): value for name, value in others.items()}}


# --- what is good ---------------------------------------------------------------------------


def test_a_payer_gets_what_was_paid_for(provider: WechatPay) -> None:
    assert provider.read_notice(signed(GOOD), GOOD, NOW) == PaymentNotice(
        "wechat",
        TRANSACTION,
        "C2026030200001",
        2000,  # and not what a coupon has left of it
        "CNY",
        datetime(2026, 3, 2, 1, 59, 58, tzinfo=UTC),
    )


@pytest.mark.parametrize("kind", ["NATIVE", "MWEB", "JSAPI"])
def test_a_payer_may_pay_in_each_way_that_is_offered(provider: WechatPay, kind: str) -> None:
    body = notice(transaction(trade_type=kind))
    assert isinstance(provider.read_notice(signed(body), body, NOW), PaymentNotice)


def test_no_payment_is_lost_that_the_app_of_before_has_taken(provider: WechatPay) -> None:
    body = notice(transaction(appid="wx-before"))

    def opened_as(number: str) -> Payee | None:
        return Payee(MCHID, "wx-before") if number == "C2026030200001" else None

    assert isinstance(provider.read_notice(signed(body), body, NOW, opened_as), PaymentNotice)
    assert isinstance(provider.read_notice(signed(GOOD), GOOD, NOW, opened_as), PaymentNotice)
    for changed_ in ({"out_trade_no": "C2026030200002"}, {"mchid": "1900000110"}):
        other = notice(transaction(**{"appid": "wx-before", **changed_}))
        with pytest.raises(ForgedNotice, match="another"):
            provider.read_notice(signed(other), other, NOW, opened_as)
    refused(provider, signed(body), body)


@pytest.mark.parametrize("spelling", [str.lower, str.upper, str.title])
def test_no_payment_is_lost_by_how_a_proxy_writes_headers(
    provider: WechatPay, spelling: Any
) -> None:
    headers = {spelling(name): value for name, value in signed(GOOD).items()}
    assert isinstance(provider.read_notice(headers, GOOD, NOW), PaymentNotice)


@pytest.mark.parametrize("off", [timedelta(seconds=-299), timedelta(seconds=299)])
def test_no_payment_is_lost_by_clocks_that_differ_a_little(
    provider: WechatPay, off: timedelta
) -> None:
    assert provider.read_notice(signed(GOOD, at=NOW + off), GOOD, NOW)


def test_a_notice_that_comes_twice_says_the_same_twice(provider: WechatPay) -> None:
    first, second = (provider.read_notice(signed(GOOD), GOOD, NOW) for _ in range(2))
    assert first == second


def test_no_payment_is_lost_while_the_public_key_is_changed(far_end: FarEnd) -> None:
    keys = {KEY_ID: public_pem(THEIRS), NEXT_ID: public_pem(NEXT)}
    provider = line(far_end, public_keys=keys)
    for by, serial in ((THEIRS, KEY_ID), (NEXT, NEXT_ID)):
        assert provider.read_notice(signed(GOOD, by=by, serial=serial), GOOD, NOW)
    refused(provider, signed(GOOD, by=THEIRS, serial=NEXT_ID), GOOD)
    provider.stop()


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("SUCCESS", RefundState.SUCCESS),
        ("ABNORMAL", RefundState.ABNORMAL),
        ("CLOSED", RefundState.CLOSED),
    ],
)
def test_what_became_of_a_refund_is_known_at_once(
    provider: WechatPay, status: str, state: RefundState
) -> None:
    said = refund_told(refund_status=status)
    if status != "SUCCESS":
        del said["success_time"]
    body = notice(said, event=f"REFUND.{status}")
    at = datetime(2026, 3, 2, 1, 59, 58, tzinfo=UTC) if status == "SUCCESS" else None
    assert provider.read_notice(signed(body), body, NOW) == RefundNotice(
        "wechat",
        "R2026030200001",
        "50000000382019052709732678859",
        TRANSACTION,
        "C2026030200001",
        500,
        state,
        at,
    )


# --- who has not sent it --------------------------------------------------------------------


@pytest.mark.parametrize(
    "serial", ["5157F09EFDC096DE15EBE81A47057A72", "PUB_KEY_ID_01", "zz", "💰"]
)
def test_a_forger_with_a_serial_of_his_own_has_us_ask_nobody(
    provider: WechatPay, far_end: FarEnd, serial: str
) -> None:
    error = refused(provider, signed(GOOD, by=STRANGE, serial=serial), GOOD)
    assert error.reason.startswith("unknown serial")
    assert far_end.asked == []


def test_a_forger_cannot_sign_under_the_right_serial(provider: WechatPay) -> None:
    assert refused(provider, signed(GOOD, by=STRANGE), GOOD).reason == "wrong signature"


def test_our_own_key_signs_no_notice(provider: WechatPay) -> None:
    assert refused(provider, signed(GOOD, by=OURS), GOOD).reason == "wrong signature"


@pytest.mark.parametrize(
    "off",
    [
        timedelta(seconds=-301),
        timedelta(seconds=301),
        timedelta(days=-31),
        timedelta(days=36500),
    ],
)
def test_a_notice_of_long_ago_is_not_played_again(provider: WechatPay, off: timedelta) -> None:
    assert refused(provider, signed(GOOD, at=NOW + off), GOOD).reason == "stale timestamp"


def test_an_old_notice_gets_no_new_time(provider: WechatPay) -> None:
    old = signed(GOOD, at=NOW - timedelta(days=31))
    fresh = changed(old, Wechatpay_Timestamp=str(int(NOW.timestamp())))
    assert refused(provider, fresh, GOOD).reason == "wrong signature"


@pytest.mark.parametrize("body", [GOOD + b" ", GOOD.replace(b"SUCCESS", b"SUCCES5"), b"", b"{}"])
def test_a_body_that_was_altered_on_its_way_is_worth_nothing(
    provider: WechatPay, body: bytes
) -> None:
    assert refused(provider, signed(GOOD), body).reason == "wrong signature"


def test_a_body_is_what_was_sent_and_not_what_it_means(provider: WechatPay) -> None:
    same = json.dumps(json.loads(GOOD)).encode()
    assert same != GOOD
    assert refused(provider, signed(GOOD), same).reason == "wrong signature"


def test_one_signature_is_not_good_for_two_bodies(provider: WechatPay) -> None:
    whole = signed(GOOD, nonce="n\n" + GOOD.decode()[:20])
    assert refused(provider, whole, GOOD[20:]).reason == "unreadable nonce"


def test_a_probe_of_wechat_pay_is_refused_as_it_expects(provider: WechatPay) -> None:
    probe = changed(signed(GOOD), Wechatpay_Signature="WECHATPAY/SIGNTEST/" + "A" * 300)
    error = refused(provider, probe, GOOD)
    assert not isinstance(error, MalformedNotice)
    assert "probe" in error.reason


@pytest.mark.parametrize("signature", ["", "%%%", "AAAA", "签名", "=" * 5000])
def test_rubbish_is_no_signature(provider: WechatPay, signature: str) -> None:
    refused(provider, changed(signed(GOOD), Wechatpay_Signature=signature), GOOD)


@pytest.mark.parametrize("name", list(signed(GOOD)))
def test_a_notice_without_one_of_its_headers_is_none(provider: WechatPay, name: str) -> None:
    headers = signed(GOOD)
    del headers[name]
    assert isinstance(refused(provider, headers, GOOD), MalformedNotice)


@pytest.mark.parametrize("stamp", ["-1", "1e9", " 1772416800", "١٧٧٢٤١٦٨٠٠", "9" * 5000, "soon"])
def test_a_time_that_is_none_is_refused(provider: WechatPay, stamp: str) -> None:
    refused(provider, changed(signed(GOOD), Wechatpay_Timestamp=stamp), GOOD)


def test_another_way_of_signing_is_not_taken_for_ours(provider: WechatPay) -> None:
    other = changed(signed(GOOD), Wechatpay_Signature_Type="WECHATPAY2-SM2-WITH-SM3")
    refused(provider, other, GOOD)


def test_a_notice_larger_than_any_is_not_even_looked_at(provider: WechatPay) -> None:
    body = notice(transaction(), summary="大" * LARGEST_NOTICE)
    assert refused(provider, signed(body), body).reason == "too large"


# --- what WeChat Pay has signed, and is not for us ------------------------------------------


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        ({"mchid": "1900000110"}, "another merchant"),
        ({"appid": "wx0000000000000000"}, "another app"),
        ({"trade_type": "MICROPAY"}, "trade_type MICROPAY"),
        ({"trade_type": "APP"}, "trade_type APP"),
        ({"amount": {"total": 2000, "currency": "USD"}}, "another currency"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_money_that_went_to_others_pays_nothing_here(
    provider: WechatPay, other: dict[str, Any], reason: str
) -> None:
    body = notice(transaction(**other))
    error = refused(provider, signed(body), body)
    assert not isinstance(error, MalformedNotice)
    assert error.reason == reason


@pytest.mark.parametrize(
    "state", ["NOTPAY", "CLOSED", "REFUND", "USERPAYING", "PAYERROR", "REVOKED", "success", ""]
)
def test_nothing_is_given_for_money_that_has_not_come(provider: WechatPay, state: str) -> None:
    body = notice(transaction(trade_state=state))
    refused(provider, signed(body), body)


@pytest.mark.parametrize(
    "amount",
    [
        {"total": 0, "currency": "CNY"},
        {"total": -2000, "currency": "CNY"},
        {"total": 20.0, "currency": "CNY"},
        {"total": "2000", "currency": "CNY"},
        {"total": True, "currency": "CNY"},
        {"total": 2000},
        {"currency": "CNY"},
        None,
        2000,
    ],
    ids=str,
)
def test_an_amount_is_taken_as_it_is_or_not_at_all(provider: WechatPay, amount: Any) -> None:
    body = notice(transaction(amount=amount))
    assert isinstance(refused(provider, signed(body), body), MalformedNotice)


@pytest.mark.parametrize(
    "name", ["mchid", "appid", "out_trade_no", "transaction_id", "trade_type", "success_time"]
)
@pytest.mark.parametrize("value", [None, "", 7, [], "x" * 65])
def test_what_a_payment_is_known_by_is_never_missing(
    provider: WechatPay, name: str, value: Any
) -> None:
    body = notice(transaction(**{name: value}))
    refused(provider, signed(body), body)


@pytest.mark.parametrize(
    ("said", "event"),
    [
        (refund_told(mchid="1900000110"), "REFUND.SUCCESS"),
        (refund_told(), "REFUND.CLOSED"),
        (refund_told(refund_status="CLOSED"), "REFUND.SUCCESS"),
        (refund_told(refund_status="PAID"), "REFUND.PAID"),
        (refund_told(success_time=None), "REFUND.SUCCESS"),
        (refund_told(amount={"refund": 0, "total": 2000}), "REFUND.SUCCESS"),
        (refund_told(amount={"refund": 5, "total": 9, "currency": "USD"}), "REFUND.SUCCESS"),
        (transaction(), "REFUND.SUCCESS"),
        (refund_told(), "TRANSACTION.SUCCESS"),
    ],
)
def test_nobody_is_told_of_a_refund_that_is_not_so(
    provider: WechatPay, said: dict[str, Any], event: str
) -> None:
    body = notice(said, event=event)
    refused(provider, signed(body), body)


@pytest.mark.parametrize(
    "event", ["COUPON.USE", "", "TRANSACTION", None, 7, ["TRANSACTION.SUCCESS"]]
)
def test_notices_of_other_things_are_not_taken_for_payments(
    provider: WechatPay, event: Any
) -> None:
    body = notice(transaction(), event_type=event)
    assert isinstance(refused(provider, signed(body), body), MalformedNotice)


# --- what cannot be opened ------------------------------------------------------------------


def test_a_wrong_apiv3_key_is_named_so_that_somebody_mends_it(provider: WechatPay) -> None:
    body = notice(transaction(), apiv3_key="x" * 32)
    error = refused(provider, signed(body), body)
    assert isinstance(error, MalformedNotice)
    assert "APIv3 key" in error.reason


def resource(**others: Any) -> dict[str, Any]:
    return {**json.loads(GOOD)["resource"], **others}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'"text"',
        b"\xff\xfe",
        b"{}",
        b"[" * 60_000,
        notice(transaction(), resource=None),
        notice(transaction(), resource=[]),
        notice(transaction(), resource={}),
        notice(transaction(), resource=resource(algorithm="AEAD_SM4_GCM")),
        notice(transaction(), resource=resource(nonce="")),
        notice(transaction(), resource=resource(nonce="short")),
        notice(transaction(), resource=resource(associated_data="refund")),
        notice(transaction(), resource=resource(ciphertext="%%%")),
        notice(transaction(), resource=resource(ciphertext=7)),
        notice(transaction(), resource_type="plain"),
        notice([]),
        notice("text"),
        notice(None),
    ],
)
def test_what_is_no_notice_is_refused_and_breaks_nothing(provider: WechatPay, body: bytes) -> None:
    assert isinstance(refused(provider, signed(body), body), MalformedNotice)
