"""A secret that is empty or cut short lets nobody in, instead of everybody."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.types import Message

from bot.channels.telegram import Telegram
from bot.play import Stage
from bot.sections import OidcSettings, TelegramSettings, WecomSettings
from bot.settings import NotReady, Settings

WECOM = {"corp_id": "ww0123456789abcdef", "agent_id": 1, "secret": "s", "token": "t"}
OIDC = {"issuer": "https://id.example.edu.cn", "client_id": "registrar"}


@pytest.mark.parametrize("held", ["", "\n", "x" * 31])
def test_nobody_signs_links_with_the_empty_key_of_a_full_disk(tmp_path: Path, held: str) -> None:
    settings = Settings(data=tmp_path, demo=True)
    settings.secret("links")
    path = tmp_path / "secrets" / "links"
    path.write_text(held)
    with pytest.raises(NotReady, match="links"):
        settings.secret("links")
    assert path.read_text() == held, "what a backup may mend is not made anew"


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (WecomSettings, WECOM | {"aes_key": "a" * 43, "token": ""}),
        (WecomSettings, WECOM | {"aes_key": "a" * 43, "secret": ""}),
        (WecomSettings, WECOM | {"aes_key": ""}),
        (TelegramSettings, {"token": ""}),
        (OidcSettings, OIDC | {"client_secret": ""}),
    ],
)
def test_an_empty_secret_is_no_setting(kind: type[BaseModel], given: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        kind.model_validate(given)


def test_an_empty_secret_file_is_no_setting(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("\n")
    with pytest.raises(ValidationError):
        TelegramSettings.model_validate({"token_file": tmp_path / "token"})


def test_an_update_without_a_secret_is_refused_where_we_have_none(stage: Any) -> None:
    here: Stage = stage()
    telegram = Telegram(
        TelegramSettings.model_validate({"token": "123:abc"}),
        secret="=",
        reception=here.assistant.reception,
        office=here.assistant.office,
        base_url="https://registrar.example.edu.cn",
    )

    async def body() -> Message:
        return {"type": "http.request", "body": b"{}", "more_body": False}

    request = Request({"type": "http", "method": "POST", "headers": []}, body)
    assert asyncio.run(telegram.webhook(request)).status_code == 403
