"""Open web sockets, and telling them that there is news in their conversation."""

import asyncio
from collections import defaultdict

MOST_SOCKETS = 8  # for one conversation


class Listener:
    """One socket. ``updated`` are earlier messages that changed."""

    def __init__(self) -> None:
        self.news = asyncio.Event()
        self.updated: set[int] = set()


class Hub:
    """Hints within this process. A socket also looks by itself, for what other processes say."""

    def __init__(self) -> None:
        self._listeners: dict[int, set[Listener]] = defaultdict(set)
        self._loop: asyncio.AbstractEventLoop | None = None

    def open(self, conversation_id: int) -> Listener | None:
        """None where there are as many already: nobody needs more windows on one conversation."""
        if len(self._listeners.get(conversation_id, ())) >= MOST_SOCKETS:
            return None
        self._loop = asyncio.get_running_loop()
        listener = Listener()
        self._listeners[conversation_id].add(listener)
        return listener

    def close(self, conversation_id: int, listener: Listener) -> None:
        self._listeners[conversation_id].discard(listener)
        if not self._listeners[conversation_id]:
            del self._listeners[conversation_id]

    def spoken(self, conversation_id: int, updated: frozenset[int] = frozenset()) -> None:
        """May be called from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._tell, conversation_id, updated)

    def _tell(self, conversation_id: int, updated: frozenset[int]) -> None:
        for listener in self._listeners.get(conversation_id, ()):
            listener.updated |= updated
            listener.news.set()
