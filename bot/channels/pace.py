"""Keeping a platform's limits: nothing is sent before there is room for it, so nothing is dropped."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from bot.channels.port import Limits, Rate

MANY = 10_000  # chats
A_MOMENT = 0.02  # seconds until calls under way are looked at again


class Window:
    """The calls within one rate: those that are being made, and when the others were answered.

    The platform counts a call when it arrives, which is known no better than that it is before the
    answer: a call has its place from its beginning until the rate's time after its answer.
    """

    def __init__(self, rate: Rate) -> None:
        self._rate = rate
        self._open = 0
        self._answered: deque[float] = deque()  # oldest first

    def wait(self, now: float) -> float:
        while self._answered and self._answered[0] <= now - self._rate.seconds:
            self._answered.popleft()
        too_many = self._open + len(self._answered) - self._rate.count + 1
        if too_many <= 0:
            return 0.0
        if too_many > len(self._answered):
            return A_MOMENT
        return self._answered[too_many - 1] + self._rate.seconds - now

    def begin(self) -> None:
        self._open += 1

    def end(self, at: float) -> None:
        self._open -= 1
        self._answered.append(at)

    @property
    def empty(self) -> bool:
        return not (self._open or self._answered)


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

    @contextmanager
    def calling(self, chat: str, clock: Callable[[], float]) -> Iterator[None]:
        """A call is made inside."""
        windows = self._windows(chat)
        for window in windows:
            window.begin()
        try:
            yield
        finally:
            for window in windows:
                window.end(clock())

    def remember(self, calls: Iterable[tuple[str, float]]) -> None:
        """Calls that another process has made before, oldest first: chat, and when."""
        for chat, at in calls:
            for window in self._windows(chat):
                window.begin()
                window.end(at)

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
