"""What WeChat Pay says of a refund, in a notice or when asked."""

from datetime import UTC
from typing import Any

from backend.payments.provider import (
    CURRENCY,
    ForgedNotice,
    MalformedNotice,
    RefundAsked,
    RefundNotice,
    RefundState,
)
from backend.payments.wechat.merchant import Merchant
from backend.payments.wechat.transactions import NAME, Fen, Said, Text, Time, read

STATES = {
    "SUCCESS": RefundState.SUCCESS,
    "PROCESSING": RefundState.PROCESSING,
    "ABNORMAL": RefundState.ABNORMAL,
    "CLOSED": RefundState.CLOSED,
}
EVENT = "REFUND."


class _Amount(Said):
    refund: Fen
    total: Fen
    currency: Text = CURRENCY  # notices do not say it


class _Refund(Said):
    out_refund_no: Text
    refund_id: Text
    transaction_id: Text
    out_trade_no: Text
    success_time: Time | None = None
    amount: _Amount


class _InNotice(_Refund):
    mchid: Text
    refund_status: Text


class _InAnswer(_Refund):
    status: Text


def told(merchant: Merchant, event: str, said: Any) -> RefundNotice:
    """Of a notice. Raises MalformedNotice, ForgedNotice."""
    refund: _InNotice = read(_InNotice, said)
    if refund.mchid != merchant.mchid:
        raise ForgedNotice("another merchant")
    if event != EVENT + refund.refund_status:
        raise MalformedNotice(f"{event} of a refund that is {refund.refund_status}")
    return _notice(refund, refund.refund_status)


def answered(asked: RefundAsked, said: Any) -> RefundNotice:
    """Of what was just asked for. Raises MalformedNotice, and ForgedNotice for another refund."""
    refund: _InAnswer = read(_InAnswer, said)
    same = (refund.transaction_id, refund.out_trade_no, refund.amount.refund, refund.amount.total)
    if same != (asked.transaction_id, asked.charge_number, asked.amount_fen, asked.total_fen):
        raise ForgedNotice("another refund")
    return found(asked.number, said)


def found(number: str, said: Any) -> RefundNotice:
    """Of an answer. Raises MalformedNotice, and ForgedNotice for another refund."""
    refund: _InAnswer = read(_InAnswer, said)
    if refund.out_refund_no != number:
        raise ForgedNotice("another refund")
    return _notice(refund, refund.status)


def _notice(refund: _Refund, status: str) -> RefundNotice:
    state = STATES.get(status)
    if state is None:
        raise MalformedNotice(f"a refund that is {status}")
    if refund.amount.currency != CURRENCY:
        raise ForgedNotice("another currency")
    if state is RefundState.SUCCESS and refund.success_time is None:
        raise MalformedNotice("a refund that succeeded at no time")
    return RefundNotice(
        NAME,
        refund.out_refund_no,
        refund.refund_id,
        refund.transaction_id,
        refund.out_trade_no,
        refund.amount.refund,
        state,
        refund.success_time.astimezone(UTC) if refund.success_time else None,
    )
