"""Charges: opened, asked for, closed, paid (Native, H5 and JSAPI of 普通商户)."""

import json
import secrets
from datetime import datetime, timedelta
from sqlite3 import Connection, Row
from typing import Any
from urllib.parse import urlencode

from tests.peers.wechatpay import notices
from tests.peers.wechatpay.checks import NUMBER, Fields
from tests.peers.wechatpay.clock import kept, read, rfc3339
from tests.peers.wechatpay.errors import (
    ApiError,
    against_rules,
    closed_already,
    no_order,
    paid_already,
    parameter,
    paying_now,
)
from tests.peers.wechatpay.platform import Platform

TRADE_TYPES = {"native": "NATIVE", "h5": "MWEB", "jsapi": "JSAPI"}
CODE_GOOD = timedelta(hours=2)
LINK_GOOD = timedelta(minutes=5)  # of an h5_url
SHORTEST = timedelta(minutes=1)  # what ends earlier is put off to that
ORDER_GOOD = timedelta(days=7)  # then WeChat Pay closes it itself
PAYER = "oDemo-Payer0000000000000WX"
DESCRIBED = {
    "NOTPAY": "订单未支付",
    "SUCCESS": "支付成功",
    "REFUND": "订单发生过退款",
    "CLOSED": "订单已关闭",
}


def open_charge(platform: Platform, way: str, given: dict[str, Any]) -> dict[str, str]:
    """A code, a link or a prepay_id, for a new number or for one asked for again alike."""
    fields, now = Fields(given), platform.clock.now()
    appid = fields.text("appid", 32)
    mchid = fields.text("mchid", 32)
    description = fields.text("description", 127)
    number = fields.matching("out_trade_no", NUMBER, 32)
    ends = fields.moment("time_expire")
    attach = fields.text("attach", 128, needed=False)
    notify_url = fields.notify_url(allow_http=platform.allow_http)
    amount = fields.inner("amount")
    total = amount.fen("total")
    amount.currency()
    openid = fields.inner("payer").text("openid", 128) if way == "jsapi" else ""
    if way == "h5":
        scene = fields.inner("scene_info")
        scene.address("payer_client_ip")
        scene.inner("h5_info").text("type", 32)
    elif fields.has("scene_info"):
        fields.inner("scene_info").address("payer_client_ip")
    ours(platform, mchid, appid)
    asked = {name: value for name, value in given.items() if name != "scene_info"}
    same = json.dumps([way, asked], sort_keys=True, ensure_ascii=False)
    with platform.store.change() as connection:
        charge = one(connection, number, now)
        if charge is None:
            until = max(ends, now + SHORTEST) if ends else now + ORDER_GOOD
            connection.execute(
                "INSERT INTO charge (number, trade_type, asked, appid, description, attach, total,"
                " notify_url, openid, created_at, payable_until, state)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'NOTPAY')",
                (
                    *(number, TRADE_TYPES[way], same, appid, description, attach, total),
                    *(notify_url, openid, kept(now), kept(until)),
                ),
            )
        elif charge["state"] in ("SUCCESS", "REFUND"):
            raise paid_already()
        elif charge["state"] == "CLOSED":
            raise closed_already()
        elif charge["asked"] != same:
            raise against_rules("请求重入时，参数与首次请求时不一致，请检查请求参数")
        elif read(charge["payable_until"]) <= now:
            raise against_rules("订单已超过商户设置的最晚支付成功时间，请重新发起支付")
        return code_for(platform, connection, way, number, now)


def ours(platform: Platform, mchid: str, appid: str | None = None) -> None:
    if mchid != platform.keys.mchid:
        raise parameter("/mchid", "与签名的商户号不一致", mchid)
    if appid is not None and appid not in platform.keys.appids:
        raise ApiError(400, "APPID_MCHID_NOT_MATCH", "appid和mch_id不匹配")


def code_for(
    platform: Platform, connection: Connection, way: str, number: str, now: datetime
) -> dict[str, str]:
    code = "wx" + f"{now:%d%H%M%S}" + secrets.token_hex(13) if way != "native" else ""
    code = code or secrets.token_urlsafe(7)[:9]
    until = now + (LINK_GOOD if way == "h5" else CODE_GOOD)
    connection.execute("INSERT INTO code VALUES (?, ?, ?)", (code, number, kept(until)))
    match way:
        case "native":
            return {"code_url": f"weixin://wxpay/bizpayurl?pr={code}"}
        case "h5":
            named = urlencode({"prepay_id": code, "package": secrets.randbelow(10**10)})
            return {"h5_url": f"{platform.base_url}/phone/h5?{named}"}
        case _:
            return {"prepay_id": code}


