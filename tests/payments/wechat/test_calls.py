"""Charges, refunds and the call within WeChat: what is asked for, and what the answer is taken for."""

import base64
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from backend.payments.provider import (
    ONE,
    ChargeAsked,
    ChargeFound,
    ChargeState,
    NotOurs,
    Payee,
    PaymentProvider,
    ProviderRefused,
    ProviderUnreachable,
    RefundAsked,
    RefundState,
    Way,
)
from backend.payments.wechat.provider import WechatPay, cut
from tests.payments.wechat.far_end import (
    APPID,
    MCHID,
    NOW,
    OURS,
    TRANSACTION,
    FarEnd,
    key,
    line,
    refund_answer,
    transaction,
)

NUMBER, REFUND = "C2026030200001", "R2026030200001"
UNTIL = datetime(2026, 3, 2, 3, 30, 15, 999999, tzinfo=UTC)
ASKED = RefundAsked(REFUND, TRANSACTION, NUMBER, 500, 2000, "学校多收，退回")
PLACES = {
    Way.NATIVE: ("code_url", "weixin://wxpay/bizpayurl?pr=p4lpSuKzz"),
    Way.H5: ("h5_url", "https://wx.tenpay.com/cgi-bin/mmpayweb-bin/checkmweb?prepay_id=wx2916"),
    Way.JSAPI: ("prepay_id", "wx26112221580621e9b071c00d9e093b0000"),
}


@pytest.fixture(scope="module")
def shared() -> Iterator[tuple[FarEnd, WechatPay]]:
    end = FarEnd()
    provider = line(end)
    yield end, provider
    provider.stop()


@pytest.fixture
def far_end(shared: tuple[FarEnd, WechatPay]) -> FarEnd:
    shared[0].asked.clear()
    return shared[0]


@pytest.fixture
def provider(shared: tuple[FarEnd, WechatPay]) -> WechatPay:
    return shared[1]


def test_it_is_a_provider_as_the_port_has_them(provider: WechatPay) -> None:
    port: PaymentProvider = provider
    assert (port.name, port.ways) == ("wechat", frozenset(Way))


# --- charges --------------------------------------------------------------------------------


@pytest.mark.parametrize("way", Way)
def test_a_charge_is_opened_in_each_way(far_end: FarEnd, provider: WechatPay, way: Way) -> None:
    name, place = PLACES[way]
    far_end.says(200, {name: place})
    asked = ChargeAsked(NUMBER, "成绩单 2 份", 2000, UNTIL, way, "202.38.64.1", "o-openid")
    assert provider.open(asked) == place
    assert far_end.asked[-1].url.path == f"/v3/pay/transactions/{way}"
    wanted: dict[str, Any] = {
        "appid": APPID,
        "mchid": MCHID,
        "description": "成绩单 2 份",
        "out_trade_no": NUMBER,
        "time_expire": "2026-03-02T11:30:15+08:00",
        "notify_url": "https://registrar.example.edu.cn/pay/notify/wechat",
        "amount": {"total": 2000, "currency": "CNY"},
    }
    if way is Way.JSAPI:
        wanted["payer"] = {"openid": "o-openid"}
    if way is Way.H5:
        wanted["scene_info"] = {"payer_client_ip": "202.38.64.1", "h5_info": {"type": "Wap"}}
    assert far_end.heard == wanted


@pytest.mark.parametrize("said", [{}, {"code_url": ""}, {"code_url": 7}, {"prepay_id": "wx1"}])
def test_nobody_is_sent_to_pay_nowhere(
    far_end: FarEnd, provider: WechatPay, said: dict[str, Any]
) -> None:
    far_end.says(200, said)
    with pytest.raises(ProviderUnreachable, match="code_url"):
        provider.open(ChargeAsked(NUMBER, "成绩单", 2000, UNTIL, Way.NATIVE))


@pytest.mark.parametrize(
    ("title", "sent"),
    [
        ("毕" * 50, "毕" * 42),  # 126 bytes: the next would end at 129
        ("a" * 126 + "毕", "a" * 126),
        ("a" * 127, "a" * 127),
        ("𬱖" * 40, "𬱖" * 31),
        ("成绩单\n\t第二行", "成绩单 第二行"),
    ],
)
def test_a_long_title_is_cut_between_characters(
    far_end: FarEnd, provider: WechatPay, title: str, sent: str
) -> None:
    far_end.says(200, {"code_url": "weixin://x"})
    provider.open(ChargeAsked(NUMBER, title, 2000, UNTIL, Way.NATIVE))
    assert far_end.heard["description"] == sent
    assert len(cut(title, 127).encode()) <= 127


