"""A day's bill: to the fen, whole, ours, and of nobody who only says so."""

import gzip
import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.payments.provider import (
    Bill,
    BillPayment,
    BillRefund,
    Payee,
    ProviderRefused,
    ProviderUnreachable,
    RefundState,
)
from backend.payments.wechat import bill, bills
from backend.payments.wechat.bill import UnreadableBill, fen, read_bill
from tests.payments.wechat.far_end import (
    APPID,
    MCHID,
    TRANSACTION,
    FarEnd,
    line,
    merchant,
    signed,
    signed_by_us,
)

DAY = date(2026, 3, 1)
TEN = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)  # ten in the morning of the next day, in China
NAMES = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,"
    "货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,"
    "商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注"
)
SUMMED = (
    "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
)
Row = dict[str, str]


def paid(**changed: str) -> Row:
    usual = {
        **dict.fromkeys(NAMES.split(","), ""),
        "交易时间": "2026-03-01 08:05:09",
        "公众账号ID": APPID,
        "商户号": MCHID,
        "特约商户号": "0",
        "微信订单号": TRANSACTION,
        "商户订单号": "C2026030100001",
        "交易类型": "NATIVE",
        "交易状态": "SUCCESS",
        "付款银行": "OTHERS",
        "货币种类": "CNY",
        "应结订单金额": "20.00",
        "代金券金额": "0.00",
        "微信退款单号": "0",
        "商户退款单号": "0",
        "退款金额": "0.00",
        "充值券退款金额": "0.00",
        "商品名称": "成绩单 2 份",
        "手续费": "0.12000",
        "费率": "0.60%",
        "订单金额": "20.00",
        "申请退款金额": "0.00",
    }
    return {**usual, **changed}


def refunded(**changed: str) -> Row:
    usual = {
        "交易状态": "REFUND",
        "应结订单金额": "0.00",
        "微信退款单号": "50000000382019052709732678859",
        "商户退款单号": "R2026030100001",
        "退款金额": "5.00",
        "退款类型": "ORIGINAL",
        "退款状态": "SUCCESS",
        "手续费": "-0.03000",
        "订单金额": "0.00",
        "申请退款金额": "5.00",
    }
    return paid(**{**usual, **changed})


def written(rows: Sequence[Row], *, end: str = "\r\n", **summary: str) -> str:
    def total(name: str) -> str:
        return str(sum((Decimal(row[name]) for row in rows), Decimal("0.00")))

    usual = {
        "总交易单数": str(len(rows)),
        "应结订单总金额": total("应结订单金额"),
        "退款总金额": total("退款金额"),
        "充值券退款总金额": total("充值券退款金额"),
        "手续费总金额": total("手续费"),
        "订单总金额": total("订单金额"),
        "申请退款总金额": total("申请退款金额"),
    }
    values = [",".join(f"`{value}" for value in row.values()) for row in rows]
    last = ",".join(f"`{value}" for value in {**usual, **summary}.values())
    return end.join((NAMES, *values, SUMMED, last, ""))


def read(text: str) -> Bill:
    return read_bill(merchant(), DAY, text)


# --- what it says ---------------------------------------------------------------------------


@pytest.mark.parametrize("end", ["\r\n", "\n"])
@pytest.mark.parametrize("begin", ["", "\ufeff"])
def test_finance_finds_every_payment_and_refund_of_the_day(end: str, begin: str) -> None:
    assert read(begin + written([paid(), refunded()], end=end)) == Bill(
        DAY,
        (
            BillPayment(
                TRANSACTION,
                "C2026030100001",
                2000,
                12,
                datetime(2026, 3, 1, 0, 5, 9, tzinfo=UTC),
            ),
        ),
        (
            BillRefund(
                "50000000382019052709732678859",
                "R2026030100001",
                TRANSACTION,
                500,
                3,
                RefundState.SUCCESS,
            ),
        ),
    )


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("SUCCESS", RefundState.SUCCESS),
        ("PROCESSING", RefundState.PROCESSING),
        ("FAIL", RefundState.CLOSED),
        ("CHANGE", RefundState.ABNORMAL),
        ("CLOSED", RefundState.CLOSED),
    ],
)
def test_a_refund_on_the_bill_is_as_far_as_it_says(said: str, state: RefundState) -> None:
    assert read(written([refunded(退款状态=said)])).refunds[0].state is state


