"""What an administrator is told about a bot that does not work."""

import asyncio
import time

from bot.channels.telegram.checking import troubles
from bot.settings import TelegramSettings
from tests.channels.telegram.house import House
from tests.peers.telegram.bot_api import TOKEN, BotApi


def told(url: str, base_url: str, token: str = TOKEN, *, polling: bool = False) -> str:
    given = {"token": token, "api_url": url, "polling": polling}
    found = asyncio.run(troubles(TelegramSettings.model_validate(given), base_url))
    assert token not in str(found)
    return "\n".join(zh for zh, _ in found)


def test_a_bot_that_works_is_not_complained_about(house: House, api: BotApi) -> None:
    assert told(api.url, house.serving.url) == ""


def test_a_token_that_is_wrong_is_called_so(api: BotApi) -> None:
    for token in ("https://t.me/bot", TOKEN[:-1] + "X"):
        assert "不认这个 token" in told(api.url, "https://registrar.example", token)


def test_a_platform_that_cannot_be_reached_is_named(api: BotApi) -> None:
    assert "连不上 http://127.0.0.1:9" in told("http://127.0.0.1:9", "https://registrar.example")


def test_a_webhook_that_is_not_set_or_fails_is_explained(api: BotApi) -> None:
    api.webhook.url = "https://elsewhere.example/telegram/webhook"
    api.webhook_error = (int(time.time()), "SSL error {certificate verify failed}")
    words = told(api.url, "https://registrar.example")
    assert "webhook 还没有指向 https://registrar.example/telegram/webhook" in words
    assert "certificate verify failed" in words
    assert told(api.url, "https://registrar.example", polling=True) == ""
