"""What an answer of WeChat Pay means: it will, it will not, or it is to be asked again."""

import json
from collections.abc import Callable
from typing import Any

from backend.payments.provider import AlreadyPaid, ProviderRefused, ProviderUnreachable

PAID = frozenset({"ORDERPAID", "ORDER_PAID"})
LATER = frozenset(
    {"SYSTEM_ERROR", "FREQUENCY_LIMITED", "FREQUENCY_LIMIT_EXCEED", "RATELIMIT_EXCEEDED"}
)
NO_ORDER = frozenset({"ORDER_NOT_EXIST", "ORDERNOTEXIST"})  # both are documented
CLOSED = frozenset({"ORDER_CLOSED", "ORDERCLOSED"})
NO_REFUND = frozenset({"RESOURCE_NOT_EXISTS"})
BILL_TO_COME = frozenset({"STATEMENT_CREATING"})
NO_BILL = frozenset({"NO_STATEMENT_EXIST"})
WORDS = 200  # characters of a message that are kept


def judged(status: int, body: bytes, believe: Callable[[], None]) -> dict[str, Any]:
    """The object in a good answer; ``believe`` raises for one that is not WeChat Pay's.

    Errors count as little as anything else unless they are signed: "there is no such order" decides
    about money. Raises ProviderUnreachable, ProviderRefused, AlreadyPaid.
    """
    if status == 429 or status >= 500:  # servers on the way say so as well, and do not sign
        raise ProviderUnreachable(f"status {status}")
    believe()
    if status == 204:
        return {}
    try:
        said = json.loads(body)
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise ProviderUnreachable(f"status {status} and no JSON object")
    if status == 200:
        return said
    code, words = str(said.get("code", "")), str(said.get("message", ""))[:WORDS]
    if status < 400 or not code or code in LATER:  # 202: taken in, not yet done
        raise ProviderUnreachable(f"status {status} {code}".rstrip())
    raise (AlreadyPaid if code in PAID else ProviderRefused)(code, words)
