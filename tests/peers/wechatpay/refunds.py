"""Refunds (申请退款): the same number is one refund, and never more than was paid."""

import json
import secrets
from datetime import timedelta
from sqlite3 import Connection, Row
from typing import Any

from tests.peers.wechatpay import notices
from tests.peers.wechatpay.checks import REFUND_NUMBER, Fields
from tests.peers.wechatpay.clock import kept, read, rfc3339
from tests.peers.wechatpay.errors import ApiError, against_rules, no_order, parameter
from tests.peers.wechatpay.platform import Platform

MOST_PARTS = 50
YEAR = timedelta(days=365)
REASON_BYTES = 80
JOINED = (
    "SELECT refund.*, charge.number AS charge_number, paid, appid, trade_type, description, attach,"
    " openid FROM refund JOIN charge USING (transaction_id)"
)


def ask(platform: Platform, given: dict[str, Any]) -> dict[str, Any]:
    fields, now = Fields(given), platform.clock.now()
    number = fields.matching("out_refund_no", REFUND_NUMBER, 64)
    reason = fields.text("reason", REASON_BYTES, needed=False)
    if len(reason.encode()) > REASON_BYTES:
        raise parameter("/reason", f"不能超过 {REASON_BYTES} 字节", reason)
    url = fields.notify_url(allow_http=platform.allow_http, needed=False)
    amounts = fields.inner("amount")
    amount, total = amounts.fen("refund"), amounts.fen("total")
    amounts.text("currency", 3)
    amounts.currency()
    if fields.has("transaction_id"):
        which, value = "transaction_id", fields.text("transaction_id", 32)
    else:
        which, value = "number", fields.text("out_trade_no", 32)
    with platform.store.change() as connection:
        charge = connection.execute(
            f"SELECT * FROM charge WHERE {which} = ?",  # one of two names above
            (value,),
        ).fetchone()
        if charge is None:
            raise ApiError(404, "RESOURCE_NOT_EXISTS", "订单不存在")
        if charge["transaction_id"] is None:
            raise against_rules("订单未支付，不能退款")
        same = json.dumps([charge["number"], amount, total])
        there = by_number(connection, number)
        if there is not None:
            if there["asked"] != same:
                raise against_rules("订单金额或退款金额与之前请求不一致，请核实后再试")
            return told(there)
        fee = allowed(platform, connection, charge, amount, total)
        outcome, after = "SUCCESS", platform.refund_after
        if platform.next_outcome:
            outcome, after = platform.next_outcome.pop(0)
        digits = f"{secrets.randbelow(10**16):016}"
        refund_id = f"503{rfc3339(now)[:10].replace('-', '')}{digits}"
        times = (outcome, kept(now + after), kept(now))
        connection.execute(
            "INSERT INTO refund VALUES (?, ?, ?, ?, ?, ?, ?, 'PROCESSING', ?, ?, ?, NULL)",
            (refund_id, number, same, charge["transaction_id"], amount, fee, url, *times),
        )
        connection.execute(
            "UPDATE charge SET state = 'REFUND' WHERE number = ?", (charge["number"],)
        )
        if platform.balance is not None:
            platform.balance -= amount
        made = by_number(connection, number)
    if made is None:
        raise no_order()
    return told(made)


