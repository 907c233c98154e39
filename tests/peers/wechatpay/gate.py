"""Who asks, and in whose name the answer is given.

Every request is verified over its exact bytes; every answer to one that is in order is signed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from tests.peers.wechatpay import crypto
from tests.peers.wechatpay.clock import kept
from tests.peers.wechatpay.errors import ApiError
from tests.peers.wechatpay.platform import Platform

TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it came over the wire."""

    method: str
    target: str  # path with query, as it stands in the request line
    headers: Mapping[str, str]
    body: bytes


Signer = tuple[str, crypto.PrivateKey]


def enter(platform: Platform, asked: Asked) -> Signer:
    """Raises ApiError unless it comes from the merchant; returns who signs the answer."""
    if not asked.headers.get("accept") or not asked.headers.get("user-agent"):
        raise ApiError(400, "PARAM_ERROR", "Http头缺少Accept或User-Agent")
    header = asked.headers.get("authorization", "")
    authorization = crypto.Authorization.read(header)
    if authorization is None:
        raise refused("Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》")
    if authorization.mchid != platform.keys.mchid:
        raise refused("商户号不存在")
    if authorization.serial_no != platform.keys.serial:
        raise refused("商户证书序列号有误。请使用签名私钥匹配的证书序列号")
    now = platform.clock.asked()
    if not authorization.timestamp.isascii() or not authorization.timestamp.isdigit():
        raise refused("Http头Authorization中的timestamp不合法")
    if abs(int(authorization.timestamp) - now.timestamp()) > TOLERANCE.total_seconds():
        raise refused("Http头Authorization中的timestamp与发起请求的时间不得超过5分钟")
    if asked.method == "POST" and "json" not in asked.headers.get("content-type", ""):
        raise ApiError(415, "PARAM_ERROR", "Http头Content-Type应为application/json")
    parts = (asked.method, asked.target, authorization.timestamp, authorization.nonce_str)
    message = crypto.lines(*parts, asked.body)
    if not crypto.fits(platform.keys.merchant_key, message, authorization.signature):
        raise wrong_signature(asked, message)
    once(platform, authorization.nonce_str)
    return signer(platform, asked.headers.get("wechatpay-serial", ""))


def refused(message: str) -> ApiError:
    return ApiError(401, "SIGN_ERROR", message)


def wrong_signature(asked: Asked, message: bytes) -> ApiError:
    information = {
        "method": asked.method,
        "url": asked.target,
        "truncated_sign_message": message[:512].decode("utf-8", "replace"),
        "sign_message_length": len(message),
    }
    detail = {
        "field": "signature",
        "issue": "sign not match",
        "location": "authorization",
        "sign_information": information,
    }
    return ApiError(401, "SIGN_ERROR", "签名错误，请检查后再试", detail)


def once(platform: Platform, nonce: str) -> None:
    """A request cannot be sent a second time by somebody who has seen it."""
    now = platform.clock.asked()
    with platform.store.change() as connection:
        connection.execute("DELETE FROM nonce WHERE at < ?", (kept(now - 2 * TOLERANCE),))
        seen = connection.execute(
            "INSERT INTO nonce VALUES (?, ?) ON CONFLICT DO NOTHING", (nonce, kept(now))
        )
        if seen.rowcount == 0:
            raise refused("Http头Authorization中的nonce_str重复，请求可能被重放")


def signer(platform: Platform, wanted: str) -> Signer:
    """The key that ``Wechatpay-Serial`` names, while it is in force; else the one of today."""
    if not wanted:
        return platform.keys.signing()
    pair = platform.keys.asked_for(wanted, platform.clock.now())
    if pair is None:
        raise ApiError(400, "PARAM_ERROR", "平台证书序列号Wechatpay-Serial错误")
    return pair
