"""One assistant on every channel at once."""

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from bot.play import Stage
from tests.backend.conftest import scene  # noqa: F401
from tests.channels.everywhere import Meeting
from tests.stages import first_stage, prepared, stage  # noqa: F401 - fixtures, found by name


@pytest.fixture
def meeting(
    stage: Callable[..., Stage],  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Meeting]:
    """Links lead to its own pages, and the sandbox bank finds it."""
    with ExitStack() as open_:
        listening = open_.enter_context(socket.create_server(("127.0.0.1", 0)))
        monkeypatch.setenv("REGISTRAR_PORT", str(listening.getsockname()[1]))
        yield Meeting(stage(), listening, open_)
