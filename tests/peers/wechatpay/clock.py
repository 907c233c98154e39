"""What time it is for the peer, and how WeChat Pay writes it."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))
Now = Callable[[], datetime]


def machine() -> datetime:
    return datetime.now(UTC)


class Clock:
    """``now`` is the time of everything that is done and signed, and can be moved ahead.

    Requests are judged by ``asked``: merchants' clients stamp them with their machine's time, and
    cannot be told another.
    """

    def __init__(self, now: Now = machine, asked: Now = machine) -> None:
        self._now = now
        self.asked = asked
        self.ahead = timedelta()

    def now(self) -> datetime:
        return self._now() + self.ahead


def rfc3339(moment: datetime) -> str:
    return moment.astimezone(CHINA).isoformat(timespec="seconds")


def kept(moment: datetime) -> str:
    """As the store has it: in order as text."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def read(text: str) -> datetime:
    return datetime.fromisoformat(text)
