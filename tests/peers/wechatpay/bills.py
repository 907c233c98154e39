"""The trade bill of a day (申请交易账单), as a file to be fetched."""

import gzip
import hashlib
import secrets
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from sqlite3 import Row

from tests.peers.wechatpay.clock import CHINA, kept, read
from tests.peers.wechatpay.errors import ApiError, parameter
from tests.peers.wechatpay.platform import Platform
from tests.peers.wechatpay.refunds import JOINED

READY = time(10)  # the next morning, in China
OLDEST = timedelta(days=92)
LINK_GOOD = timedelta(minutes=5)
ORDER = (
    "交易时间 公众账号ID 商户号 特约商户号 设备号 微信订单号 商户订单号"
    " 用户标识 交易类型 交易状态 付款银行 货币种类 应结订单金额 代金券金额"
)
TIMES = "退款申请时间 退款成功时间"
REFUND = "微信退款单号 商户退款单号 退款金额 充值券退款金额 退款类型 退款状态"
GOODS = "商品名称 商户数据包 手续费 费率 订单金额"
COLUMNS = {
    "ALL": f"{ORDER} {REFUND} {GOODS} 申请退款金额 费率备注",
    "SUCCESS": f"{ORDER} {GOODS} 费率备注",
    "REFUND": f"{ORDER} {TIMES} {REFUND} {GOODS} 申请退款金额 费率备注",
}
SUMMARY = (
    "总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额"
)
Line = dict[str, str]


def ask(platform: Platform, query: dict[str, str]) -> dict[str, str]:
    """Where the bill is fetched, and the SHA1 of its unpacked bytes. Raises ApiError."""
    kind = query.get("bill_type", "ALL")
    if kind not in COLUMNS:
        raise parameter("bill_type", "不支持的账单类型", kind, "query")
    packed = query.get("tar_type")
    if packed not in (None, "GZIP"):
        raise parameter("tar_type", "不支持的压缩类型", packed, "query")
    day = asked_day(platform, query.get("bill_date", ""))
    lines = booked(platform, day, kind)
    if not lines:
        raise ApiError(400, "NO_STATEMENT_EXIST", "账单文件不存在")
    content = written(lines, kind)
    token = secrets.token_urlsafe(48)
    with platform.store.change() as connection:
        connection.execute(
            "INSERT INTO download VALUES (?, ?, ?)",
            (
                token,
                gzip.compress(content) if packed else content,
                kept(platform.clock.now() + LINK_GOOD),
            ),
        )
    return {
        "hash_type": "SHA1",
        "hash_value": hashlib.sha1(content).hexdigest(),
        "download_url": f"{platform.base_url}/v3/billdownload/file?token={token}",
    }


def asked_day(platform: Platform, text: str) -> date:
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=CHINA).date()
    except ValueError:
        raise parameter("bill_date", "格式应为 yyyy-MM-dd", text, "query") from None
    now = platform.clock.now().astimezone(CHINA)
    if day > now.date() or day < (now - OLDEST).date():
        raise parameter("bill_date", "仅支持三个月内的账单下载申请", text, "query")
    if now < datetime.combine(day + timedelta(days=1), READY, CHINA):
        raise ApiError(400, "STATEMENT_CREATING", "账单生成中，请稍后再试")
    return day


def fetch(platform: Platform, token: str) -> bytes:
    row = platform.store.row("SELECT * FROM download WHERE token = ?", token)
    if row is None or read(row["good_until"]) <= platform.clock.now():
        raise ApiError(404, "RESOURCE_NOT_EXISTS", "账单下载地址不存在或已失效")
    return bytes(row["content"])


def booked(platform: Platform, day: date, kind: str) -> list[Line]:
    start = datetime.combine(day, time(), CHINA)
    within = (kept(start), kept(start + timedelta(days=1)))
    differences = platform.store.rows("SELECT * FROM difference WHERE day = ?", day.isoformat())
    missing = {row["about"] for row in differences if row["kind"] == "missing"}
    amounts = {row["about"]: row["amount"] for row in differences if row["kind"] == "amount"}
    lines: list[Line] = []
    if kind != "REFUND":
        for row in platform.store.rows(
            "SELECT * FROM charge WHERE paid_at >= ? AND paid_at < ?", *within
        ):
            if row["transaction_id"] not in missing:
                paid = amounts.get(row["transaction_id"], row["paid"])
                lines.append(payment(platform, row, paid))
        lines += [extra(platform, day, row) for row in differences if row["kind"] == "extra"]
    if kind != "SUCCESS":
        for row in platform.store.rows(
            f"{JOINED} WHERE refund.created_at >= ? AND refund.created_at < ?",
            *within,
        ):
            if row["refund_id"] not in missing:
                lines.append(refund(platform, row, amounts.get(row["refund_id"], row["amount"])))
    return sorted(lines, key=lambda line: line["交易时间"], reverse=True)


