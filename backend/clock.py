"""The only place that knows what time it is, so that tests can say it."""

from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    def now(self) -> datetime:
        """The current time, aware, in UTC."""
        ...


class SystemClock:
    def now(self) -> datetime:
        return datetime.now(UTC)


class SetClock:
    """Stands still until it is moved."""

    def __init__(self, now: datetime) -> None:
        self.set(now)

    def now(self) -> datetime:
        return self._now

    def set(self, now: datetime) -> None:
        if now.tzinfo is None:
            raise ValueError("a time needs a zone")
        self._now = now.astimezone(UTC)


def local_date(moment: datetime) -> date:
    """The day it is in Shanghai, which is what notices and windows speak of."""
    return moment.astimezone(SHANGHAI).date()


def local_text(moment: datetime) -> str:
    """``2026-03-02 09:05``, Shanghai time."""
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
