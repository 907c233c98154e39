"""What cannot happen to a merchant by asking: bringing it about, for tests only."""

import inspect
import json
import secrets
import sqlite3
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from tests.peers.wechatpay import charges, crypto, notices, refunds
from tests.peers.wechatpay.clock import rfc3339
from tests.peers.wechatpay.errors import ApiError
from tests.peers.wechatpay.notices import Courier
from tests.peers.wechatpay.outage import PROBE, Outage, Outages
from tests.peers.wechatpay.platform import Platform

FORGERIES = {
    "signature": "a signature that fits nothing",
    "key": "signed with a key that nobody knows",
    "serial": "with a serial that nobody knows",
    "probe": "with the signature WeChat Pay tests merchants with",
    "stale": "rightly signed ten minutes ago",
    "ahead": "rightly signed ten minutes from now",
    "altered": "changed after it was signed",
    "api_v3_key": "rightly signed, encrypted with another key",
    "mchid": "rightly signed, of another merchant",
    "appid": "rightly signed, of another app",
    "amount": "rightly signed, of another amount",
    "currency": "rightly signed, in another currency",
    "state": "rightly signed, of a charge that is not paid",
    "unsigned": "without any header",
}


@dataclass(frozen=True, slots=True)
class Control:
    platform: Platform
    courier: Courier
    outages: Outages

    # --- people -----------------------------------------------------------------------------

    def pay(
        self,
        number: str,
        *,
        amount: int | None = None,
        openid: str = "",
        paid_at: str | datetime | None = None,
        whatever: bool = False,
    ) -> dict[str, Any]:
        """Somebody pays a charge; ``whatever``: even one that is closed or past its time."""
        at = datetime.fromisoformat(paid_at) if isinstance(paid_at, str) else paid_at
        paid = charges.pay(
            self.platform, number, amount=amount, openid=openid, paid_at=at, whatever=whatever
        )
        return charges.told(self.platform, paid)

    def paying(self, number: str, now: bool = True) -> None:
        """The payer is typing the password: until the charge is paid or this ends, it cannot be closed."""
        if now:
            self.platform.paying.add(number)
        else:
            self.platform.paying.discard(number)

    def settle(self, number: str, outcome: str = "SUCCESS") -> None:
        """A refund ends: SUCCESS, ABNORMAL or CLOSED."""
        refunds.settle(self.platform, number, outcome)

    def next_refund(self, outcome: str = "SUCCESS", seconds: float = 0.0) -> None:
        """What becomes of the next refund that is asked for, and after how long."""
        self.platform.next_outcome.append((outcome, timedelta(seconds=seconds)))

    def balance(self, fen: int | None) -> None:
        """What there is to be paid back from; None: enough."""
        self.platform.balance = fen

    # --- time and keys ----------------------------------------------------------------------

    def move(self, seconds: float | timedelta) -> str:
        by = seconds if isinstance(seconds, timedelta) else timedelta(seconds=seconds)
        self.platform.clock.ahead += by
        self.platform.wake.set()
        return rfc3339(self.platform.clock.now())

    def rotate(self, grace_seconds: float = 86400.0) -> dict[str, str]:
        """A new public key; what the merchant would download. The old one is still to be asked for."""
        grace = timedelta(seconds=grace_seconds)
        self.platform.keys.rotate(self.platform.clock.now(), grace)
        merchant = self.platform.merchant
        return {"public_key_id": merchant.public_key_id, "public_key": merchant.public_key}

    # --- the network ------------------------------------------------------------------------

    def outage(
        self,
        kind: str,
        *,
        path: str = "",
        times: int | None = 1,
        done: bool = False,
        seconds: float = 30.0,
    ) -> None:
        """The next answers go wrong; see ``outage.KINDS``. ``times`` None: until ``recover``."""
        self.outages.plan(Outage(kind, path, times, done, seconds))

    def recover(self) -> None:
        self.outages.end()

    # --- notices ----------------------------------------------------------------------------

    def mishaps(
        self,
        *,
        lose: int = 0,
        forget: int = 0,
        delay_seconds: float = 0.0,
        copies: int = 1,
        certificate: bool = False,
    ) -> None:
        """From now on; see ``notices.Mishaps``. Without arguments everything is well again."""
        now = self.courier.mishaps
        now.lose, now.forget, now.copies, now.certificate = lose, forget, copies, certificate
        now.delay = timedelta(seconds=delay_seconds)

    def hold(self) -> None:
        """No notice leaves."""
        self.courier.mishaps.held = True

    def release(self, *, backwards: bool = False) -> list[str]:
        """They leave again, the latest first if ``backwards``; the outcomes."""
        rows = self.platform.store.rows(
            "SELECT * FROM notice WHERE next_at IS NOT NULL ORDER BY rowid"
        )
        outcomes = []
        for row in reversed(rows) if backwards else rows:
            outcomes.append(self.courier.post(row["url"], row["body"]))
            self.courier.record(row, outcomes[-1:])
        self.courier.mishaps.held = False
        return outcomes

    def repeat(self, about: str, event: str = "") -> list[str]:
        """All notices on a charge or refund once more, acknowledged or not."""
        rows = self.platform.store.rows(
            "SELECT * FROM notice WHERE about = ? AND event LIKE ? ORDER BY rowid",
            about,
            f"{event}%",
        )
        return [self.courier.post(row["url"], row["body"]) for row in rows]

    def notices(self, about: str = "") -> list[dict[str, Any]]:
        """All that were ever owed, with what came of each attempt."""
        rows = self.platform.store.rows(
            "SELECT * FROM notice WHERE ? IN ('', about) ORDER BY rowid", about
        )
        found = []
        for row in rows:
            tried = self.platform.store.rows(
                "SELECT outcome FROM attempt WHERE notice = ? ORDER BY rowid", row["id"]
            )
            found.append({**dict(row), "outcomes": [one["outcome"] for one in tried]})
        return found

    def forge(self, number: str, kind: str, *, amount: int | None = None, url: str = "") -> str:
        """A notice that WeChat Pay would never send, on a charge; how it is answered.

        See ``FORGERIES``. It says that the charge is paid, which need not be so.
        """
        if kind not in FORGERIES:
            raise ValueError(f"{kind}: one of {', '.join(FORGERIES)}")
        charge = charges.found(self.platform, number)
        if charge is None:
            raise LookupError(number)
        now = self.platform.clock.now()
        plain = charges.told(self.platform, charge)
        plain |= {"trade_state": "SUCCESS", "success_time": plain.get("success_time", rfc3339(now))}
        plain.setdefault("transaction_id", f"4200009{secrets.randbelow(10**21):021}")
        plain.setdefault("trade_type", charge["trade_type"])
        plain["payer"] = plain["payer"] or {"openid": charges.PAYER}
        said = charge["paid"] or charge["total"]
        asked = (said + 1 if kind == "amount" else said) if amount is None else amount
        currency = "USD" if kind == "currency" else "CNY"
        plain["amount"] = {"total": asked, "payer_total": asked} | dict.fromkeys(
            ("currency", "payer_currency"), currency
        )
        match kind:
            case "mchid":
                plain["mchid"] = "1900000109"
            case "appid":
                plain["appid"] = f"wx{secrets.token_hex(8)}"
            case "state":
                plain["trade_state"] = "NOTPAY"
        other_key = secrets.token_hex(16) if kind == "api_v3_key" else ""
        body = notices.envelope(self.platform, "TRANSACTION.SUCCESS", plain, other_key)
        return self._send(url or charge["notify_url"], body, kind, now)

    def _send(self, url: str, body: str, kind: str, now: datetime) -> str:
        serial, key = self.platform.keys.signing()
        if kind == "serial":
            serial, key = self.platform.keys.platform_certificate()
        if kind == "key":
            key = crypto.new_key()
        shift = {"stale": -600, "ahead": 600}.get(kind, 0)
        stamp = str(int(now.timestamp()) + shift)
        sent = crypto.headers(serial, stamp, body.encode(), key)
        if kind == "signature":
            sent["Wechatpay-Signature"] = sent["Wechatpay-Signature"][::-1]
        if kind == "probe":
            sent["Wechatpay-Signature"] = PROBE + sent["Wechatpay-Signature"][len(PROBE) :]
        if kind == "altered":
            body = json.dumps(json.loads(body) | {"id": str(uuid.uuid4())}, ensure_ascii=False)
        if kind == "unsigned":
            sent = {"Accept": "*/*"}
        return self.courier.post(url, body, sent)

    # --- the books --------------------------------------------------------------------------

    def fee_rate(self, percent: str) -> None:
        """What WeChat keeps of the payments to come, as in ``0.60``."""
        self.platform.store.set("fee_rate", percent)

    def book(self, day: str, kind: str, about: str = "", amount: int = 0) -> str:
        """The bill of a day says something else: ``missing``, ``amount`` (fen) or ``extra``.

        ``about`` is the transaction_id or refund_id, which is returned.
        """
        if kind not in ("missing", "amount", "extra"):
            raise ValueError(kind)
        about = about or f"4200008{secrets.randbelow(10**21):021}"
        with self.platform.store.change() as connection:
            connection.execute(
                "INSERT INTO difference VALUES (?, ?, ?, ?)", (day, kind, about, amount)
            )
        return about

    # --- over HTTP --------------------------------------------------------------------------

    def routes(self) -> list[Route]:
        return [Route("/control/{name}", self._endpoint, methods=["POST"])]

    async def _endpoint(self, request: Request) -> JSONResponse:
        named = dict(inspect.getmembers(self, inspect.ismethod))
        name = request.path_params["name"]
        work: Callable[..., Any] | None = None if name.startswith("_") else named.get(name)
        if work is None or name == "routes":
            return JSONResponse({"error": "no such control"}, 404)
        given = json.loads(await request.body() or b"{}")
        try:
            return JSONResponse({"result": await run_in_threadpool(work, **given)})
        except (ApiError, LookupError, TypeError, ValueError, sqlite3.Error) as error:
            return JSONResponse({"error": str(error)}, 400)
