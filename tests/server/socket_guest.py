"""A web socket of the chat, as the page opens it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from tests.server.running import PATIENCE, GaveUp, Running

Frame = dict[str, Any]


class Line:
    """An open socket and every frame that came over it."""

    def __init__(self, wire: ClientConnection) -> None:
        self.wire = wire
        self.frames: list[Frame] = []

    def send(self, **body: Any) -> None:
        self.wire.send(json.dumps(body))

    def until(self, wanted: Callable[[Frame], bool]) -> Frame:
        """Read until such a frame comes."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            try:
                frame: Frame = json.loads(self.wire.recv(timeout=5))
            except TimeoutError:
                continue
            self.frames.append(frame)
            if wanted(frame):
                return frame
        raise GaveUp(f"no such frame among {self.frames[-8:]}")

    def of(self, kind: str) -> list[Frame]:
        return [frame for frame in self.frames if frame["type"] == kind]

    def seqs(self) -> list[int]:
        return [frame["message"]["seq"] for frame in self.of("message")]


@contextmanager
def line(
    server: Running, token: str, after: int = 0, origin: str | None = "own", cookie: bool = False
) -> Iterator[Line]:
    """Open it; ``origin`` None is a script, "own" the server's page."""
    offered = [Subprotocol("chat")] + ([] if cookie else [Subprotocol(f"chat.{token}")])
    with connect(
        f"ws://127.0.0.1:{server.port}/api/events?after={after}",
        origin=Origin(server.base if origin == "own" else origin) if origin else None,
        subprotocols=offered,
        additional_headers={"Cookie": f"chat={token}"} if cookie else {},
        max_size=None,
        max_queue=None,
        proxy=None,
    ) as wire:
        yield Line(wire)


def says(words: str) -> Callable[[Frame], bool]:
    return lambda frame: frame["type"] == "message" and words in frame["message"]["text"]


def is_error(frame: Frame) -> bool:
    return bool(frame["type"] == "error")
