"""WeChat Pay, made of the settings."""

from pathlib import Path

import httpx
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from backend.clock import Clock
from backend.payments.wechat.merchant import Merchant
from backend.payments.wechat.provider import WechatPay
from bot.settings import NotReady, Settings

NOTIFY = "/pay/notify/wechat"
SHORTEST = 2048  # bits


def wechat_pay(
    settings: Settings, clock: Clock, transport: httpx.BaseTransport | None = None
) -> WechatPay | None:
    """None where it is not set up. Nobody is asked yet. Raises NotReady."""
    merchant = merchant_of(settings)
    return WechatPay(merchant, clock, transport) if merchant else None


def merchant_of(settings: Settings) -> Merchant | None:
    """Raises NotReady for a key that cannot be read."""
    given = settings.wechat_pay
    if given is None:
        return None
    return Merchant(
        mchid=given.mchid,
        appid=given.appid,
        certificate_serial=given.merchant_serial,
        private_key=own_key(given.private_key)
        .private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        .decode(),
        apiv3_key=given.apiv3_key.get_secret_value(),
        public_keys={
            name: public_key(path)
            .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
            .decode()
            for name, path in given.public_keys.items()
        },
        notify_url=(given.notify_base or settings.base_url) + NOTIFY,
        ways=frozenset(given.ways),
        gateway=given.gateway,
        scan_at=given.scan_at,
    )


def own_key(path: Path) -> RSAPrivateKey:
    """Raises NotReady."""
    try:
        key = load_pem_private_key(read(path), password=None)
    except (ValueError, TypeError):  # TypeError: it has a password
        key = None
    if not isinstance(key, RSAPrivateKey) or key.key_size < SHORTEST:
        raise NotReady(
            f"{path} 不是商户 API 私钥（apiclient_key.pem）。"
            f" {path} is not the private key of a merchant (apiclient_key.pem)."
        )
    return key


def public_key(path: Path) -> RSAPublicKey:
    """Raises NotReady."""
    try:
        key = load_pem_public_key(read(path))
    except ValueError:
        key = None
    if not isinstance(key, RSAPublicKey) or key.key_size < SHORTEST:
        raise NotReady(
            f"{path} 不是微信支付公钥（pub_key.pem）；商户证书、平台证书都不是它。"
            f" {path} is not WeChat Pay's public key (pub_key.pem); no certificate is."
        )
    return key


def read(path: Path) -> bytes:
    """Raises NotReady."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise NotReady(f"读不了 {path}（{error.strerror}）。 {path} cannot be read.") from None
