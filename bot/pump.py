"""Where turns are taken: outside the event loop, one conversation at a time."""

import logging
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

log = logging.getLogger(__name__)


class Pump:
    """Takes turns in threads. A conversation that is being taken is not taken twice at once."""

    def __init__(self, *, threads: int) -> None:
        self._take: Callable[[int], object] = lambda _: None
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="turns")
        self._busy: set[int] = set()
        self._again: set[int] = set()
        self._lock = threading.Lock()

    def start(self, take: Callable[[int], object]) -> None:
        """Say what taking is; before that there is nothing to wake for."""
        self._take = take

    def wake(self, conversation_id: int) -> None:
        with self._lock:
            if conversation_id in self._busy:
                self._again.add(conversation_id)
                return
            self._busy.add(conversation_id)
        self._pool.submit(self._work, conversation_id)

    def _work(self, conversation_id: int) -> None:
        again = True
        while again:
            try:
                self._take(conversation_id)
            except BaseException:  # in a thread of its own nobody else would hear of it
                log.exception("taking the turns of conversation %s failed", conversation_id)
            again = self._woken_meanwhile(conversation_id)

    def _woken_meanwhile(self, conversation_id: int) -> bool:
        with self._lock:
            if conversation_id in self._again:
                self._again.discard(conversation_id)
                return True
            self._busy.discard(conversation_id)
            return False

    def stop(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)


class HandPump:
    """The same without threads: what was woken is taken when asked, in order."""

    def __init__(self) -> None:
        self._woken: deque[int] = deque()

    def wake(self, conversation_id: int) -> None:
        if conversation_id not in self._woken:
            self._woken.append(conversation_id)

    def run(self, take: Callable[[int], object]) -> int:
        done = 0
        while self._woken:
            take(self._woken.popleft())
            done += 1
        return done
