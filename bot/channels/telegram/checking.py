"""What is missing or wrong with the bot's settings, in words for whoever installs it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from telegram import WebhookInfo
from telegram.error import InvalidToken, TelegramError

from bot.channels.telegram.application import PATH
from bot.channels.telegram.client import bot_for, keep_quiet
from bot.settings import TelegramSettings

TOKEN = re.compile(r"[0-9]{5,15}:[A-Za-z0-9_-]{30,}")
PORTS = (443, 80, 88, 8443)  # https://core.telegram.org/bots/api#setwebhook
PLATFORM = "https://api.telegram.org"
RECENT = timedelta(hours=1)
MANY = 100
Trouble = tuple[str, str]  # in Chinese and in English

WRONG_TOKEN = (
    "Telegram 不认这个 token：请向 @BotFather 发 /mybots，重新复制 API Token。",
    "Telegram does not know this token: ask @BotFather (/mybots) for the API token again.",
)
UNREACHABLE = (
    "连不上 {url}：请检查服务器能否出网；需要代理时设 HTTPS_PROXY，或用 api_url 指向自建的 Bot API 服务器。",
    "{url} cannot be reached: see whether this server may connect there, set HTTPS_PROXY where a proxy"
    " is needed, or name a Bot API server of your own as api_url.",
)
NO_HTTPS = (
    "base_url 是 {url}：Telegram 的 webhook 只能是 https，端口 443、80、88 或 8443；开发时可以用 polling = true。",
    "base_url is {url}: Telegram pushes only to https on port 443, 80, 88 or 8443; for development there"
    " is polling = true.",
)
NOT_SET = (
    "webhook 还没有指向 {url}：启动服务时会自动设置；已经启动的话请看日志。",
    "The webhook is not {url} yet: it is set when the server starts; if it runs, see its log.",
)
FAILING = (
    "Telegram 推送失败（{when}）：{why}。请检查域名、证书和反向代理。",
    "Telegram cannot push ({when}): {why}. See to the name, the certificate and the reverse proxy.",
)
WAITING = (
    "有 {count} 条更新还没有取走。",
    "{count} updates have not been taken yet.",
)


async def troubles(settings: TelegramSettings, base_url: str) -> list[Trouble]:
    """Everything that keeps the bot from working; nothing is changed on the platform."""
    keep_quiet()
    if not TOKEN.fullmatch(settings.token.get_secret_value()):
        return [WRONG_TOKEN]
    bot = bot_for(settings)
    try:
        await bot.get_me()
        info = await bot.get_webhook_info()
    except InvalidToken:
        return [WRONG_TOKEN]
    except TelegramError:
        return [said(UNREACHABLE, url=settings.api_url)]
    finally:
        await bot.request.shutdown()
    return [] if settings.polling else list(of_webhook(settings, base_url.rstrip("/"), info))


def of_webhook(settings: TelegramSettings, base_url: str, info: WebhookInfo) -> Iterator[Trouble]:
    parts = urlsplit(base_url)
    reachable = parts.scheme == "https" and (parts.port or 443) in PORTS
    if settings.api_url.rstrip("/") == PLATFORM and not reachable:
        yield said(NO_HTTPS, url=base_url)
    if info.url != base_url + PATH:
        yield said(NOT_SET, url=base_url + PATH)
    failed = info.last_error_date
    if failed and datetime.now(UTC) - failed < RECENT:
        when = failed.astimezone().strftime("%H:%M")
        yield said(FAILING, when=when, why=info.last_error_message or "?")
    if info.pending_update_count > MANY:
        yield said(WAITING, count=info.pending_update_count)


def said(trouble: Trouble, **facts: object) -> Trouble:
    return trouble[0].format(**facts), trouble[1].format(**facts)
