"""Telegram: the Bot API by webhook or polling, with python-telegram-bot as transport only."""

from bot.channels.telegram.application import Telegram
from bot.channels.telegram.channel import TelegramChannel

__all__ = ["Telegram", "TelegramChannel"]