def one(connection: Connection, number: str, now: datetime) -> Row | None:
    """The charge as it stands now: after seven days it is closed."""
    connection.execute(
        "UPDATE charge SET state = 'CLOSED' WHERE number = ? AND state = 'NOTPAY'"
        " AND created_at <= ?",
        (number, kept(now - ORDER_GOOD)),
    )
    found: Row | None = connection.execute(
        "SELECT * FROM charge WHERE number = ?", (number,)
    ).fetchone()
    return found


def found(platform: Platform, number: str) -> Row | None:
    with platform.store.change() as connection:
        return one(connection, number, platform.clock.now())


def by_code(platform: Platform, code: str) -> tuple[Row, bool] | None:
    """The charge of a code, and whether the code is still good."""
    row = platform.store.row("SELECT * FROM code WHERE code = ?", code)
    charge = row and found(platform, row["number"])
    if row is None or charge is None:
        return None
    return charge, platform.clock.now() < read(row["good_until"])


def query(platform: Platform, number: str) -> dict[str, Any]:
    charge = found(platform, number)
    if charge is None:
        raise no_order()
    return told(platform, charge)


def query_transaction(platform: Platform, transaction_id: str) -> dict[str, Any]:
    row = platform.store.row("SELECT * FROM charge WHERE transaction_id = ?", transaction_id)
    if row is None:
        raise no_order()
    return told(platform, row)


def told(platform: Platform, charge: Row) -> dict[str, Any]:
    """What a query answers; what a notice says is the same."""
    said: dict[str, Any] = {
        "mchid": platform.keys.mchid,
        "appid": charge["appid"],
        "out_trade_no": charge["number"],
        "trade_state": charge["state"],
        "trade_state_desc": DESCRIBED[charge["state"]],
        "attach": charge["attach"],
    }
    if charge["transaction_id"] is None:
        return {**said, "amount": {"total": charge["total"], "currency": "CNY"}, "payer": {}}
    amount = {"total": charge["paid"], "payer_total": charge["paid"]}
    return {
        **said,
        "transaction_id": charge["transaction_id"],
        "trade_type": charge["trade_type"],
        "bank_type": "OTHERS",
        "success_time": rfc3339(read(charge["paid_at"])),
        "payer": {"openid": charge["openid"] or PAYER},
        "amount": {**amount, "currency": "CNY", "payer_currency": "CNY"},
        "promotion_detail": [],
    }


def close(platform: Platform, number: str, given: dict[str, Any]) -> None:
    ours(platform, Fields(given).text("mchid", 32))
    with platform.store.change() as connection:
        charge = one(connection, number, platform.clock.now())
        if charge is None:
            raise no_order()
        if charge["state"] in ("SUCCESS", "REFUND"):
            raise paid_already()
        if charge["state"] == "CLOSED":
            raise closed_already()
        if number in platform.paying:
            raise paying_now()
        connection.execute("UPDATE charge SET state = 'CLOSED' WHERE number = ?", (number,))


def pay(
    platform: Platform,
    number: str,
    *,
    amount: int | None = None,
    openid: str = "",
    paid_at: datetime | None = None,
    whatever: bool = False,
) -> Row:
    """The payer has paid; a notice is owed. ``whatever``: also what is closed or past its time.

    Raises ApiError when it cannot be paid.
    """
    now = platform.clock.now()
    with platform.store.change() as connection:
        charge = one(connection, number, now)
        if charge is None:
            raise no_order()
        if charge["state"] in ("SUCCESS", "REFUND"):
            raise paid_already()
        if charge["state"] == "CLOSED" and not whatever:
            raise closed_already()
        if read(charge["payable_until"]) <= now and not whatever:
            raise against_rules("订单已超过商户设置的最晚支付成功时间，请重新发起支付")
        paid = charge["total"] if amount is None else amount
        digits = f"{secrets.randbelow(10**10):010}"
        transaction_id = f"4200002{digits[:3]}{rfc3339(now)[:10].replace('-', '')}{digits}"
        connection.execute(
            "UPDATE charge SET state = 'SUCCESS', transaction_id = ?, paid = ?, fee = ?,"
            " paid_at = ?, openid = ? WHERE number = ?",
            (
                *(transaction_id, paid, platform.fee(paid), kept(paid_at or now)),
                *(openid or charge["openid"] or PAYER, number),
            ),
        )
        after = one(connection, number, now)
        if after is None:
            raise no_order()
        notices.owe(
            platform,
            connection,
            event="TRANSACTION.SUCCESS",
            about=number,
            url=after["notify_url"],
            plain=told(platform, after),
        )
    platform.paying.discard(number)
    platform.wake.set()
    return after
