"""One thing that ``registrar check`` has found out."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    GOOD = "✓"
    BAD = "✗"
    NOTE = "·"  # not set up, or worth knowing


Found = tuple[State, str, str]
"""In Chinese and in English."""


@dataclass(frozen=True, slots=True)
class Finding:
    state: State
    part: str
    zh: str
    en: str

    def __str__(self) -> str:
        return f"{self.state} {self.part}：{self.zh} {self.en}".strip()