@pytest.mark.parametrize(
    ("trade_state", "state"),
    [
        ("SUCCESS", ChargeState.PAID),
        ("REFUND", ChargeState.PAID),
        ("NOTPAY", ChargeState.OPEN),
        ("USERPAYING", ChargeState.OPEN),
        ("PAYERROR", ChargeState.OPEN),
        ("CLOSED", ChargeState.CLOSED),
        ("REVOKED", ChargeState.CLOSED),
    ],
)
def test_a_charge_is_known_to_be_paid_without_its_notice(
    far_end: FarEnd, provider: WechatPay, trade_state: str, state: ChargeState
) -> None:
    said = transaction(trade_state=trade_state)
    if state is not ChargeState.PAID:
        for name in ("transaction_id", "success_time", "trade_type", "amount", "payer"):
            del said[name]
    far_end.says(200, said)
    found = provider.query(NUMBER)
    assert found.state is state
    assert (found.paid is not None) is (state is ChargeState.PAID)
    if found.paid:
        assert (found.paid.transaction_id, found.paid.amount_fen) == (TRANSACTION, 2000)
    asked = far_end.asked[-1].url.raw_path.decode()
    assert asked == f"/v3/pay/transactions/out-trade-no/{NUMBER}?mchid={MCHID}"


@pytest.mark.parametrize("code", ["ORDER_NOT_EXIST", "ORDERNOTEXIST"])
def test_a_charge_that_was_never_opened_is_unknown(
    far_end: FarEnd, provider: WechatPay, code: str
) -> None:
    far_end.says(404, {"code": code, "message": "订单不存在"})
    for payee in (None, ONE, provider.payee, Payee(MCHID, "wx-before")):
        assert provider.query(NUMBER, payee) == ChargeFound(ChargeState.UNKNOWN)
        provider.close(NUMBER, payee)
    # whom another merchant's charges are unknown to, for that they may stand open and be paid
    with pytest.raises(NotOurs):
        provider.query(NUMBER, Payee("1900000110", APPID))
    with pytest.raises(NotOurs):
        provider.close(NUMBER, Payee("1900000110", APPID))


def test_a_payer_who_paid_the_app_of_before_is_believed_for_charges_it_opened(
    far_end: FarEnd, provider: WechatPay
) -> None:
    far_end.says(200, transaction(out_trade_no=NUMBER, appid="wx-before"))
    found = provider.query(NUMBER, Payee(MCHID, "wx-before"))
    assert (found.state, found.paid is not None) == (ChargeState.PAID, True)
    for payee in (None, provider.payee, Payee(MCHID, "wx-other"), Payee("1900000110", "wx-before")):
        with pytest.raises(NotOurs):
            provider.query(NUMBER, payee)


@pytest.mark.parametrize(
    "other",
    [
        {"out_trade_no": "C2026030200002"},
        {"mchid": "1900000110"},
        {"appid": "wx0000000000000000"},
        {"trade_state": "ACCEPT"},
        {"trade_type": "FACEPAY"},
        {"amount": {"total": 2000, "currency": "USD"}},
        {"amount": {"total": None, "currency": "CNY"}},
        {"success_time": "2026-03-02T09:59:58"},
    ],
)
def test_nothing_is_decided_by_an_answer_about_something_else(
    far_end: FarEnd, provider: WechatPay, other: dict[str, Any]
) -> None:
    far_end.says(200, transaction(**other))
    with pytest.raises(ProviderUnreachable):
        provider.query(NUMBER)


@pytest.mark.parametrize("code", ["ORDER_CLOSED", "ORDERCLOSED"])
def test_closing_twice_is_closing_once(far_end: FarEnd, provider: WechatPay, code: str) -> None:
    far_end.says(204)
    provider.close(NUMBER)
    assert far_end.asked[-1].url.path == f"/v3/pay/transactions/out-trade-no/{NUMBER}/close"
    assert far_end.heard == {"mchid": MCHID}
    far_end.says(400, {"code": code})
    provider.close(NUMBER)


def test_what_could_not_be_closed_is_not_taken_for_closed(
    far_end: FarEnd, provider: WechatPay
) -> None:
    far_end.says(403, {"code": "NO_AUTH"})
    with pytest.raises(ProviderRefused):
        provider.close(NUMBER)


# --- refunds --------------------------------------------------------------------------------