@pytest.mark.parametrize(
    "title", ["a,b", "a,`b", ",`", "`", '"', "a\u2028b", "a\x0bb", "a\x85b", "a\rb"]
)
def test_a_strange_title_does_not_hide_the_day(title: str) -> None:
    got = read(written([paid(商品名称=title), refunded(商品名称=title, 商户数据包=title)]))
    assert [one.amount_fen for one in got.payments] == [2000]
    assert [one.amount_fen for one in got.refunds] == [500]


def test_money_of_another_app_of_the_merchant_is_none_of_ours() -> None:
    got = read(written([paid(), paid(公众账号ID="wx0000000000000000", 订单金额="99.99")]))
    assert [one.amount_fen for one in got.payments] == [2000]


def test_what_the_app_of_before_has_taken_is_in_the_bill() -> None:
    text = written([paid(), paid(公众账号ID="wx-before", 订单金额="8.00")])
    ours = {Payee(MCHID, "wx-before"), Payee("1900000110", "wx-other")}
    got = read_bill(merchant(), DAY, text, ours)
    assert [one.amount_fen for one in got.payments] == [2000, 800]


def test_what_was_revoked_at_a_counter_is_no_payment() -> None:
    assert read(written([paid(交易状态="REVOKED")])).payments == ()


def test_a_day_that_was_written_down_and_is_empty_is_empty() -> None:
    assert read(written([])) == Bill(DAY, (), ())


# --- exactly --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("0", 0),
        ("0.0", 0),
        ("0.00000", 0),
        ("0.01", 1),
        ("-0.03000", -3),
        ("1.10", 110),
        ("20", 2000),
        ("1299.02", 129902),
        ("999999999999.99", 99999999999999),
    ],
)
def test_amounts_are_exact(text: str, amount: int) -> None:
    assert fen(text) == amount


@pytest.mark.parametrize(
    "text",
    [
        "",
        " 1.00",
        "1.001",
        "0.00600",
        "1e2",
        "NaN",
        "Infinity",
        "1_0",
        "１.00",
        "+1",
        "1.",
        ".5",
        "1,000.00",
        "9" * 13,
    ],
)
def test_an_amount_that_is_not_exact_is_not_guessed(text: str) -> None:
    with pytest.raises(UnreadableBill):
        fen(text)


@given(st.integers(min_value=-(10**14) + 1, max_value=10**14 - 1), st.integers(0, 3))
def test_every_amount_comes_back_to_the_fen(amount: int, zeros: int) -> None:
    sign, whole = "-" if amount < 0 else "", abs(amount)
    assert fen(f"{sign}{whole // 100}.{whole % 100:02}{'0' * zeros}") == amount


# --- whole, and ours ------------------------------------------------------------------------

GOOD = written([paid(), refunded()])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "<html>502</html>",
        "\n".join(GOOD.splitlines()[:-2]),
        "\n".join(GOOD.splitlines()[:-1]),
        GOOD + "`more\r\n",
        GOOD.replace("商户订单号", "商户单号"),
        GOOD.replace("`NATIVE,", ""),
        GOOD.replace(MCHID, "1900000110"),
        GOOD.replace("CNY", "USD", 1),
        GOOD.replace("2026-03-01 08:05:09", "2026-03-01 25:05:09", 1),
        GOOD.replace("`SUCCESS,`OTHERS", "`NOTPAY,`OTHERS", 1),
        GOOD.replace("`ORIGINAL,`SUCCESS", "`ORIGINAL,`SOON"),
        written([paid(), refunded()], 总交易单数="3"),
        written([paid(), refunded()], 订单总金额="20.01"),
        written([paid(), refunded()], 手续费总金额="0.10"),
        written([paid(), refunded()], 申请退款总金额="0.00"),
    ],
)
def test_a_bill_that_does_not_add_up_is_not_used_in_part(text: str) -> None:
    with pytest.raises(UnreadableBill):
        read(text)


def test_a_bill_of_too_many_rows_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bill, "MOST_ROWS", 1)
    with pytest.raises(UnreadableBill, match="too many"):
        read(GOOD)


@settings(max_examples=50)
@given(st.lists(st.booleans(), max_size=12), st.integers(0, 30))
def test_a_row_that_is_missing_is_always_noticed(kinds: list[bool], place: int) -> None:
    rows = [refunded() if kind else paid() for kind in kinds]
    lines = written(rows).split("\r\n")
    if rows:
        del lines[1 + place % len(rows)]
        with pytest.raises(UnreadableBill):
            read("\r\n".join(lines))
    else:
        assert read("\r\n".join(lines)) == Bill(DAY, (), ())


# --- fetched --------------------------------------------------------------------------------


