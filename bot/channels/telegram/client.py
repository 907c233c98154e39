"""The Bot API through python-telegram-bot, and what its errors mean for a message."""

import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from telegram import Bot
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    RetryAfter,
    TelegramError,
    TimedOut,
)
from telegram.request import HTTPXRequest

from backend.accounts import TELEGRAM
from bot.channels.port import Blocked, Unreachable, Unsendable
from bot.sections import TelegramSettings

CHAT = TELEGRAM
WRONG_TOKEN_PAUSE = 300.0  # seconds; only the administrator can mend it
NOBODY_THERE = ("chat not found", "user not found", "peer_id_invalid", "chat_id is empty")

os.environ.setdefault("PTB_TIMEDELTA", "true")  # the library's own switch to its coming form


def bot_for(settings: TelegramSettings) -> Bot:
    """Nothing is asked of the platform yet. A proxy is taken from ``HTTPS_PROXY``."""
    url = settings.api_url.rstrip("/")
    return Bot(
        settings.token.get_secret_value(),
        base_url=f"{url}/bot",
        base_file_url=f"{url}/file/bot",
        request=HTTPXRequest(
            connection_pool_size=64,
            pool_timeout=10,
            connect_timeout=10,
            read_timeout=20,
            write_timeout=20,
            media_write_timeout=120,
        ),
        get_updates_request=HTTPXRequest(connection_pool_size=2, connect_timeout=10),
    )


def keep_quiet() -> None:
    """Other people's logs would hold the token (it is in every address) and what people write."""
    logging.getLogger("httpx").setLevel(logging.WARNING)
    logging.getLogger("telegram").setLevel(logging.CRITICAL)


@contextmanager
def platform_errors() -> Iterator[None]:
    """Raises Unreachable, Blocked or Unsendable for what the platform answers.

    Source: https://core.telegram.org/bots/api#making-requests and #responseparameters.
    """
    try:
        yield
    except RetryAfter as error:
        raise Unreachable("flood", seconds(error.retry_after)) from error
    except Forbidden as error:
        raise Blocked(said_by(error)) from error
    except BadRequest as error:
        if any(sign in error.message.casefold() for sign in NOBODY_THERE):
            raise Blocked(said_by(error)) from error
        raise Unsendable(said_by(error)) from error
    except ChatMigrated as error:
        raise Unsendable("chat migrated") from error
    except InvalidToken:
        raise Unreachable("token", WRONG_TOKEN_PAUSE) from None  # its words hold the token
    except Conflict as error:
        raise Unreachable("conflict") from error
    except TimedOut as error:
        raise Unreachable("timeout") from error
    except TelegramError as error:
        raise Unreachable("network") from error


def seconds(wait: float | timedelta) -> float:
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def said_by(error: TelegramError) -> str:
    """The platform's words without what they quote, which may be somebody's link."""
    return re.split(r"[\"`]| '", error.message)[0].strip()[:80]
