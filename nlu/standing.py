"""Which interpreter answers, since when and why: counts and names, never words."""

import threading
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from backend.clock import Clock

RASA, EMBEDDED = "rasa", "embedded"


class Reason(StrEnum):
    """Why the embedded interpreter has answered."""

    SLOW = "slow"  # not within the deadline
    DOWN = "down"  # no connection
    BAD = "bad answer"  # an error, or not what Rasa answers
    PAUSE = "pause"  # not asked, after several failures
    UNSURE = "unsure"  # Rasa itself did not know


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands in this process."""

    interpreter: str  # who answers when Rasa is sure
    since: datetime
    why: Reason | None  # None while Rasa answers
    answered: int  # by Rasa
    fell_back: dict[Reason, int]


class Record:
    """Counts answers; safe in threads."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._interpreter, self._why = RASA, None  # type: tuple[str, Reason | None]
        self._since = clock.now()
        self._answered = 0
        self._fell_back = dict.fromkeys(Reason, 0)

    def rasa(self) -> bool:
        """Rasa has answered; True when before it had not."""
        with self._lock:
            self._answered += 1
            return self._now(RASA, None)

    def embedded(self, why: Reason) -> bool:
        """The embedded interpreter has answered; True when before it was Rasa that did.

        Where Rasa was unsure, or is given a pause, nothing has changed.
        """
        with self._lock:
            self._fell_back[why] += 1
            if why is Reason.UNSURE:
                return self._now(RASA, None)
            return why is not Reason.PAUSE and self._now(EMBEDDED, why)

    def standing(self) -> Standing:
        with self._lock:
            return Standing(
                self._interpreter, self._since, self._why, self._answered, dict(self._fell_back)
            )

    def _now(self, interpreter: str, why: Reason | None) -> bool:
        changed = interpreter != self._interpreter
        if changed:
            self._since = self._clock.now()
        self._interpreter, self._why = interpreter, why
        return changed
