"""The sections of the configuration about those who take money."""

import re
from pathlib import Path
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator

from backend.payments.provider import Way
from backend.payments.wechat.merchant import GATEWAY, OFFICIAL
from bot.sections import Secret, Section, encrypted

KEY_LENGTH = 32  # of the APIv3 key: it is the key of AES-256 itself


class WechatPaySettings(Section):
    """The merchant account of WeChat Pay (微信支付商户号), docs/payments.md."""

    mchid: str
    appid: str  # of the official account, or the corp id of WeCom, that is bound to the merchant
    merchant_serial: str  # of the merchant's certificate (商户API证书序列号)
    private_key: Path  # apiclient_key.pem
    certificate: Path | None = None  # apiclient_cert.pem; only to be warned before it expires
    apiv3_key: Secret
    public_keys: dict[str, Path] = Field(min_length=1)  # WeChat Pay's, by their ids
    ways: list[Way] = Field(default_factory=lambda: [Way.NATIVE], min_length=1)
    notify_base: str = ""  # empty: base_url
    gateway: str = GATEWAY
    scan_at: str = ""  # only with a peer that plays WeChat Pay: where its codes can be followed

    @field_validator("mchid")
    @classmethod
    def a_merchant(cls, mchid: str) -> str:
        return formed(
            r"[0-9]{8,10}", mchid, "商户号是 8 到 10 位数字。", "A mchid has 8 to 10 digits."
        )

    @field_validator("appid")
    @classmethod
    def an_app(cls, appid: str) -> str:
        return formed(
            r"w[wx][0-9A-Za-z]{16}",
            appid,
            "appid 以 wx 开头（企业微信是 ww），共 18 个字符。",
            "An appid begins with wx (WeCom: ww) and has 18 characters.",
        )

    @field_validator("merchant_serial")
    @classmethod
    def a_serial(cls, serial: str) -> str:
        return formed(
            r"[0-9A-F]{40}",
            serial.replace(":", "").upper(),
            "商户证书序列号是 40 位十六进制数。",
            "A merchant's certificate has a serial of 40 hexadecimal digits.",
        )

    @field_validator("apiv3_key")
    @classmethod
    def a_key(cls, key: SecretStr) -> SecretStr:
        formed(
            f"[!-~]{{{KEY_LENGTH}}}",
            key.get_secret_value(),
            "APIv3 密钥正好 32 个字符。",
            "An APIv3 key has exactly 32 characters.",
        )
        return key

    @field_validator("public_keys")
    @classmethod
    def public_key_ids(cls, keys: dict[str, Path]) -> dict[str, Path]:
        """In their order; in the names of variables they have lost their capitals."""
        found = {name.upper(): path for name, path in keys.items()}
        for name in found:
            formed(
                r"PUB_KEY_ID_[0-9A-Z]{1,64}",
                name,
                "微信支付公钥 ID 以 PUB_KEY_ID_ 开头。",
                "The id of a WeChat Pay public key begins with PUB_KEY_ID_.",
            )
        return found

    @field_validator("notify_base", "gateway")
    @classmethod
    def an_address(cls, url: str) -> str:
        if not url:
            return url
        parts = urlsplit(encrypted(url))
        if parts.query or parts.fragment or parts.username:
            raise ValueError(
                "地址里不能有 ?、# 和用户名。 No query, fragment or user in an address."
            )
        return url.rstrip("/")

    @field_validator("gateway")
    @classmethod
    def a_host(cls, url: str) -> str:
        """Requests are signed with their paths, so there is nothing before them."""
        if not url or urlsplit(url).path:
            raise ValueError(
                "gateway 只写到域名，不带路径。 The gateway is a host, without a path."
            )
        return url

    @model_validator(mode="after")
    def real_codes_are_scanned(self) -> "WechatPaySettings":
        if self.scan_at and self.gateway in OFFICIAL:
            raise ValueError(
                "scan_at 只用于演示：真正的微信支付，付款码要用微信扫。"
                " scan_at is for the demo: codes of the real WeChat Pay are scanned with WeChat."
            )
        return self


def formed(form: str, value: str, zh: str, en: str) -> str:
    if not re.fullmatch(form, value):
        raise ValueError(f"{zh} {en}")
    return value
