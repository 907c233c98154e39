"""Signatures and encryption of API v3 (pay.weixin.qq.com/doc/v3/merchant/4012365342)."""

import base64
import re
import secrets
from binascii import Error as NotBase64
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

SCHEME = "WECHATPAY2-SHA256-RSA2048"
PrivateKey = rsa.RSAPrivateKey
PublicKey = rsa.RSAPublicKey
FIELDS = {"mchid", "serial_no", "timestamp", "nonce_str", "signature"}


def new_key() -> PrivateKey:
    return rsa.generate_private_key(65537, 2048)


def private_pem(key: PrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    ).decode()


def public_pem(key: PrivateKey) -> str:
    return (
        key.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


@lru_cache(64)  # reading one checks its primes, which takes its time
def load(pem: str) -> PrivateKey:
    key = serialization.load_pem_private_key(pem.encode(), None)
    if not isinstance(key, PrivateKey):
        raise ValueError("not an RSA key")
    return key


def lines(*parts: str | bytes) -> bytes:
    """What is signed: every part with a line feed behind it."""
    return b"".join((p.encode() if isinstance(p, str) else p) + b"\n" for p in parts)


def sign(key: PrivateKey, message: bytes) -> str:
    return base64.b64encode(key.sign(message, padding.PKCS1v15(), hashes.SHA256())).decode()


def fits(key: PublicKey, message: bytes, signature: str) -> bool:
    try:
        raw = base64.b64decode(signature, validate=True)
        key.verify(raw, message, padding.PKCS1v15(), hashes.SHA256())
    except (InvalidSignature, NotBase64, ValueError):
        return False
    return True


def headers(serial: str, stamp: str, body: bytes, key: PrivateKey) -> dict[str, str]:
    """Those that sign an answer or a notice; ``stamp`` in seconds since 1970."""
    once = nonce(32)
    return {
        "Wechatpay-Timestamp": stamp,
        "Wechatpay-Nonce": once,
        "Wechatpay-Signature": sign(key, lines(stamp, once, body)),
        "Wechatpay-Serial": serial,
        "Wechatpay-Signature-Type": SCHEME,
    }


@dataclass(frozen=True, slots=True)
class Authorization:
    mchid: str
    serial_no: str
    timestamp: str
    nonce_str: str
    signature: str

    @classmethod
    def read(cls, header: str) -> "Authorization | None":
        scheme, _, rest = header.partition(" ")
        found = re.findall(r'(\w+)="([^"]*)"', rest)
        if scheme != SCHEME or len(found) != len(FIELDS) or {name for name, _ in found} != FIELDS:
            return None
        return cls(**dict(found))


def nonce(length: int) -> str:
    return secrets.token_hex(length)[:length]


def encrypted(api_v3_key: str, plain: bytes, associated: str) -> dict[str, str]:
    """AEAD_AES_256_GCM; the nonce is twelve characters of text."""
    iv = nonce(12)
    data = AESGCM(api_v3_key.encode()).encrypt(iv.encode(), plain, associated.encode())
    return {
        "original_type": associated,
        "algorithm": "AEAD_AES_256_GCM",
        "ciphertext": base64.b64encode(data).decode(),
        "associated_data": associated,
        "nonce": iv,
    }
