"""A merchant for the tests of the peer: signs by hand, and hears notices."""

import base64
import json
import time
from dataclasses import dataclass, field
from typing import Any

import httpx
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.peers.wechatpay import Server

NOTIFY = "https://registrar.example/pay/wechat/notice"


@dataclass
class Heard:
    """What the merchant's server was sent, and what it answers."""

    answers: list[int] = field(default_factory=list)  # then 204
    requests: list[httpx.Request] = field(default_factory=list)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return httpx.Response(self.answers.pop(0) if self.answers else 204)


class Client:
    def __init__(self, server: Server) -> None:
        self.server = server
        self.key: Any = serialization.load_pem_private_key(
            server.merchant.private_key.encode(), None
        )
        self.public: Any = serialization.load_pem_public_key(server.merchant.public_key.encode())
        self.http = httpx.Client(base_url=server.url, trust_env=False, timeout=30)

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_: object) -> None:
        self.http.close()

    def sign(self, *parts: str) -> str:
        message = "".join(f"{part}\n" for part in parts).encode()
        return base64.b64encode(
            self.key.sign(message, padding.PKCS1v15(), hashes.SHA256())
        ).decode()

    def authorization(self, method: str, target: str, body: str, **other: str) -> str:
        merchant = self.server.merchant
        given = {
            "mchid": merchant.mchid,
            "serial_no": merchant.serial,
            "nonce_str": f"N{time.perf_counter_ns()}",
            "timestamp": str(int(time.time())),
        } | other
        given.setdefault(
            "signature", self.sign(method, target, given["timestamp"], given["nonce_str"], body)
        )
        named = ",".join(f'{name}="{value}"' for name, value in given.items())
        return f"WECHATPAY2-SHA256-RSA2048 {named}"

    def send(
        self, method: str, target: str, said: Any = None, headers: dict[str, str] | None = None
    ) -> httpx.Response:
        body = "" if said is None else json.dumps(said, ensure_ascii=False)
        sent = {
            "Accept": "application/json",
            "Content-Type": "application/json",
            "Authorization": self.authorization(method, target, body),
        } | (headers or {})
        return self.http.request(method, target, content=body.encode(), headers=sent)

    def order(self, number: str = "T20261123-0001", **other: Any) -> dict[str, Any]:
        merchant = self.server.merchant
        return {
            "appid": merchant.appid,
            "mchid": merchant.mchid,
            "description": "中文成绩单（2 份）",
            "out_trade_no": number,
            "notify_url": NOTIFY,
            "amount": {"total": 1000, "currency": "CNY"},
        } | other

    def native(self, number: str = "T20261123-0001", **other: Any) -> httpx.Response:
        return self.send("POST", "/v3/pay/transactions/native", self.order(number, **other))

    def query(self, number: str = "T20261123-0001") -> httpx.Response:
        mchid = self.server.merchant.mchid
        return self.send("GET", f"/v3/pay/transactions/out-trade-no/{number}?mchid={mchid}")

    def close(self, number: str = "T20261123-0001") -> httpx.Response:
        said = {"mchid": self.server.merchant.mchid}
        return self.send("POST", f"/v3/pay/transactions/out-trade-no/{number}/close", said)

    def refund(
        self, number: str = "R1", fen: int = 1000, of: str = "T20261123-0001", **other: Any
    ) -> httpx.Response:
        amount = {"refund": fen, "total": 1000, "currency": "CNY"}
        said = {"out_trade_no": of, "out_refund_no": number, "notify_url": NOTIFY, "amount": amount}
        return self.send("POST", "/v3/refund/domestic/refunds", said | other)

    def refunded(self, number: str = "R1") -> httpx.Response:
        return self.send("GET", f"/v3/refund/domestic/refunds/{number}")

    def signed(self, headers: httpx.Headers, body: bytes) -> bool:
        stamp, nonce = headers["wechatpay-timestamp"], headers["wechatpay-nonce"]
        message = f"{stamp}\n{nonce}\n".encode() + body + b"\n"
        try:
            signature = base64.b64decode(headers["wechatpay-signature"])
            self.public.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
        except Exception:
            return False
        return headers["wechatpay-serial"] == self.server.merchant.public_key_id

    def opened(self, request: httpx.Request) -> dict[str, Any]:
        """What is sealed in a notice."""
        sealed = json.loads(request.content)["resource"]
        plain = AESGCM(self.server.merchant.api_v3_key.encode()).decrypt(
            sealed["nonce"].encode(),
            base64.b64decode(sealed["ciphertext"]),
            sealed["associated_data"].encode(),
        )
        return dict(json.loads(plain))


def refusal(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]
