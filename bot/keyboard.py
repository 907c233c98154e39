"""What commands at a keyboard share: the settings of this folder, what is typed, a line of progress."""

import sys
from collections.abc import Callable
from io import TextIOWrapper
from typing import TextIO

from bot.settings import DEMO_MARK, Settings


def settings_for(demo: bool | None) -> Settings:
    return Settings(demo=True) if demo else Settings()


def settings_here(*, demo: bool = False, read: Callable[..., Settings] = Settings) -> Settings:
    """For a data folder as it is: one that was made for the demonstration stays a demonstration."""
    settings = read(demo=True) if demo else read()
    marked = (settings.data / DEMO_MARK).exists() and not settings.production
    return read(demo=True) if marked and not settings.demo else settings


def typed() -> TextIO:
    """Standard input; what is no text in it is shown as such and ends nothing."""
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    return sys.stdin


def say(words: str) -> None:
    print(f"· {words}", flush=True)
