"""One assistant on every channel at once."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from bot.play import Stage
from tests.backend.conftest import scene  # noqa: F401 - pytest finds fixtures by name
from tests.channels.at_a_desk import OnTheTerminal, OnTheWeb
from tests.channels.everywhere import Meeting
from tests.channels.on_a_phone import OnTelegram, OnWecom

CHANNELS = {
    "web": OnTheWeb,
    "terminal": OnTheTerminal,
    "telegram": OnTelegram,
    "wecom": OnWecom,
}


@pytest.fixture
def meeting(stage: Callable[..., Stage], monkeypatch: pytest.MonkeyPatch) -> Iterator[Meeting]:
    """Links lead to its own pages."""
    with ExitStack() as open_:
        listening = open_.enter_context(socket.create_server(("127.0.0.1", 0)))
        monkeypatch.setenv("REGISTRAR_PORT", str(listening.getsockname()[1]))
        yield Meeting(stage(), listening, open_, CHANNELS)
