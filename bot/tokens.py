"""Signed tokens: who somebody is, or what a link opens, until when. Nothing in them is secret."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta


class Tokens:
    """``purpose`` keeps a token for one thing from being used for another."""

    def __init__(self, secret: str) -> None:
        self._key = secret.encode()

    def make(self, purpose: str, value: str, now: datetime, lifetime: timedelta) -> str:
        body = f"{int((now + lifetime).timestamp())}.{value}"
        return f"{_text(body.encode())}.{self._mark(purpose, body)}"

    def read(self, purpose: str, token: str, now: datetime) -> str | None:
        """The value; None when the token is forged, for something else, or expired."""
        text, _dot, mark = token.partition(".")
        try:
            body = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
        except ValueError:
            return None
        if not hmac.compare_digest(mark.encode(), self._mark(purpose, body).encode()):
            return None
        until, _dot, value = body.partition(".")
        return value if now.timestamp() < int(until) else None

    def name(self, purpose: str, value: str) -> str:
        """Always the same for the same value, and telling nothing about it."""
        return self._mark(purpose, value)

    def _mark(self, purpose: str, body: str) -> str:
        return _text(hmac.digest(self._key, f"{purpose}\n{body}".encode(), "sha256")[:18])


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")
