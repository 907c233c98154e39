"""What ``registrar check`` tells an administrator about a bot that does not work."""

import asyncio
import time

from bot import ready_platforms
from bot.settings import Settings
from tests.channels.telegram.house import House
from tests.peers.telegram.bot_api import TOKEN, BotApi


def told(url: str, base_url: str, token: str = TOKEN, *, polling: bool = False) -> str:
    given = {"token": token, "api_url": url, "polling": polling}
    settings = Settings.model_validate({"base_url": base_url, "telegram": given})

    async def ask() -> list[str]:
        return [f"{state.name}: {zh}" async for state, zh, _ in ready_platforms.telegram(settings)]

    words = "\n".join(asyncio.run(ask()))
    assert token not in words
    return words


def test_a_bot_that_works_is_not_complained_about(house: House, api: BotApi) -> None:
    words = told(api.url, house.serving.url)
    assert "@registrar_peer_bot" in words
    assert "webhook 正常" in words
    assert "BAD" not in words


def test_a_token_that_is_wrong_is_called_so(api: BotApi) -> None:
    words = told(api.url, "https://registrar.example", f"{TOKEN[:-1]}X")
    assert "BAD: token 不对" in words


def test_a_platform_that_cannot_be_reached_is_named(api: BotApi) -> None:
    assert "BAD: 连不上 Telegram" in told("http://127.0.0.1:9", "https://registrar.example")


def test_a_webhook_that_is_not_set_or_fails_is_explained(api: BotApi) -> None:
    words = told(api.url, "https://registrar.example")
    assert "webhook 还不是 https://registrar.example/telegram/webhook" in words
    api.webhook.url = "https://registrar.example/telegram/webhook"
    api.webhook_error = (int(time.time()), "SSL error {certificate verify failed}")
    assert "BAD: Telegram 送不到 webhook：SSL error" in told(api.url, "https://registrar.example")
    assert "轮询" in told(api.url, "https://registrar.example", polling=True)