def allowed(
    platform: Platform, connection: Connection, charge: Row, amount: int, total: int
) -> int:
    """WeChat's own fee that goes back with this part. Raises ApiError."""
    if read(charge["paid_at"]) + YEAR < platform.clock.now():
        raise against_rules("交易已超过可退款期限（一年）")
    if total != charge["paid"]:
        raise against_rules("订单金额与支付时不一致，请核实后再试")
    parts = connection.execute(
        "SELECT count(*) AS parts, coalesce(sum(amount), 0) AS amount, coalesce(sum(fee), 0) AS fee"
        " FROM refund WHERE transaction_id = ? AND status <> 'CLOSED'",
        (charge["transaction_id"],),
    ).fetchone()
    if parts["amount"] >= charge["paid"]:
        raise against_rules("订单已全额退款")
    if parts["amount"] + amount > charge["paid"]:
        raise against_rules("累计退款金额大于支付金额")
    if parts["parts"] >= MOST_PARTS:
        raise against_rules("部分退款次数超过限制（50次）")
    if platform.balance is not None and amount > platform.balance:
        raise ApiError(403, "NOT_ENOUGH", "基本账户余额不足，请充值后重新发起")
    if parts["amount"] + amount == charge["paid"]:
        return int(charge["fee"] - parts["fee"])  # the last part gives back what is left
    return int(charge["fee"] * amount // charge["paid"])


def by_number(connection: Connection, number: str) -> Row | None:
    found: Row | None = connection.execute(
        f"{JOINED} WHERE refund.number = ?", (number,)
    ).fetchone()
    return found


def query(platform: Platform, number: str) -> dict[str, Any]:
    with platform.store.change() as connection:
        refund = by_number(connection, number)
    if refund is None:
        raise ApiError(404, "RESOURCE_NOT_EXISTS", "退款单不存在")
    return told(refund)


def told(refund: Row) -> dict[str, Any]:
    succeeded = refund["success_at"] and rfc3339(read(refund["success_at"]))
    return {
        "refund_id": refund["refund_id"],
        "out_refund_no": refund["number"],
        "transaction_id": refund["transaction_id"],
        "out_trade_no": refund["charge_number"],
        "channel": "ORIGINAL",
        "user_received_account": "支付用户零钱",
        **({"success_time": succeeded} if succeeded else {}),
        "create_time": rfc3339(read(refund["created_at"])),
        "status": refund["status"],
        "funds_account": "UNSETTLED",
        "amount": {
            "total": refund["paid"],
            "refund": refund["amount"],
            "from": [],
            "payer_total": refund["paid"],
            "payer_refund": refund["amount"],
            "settlement_refund": refund["amount"],
            "settlement_total": refund["paid"],
            "discount_refund": 0,
            "currency": "CNY",
            "refund_fee": refund["fee"],
        },
        "promotion_detail": [],
    }


def settle_due(platform: Platform) -> list[str]:
    """What becomes of the refunds whose time has come; returns their numbers."""
    due = platform.store.rows(
        "SELECT number FROM refund WHERE status = 'PROCESSING' AND settles_at <= ?",
        kept(platform.clock.now()),
    )
    for refund in due:
        settle(platform, refund["number"])
    return [refund["number"] for refund in due]


def settle(platform: Platform, number: str, outcome: str = "") -> None:
    """Ends a refund that is under way, as planned or with another outcome; a notice is owed."""
    now = platform.clock.now()
    with platform.store.change() as connection:
        refund = by_number(connection, number)
        if refund is None or refund["status"] not in ("PROCESSING", "ABNORMAL"):
            return
        status = outcome or refund["outcome"]
        connection.execute(
            "UPDATE refund SET status = ?, success_at = ? WHERE number = ?",
            (status, kept(now) if status == "SUCCESS" else None, number),
        )
        after = by_number(connection, number)
        if after is None:
            return
        if status != "SUCCESS" and platform.balance is not None:
            platform.balance += after["amount"]
        said = told(after)
        amount = {name: said["amount"][name] for name in ("total", "refund", "payer_total")}
        plain = {
            "mchid": platform.keys.mchid,
            **{name: said[name] for name in ("transaction_id", "out_trade_no", "refund_id")},
            "out_refund_no": number,
            "refund_status": status,
            **({"success_time": said["success_time"]} if "success_time" in said else {}),
            "user_received_account": said["user_received_account"],
            "amount": {**amount, "payer_refund": said["amount"]["payer_refund"]},
        }
        notices.owe(
            platform,
            connection,
            event=f"REFUND.{status}",
            about=number,
            url=after["notify_url"],
            plain=plain,
        )
    platform.wake.set()
