"""Where things are and what kind of installation this is: from one file and the environment.

The file is ``registrar.toml`` in the working folder, or the one ``REGISTRAR_CONFIG`` names; what the
environment says goes before it. Every entry that is text, and so every secret, may be the value or,
as ``…_file``, the path of a file that holds it.
"""

import os
from pathlib import Path
from secrets import token_hex, token_urlsafe
from typing import Any, ClassVar

from pydantic import (
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict
from sqlalchemy import make_url

from backend.payments.wechat.merchant import OFFICIAL
from bot.configuration import (
    PREFIX,
    ConfigurationFile,
    Environment,
    Problem,
    problems,
)
from bot.payment_sections import WechatPaySettings
from bot.sections import (
    FromFiles,
    PhotoCodeSettings,
    RasaSettings,
    Secret,
    SigningSettings,
    SignInSettings,
    TelegramSettings,
    WecomSettings,
)

SHORTEST = 32  # characters of a secret of this installation
DEMO_MARK = "demo"  # stands in a data folder that was made for the demonstration


class NotReady(RuntimeError):
    """Something is missing that only the administrator can give; the message says what."""


class Settings(FromFiles, BaseSettings):
    """Each entry is an environment variable with the prefix ``REGISTRAR_``; ``__`` goes inside."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        extra="forbid",
        hide_input_in_errors=True,
    )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, Environment(settings_cls), ConfigurationFile(settings_cls)

    left_out: ClassVar[frozenset[str]] = frozenset()  # entries that are not looked at
    data: Path = Path("var")  # database, files, fonts, keys
    database_url: str = ""  # empty: SQLite in the data folder
    blobs: str = ""  # empty: a folder in the data folder; or the URL of a bucket
    institution: str = "ucas"
    base_url: str = ""  # as people reach it; empty: http://host:port
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=1, le=65535)
    production: bool = False
    demo: bool = False
    messages_per_minute: int = Field(default=300, ge=0)  # of one person; 0: no limit
    messages_at_once: int = Field(default=100, ge=1)
    wrong_codes_per_minute: int = Field(default=30, ge=0)  # of one address at /v; 0: no limit
    signing_key: Path | None = None  # PEM or PKCS#12; the demo makes its own
    signing_certificate: Path | None = None
    signing_chain: Path | None = None
    signing_passphrase: Secret | None = None
    signing: SigningSettings = Field(default_factory=SigningSettings)
    wecom: WecomSettings | None = None
    telegram: TelegramSettings | None = None
    sign_in: SignInSettings = Field(default_factory=SignInSettings)
    rasa: RasaSettings | None = None
    photo_codes: PhotoCodeSettings | None = None
    wechat_pay: WechatPaySettings | None = None

    @field_validator("signing")
    @classmethod
    def one_key(cls, signing: SigningSettings, info: ValidationInfo) -> SigningSettings:
        if signing.pkcs11 and info.data.get("signing_key"):
            raise ValueError(
                "signing_key 和 [signing.pkcs11] 只能选一个。"
                " signing_key and [signing.pkcs11] exclude each other."
            )
        return signing

    @field_validator("wechat_pay")
    @classmethod
    def real_money_by_the_real_gateway(
        cls, given: WechatPaySettings | None, info: ValidationInfo
    ) -> WechatPaySettings | None:
        if given and info.data.get("production") and given.gateway not in OFFICIAL:
            raise ValueError(
                "正式运行时 gateway 只能是微信支付自己的地址。"
                " In production the gateway must be WeChat Pay's own."
            )
        return given

    @model_validator(mode="after")
    def settle(self) -> "Settings":
        """A demo is never production, and the address is known without being said twice."""
        if self.demo and self.production:
            raise ValueError("演示和正式运行不能同时选。 Demo and production exclude each other.")
        self.base_url = (self.base_url or f"http://{self.host}:{self.port}").rstrip("/")
        return self

    @property
    def has_sign_in(self) -> bool:
        """Whether anybody can sign in on a page here."""
        ways = self.sign_in
        return bool(ways.oidc or ways.cas or ways.exam or self.wecom or self.demo)

    @property
    def database(self) -> str:
        return self.database_url or f"sqlite:///{self.data / 'registrar.db'}"

    @property
    def on_sqlite(self) -> bool:
        """Then there is one server process at a time."""
        return make_url(self.database).get_backend_name() == "sqlite"

    @property
    def has_database(self) -> bool:
        """False only where the first start has still to make it."""
        return not self.on_sqlite or Path(make_url(self.database).database or "").exists()

    @property
    def blob_store(self) -> str:
        return self.blobs or str(self.data / "blobs")

    def secret(self, name: str) -> str:
        """A secret of this installation, made once: 32 random bytes in a file only we can read.

        Raises NotReady where the file does not hold one: with an empty key everybody can sign.
        """
        path = self.data / "secrets" / name
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            mine = path.with_name(f".{name}-{token_hex(4)}")
            mine.touch(mode=0o600)
            mine.write_text(token_urlsafe(32) + "=")
            try:
                os.link(mine, path)  # whole, or not at all, whoever else starts at this moment
            except FileExistsError:
                pass
            finally:
                mine.unlink()
        held = path.read_text().strip()
        if len(held) < SHORTEST:
            raise NotReady(
                f"{path} 不完整（不到 {SHORTEST} 个字符），请从备份恢复。"
                f" {path} holds no whole secret (under {SHORTEST} characters);"
                " restore it from the backup."
            )
        return held


def readable(**given: Any) -> tuple[Settings, list[Problem]]:
    """The settings without those that are wrong, and what is wrong with them.

    For looking at an installation; to serve, everything must be right. Raises Misconfigured.
    """
    wrong: list[Problem] = []
    left_out: frozenset[str] = frozenset()
    while True:

        class Rest(Settings):
            pass

        Rest.left_out = left_out
        try:
            return Rest(**given), wrong
        except ValidationError as error:
            found = problems(error, Settings)
            names = {top(one) for one in found} - left_out
            if not names:
                raise
            wrong += found
            left_out |= names
            given = {name: value for name, value in given.items() if name not in names}


def top(problem: Problem) -> str:
    """The entry to leave out; what only goes wrong together is not taken for a demonstration."""
    name = problem.path[0] if problem.path else "demo"
    plain = name.removesuffix("_file")
    return plain if plain in Settings.model_fields else name
