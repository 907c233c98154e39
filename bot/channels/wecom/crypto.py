"""What callbacks are wrapped in: signed, encrypted, and addressed to one enterprise.

Ciphers and padding are wechatpy's; what it leaves open (comparison in constant time, entities in XML,
ends of every broken wrapping) is closed here.
"""

import hmac
import re
import struct
from collections.abc import Mapping
from datetime import datetime, timedelta
from secrets import token_hex
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring
from wechatpy.crypto import _get_signature
from wechatpy.enterprise.crypto import PrpCrypto, WeChatCrypto
from wechatpy.enterprise.exceptions import InvalidCorpIdException

from bot.sections import WecomSettings
from bot.settings import NotReady

STALE = timedelta(minutes=5)  # either way
AES_KEY = re.compile(r"[A-Za-z0-9]{43}")
WRONG_KEY = (
    "aes_key（EncodingAESKey）应为 43 个字母和数字。",
    "The aes_key (EncodingAESKey) must be 43 letters and digits.",
)


class Forged(Exception):
    """It does not come from WeCom, not for us, or not now."""


class Malformed(Exception):
    """It cannot be read."""


class Wrapping:
    """Opens what WeCom sends to our callback, and wraps what it is answered. Raises NotReady where
    the key cannot be one."""

    def __init__(self, settings: WecomSettings) -> None:
        self._corp = settings.corp_id
        self._token = settings.token.get_secret_value()
        aes_key = settings.aes_key.get_secret_value()
        if not AES_KEY.fullmatch(aes_key):
            raise NotReady(" ".join(WRONG_KEY))
        self._crypto = WeChatCrypto(self._token, aes_key, self._corp)
        self._cipher = PrpCrypto(self._crypto.key)

    def echo(self, query: Mapping[str, str], now: datetime) -> str:
        """The bare text in ``echostr``. Raises Forged, Malformed."""
        return self._open(query.get("echostr", ""), query, now)

    def message(self, body: bytes, query: Mapping[str, str], now: datetime) -> Element:
        """The message in the body of a callback. Raises Forged, Malformed."""
        encrypted = xml(body).findtext("Encrypt") or ""
        return xml(self._open(encrypted, query, now))

    def _open(self, encrypted: str, query: Mapping[str, str], now: datetime) -> str:
        signature, timestamp = query.get("msg_signature", ""), query.get("timestamp", "")
        if not encrypted or not signature:
            raise Malformed
        expected = _get_signature(self._token, timestamp, query.get("nonce", ""), encrypted)
        if not hmac.compare_digest(expected.encode(), signature.encode()):
            raise Forged("signature")
        if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12):
            raise Malformed
        if abs(now.timestamp() - int(timestamp)) > STALE.total_seconds():
            raise Forged("stale")
        try:
            return str(self._cipher.decrypt(encrypted, self._corp))
        except InvalidCorpIdException:
            raise Forged("receiver") from None
        except (ValueError, IndexError, struct.error):
            raise Malformed from None

    def wrap(self, text: str, now: datetime) -> str:
        """The XML of an answer that WeCom shows at once."""
        wrapped: Any = self._crypto.encrypt_message(text, token_hex(8), str(int(now.timestamp())))
        return str(wrapped)


def xml(data: bytes | str) -> Element:
    """Raises Malformed; entities and document types are not read."""
    try:
        root: Element = fromstring(data)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise Malformed from None
    return root
