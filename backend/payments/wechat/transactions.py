"""What WeChat Pay says of a charge, in a notice or when asked: read, and held against who we are."""

from datetime import UTC
from typing import Annotated, Any

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
)

from backend.payments.provider import (
    CURRENCY,
    ChargeFound,
    ChargeState,
    ForgedNotice,
    MalformedNotice,
    OpenedAs,
    Payee,
    PaymentNotice,
    Way,
)
from backend.payments.wechat.merchant import Merchant

NAME = "wechat"
TRADE_TYPES = {"NATIVE": Way.NATIVE, "MWEB": Way.H5, "JSAPI": Way.JSAPI}
STATES = {
    "SUCCESS": ChargeState.PAID,
    "REFUND": ChargeState.PAID,  # money was paid back, all or some: paid it has been
    "NOTPAY": ChargeState.OPEN,
    "USERPAYING": ChargeState.OPEN,
    "PAYERROR": ChargeState.OPEN,  # an attempt failed; nothing says that there is no other
    "CLOSED": ChargeState.CLOSED,
    "REVOKED": ChargeState.CLOSED,
}

Text = Annotated[str, Field(min_length=1, max_length=64)]
Fen = Annotated[int, Field(strict=True, gt=0, le=2**53)]
Time = Annotated[AwareDatetime, BeforeValidator(TypeAdapter(Text).validate_python)]  # no number


class Said(BaseModel):
    """Of what WeChat Pay says, only what we use; it may say more."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


class _Head(Said):
    mchid: Text
    appid: Text
    out_trade_no: Text
    trade_state: Text


class _Amount(Said):
    total: Fen  # of the order, whatever coupons the payer used
    currency: Text


class _Payment(Said):
    transaction_id: Text
    trade_type: Text
    success_time: Time
    amount: _Amount


def paid(merchant: Merchant, said: Any, opened_as: OpenedAs | None = None) -> PaymentNotice:
    """Of a notice. Raises MalformedNotice where no money has come in, ForgedNotice for others' money."""
    head: _Head = read(_Head, said)
    _require_ours(merchant, head, opened_as(head.out_trade_no) if opened_as else None)
    if head.trade_state != "SUCCESS":
        raise MalformedNotice(f"trade_state {head.trade_state}")
    return _payment(head, said)


def found(merchant: Merchant, number: str, said: Any, opened: Payee | None = None) -> ChargeFound:
    """Of an answer. Raises ForgedNotice, MalformedNotice: it is not about ``number``, or not ours."""
    head: _Head = read(_Head, said)
    _require_ours(merchant, head, opened)
    if head.out_trade_no != number:
        raise ForgedNotice("another charge")
    state = STATES.get(head.trade_state)
    if state is None:
        raise MalformedNotice(f"trade_state {head.trade_state}")
    return ChargeFound(state, _payment(head, said) if state is ChargeState.PAID else None)


def read(model: type[Said], said: Any) -> Any:
    """Raises MalformedNotice."""
    try:
        return model.model_validate(said)
    except ValidationError as error:
        places = {".".join(map(str, fault["loc"])) for fault in error.errors()}
        raise MalformedNotice(f"faults in {', '.join(sorted(places))}") from None


def _require_ours(merchant: Merchant, head: _Head, opened: Payee | None) -> None:
    """For whom we are now, or for whom the charge was ``opened``."""
    if Payee(head.mchid, head.appid) not in (merchant.payee, opened):
        raise ForgedNotice("another merchant" if head.mchid != merchant.mchid else "another app")


def _payment(head: _Head, said: Any) -> PaymentNotice:
    payment: _Payment = read(_Payment, said)
    if payment.trade_type not in TRADE_TYPES:
        raise ForgedNotice(f"trade_type {payment.trade_type}")
    if payment.amount.currency != CURRENCY:
        raise ForgedNotice("another currency")
    return PaymentNotice(
        NAME,
        payment.transaction_id,
        head.out_trade_no,
        payment.amount.total,
        payment.amount.currency,
        payment.success_time.astimezone(UTC),
    )
