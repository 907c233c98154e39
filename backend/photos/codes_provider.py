"""Where collection codes come from besides lists: the port, and its adapter over HTTP (P2).

The codes are CHSI's. The university hands on what it is given and never makes one up.
"""

from dataclasses import dataclass
from datetime import date
from typing import Protocol

import httpx

TIMEOUT = 8.0  # seconds
MOST = 500  # characters; a QR code of more is hard to read from a phone's screen


class CodesUnreachable(Exception):
    """The provider cannot be asked now, or answers what is no answer."""


@dataclass(frozen=True, slots=True)
class Code:
    """``payload`` is what the QR code says; nobody but its owner is to see it."""

    payload: str
    valid_until: date | None = None

    def __repr__(self) -> str:
        return "Code(…)"


class CodeSource(Protocol):
    def fetch(self, student_number: str) -> Code | None:
        """The student's code; None where there is none yet. Raises CodesUnreachable."""
        ...


class HttpCodes:
    """``GET {address}/codes/{student number}``: 200 with ``payload`` and perhaps ``valid_until``, or 404."""

    def __init__(
        self, address: str, key: str, *, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._client = httpx.Client(
            base_url=address.rstrip("/"),
            headers={"authorization": f"Bearer {key}"},
            timeout=TIMEOUT,
            transport=transport,
            follow_redirects=False,
        )

    def fetch(self, student_number: str) -> Code | None:
        try:
            answer = self._client.get(f"/codes/{student_number}")
            if answer.status_code in (404, 410):
                return None
            answer.raise_for_status()
            body = answer.json()
            payload, until = body["payload"], body.get("valid_until")
            if not isinstance(payload, str) or not 0 < len(payload) <= MOST:
                raise CodesUnreachable("no payload")
            return Code(payload, date.fromisoformat(until) if until else None)
        except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError) as error:
            # Only the kind: what came may be somebody's code.
            raise CodesUnreachable(type(error).__name__) from None

    def close(self) -> None:
        self._client.close()
