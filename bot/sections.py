"""The sections of the configuration, one for each part that has more than a few entries."""

import re
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator, model_validator

from backend.documents.materials import Level
from bot.configuration import opened, with_files

Secret = Annotated[SecretStr, Field(min_length=1)]  # an empty one would let everybody in


class FromFiles(BaseModel):
    """Settings whose entries are given themselves or as files."""

    @model_validator(mode="before")
    @classmethod
    def find_files(cls, given: Any) -> Any:
        return with_files(cls, given) if isinstance(given, dict) else given

    @field_validator("*", mode="before")
    @classmethod
    def read_file(cls, value: Any) -> Any:
        return opened(value)


class Section(FromFiles):
    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)


class WecomSettings(Section):
    """The application of the enterprise account (企业微信自建应用)."""

    corp_id: str = Field(min_length=1)
    agent_id: int
    secret: Secret
    token: Secret  # of the callback (接收消息)
    aes_key: Secret  # EncodingAESKey, 43 characters
    api_url: str = "https://qyapi.weixin.qq.com"
    members: int = Field(default=200, ge=1)  # accounts: the day's quota is 200 messages for each


class TelegramSettings(Section):
    token: Secret
    api_url: str = "https://api.telegram.org"
    name: str = ""  # the bot's own, without @: for links that open it
    polling: bool = False  # for development; otherwise a webhook at base_url


class OidcSettings(Section):
    """The university's single sign-on, by OpenID Connect (统一身份认证)."""

    issuer: str
    client_id: str = Field(min_length=1)
    client_secret: Secret | None = None  # None: a public client, with PKCE alone
    claim: str = "sub"  # holds the student or staff number
    scope: str = "openid"

    @field_validator("issuer")
    @classmethod
    def encrypted(cls, url: str) -> str:
        return encrypted(url)


class CasSettings(Section):
    """The university's single sign-on, by CAS 2 or 3 (统一身份认证)."""

    url: str  # https://cas.example.edu.cn/cas; /login is below it
    attribute: str = ""  # holds the student or staff number; empty: the user name does

    @field_validator("url")
    @classmethod
    def encrypted(cls, url: str) -> str:
        return encrypted(url).rstrip("/")


class SignInSettings(Section):
    """How people show on a page who they are; at least one is needed in production."""

    oidc: OidcSettings | None = None
    cas: CasSettings | None = None
    exam: bool = False  # the exam office's own accounts (E1)


class RasaSettings(Section):
    """Rasa's server, which is asked first what words mean (docs/rasa.md)."""

    url: str = "http://127.0.0.1:5005"
    token: Secret | None = None  # None: this installation's own, which `make rasa` serves with
    deadline_ms: int = Field(default=300, ge=10, le=5000)  # then the embedded interpreter answers

    @field_validator("url")
    @classmethod
    def encrypted(cls, url: str) -> str:
        return encrypted(url).rstrip("/")


class PhotoCodeSettings(Section):
    """Where collection codes can be asked for one by one, besides lists that are imported (P2)."""

    url: str
    key: Secret

    @field_validator("url")
    @classmethod
    def encrypted(cls, url: str) -> str:
        return encrypted(url).rstrip("/")


class TsaSettings(Section):
    """The authority that says when a document was signed (RFC 3161)."""

    url: str
    chain: Path  # its root and intermediate certificates in PEM
    username: str = ""
    password: Secret | None = None
    policy: str = ""  # the object identifier of its policy; empty: the one it chooses
    deadline_ms: int = Field(default=5000, ge=500, le=30_000)  # then it is asked again later

    @field_validator("url")
    @classmethod
    def encrypted(cls, url: str) -> str:
        return encrypted(url)

    @field_validator("policy")
    @classmethod
    def numbered(cls, policy: str) -> str:
        if policy and not re.fullmatch(r"[0-2](\.(0|[1-9]\d*))+", policy, re.ASCII):
            raise ValueError("要填编号，如 1.2.3。 An object identifier such as 1.2.3 is needed.")
        return policy


class TokenSettings(Section):
    """A signing key that never leaves its token, by PKCS#11; found there by label or number."""

    module: Path  # of whoever made the token
    token: str = Field(min_length=1)  # its label
    label: str = ""
    key_id: str = ""  # in hexadecimal
    pin: Secret

    @field_validator("key_id")
    @classmethod
    def hexadecimal(cls, key_id: str) -> str:
        if not re.fullmatch(r"([0-9a-fA-F]{2})*", key_id, re.ASCII):
            raise ValueError("要填十六进制数。 A hexadecimal number is needed.")
        return key_id.lower()

    @model_validator(mode="after")
    def found_by_something(self) -> "TokenSettings":
        if not (self.label or self.key_id):
            raise ValueError("要填 label 或 key_id。 label or key_id is needed.")
        return self


class SigningSettings(Section):
    """How documents are signed, beside the key itself, and whose signatures can be told apart."""

    level: Level = Level.B_B
    tsa: TsaSettings | None = None
    pkcs11: TokenSettings | None = None  # instead of a key in files
    roots: Path | None = None  # PEM; of other institutions, to say whose a signature is
    workers: int = Field(default=1, ge=1, le=32)  # processes that draw and sign
    evidence_minutes: int = Field(default=60, ge=5, le=1440)  # that OCSP answers and CRLs are kept

    @model_validator(mode="after")
    def has_an_authority(self) -> "SigningSettings":
        """Every level but the first has a time stamp."""
        if self.level is not Level.B_B and self.tsa is None:
            raise ValueError(
                f"级别 {self.level} 要有时间戳服务 [signing.tsa]。"
                f" The level {self.level} needs [signing.tsa]."
            )
        return self

    @property
    def other_roots(self) -> tuple[bytes, ...]:
        return _pem(self.roots)

    @property
    def stamp_roots(self) -> tuple[bytes, ...]:
        """Whoever leads to these is believed when it stamps."""
        return _pem(self.tsa.chain if self.tsa else None)


def _pem(path: Path | None) -> tuple[bytes, ...]:
    return (path.read_bytes(),) if path else ()


def encrypted(url: str) -> str:
    """What says who somebody is must not be changed on its way; only this very machine is near enough."""
    parts = urlsplit(url)
    near = parts.hostname in ("127.0.0.1", "localhost", "::1")
    if not parts.hostname or not (parts.scheme == "https" or (parts.scheme == "http" and near)):
        raise ValueError("要用 https 地址。 An https address is needed.")
    return url
