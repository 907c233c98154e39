"""Fetching a day's bill: asked for, downloaded, unpacked within bounds, its digest compared, read."""

import hashlib
import hmac
import zlib
from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from gzip import BadGzipFile, GzipFile
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

from wechatpayv3 import WeChatPay

from backend.clock import SHANGHAI, local_date
from backend.payments.provider import Bill, Payee, ProviderRefused, ProviderUnreachable
from backend.payments.wechat import answers
from backend.payments.wechat.bill import UnreadableBill, read_bill
from backend.payments.wechat.core import GuardedCore
from backend.payments.wechat.merchant import Merchant

READY = time(10)  # "建议商户10点后再获取"
PLACE = "/v3/billdownload/"
MAGIC = b"\x1f\x8b"
LARGEST = 16 * 1024 * 1024  # bytes, packed
LARGEST_UNPACKED = 128 * 1024 * 1024


def fetch(
    library: WeChatPay,
    core: GuardedCore,
    merchant: Merchant,
    day: date,
    now: datetime,
    also: Collection[Payee] = (),
) -> Bill | None:
    """None: it is not there yet. ``also`` as in ``read_bill``. Raises ProviderUnreachable, ProviderRefused."""
    if day >= local_date(now):
        return None
    try:
        told = library.trade_bill(bill_date=day.isoformat(), bill_type="ALL", tar_type="GZIP")
    except ProviderRefused as refused:
        if refused.code in answers.BILL_TO_COME:
            return None
        if refused.code in answers.NO_BILL:
            ready = datetime.combine(day + timedelta(days=1), READY, SHANGHAI)
            return Bill(day, (), ()) if now >= ready else None
        raise
    path, digest = _where(told)
    text = _unpacked(core.download(path, LARGEST))
    if not hmac.compare_digest(hashlib.sha1(text, usedforsecurity=False).hexdigest(), digest):
        raise ProviderUnreachable("a bill that is not the one WeChat Pay has signed for")
    try:
        bill = read_bill(merchant, day, text.decode("utf-8"), also)
    except (UnreadableBill, UnicodeDecodeError) as wrong:
        raise ProviderUnreachable(f"the bill of {day} cannot be used: {wrong}") from None
    return replace(bill, content=text)


def _where(told: dict[str, Any]) -> tuple[str, str]:
    """Its path and digest. Whatever host is named, only our own gateway is asked, with our signature."""
    parts = urlsplit(str(told.get("download_url", "")))
    digest = str(told.get("hash_value", "")).lower()
    if told.get("hash_type") != "SHA1" or not digest.isascii():
        raise ProviderUnreachable("a bill with no digest that we know")
    if not parts.path.startswith(PLACE):
        raise ProviderUnreachable("a bill at no place that we know")
    return f"{parts.path}?{parts.query}", digest


def _unpacked(packed: bytes) -> bytes:
    if not packed.startswith(MAGIC):
        return packed
    try:
        with GzipFile(fileobj=BytesIO(packed)) as file:
            text = file.read(LARGEST_UNPACKED + 1)
    except (BadGzipFile, EOFError, zlib.error) as wrong:
        raise ProviderUnreachable(f"a bill that cannot be unpacked: {wrong}") from None
    if len(text) > LARGEST_UNPACKED:
        raise ProviderUnreachable("a bill that is too large")
    return text
