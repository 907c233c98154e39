"""How often somebody may do something: a token bucket each, in this process's memory."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable

MOST_KNOWN = 100_000  # who has been seen last is remembered; more would let strangers fill memory


class Limit:
    """``per_minute`` in the long run, ``burst`` at once; zero ``per_minute`` is no limit.

    Kept for each name is one moment: when their bucket will be full again (GCRA).
    """

    def __init__(
        self, per_minute: int, burst: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._pause = 60 / per_minute if per_minute else 0.0
        self._room = self._pause * burst
        self._clock = clock
        self._full_at: OrderedDict[str, float] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, name: str) -> float:
        """Seconds to wait until it is allowed again; 0.0 where it is allowed now, and counted."""
        if not self._pause:
            return 0.0
        with self._lock:
            now = self._clock()
            full_at = max(self._full_at.get(name, now), now) + self._pause
            if full_at - now > self._room:
                return full_at - now - self._room
            self._full_at[name] = full_at
            self._full_at.move_to_end(name)
            if len(self._full_at) > MOST_KNOWN:
                self._full_at.popitem(last=False)
            return 0.0

    def spent(self, name: str) -> bool:
        """Whether taking would be refused now; for what counts only by how it turns out."""
        with self._lock:
            now = self._clock()
            full_at = max(self._full_at.get(name, now), now) + self._pause
            return full_at - now > self._room
