"""What this installation has to know people by."""

from collections.abc import Callable
from dataclasses import dataclass


def unmarked(purpose: str, value: str) -> str:
    """Where no key was given, no token can be made, and none is believed."""
    raise RuntimeError("this installation has no key for its links")


@dataclass(frozen=True, slots=True)
class Identity:
    """``mark(purpose, value)`` is a text that only this installation can make, always the same."""

    mark: Callable[[str, str], str] = unmarked
    pages: bool = False  # there is a page to sign in on
    telegram: str = ""  # the bot's name, for links that open it