def yuan(fen: int) -> str:
    return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02}"


def local(text: str) -> str:
    return f"{read(text).astimezone(CHINA):%Y-%m-%d %H:%M:%S}"


def common(platform: Platform, appid: str) -> Line:
    zeros = dict.fromkeys(("应结订单金额", "代金券金额", "退款金额", "充值券退款金额"), "0.00")
    return {
        "公众账号ID": appid,
        "商户号": platform.keys.mchid,
        "特约商户号": "0",
        "设备号": "",
        "付款银行": "OTHERS",
        "货币种类": "CNY",
        **zeros,
        "微信退款单号": "0",
        "商户退款单号": "0",
        "退款类型": "",
        "退款状态": "",
        "费率": f"{platform.fee_rate:.2f}%",
        "订单金额": "0.00",
        "申请退款金额": "0.00",
        "费率备注": "",
    }


def payment(platform: Platform, charge: Row, paid: int) -> Line:
    return common(platform, charge["appid"]) | {
        "交易时间": local(charge["paid_at"]),
        "微信订单号": charge["transaction_id"],
        "商户订单号": charge["number"],
        "用户标识": charge["openid"],
        "交易类型": charge["trade_type"],
        "交易状态": "SUCCESS",
        "应结订单金额": yuan(paid),
        "商品名称": charge["description"],
        "商户数据包": charge["attach"],
        "手续费": f"{yuan(charge['fee'])}000",
        "订单金额": yuan(paid),
    }


def extra(platform: Platform, day: date, difference: Row) -> Line:
    return common(platform, platform.keys.appids[0]) | {
        "交易时间": f"{day} 12:00:00",
        "微信订单号": difference["about"],
        "商户订单号": f"EXTRA{difference['about'][-10:]}",
        "用户标识": "oNobody",
        "交易类型": "NATIVE",
        "交易状态": "SUCCESS",
        "应结订单金额": yuan(difference["amount"]),
        "商品名称": "未知",
        "商户数据包": "",
        "手续费": f"{yuan(platform.fee(difference['amount']))}000",
        "订单金额": yuan(difference["amount"]),
    }


def refund(platform: Platform, row: Row, amount: int) -> Line:
    status = {"ABNORMAL": "CHANGE", "CLOSED": "FAIL"}.get(row["status"], row["status"])
    return common(platform, row["appid"]) | {
        "交易时间": local(row["created_at"]),
        "微信订单号": row["transaction_id"],
        "商户订单号": row["charge_number"],
        "用户标识": row["openid"],
        "交易类型": row["trade_type"],
        "交易状态": "REFUND",
        "退款申请时间": local(row["created_at"]),
        "退款成功时间": local(row["success_at"]) if row["success_at"] else "",
        "微信退款单号": row["refund_id"],
        "商户退款单号": row["number"],
        "退款金额": yuan(amount),
        "退款类型": "ORIGINAL",
        "退款状态": status,
        "商品名称": row["description"],
        "商户数据包": row["attach"],
        "手续费": f"{yuan(-row['fee'])}000",
        "申请退款金额": yuan(amount),
    }


def written(lines: list[Line], kind: str) -> bytes:
    """With a byte order mark, a back quote before every value, and nothing escaped."""
    columns = COLUMNS[kind].split()
    rows = [",".join(columns)]
    rows += [",".join(f"`{line[column]}" for column in columns) for line in lines]

    def total(column: str) -> int:
        return int(100 * sum(Decimal(line[column]) for line in lines))

    sums = ["应结订单金额", "退款金额", "充值券退款金额", "手续费", "订单金额", "申请退款金额"]
    figures = [f"{yuan(total(name))}{'000' if name == '手续费' else ''}" for name in sums]
    rows += [SUMMARY, ",".join(f"`{figure}" for figure in [str(len(lines)), *figures])]
    return ("\ufeff" + "\r\n".join(rows) + "\r\n").encode()