def offered(text: str, **changed: Any) -> FarEnd:
    end = FarEnd(file=gzip.compress(text.encode()))
    said = {
        "hash_type": "SHA1",
        "hash_value": hashlib.sha1(text.encode()).hexdigest(),
        "download_url": "https://api.mch.weixin.qq.com/v3/billdownload/file?token=6XIvGvHz_g",
    }
    return end.says(200, {**said, **changed})


def fetched(end: FarEnd, day: date = DAY, now: datetime = TEN) -> Bill | None:
    provider = line(end, now)
    try:
        end.sign = lambda body: signed(body, at=now)
        return provider.bill(day)
    finally:
        provider.stop()


def test_the_bill_is_asked_for_and_fetched() -> None:
    end = offered(GOOD)
    assert fetched(end) == replace(read(GOOD), content=GOOD.encode())
    asked = [request.url.raw_path.decode() for request in end.asked]
    assert asked == [
        "/v3/bill/tradebill?bill_date=2026-03-01&bill_type=ALL&tar_type=GZIP",
        "/v3/billdownload/file?token=6XIvGvHz_g",
    ]
    for request in end.asked:
        signed_by_us(request)


def test_our_signature_goes_to_no_other_host() -> None:
    end = offered(GOOD, download_url="https://elsewhere.example/v3/billdownload/file?token=6XIvG")
    assert fetched(end) == replace(read(GOOD), content=GOOD.encode())
    for request in end.asked:
        signed_by_us(request)  # which looks at the host as well


def test_a_bill_that_was_not_packed_is_read_as_well() -> None:
    end = offered(GOOD)
    end.file = GOOD.encode()
    assert fetched(end) == replace(read(GOOD), content=GOOD.encode())


@pytest.mark.parametrize(
    "changed",
    [
        {"hash_value": hashlib.sha1(b"another").hexdigest()},
        {"hash_value": ""},
        {"hash_value": "文"},
        {"hash_type": "SM3"},
        {"download_url": "https://api.mch.weixin.qq.com/v3/refund/domestic/refunds"},
        {"download_url": ""},
        {"download_url": None},
    ],
)
def test_a_bill_that_wechat_pay_has_not_signed_for_is_not_used(changed: dict[str, Any]) -> None:
    with pytest.raises(ProviderUnreachable):
        fetched(offered(GOOD, **changed))


@pytest.mark.parametrize(
    "file",
    [
        b"",
        b"\x1f\x8b",
        gzip.compress(GOOD.encode())[:-9],
        gzip.compress(GOOD.encode() + b"`"),
        b"\x1f\x8b\x08" + bytes(40),
    ],
)
def test_a_file_that_arrived_otherwise_is_not_used(file: bytes) -> None:
    end = offered(GOOD)
    end.file = file
    with pytest.raises(ProviderUnreachable):
        fetched(end)


def test_a_bill_that_does_not_add_up_is_asked_for_again() -> None:
    with pytest.raises(ProviderUnreachable, match="2026-03-01"):
        fetched(offered(written([paid()], 总交易单数="7")))


def test_a_bomb_fills_no_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bills, "LARGEST_UNPACKED", 1000)
    with pytest.raises(ProviderUnreachable, match="too large"):
        fetched(offered("x" * 1001))
    monkeypatch.setattr(bills, "LARGEST", 10)
    with pytest.raises(ProviderUnreachable, match="too large"):
        fetched(offered(GOOD))


def test_a_bill_that_is_still_written_is_waited_for() -> None:
    end = FarEnd().says(400, {"code": "STATEMENT_CREATING", "message": "账单生成中"})
    assert fetched(end) is None


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (TEN, Bill(DAY, (), ())),
        (TEN + timedelta(days=40), Bill(DAY, (), ())),
        (TEN - timedelta(seconds=1), None),
    ],
)
def test_a_day_is_empty_only_once_its_bill_would_be_there(
    now: datetime, expected: Bill | None
) -> None:
    end = FarEnd().says(400, {"code": "NO_STATEMENT_EXIST", "message": "账单文件不存在"})
    assert fetched(end, now=now) == expected


@pytest.mark.parametrize("now", [TEN - timedelta(hours=10, seconds=1), TEN - timedelta(days=9)])
def test_nobody_is_asked_for_the_bill_of_a_day_that_is_not_over(now: datetime) -> None:
    end = offered(GOOD)
    assert fetched(end, now=now) is None
    assert end.asked == []


def test_a_bill_that_is_refused_is_refused() -> None:
    with pytest.raises(ProviderRefused):
        fetched(FarEnd().says(400, {"code": "PARAM_ERROR"}))
