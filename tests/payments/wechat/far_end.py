"""The other end of the line, with keys of its own: signs, encrypts, and keeps what it was asked."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from backend.clock import SetClock
from backend.payments.provider import Way
from backend.payments.wechat.merchant import GATEWAY, Merchant
from backend.payments.wechat.provider import WechatPay

NOW = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
MCHID, APPID = "1900000109", "wxd678efh567hg6787"
APIV3_KEY = "0123456789abcdefghijklmnopqrstuv"
OURS, THEIRS, NEXT, STRANGE = "ours", "theirs", "next", "strange"
KEY_ID, NEXT_ID = "PUB_KEY_ID_0119000001092026030200100", "PUB_KEY_ID_0119000001092026030200200"
SERIAL = "444F4864EA9B34415BAB7F1E9A1C2D3E4F506172"
TRANSACTION = "4200001234202603021234567890"


@cache
def key(name: str) -> RSAPrivateKey:
    return generate_private_key(65537, 2048)


def private_pem(name: str) -> str:
    form = Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    return key(name).private_bytes(*form).decode()


def public_pem(name: str) -> str:
    form = Encoding.PEM, PublicFormat.SubjectPublicKeyInfo
    return key(name).public_key().public_bytes(*form).decode()


def merchant(**changed: Any) -> Merchant:
    given: dict[str, Any] = {
        "mchid": MCHID,
        "appid": APPID,
        "certificate_serial": SERIAL,
        "private_key": private_pem(OURS),
        "apiv3_key": APIV3_KEY,
        "public_keys": {KEY_ID: public_pem(THEIRS)},
        "notify_url": "https://registrar.example.edu.cn/pay/notify/wechat",
        "ways": frozenset(Way),
    }
    return Merchant(**{**given, **changed})


def signed(
    body: bytes,
    *,
    at: datetime = NOW,
    by: str = THEIRS,
    serial: str = KEY_ID,
    nonce: str = "5K8264ILTKCH16CQ2502SI8ZNMTM67VS",
) -> dict[str, str]:
    """The headers of an answer or of a notice."""
    stamp = str(int(at.timestamp()))
    text = f"{stamp}\n{nonce}\n".encode() + body + b"\n"
    return {
        "Wechatpay-Timestamp": stamp,
        "Wechatpay-Nonce": nonce,
        "Wechatpay-Signature": base64.b64encode(key(by).sign(text, PKCS1v15(), SHA256())).decode(),
        "Wechatpay-Serial": serial,
        "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048",
    }


def transaction(**changed: Any) -> dict[str, Any]:
    return {
        "mchid": MCHID,
        "appid": APPID,
        "out_trade_no": "C2026030200001",
        "transaction_id": TRANSACTION,
        "trade_type": "NATIVE",
        "trade_state": "SUCCESS",
        "trade_state_desc": "支付成功",
        "bank_type": "OTHERS",
        "success_time": "2026-03-02T09:59:58+08:00",
        "payer": {"openid": "oUpF8uMuAJO_M2pxb1Q9zNjWeS6o"},
        "amount": {"total": 2000, "payer_total": 1900, "currency": "CNY", "payer_currency": "CNY"},
        **changed,
    }


def refund_told(**changed: Any) -> dict[str, Any]:
    return {
        "mchid": MCHID,
        "out_trade_no": "C2026030200001",
        "transaction_id": TRANSACTION,
        "out_refund_no": "R2026030200001",
        "refund_id": "50000000382019052709732678859",
        "refund_status": "SUCCESS",
        "success_time": "2026-03-02T09:59:58+08:00",
        "user_received_account": "招商银行信用卡0403",
        "amount": {"total": 2000, "refund": 500, "payer_total": 2000, "payer_refund": 500},
        **changed,
    }


def refund_answer(**changed: Any) -> dict[str, Any]:
    said = refund_told(status="PROCESSING", **changed)
    del said["mchid"], said["refund_status"]
    if said["status"] != "SUCCESS":
        del said["success_time"]
    said["amount"]["currency"] = "CNY"
    return said


def notice(
    said: Any, *, event: str = "TRANSACTION.SUCCESS", apiv3_key: str = APIV3_KEY, **changed: Any
) -> bytes:
    """The body, with ``said`` encrypted in it."""
    nonce, about = b"fdasflkja484", event.partition(".")[0].lower()
    sealed = AESGCM(apiv3_key.encode()).encrypt(nonce, json.dumps(said).encode(), about.encode())
    whole = {
        "id": "EV-2018022511223320873",
        "create_time": "2026-03-02T10:00:00+08:00",
        "resource_type": "encrypt-resource",
        "event_type": event,
        "summary": "支付成功",
        "resource": {
            "original_type": about,
            "algorithm": "AEAD_AES_256_GCM",
            "ciphertext": base64.b64encode(sealed).decode(),
            "associated_data": about,
            "nonce": nonce.decode(),
        },
        **changed,
    }
    return json.dumps(whole, ensure_ascii=False).encode()


Sign = Callable[[bytes], Mapping[str, str]]


@dataclass
class FarEnd:
    """Answers everything with ``status`` and ``body``, and files with ``file``."""

    status: int = 200
    body: bytes = b"{}"
    sign: Sign = signed
    file: bytes = b""
    asked: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if request.url.path.startswith("/v3/billdownload/"):
            return httpx.Response(200, stream=httpx.ByteStream(self.file))
        headers = self.sign(self.body)
        return httpx.Response(self.status, headers=headers, stream=httpx.ByteStream(self.body))

    def says(self, status: int, said: Any = None) -> "FarEnd":
        self.status = status
        self.body = b"" if said is None else json.dumps(said, ensure_ascii=False).encode()
        return self

    @property
    def heard(self) -> dict[str, Any]:
        """The body of the last request."""
        return dict(json.loads(self.asked[-1].content))


def line(far_end: FarEnd, now: datetime = NOW, **changed: Any) -> WechatPay:
    return WechatPay(merchant(**changed), SetClock(now), httpx.MockTransport(far_end))


def signed_by_us(request: httpx.Request) -> None:
    """As WeChat Pay looks at it: method, address, time, nonce and body, by our certificate's key."""
    scheme, _, rest = request.headers["authorization"].partition(" ")
    said = dict(part.split("=", 1) for part in rest.split(","))
    said = {name: value.strip('"') for name, value in said.items()}
    assert scheme == "WECHATPAY2-SHA256-RSA2048"
    assert (said["mchid"], said["serial_no"]) == (MCHID, SERIAL)
    text = "\n".join(
        (
            request.method,
            request.url.raw_path.decode(),
            said["timestamp"],
            said["nonce_str"],
            request.content.decode(),
            "",
        )
    )
    key(OURS).public_key().verify(
        base64.b64decode(said["signature"]), text.encode(), PKCS1v15(), SHA256()
    )
    assert str(request.url).startswith(GATEWAY + "/")
