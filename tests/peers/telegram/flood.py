"""The flood control of the Bot API, as its FAQ describes it: one message a second in a chat, 30 in all.

https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
Short bursts pass, as they do there; on the long run the rate counts (GCRA).
"""

import math
import threading
from collections.abc import Callable


class Flood:
    def __init__(self, clock: Callable[[], float], *, chat_burst: int, burst: int) -> None:
        self._clock = clock
        self._rules = {"chat": (1.0, chat_burst), "all": (1 / 30, burst)}
        self._full: dict[object, float] = {}
        self._lock = threading.Lock()

    def take(self, chat: int) -> int:
        """Seconds to wait, as the platform says them; 0 where the call may pass."""
        with self._lock:
            now = self._clock()
            names: dict[str, object] = {"chat": chat, "all": "all"}
            full = {}
            for rule, name in names.items():
                pause, room = self._rules[rule]
                full[name] = max(self._full.get(name, now), now) + pause
                if full[name] - now > pause * room + 1e-9:
                    return max(1, math.ceil(full[name] - now - pause * room))
            self._full.update(full)
            return 0
