"""The port to whatever finds the clauses that answer a question (``nlu/answers`` fills it)."""

from dataclasses import dataclass
from typing import Protocol

from backend.clauses.library import Library


@dataclass(frozen=True, slots=True)
class Found:
    """Ids of clauses, the best first.

    ``answering`` is empty where nothing is said: the documents do not tell, or it is somebody else's
    business (``elsewhere`` is the name that was heard). ``near`` are clauses on the same matter, to
    be offered and never to be told as the answer. ``vague`` says that too little was asked to tell
    which of them. ``confidence`` is the probability that this very decision is right.
    """

    answering: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    confidence: float = 0.0
    vague: bool = False
    elsewhere: str = ""


class Finder(Protocol):
    def find(self, question: str, library: Library) -> Found:
        """Never raises, and never guesses."""
        ...


class NothingFound:
    """Where no finder has been given: it abstains from everything."""

    def find(self, question: str, library: Library) -> Found:
        return Found()