def test_money_goes_back_to_where_it_came_from(far_end: FarEnd, provider: WechatPay) -> None:
    far_end.says(200, refund_answer())
    told = provider.refund(ASKED)
    assert (told.state, told.at, told.amount_fen) == (RefundState.PROCESSING, None, 500)
    assert (told.number, told.transaction_id, told.charge_number) == (REFUND, TRANSACTION, NUMBER)
    assert far_end.asked[-1].url.path == "/v3/refund/domestic/refunds"
    assert far_end.heard == {
        "notify_url": "https://registrar.example.edu.cn/pay/notify/wechat",
        "out_refund_no": REFUND,
        "amount": {"refund": 500, "total": 2000, "currency": "CNY"},
        "transaction_id": TRANSACTION,
        "reason": "学校多收，退回",
    }


def test_a_long_reason_is_cut_between_characters(far_end: FarEnd, provider: WechatPay) -> None:
    far_end.says(200, refund_answer())
    provider.refund(RefundAsked(REFUND, TRANSACTION, NUMBER, 500, 2000, "退" * 30))
    assert far_end.heard["reason"] == "退" * 26


@pytest.mark.parametrize(
    "other",
    [
        {"out_refund_no": "R2026030200002"},
        {"transaction_id": "4200009"},
        {"out_trade_no": "C2026030200002"},
        {"amount": {"refund": 501, "total": 2000}},
        {"amount": {"refund": 500, "total": 2001}},
        {"status": "DONE"},
        {"refund_id": ""},
    ],
)
def test_a_refund_is_not_taken_for_another(
    far_end: FarEnd, provider: WechatPay, other: dict[str, Any]
) -> None:
    said = {**refund_answer(), **other}
    said["amount"] = {**said["amount"], "currency": "CNY"}
    far_end.says(200, said)
    with pytest.raises(ProviderUnreachable):
        provider.refund(ASKED)


@pytest.mark.parametrize(
    ("status", "code"),
    [(403, "NOT_ENOUGH"), (403, "USER_ACCOUNT_ABNORMAL"), (404, "RESOURCE_NOT_EXISTS")],
)
def test_finance_learns_why_money_does_not_go_back(
    far_end: FarEnd, provider: WechatPay, status: int, code: str
) -> None:
    far_end.says(status, {"code": code, "message": "基本账户余额不足，请充值后重新发起"})
    with pytest.raises(ProviderRefused) as caught:
        provider.refund(ASKED)
    assert caught.value.code == code


def test_what_became_of_a_refund_can_be_asked_for(far_end: FarEnd, provider: WechatPay) -> None:
    done = refund_answer(success_time="2026-03-02T09:59:58+08:00")
    far_end.says(200, {**done, "status": "SUCCESS", "success_time": "2026-03-02T09:59:58+08:00"})
    told = provider.query_refund(REFUND)
    assert told is not None
    assert (told.state, told.at) == (
        RefundState.SUCCESS,
        datetime(2026, 3, 2, 1, 59, 58, tzinfo=UTC),
    )
    assert far_end.asked[-1].url.path == f"/v3/refund/domestic/refunds/{REFUND}"
    far_end.says(404, {"code": "RESOURCE_NOT_EXISTS", "message": "退款单不存在"})
    assert provider.query_refund(REFUND) is None
    far_end.says(200, refund_answer(out_refund_no="R2026030200002"))
    with pytest.raises(ProviderUnreachable):
        provider.query_refund(REFUND)


# --- within WeChat --------------------------------------------------------------------------


def test_a_page_within_wechat_can_have_a_charge_paid(provider: WechatPay) -> None:
    given = provider.in_wechat("wx201410272009395522657a690389285100", NOW)
    assert set(given) == {"appId", "timeStamp", "nonceStr", "package", "signType", "paySign"}
    assert (given["appId"], given["signType"]) == (APPID, "RSA")
    assert given["timeStamp"] == str(int(NOW.timestamp()))
    assert re.fullmatch(r"[0-9a-zA-Z]{1,32}", given["nonceStr"])
    text = "\n".join((APPID, given["timeStamp"], given["nonceStr"], given["package"], ""))
    key(OURS).public_key().verify(
        base64.b64decode(given["paySign"]), text.encode(), PKCS1v15(), SHA256()
    )
    later = provider.in_wechat("wx201410272009395522657a690389285100", NOW + timedelta(seconds=1))
    assert later["nonceStr"] != given["nonceStr"]
