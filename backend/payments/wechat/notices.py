"""Notices: who sent them is settled on the raw body, before anything in it is looked at."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from backend.payments.provider import (
    ForgedNotice,
    MalformedNotice,
    OpenedAs,
    PaymentNotice,
    RefundNotice,
)
from backend.payments.wechat import refunds, transactions
from backend.payments.wechat.core import LARGEST_NOTICE, GuardedCore
from backend.payments.wechat.merchant import Merchant

PAYMENT = "TRANSACTION."


def read_notice(
    core: GuardedCore,
    merchant: Merchant,
    headers: Mapping[str, str],
    body: bytes,
    now: datetime,
    opened_as: OpenedAs | None = None,
) -> PaymentNotice | RefundNotice:
    """Raises ForgedNotice, MalformedNotice; whatever stands in ``body``, the network is not asked."""
    if len(body) > LARGEST_NOTICE:
        raise MalformedNotice("too large")
    given = {name.lower(): value for name, value in headers.items()}
    event, said = _opened(core, given, core.prove(given, body, now))
    if event.startswith(PAYMENT):
        return transactions.paid(merchant, said, opened_as)
    if event.startswith(refunds.EVENT):
        return refunds.told(merchant, event, said)
    raise MalformedNotice(f"a notice of {event[:64]!r}")


def _opened(core: GuardedCore, headers: Mapping[str, str], text: str) -> tuple[str, Any]:
    """What happened, and the object that was encrypted."""
    try:
        notice = core.callback(headers, text)
    except Exception as error:  # the library raises whatever comes up, also the bare class
        raise MalformedNotice(f"unreadable: {type(error).__name__}") from None
    if not isinstance(notice, dict):
        raise _closed(text)
    event = notice.get("event_type")
    if not isinstance(event, str):
        raise MalformedNotice("no event_type")
    return event, notice["resource"]


def _closed(text: str) -> ForgedNotice:
    """WeChat Pay has signed it, so that it cannot be opened is likely to be our mistake."""
    resource = json.loads(text).get("resource")
    if isinstance(resource, dict) and resource.get("ciphertext"):
        return MalformedNotice("it cannot be decrypted: is the APIv3 key the one of the platform?")
    return MalformedNotice("nothing is encrypted in it")
