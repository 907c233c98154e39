"""What every channel is to the rest of the program: where messages go out.

Coming in, a channel calls ``Reception.accept`` with what somebody sent. Going out, ``deliver.py``
gives it one ``Parcel`` after another, in the order of each chat and within the channel's limits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Rate:
    """At most ``count`` calls of the platform in any ``seconds``."""

    count: int
    seconds: float


@dataclass(frozen=True, slots=True)
class Limits:
    """What the platform takes from us: for one chat, and in all."""

    chat: tuple[Rate, ...] = ()
    all: tuple[Rate, ...] = ()


@dataclass(frozen=True, slots=True)
class Parcel:
    """A message to be shown. ``body`` is ``Message.to_json``; links in it are meanings still.

    ``key`` is the same however often it is tried. Button ``n`` (of those that are pressed) is called
    ``{token}.{n}``. ``done``: its buttons are done with and not shown; ``closed`` are the words that
    then stand in their place, if any.
    """

    key: str
    token: str
    body: dict[str, Any]
    made_at: datetime
    closed: str = ""
    done: bool = False

    @property
    def language(self) -> str:
        return str(self.body["language"])

    def press(self, place: int) -> str:
        return f"{self.token}.{place}"


@dataclass(frozen=True, slots=True)
class Stored:
    """The bytes of a picture or file of a message."""

    data: bytes
    name: str
    media_type: str


class Desk(Protocol):
    """What a channel may ask the program while it shows a message."""

    def link(self, meaning: str) -> str:
        """The address behind a link button, made for whoever is shown it."""
        ...

    def file_link(self, blob_id: str) -> str:
        """Where a file can be fetched, for channels that cannot carry it."""
        ...

    async def stored(self, blob_id: str) -> Stored | None:
        """A picture or file; None when it is gone."""
        ...


class Unreachable(Exception):
    """The platform does not take it now; again after ``wait`` seconds (None: as we think fit)."""

    def __init__(self, why: str, wait: float | None = None) -> None:
        super().__init__(why)
        self.why = why
        self.wait = wait


class Blocked(Exception):
    """This address takes nothing from us any more: another channel must be used."""


class Unsendable(Exception):
    """The platform will never take this very message."""


class Channel(Protocol):
    """A channel that is pushed to. ``send`` and ``close`` raise Unreachable, Blocked, Unsendable."""

    name: str
    limits: Limits

    def parts(self, parcel: Parcel, desk: Desk) -> Sequence[Any]:
        """The platform messages it takes to show a parcel, each one call.

        As many in the same order whether its buttons are open, done or closed: a sending that was
        broken off goes on after as many as were sent.
        """
        ...

    async def send(self, address: str, parcel: Parcel, part: Any, desk: Desk) -> str:
        """Send one of them; returns the platform's name for it (or "")."""
        ...

    async def close(self, address: str, parcel: Parcel, remote: Sequence[str], desk: Desk) -> None:
        """Take the buttons of a message that was sent away, and say ``parcel.closed`` if it is not
        empty. Where the platform cannot, nothing happens."""
        ...
