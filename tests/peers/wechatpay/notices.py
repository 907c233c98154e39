"""Notices: encrypted, signed, and sent until the merchant's server has said that it has them."""

import json
import logging
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from sqlite3 import Connection, Row
from typing import Any

import httpx

from tests.peers.wechatpay import crypto
from tests.peers.wechatpay.clock import kept, read, rfc3339
from tests.peers.wechatpay.platform import Platform

PAUSES = (15, 15, 30, 180, 600, 1200, 1800, 1800, 1800, 3600, 10800, 10800, 10800, 21600, 21600)
"""Seconds after each attempt that was not acknowledged; then it is given up."""
PATIENCE = 5.0  # seconds the merchant's server has
SUMMARIES = {
    "TRANSACTION.SUCCESS": "支付成功",
    "REFUND.SUCCESS": "退款成功",
    "REFUND.ABNORMAL": "退款异常",
    "REFUND.CLOSED": "退款关闭",
}
log = logging.getLogger(__name__)


@dataclass
class Mishaps:
    """What goes wrong on the way; nothing unless somebody says so."""

    lose: int = 0  # of the next attempts: they never arrive, and are tried again in their time
    forget: int = 0  # of the next notices: they are never tried at all
    delay: timedelta = timedelta()  # before a new notice's first attempt
    copies: int = 1  # how often each attempt arrives
    held: bool = False  # nothing leaves until it is released
    certificate: bool = False  # signed as before public keys: with a certificate's serial


def envelope(platform: Platform, event: str, plain: dict[str, Any], api_v3_key: str = "") -> str:
    kind = "transaction" if event.startswith("TRANSACTION") else "refund"
    data = json.dumps(plain, ensure_ascii=False, separators=(",", ":")).encode()
    said = {
        "id": str(uuid.uuid4()),
        "create_time": rfc3339(platform.clock.now()),
        "resource_type": "encrypt-resource",
        "event_type": event,
        "summary": SUMMARIES[event],
        "resource": crypto.encrypted(api_v3_key or platform.keys.api_v3_key, data, kind),
    }
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def owe(
    platform: Platform,
    connection: Connection,
    *,
    event: str,
    about: str,
    url: str,
    plain: dict[str, Any],
) -> None:
    if not url:
        return
    body, now = envelope(platform, event, plain), platform.clock.now()
    connection.execute(
        "INSERT INTO notice VALUES (?, ?, ?, ?, ?, ?, 0, ?, NULL)",
        (json.loads(body)["id"], event, about, url, body, kept(now), kept(now)),
    )


def signed(platform: Platform, body: bytes, *, certificate: bool = False) -> dict[str, str]:
    keys = platform.keys
    serial, key = keys.platform_certificate() if certificate else keys.signing()
    return crypto.headers(serial, str(int(platform.clock.now().timestamp())), body, key)


class Courier:
    """Takes notices to the merchant, in its own thread or a round at a time."""

    def __init__(
        self,
        platform: Platform,
        settle: Callable[[], object],
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self._platform = platform
        self._settle = settle
        self._transport = transport
        self._stopping = False
        self._thread: threading.Thread | None = None
        self._one_round = threading.Lock()
        self.mishaps = Mishaps()

    def start(self) -> None:
        self._stopping = False
        self._thread = threading.Thread(target=self._run, name="wechatpay-courier", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        if self._thread is not None:
            self._stopping = True
            self._platform.wake.set()
            self._thread.join()
            self._thread = None

    def _run(self) -> None:
        while not self._stopping:
            self._platform.wake.clear()
            try:
                self.deliver()
            except Exception:
                log.exception("a round of notices has failed")
            self._platform.wake.wait(0.2)

    def deliver(self) -> list[str]:
        """One round: settles refunds whose time has come and sends what is due.

        Returns the outcome of every attempt.
        """
        with self._one_round:
            self._settle()
            if self.mishaps.held:
                return []
            now = self._platform.clock.now()
            due = self._platform.store.rows(
                "SELECT * FROM notice WHERE next_at <= ? ORDER BY next_at, rowid", kept(now)
            )
            return [outcome for notice in due for outcome in self._attempt(notice)]

    def _attempt(self, notice: Row) -> list[str]:
        now, mishaps = self._platform.clock.now(), self.mishaps
        if notice["attempts"] == 0:
            if mishaps.forget:
                mishaps.forget -= 1
                self._reschedule(notice["id"], None)
                return []
            if mishaps.delay and read(notice["made_at"]) + mishaps.delay > now:
                self._reschedule(notice["id"], kept(read(notice["made_at"]) + mishaps.delay))
                return []
        if mishaps.lose:
            mishaps.lose -= 1
            outcomes = ["lost"]
        else:
            outcomes = [self.post(notice["url"], notice["body"]) for _ in range(mishaps.copies)]
        self.record(notice, outcomes)
        return outcomes

    def _reschedule(self, notice_id: str, next_at: str | None) -> None:
        with self._platform.store.change() as connection:
            connection.execute("UPDATE notice SET next_at = ? WHERE id = ?", (next_at, notice_id))

    def post(self, url: str, body: str, given: dict[str, str] | None = None) -> str:
        """The status of the answer as text, or the name of what went wrong."""
        data = body.encode()
        certificate = self.mishaps.certificate
        sent = given or signed(self._platform, data, certificate=certificate)
        sent = {**sent, "Content-Type": "application/json", "User-Agent": "Mozilla/4.0"}
        try:
            with httpx.Client(
                timeout=PATIENCE, trust_env=False, transport=self._transport
            ) as client:
                return str(client.post(url, content=data, headers=sent).status_code)
        except httpx.HTTPError as error:
            return type(error).__name__

    def record(self, notice: Row, outcomes: list[str]) -> None:
        now = self._platform.clock.now()
        done = any(outcome in ("200", "204") for outcome in outcomes)
        tried = notice["attempts"]
        pause = PAUSES[tried] if tried < len(PAUSES) and not done else None
        with self._platform.store.change() as connection:
            connection.executemany(
                "INSERT INTO attempt VALUES (?, ?, ?)",
                [(notice["id"], kept(now), outcome) for outcome in outcomes],
            )
            connection.execute(
                "UPDATE notice SET attempts = attempts + 1, next_at = ?,"
                " acknowledged_at = coalesce(acknowledged_at, ?) WHERE id = ?",
                (
                    pause and kept(now + timedelta(seconds=pause)),
                    kept(now) if done else None,
                    notice["id"],
                ),
            )
