"""Whether a request has the form API v3 asks for; what is wrong is said as WeChat Pay says it."""

import ipaddress
import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from tests.peers.wechatpay.errors import ApiError, parameter

NUMBER = re.compile(r"[0-9A-Za-z_\-|*]{6,32}")
REFUND_NUMBER = re.compile(r"[0-9A-Za-z_\-|*@]{1,64}")
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)")
MOST = 2**63 - 1


def json_object(body: bytes) -> dict[str, Any]:
    try:
        read = json.loads(body)
    except ValueError:
        raise ApiError(400, "PARAM_ERROR", "请求体不是合法的JSON") from None
    if not isinstance(read, dict):
        raise ApiError(400, "PARAM_ERROR", "请求体不是合法的JSON对象")
    return read


class Fields:
    """Reads an object of a request; ``at`` is its place, as in ``/amount``."""

    def __init__(self, given: Mapping[str, Any], at: str = "") -> None:
        self._given = given
        self._at = at

    def text(self, name: str, most: int, *, needed: bool = True) -> str:
        value = self._given.get(name)
        if value is None and not needed:
            return ""
        if not isinstance(value, str):
            issue = "必填字段缺失" if value is None else "此字段需要一个字符串"
            raise parameter(f"{self._at}/{name}", issue, value)
        if (needed and not value) or len(value) > most:
            issue = f"字符串长度应在 {int(needed)} 到 {most} 之间"
            raise parameter(f"{self._at}/{name}", issue, value)
        return value

    def fen(self, name: str) -> int:
        value = self._given.get(name)
        if not isinstance(value, int) or isinstance(value, bool):
            issue = "必填字段缺失" if value is None else "此字段需要一个合法的 64 位有符号整数"
            raise parameter(f"{self._at}/{name}", issue, value)
        if not 1 <= value <= MOST:
            raise parameter(f"{self._at}/{name}", "数值应大于等于 1", value)
        return value

    def inner(self, name: str) -> "Fields":
        value = self._given.get(name)
        if not isinstance(value, dict):
            issue = "必填字段缺失" if value is None else "此字段需要一个对象"
            raise parameter(f"{self._at}/{name}", issue, value)
        return Fields(value, f"{self._at}/{name}")

    def has(self, name: str) -> bool:
        return self._given.get(name) is not None

    def matching(self, name: str, form: re.Pattern[str], most: int) -> str:
        value = self.text(name, most)
        if not form.fullmatch(value):
            raise parameter(f"{self._at}/{name}", "存在不允许的字符或长度不符", value)
        return value

    def moment(self, name: str) -> datetime | None:
        if not self.has(name):
            return None
        value = self.text(name, 64)
        if RFC3339.fullmatch(value):
            try:
                return datetime.fromisoformat(value)
            except ValueError:
                pass  # the thirtieth of February has the form, too
        raise parameter(f"{self._at}/{name}", "应为 yyyy-MM-DDTHH:mm:ss+TIMEZONE", value)

    def currency(self) -> None:
        if self.has("currency") and self._given["currency"] != "CNY":
            raise parameter(f"{self._at}/currency", "仅支持 CNY", self._given["currency"])

    def address(self, name: str) -> str:
        value = self.text(name, 45)
        try:
            ipaddress.ip_address(value)
        except ValueError:
            raise parameter(f"{self._at}/{name}", "不是合法的IP地址", value) from None
        return value

    def notify_url(self, *, allow_http: bool, needed: bool = True) -> str:
        value = self.text("notify_url", 255, needed=needed)
        if not value:
            return ""
        parts = urlsplit(value)
        schemes = ("https", "http") if allow_http else ("https",)
        if parts.scheme not in schemes or not parts.hostname:
            raise parameter(f"{self._at}/notify_url", "通知地址必须为 https 地址", value)
        if parts.query or parts.fragment:
            raise parameter(f"{self._at}/notify_url", "通知地址不能携带参数", value)
        return value
