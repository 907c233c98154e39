"""The port every interpreter fills: words in, meaning out, with no context and no state."""

from dataclasses import dataclass, field
from typing import Protocol

OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True, slots=True)
class Entity:
    """A value found in the words; ``start`` and ``end`` are character offsets into them."""

    entity: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Parse:
    """What was probably meant. ``confidence`` is calibrated: 0.9 is right nine times in ten."""

    intent: str = OUT_OF_SCOPE
    confidence: float = 0.0
    ranking: tuple[tuple[str, float], ...] = ()
    entities: tuple[Entity, ...] = field(default=())


class Interpreter(Protocol):
    def parse(self, text: str) -> Parse:
        """Never raises: words nobody can understand are ``out_of_scope``."""
        ...
