"""Sentences in both languages: written in Chinese where they are said, translated in ``locales/``.

``_("还剩 {count} 份", count=2)`` is rendered late, in the language of whoever will read it. What
people typed comes in only as a parameter, so braces and marks in it are just characters.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po

from backend.clock import SHANGHAI

LOCALES = Path(__file__).parents[1] / "locales"


@dataclass(frozen=True, slots=True)
class Words:
    msgid: str
    params: Mapping[str, object] = field(default_factory=dict)

    def into(self, language: str) -> str:
        pattern = translations(language).get(self.msgid, self.msgid)
        return pattern.format(**{name: spell(it, language) for name, it in self.params.items()})


def _(msgid: str, /, **params: object) -> Words:
    return Words(msgid, params)


def plain(text: str) -> Words:
    """Text that is the same in every language: a name, a number, what somebody wrote."""
    return Words("{text}", {"text": text})


@dataclass(frozen=True, slots=True)
class Bilingual:
    """Data that has a name in each language."""

    zh: str
    en: str

    def into(self, language: str) -> str:
        return self.en if language == "en" and self.en else self.zh


@dataclass(frozen=True, slots=True)
class Joined:
    """Several sentences in a row, or a list of words with a separator of each language."""

    parts: tuple["Speech", ...]
    zh: str = ""
    en: str = " "

    def into(self, language: str) -> str:
        return (self.en if language == "en" else self.zh).join(p.into(language) for p in self.parts)


Speech = Words | Bilingual | Joined


def lines(*parts: Speech) -> Joined:
    return Joined(parts, "\n", "\n")


def listed(*parts: Speech) -> Joined:
    return Joined(parts, "、", ", ")


def spell(value: object, language: str) -> str:
    if isinstance(value, Words | Bilingual | Joined):
        return value.into(language)
    if isinstance(value, datetime):
        local = value.astimezone(SHANGHAI)
        if language == "en":
            return f"{local.day} {local:%b %Y, %H:%M}"
        return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
    return str(value)


def yuan(fen: int) -> Words:
    """``5.00 元``; nothing is "free" here, callers say so."""
    return _("{amount} 元", amount=f"{fen // 100}.{fen % 100:02}")


@cache
def translations(language: str) -> dict[str, str]:
    path = LOCALES / f"{language}.po"
    if language == "zh" or not path.exists():
        return {}
    with path.open("rb") as file:
        catalog = read_po(file, locale=language)
    return {
        str(message.id): str(message.string)
        for message in catalog
        if message.id and message.string and not message.fuzzy
    }
