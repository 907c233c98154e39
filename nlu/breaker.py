"""A service that is down must not cost every question its deadline."""

import threading
import time
from collections.abc import Callable

FAILURES = 3  # one after another, before it is left alone
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 60.0  # seconds; a pause doubles while trials fail


class Breaker:
    """Says whether to ask. After some failures nobody does for a while, then one does, as a trial."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """``clock`` counts seconds."""
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._pause = 0.0  # 0: everybody may ask
        self._until = 0.0
        self._on_trial = False

    def allows(self) -> bool:
        """Whoever is told True asks, and says in any case how it went."""
        with self._lock:
            if not self._pause:
                return True
            if self._on_trial or self._clock() < self._until:
                return False
            self._on_trial = True
            return True

    def succeeded(self) -> None:
        with self._lock:
            self._failures, self._pause, self._on_trial = 0, 0.0, False

    def failed(self) -> None:
        """What was asked before the pause began, and fails in it, does not prolong it."""
        with self._lock:
            if not self._pause:
                self._failures += 1
                if self._failures >= FAILURES:
                    self._wait(FIRST_PAUSE)
            elif self._on_trial:
                self._wait(min(self._pause * 2, LONGEST_PAUSE))

    def _wait(self, pause: float) -> None:
        self._pause, self._on_trial = pause, False
        self._until = self._clock() + pause
