"""Keeping a platform's limits: nothing is sent before there is room for it, so nothing is dropped."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from bot.channels.port import Limits, Rate

MANY = 10_000  # chats


class Window:
    """The times of the calls within one rate, oldest first."""

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._calls: deque[float] = deque()

    def wait(self, now: float) -> float:
        while self._calls and self._calls[0] <= now - self._rate.seconds:
            self._calls.popleft()
        if len(self._calls) < self._rate.count:
            return 0.0
        return self._calls[-self._rate.count] + self._rate.seconds - now

    def note(self, at: float) -> None:
        self._calls.append(at)

    def move_last(self, at: float) -> None:
        if self._calls:
            self._calls[-1] = at

    @property
    def empty(self) -> bool:
        return not self._calls


class Pace:
    """Times are seconds of whatever clock the caller has; they must not go back."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._all = [Window(rate) for rate in limits.all]
        self._chats: dict[str, list[Window]] = {}

    def wait(self, chat: str, now: float) -> float:
        """Seconds until one more call for this chat may be made; 0 is now."""
        return max((window.wait(now) for window in self._windows(chat)), default=0.0)

    def wait_for_any(self, now: float) -> float:
        """Seconds until one more call may be made at all."""
        return max((window.wait(now) for window in self._all), default=0.0)

    def note(self, chat: str, at: float) -> None:
        for window in self._windows(chat):
            window.note(at)

    @contextmanager
    def answering(self, chat: str, clock: Callable[[], float]) -> Iterator[None]:
        """The call that was noted last for this chat is made inside, and no other one there.

        The platform counts it when it arrives, which may be as late as its answer.
        """
        try:
            yield
        finally:
            for window in self._chats.get(chat, []):
                window.move_last(clock())

    def remember(self, calls: Iterable[tuple[str, float]]) -> None:
        """Calls that another process has made before, oldest first."""
        for chat, at in calls:
            self.note(chat, at)

    def forget_idle(self, now: float) -> None:
        """Chats without calls in any window; looked for only once there are many."""
        if len(self._chats) < MANY:
            return
        for chat, windows in list(self._chats.items()):
            for window in windows:
                window.wait(now)
            if all(window.empty for window in windows):
                del self._chats[chat]

    @property
    def longest(self) -> float:
        """Seconds after which a call no longer counts."""
        return max((rate.seconds for rate in (*self._limits.chat, *self._limits.all)), default=0.0)

    def _windows(self, chat: str) -> list[Window]:
        if chat not in self._chats:
            self._chats[chat] = [Window(rate) for rate in self._limits.chat]
        return [*self._all, *self._chats[chat]]
