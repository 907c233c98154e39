"""A day's bill (交易账单) as WeChat Pay writes it: rows of CSV, each value behind a backtick, and a summary."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO

from backend.payments.provider import (
    CURRENCY,
    Bill,
    BillPayment,
    BillRefund,
    Payee,
    RefundState,
)
from backend.payments.wechat.merchant import Merchant

MOST_ROWS = 200_000
MARK = "`"
AMOUNT = re.compile(r"-?[0-9]{1,12}(\.[0-9]{1,8})?")  # yuan
TITLE = "商品名称"  # free text, as the next column is: either may hold anything but a line break
FEE, TOTAL, REFUNDED = "手续费", "订单金额", "申请退款金额"
SUMMARY = {"手续费总金额": FEE, "订单总金额": TOTAL, "申请退款总金额": REFUNDED}
ROWS = "总交易单数"
TIME, APP, MERCHANT, MONEY = "交易时间", "公众账号ID", "商户号", "货币种类"
TRANSACTION, CHARGE, STATE = "微信订单号", "商户订单号", "交易状态"
REFUND_ID, REFUND_NUMBER, REFUND_STATE = "微信退款单号", "商户退款单号", "退款状态"
NEEDED = (
    *(TIME, APP, MERCHANT, MONEY, TRANSACTION, CHARGE, STATE),
    *(REFUND_ID, REFUND_NUMBER, REFUND_STATE, FEE, TOTAL, REFUNDED),
)
PAID, REFUNDING, REVOKED = "SUCCESS", "REFUND", "REVOKED"  # the last only at a counter
REFUND_STATES = {
    "SUCCESS": RefundState.SUCCESS,
    "PROCESSING": RefundState.PROCESSING,
    "FAIL": RefundState.CLOSED,
    "CHANGE": RefundState.ABNORMAL,
    "ABNORMAL": RefundState.ABNORMAL,
    "CLOSED": RefundState.CLOSED,
}

Row = dict[str, str]


class UnreadableBill(ValueError):
    """It is not such a bill, not of this merchant, or does not add up. Nothing of it is to be used."""


def read_bill(merchant: Merchant, day: date, text: str, also: Collection[Payee] = ()) -> Bill:
    """What was booked for our app, or one that we were (``also``); other apps of the same merchant are
    counted and left out.

    Raises UnreadableBill.
    """
    ours = {merchant.payee, *also}
    lines = _lines(text.removeprefix("\ufeff"))
    names = next(lines, "").split(",")
    if missing := [name for name in NEEDED if name not in names]:
        raise UnreadableBill(f"no column {missing[0]}")
    payments: list[BillPayment] = []
    refunds: list[BillRefund] = []
    sums: Counter[str] = Counter()
    for line in lines:
        if not line.startswith(MARK):
            _add_up(sums, line, lines)
            return Bill(day, tuple(payments), tuple(refunds))
        row = _row(names, line)
        sums.update({ROWS: 1, **{column: fen(row[column]) for column in SUMMARY.values()}})
        if sums[ROWS] > MOST_ROWS:
            raise UnreadableBill("too many rows")
        if not _belongs(merchant, ours, row):
            continue
        if row[STATE] == PAID:
            payments.append(_payment(row))
        elif row[STATE] == REFUNDING:
            refunds.append(_refund(row))
        elif row[STATE] != REVOKED:
            raise UnreadableBill("a row in an unknown state")
    raise UnreadableBill("no summary: it ends too early")


def fen(text: str) -> int:
    """``12.30`` or ``12.30000`` yuan, exactly. Raises UnreadableBill for parts of a fen."""
    if not AMOUNT.fullmatch(text):
        raise UnreadableBill("an amount that is none")
    exact = Decimal(text) * 100
    if exact != int(exact):
        raise UnreadableBill("an amount that is no whole number of fen")
    return int(exact)


def _lines(text: str) -> Iterator[str]:
    """Only at line feeds: a title may hold what else Unicode takes for the end of a line."""
    return (line.rstrip("\r\n") for line in StringIO(text, newline="\n"))


def _row(names: Sequence[str], line: str) -> Row:
    values = _values(line)
    if len(values) > len(names) and TITLE in names:
        # A title with the separator in it is in more than one piece; what stands after it counts
        # from the end.
        title, more = names.index(TITLE), len(values) - len(names)
        values = [*values[:title], *values[title + more :]]
    return _named(names, values)


def _values(line: str) -> list[str]:
    return line.removeprefix(MARK).split("," + MARK)


def _named(names: Sequence[str], values: Sequence[str]) -> Row:
    if len(values) != len(names):
        raise UnreadableBill("a row with another number of columns")
    return dict(zip(names, values, strict=True))


def _add_up(sums: Counter[str], heading: str, rest: Iterator[str]) -> None:
    """``heading`` begins the summary, and the next line is its values and the last."""
    summary = _named(heading.split(","), _values(next(rest, "")))
    if any(rest):
        raise UnreadableBill("something stands behind the summary")
    if summary.get(ROWS) != str(sums[ROWS]):
        raise UnreadableBill("another number of rows than its summary says")
    for name, column in SUMMARY.items():
        if fen(summary.get(name, "")) != sums[column]:
            raise UnreadableBill(f"{column} is not in sum what its summary says")


def _belongs(merchant: Merchant, ours: Collection[Payee], row: Row) -> bool:
    if row[MERCHANT] != merchant.mchid:
        raise UnreadableBill("a row of another merchant")
    if Payee(merchant.mchid, row[APP]) not in ours:
        return False
    if row[MONEY] != CURRENCY:
        raise UnreadableBill("another currency")
    return True


def _payment(row: Row) -> BillPayment:
    try:
        at = datetime.fromisoformat(f"{row[TIME]}+08:00")
    except ValueError:
        raise UnreadableBill("a time that is none") from None
    return BillPayment(
        row[TRANSACTION], row[CHARGE], fen(row[TOTAL]), fen(row[FEE]), at.astimezone(UTC)
    )


def _refund(row: Row) -> BillRefund:
    state = REFUND_STATES.get(row[REFUND_STATE])
    if state is None:
        raise UnreadableBill("a refund in an unknown state")
    return BillRefund(
        row[REFUND_ID],
        row[REFUND_NUMBER],
        row[TRANSACTION],
        fen(row[REFUNDED]),
        abs(fen(row[FEE])),  # given back: WeChat Pay writes it as less than nothing
        state,
    )
