"""WeChat Pay as the port has it. Calls are wechatpayv3's, by way of a core that is on its guard."""

import re
import secrets
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any
from urllib.parse import quote

import httpx
from wechatpayv3 import WeChatPay as Library
from wechatpayv3 import WeChatPayType

from backend.clock import SHANGHAI, Clock
from backend.payments.provider import (
    CURRENCY,
    Bill,
    ChargeAsked,
    ChargeFound,
    ChargeState,
    ForgedNotice,
    NotOurs,
    OpenedAs,
    Payee,
    PaymentNotice,
    ProviderRefused,
    ProviderUnreachable,
    RefundAsked,
    RefundNotice,
    Way,
)
from backend.payments.wechat import answers, bills, notices, refunds, transactions
from backend.payments.wechat.core import GuardedCore
from backend.payments.wechat.merchant import Merchant

KINDS = {
    Way.NATIVE: WeChatPayType.NATIVE,
    Way.H5: WeChatPayType.H5,
    Way.JSAPI: WeChatPayType.JSAPI,
}
HOLDS = {Way.NATIVE: "code_url", Way.H5: "h5_url", Way.JSAPI: "prepay_id"}
CHARGE_NUMBER = re.compile(r"[0-9A-Za-z_\-|*]{6,32}")
REFUND_NUMBER = re.compile(r"[0-9A-Za-z_\-|*@]{1,64}")
LONGEST_TITLE = 127  # bytes
LONGEST_REASON = 80


class WechatPay:
    """Safe to use from several threads; building one asks nobody. ``stop`` ends its connections."""

    name = transactions.NAME

    def __init__(
        self, merchant: Merchant, clock: Clock, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._merchant = merchant
        self._clock = clock
        self._core = GuardedCore(merchant, clock, transport)
        asked_for, key = next(iter(merchant.public_keys.items()))
        self._library = Library(
            wechatpay_type=WeChatPayType.NATIVE,
            mchid=merchant.mchid,
            private_key=merchant.private_key,
            cert_serial_no=merchant.certificate_serial,
            appid=merchant.appid,
            apiv3_key=merchant.apiv3_key,
            notify_url=merchant.notify_url,
            public_key=key,
            public_key_id=asked_for,
        )
        self._library._core = self._core  # which it would make itself, and cannot be given

    @property
    def payee(self) -> Payee:
        return self._merchant.payee

    @property
    def ways(self) -> frozenset[Way]:
        return self._merchant.ways

    def stop(self) -> None:
        self._core.stop()

    def open(self, asked: ChargeAsked) -> str:
        """As the port says. Raises ValueError for a number that WeChat Pay does not take."""
        answer = self._library.pay(
            description=cut(asked.title, LONGEST_TITLE),
            out_trade_no=_checked(CHARGE_NUMBER, asked.number),
            amount={"total": asked.amount_fen, "currency": CURRENCY},
            time_expire=asked.expires_at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
            payer={"openid": asked.openid} if asked.way is Way.JSAPI else None,
            scene_info=_scene(asked),
            pay_type=KINDS[asked.way],
        )
        place = answer.get(HOLDS[asked.way])
        if not isinstance(place, str) or not place:
            raise ProviderUnreachable(f"an answer without {HOLDS[asked.way]}")
        if asked.way is Way.NATIVE and self._merchant.scan_at:
            return f"{self._merchant.scan_at}{quote(place, safe='')}"
        return place

    def query(self, charge_number: str, payee: Payee | None = None) -> ChargeFound:
        try:
            answer = self._library.query(out_trade_no=_in_path(CHARGE_NUMBER, charge_number))
        except ProviderRefused as refused:
            if refused.code in answers.NO_ORDER:
                self._require_opened_here(payee)
                return ChargeFound(ChargeState.UNKNOWN)
            raise
        with _about_us():
            return transactions.found(self._merchant, charge_number, answer, payee)

    def close(self, charge_number: str, payee: Payee | None = None) -> None:
        try:
            self._library.close(out_trade_no=_in_path(CHARGE_NUMBER, charge_number))
        except ProviderRefused as refused:
            if refused.code in answers.NO_ORDER:
                self._require_opened_here(payee)
            elif refused.code not in answers.CLOSED:
                raise

    def _require_opened_here(self, payee: Payee | None) -> None:
        """Each merchant knows its own charges only: of another's, "no such order" says nothing."""
        if payee is not None and payee.merchant not in ("", self._merchant.mchid):
            raise NotOurs(f"it was opened for {payee.merchant}, and we are {self._merchant.mchid}")

    def refund(self, asked: RefundAsked) -> RefundNotice:
        answer = self._library.refund(
            out_refund_no=_checked(REFUND_NUMBER, asked.number),
            transaction_id=asked.transaction_id,
            amount={
                "refund": asked.amount_fen,
                "total": asked.total_fen,
                "currency": CURRENCY,
            },
            reason=cut(asked.reason, LONGEST_REASON),
        )
        with _about_us():
            return refunds.answered(asked, answer)

    def query_refund(self, number: str) -> RefundNotice | None:
        try:
            answer = self._library.query_refund(out_refund_no=_in_path(REFUND_NUMBER, number))
        except ProviderRefused as refused:
            if refused.code in answers.NO_REFUND:
                return None
            raise
        with _about_us():
            return refunds.found(number, answer)

    def bill(self, day: date, also: Collection[Payee] = ()) -> Bill | None:
        now = self._clock.now()
        return bills.fetch(self._library, self._core, self._merchant, day, now, also)

    def in_wechat(self, prepay_id: str, now: datetime) -> Mapping[str, str]:
        """The arguments of ``getBrandWCPayRequest``."""
        stamp, nonce = str(int(now.timestamp())), secrets.token_hex(16)
        package = f"prepay_id={prepay_id}"
        return {
            "appId": self._merchant.appid,
            "timeStamp": stamp,
            "nonceStr": nonce,
            "package": package,
            "signType": "RSA",
            "paySign": self._library.sign([self._merchant.appid, stamp, nonce, package]),
        }

    def read_notice(
        self,
        headers: Mapping[str, str],
        body: bytes,
        now: datetime,
        opened_as: OpenedAs | None = None,
    ) -> PaymentNotice | RefundNotice:
        return notices.read_notice(self._core, self._merchant, headers, body, now, opened_as)


def cut(text: str, most: int) -> str:
    """At most so many bytes of UTF-8, of whole characters, on one line."""
    return " ".join(text.split()).encode()[:most].decode(errors="ignore")


@contextmanager
def _about_us() -> Iterator[None]:
    """Signed, and yet not what was asked for: no answer that counts."""
    try:
        yield
    except ForgedNotice as wrong:
        raise NotOurs(f"an answer that is not ours: {wrong.reason}") from None


def _checked(form: re.Pattern[str], number: str) -> str:
    if not form.fullmatch(number):
        raise ValueError(f"no number for WeChat Pay: {number!r}")
    return number


def _in_path(form: re.Pattern[str], number: str) -> str:
    """The library puts it into the address as it is, where a number may lead nowhere else."""
    return quote(_checked(form, number), safe="*@")


def _scene(asked: ChargeAsked) -> dict[str, Any] | None:
    if asked.way is not Way.H5:
        return None
    return {"payer_client_ip": asked.payer_ip, "h5_info": {"type": "Wap"}}
