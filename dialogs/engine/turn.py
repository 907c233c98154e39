"""What a turn begins with: something a person did, or something that happened inside."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Protocol
from unicodedata import normalize

from backend.file_names import NameFacts
from backend.work import Event
from dialogs.engine.message import Action

SEVERAL = "*"  # after the name of an entity that was named more than once
BETWEEN = "|"  # its values
READ_AT_MOST = 200  # characters in which a short answer, or a command, is looked for


class Found(Protocol):
    """An entity, as an interpreter reports it."""

    @property
    def entity(self) -> str: ...
    @property
    def value(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...


class Wanted(Protocol):
    """One of several requests in one message."""

    @property
    def text(self) -> str: ...
    @property
    def intent(self) -> str: ...
    @property
    def entities(self) -> Sequence[Found]: ...


class Meaning(Protocol):
    """What an interpreter makes of words, without knowing what was asked."""

    @property
    def intent(self) -> str: ...
    @property
    def confidence(self) -> float: ...
    @property
    def ranking(self) -> Sequence[tuple[str, float]]: ...
    @property
    def entities(self) -> Sequence[Found]: ...
    @property
    def requests(self) -> Sequence[Wanted]: ...


@dataclass(frozen=True, slots=True)
class Meant:
    """A meaning known without an interpreter."""

    intent: str
    confidence: float
    entities: Sequence[Found]
    ranking: Sequence[tuple[str, float]] = ()
    requests: Sequence[Wanted] = ()


@dataclass(frozen=True, slots=True)
class Said:
    """``text`` is literally what was typed. ``words`` is its beginning, to be read: in simplified
    characters, half width and lower case."""

    text: str
    meaning: Meaning
    words: str = ""

    def __post_init__(self) -> None:
        if not self.words:
            read = normalize("NFKC", self.text[:READ_AT_MOST]).casefold()
            object.__setattr__(self, "words", read)

    def sure(self, at_least: float) -> str:
        """The intent, if the interpreter is this sure of it; otherwise nothing."""
        return self.meaning.intent if self.meaning.confidence >= at_least else ""

    def is_mostly(self, entities: Collection[str]) -> bool:
        """Hardly anything but these entities: "英文的", and not a sentence that mentions one."""
        covered = sum(
            one.end - one.start for one in self.meaning.entities if one.entity in entities
        )
        return covered >= len(self.text) * 0.6

    def entities(self) -> dict[str, str]:
        return definite(self.meaning.entities)


def definite(entities: Iterable[Found]) -> dict[str, str]:
    """Values by entity. One with different values says nothing definite, but to a question that takes
    several answers: ``course*`` is all of them, in the order in which they were said."""
    found: dict[str, list[str]] = {}
    for one in entities:
        values = found.setdefault(one.entity, [])
        values += [one.value] if one.value not in values else []
    return {
        entity if len(values) == 1 else entity + SEVERAL: BETWEEN.join(values)
        for entity, values in found.items()
    }


@dataclass(frozen=True, slots=True)
class Pressed:
    """``used`` when the button was pressed before."""

    action: Action
    used: bool = False


@dataclass(frozen=True, slots=True)
class Attached:
    """A file came in. ``named`` is what its name said before what must not be kept of it was taken
    out; ``recompressed``: the channel has made another picture of it."""

    blob_id: str
    name: str
    media_type: str
    size: int
    named: NameFacts = field(default_factory=NameFacts)
    recompressed: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """Something happened to a case, and this person is told."""

    event: Event


@dataclass(frozen=True, slots=True)
class Done:
    """The job that a dialog waits for has ended."""

    key: str
    ok: bool = True


@dataclass(frozen=True, slots=True)
class Arrived:
    """Somebody opens the chat for the first time and has said nothing yet."""


Turn = Said | Pressed | Attached | Arrived | Told | Done
