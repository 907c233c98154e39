"""The port every interpreter fills: words in, meaning out, with no context and no state."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
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
class Request:
    """One of the things wanted in a message; the entities' offsets are those within ``text``."""

    text: str
    intent: str
    confidence: float
    entities: tuple[Entity, ...] = ()

    def with_details(self, text: str, entities: Iterable[Entity]) -> "Request":
        """With what was added later in the message."""
        first = len(self.text) + 1
        moved = (replace(one, start=one.start + first, end=one.end + first) for one in entities)
        return replace(self, text=f"{self.text} {text}", entities=(*self.entities, *moved))


@dataclass(frozen=True, slots=True)
class Parse:
    """What was probably meant. ``confidence`` is calibrated: 0.9 is right nine times in ten.

    ``requests`` are those that a message in several parts is made of, where they were looked for.
    """

    intent: str = OUT_OF_SCOPE
    confidence: float = 0.0
    ranking: tuple[tuple[str, float], ...] = ()
    entities: tuple[Entity, ...] = field(default=())
    requests: tuple[Request, ...] = field(default=())


class Interpreter(Protocol):
    def parse(self, text: str) -> Parse:
        """Never raises: words nobody can understand are ``out_of_scope``."""
        ...
