"""One real server for the whole session, and people who come to it."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from backend.registry.demo.students import students
from backend.registry.demo.units import CHEMISTRY
from tests.server.guest import Guest
from tests.server.running import Running, with_fonts_and_model
from tests.server.screens import browser, look, page  # noqa: F401 - fixtures, found by name

CHEMISTS = tuple(
    one.number
    for one in students()
    if one.unit == CHEMISTRY and not one.graduated_on and one.central
)
"""Enrolled students whose applications come to 刘敏 (``unit_officer``)."""

NewGuest = Callable[[str], Guest]


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(with_fonts_and_model(tmp_path_factory.mktemp("server")))
    running.start()
    yield running
    assert running.alive(), running.output()
    assert running.stop() in (0, -signal.SIGTERM), running.output()


@pytest.fixture
def unconfigured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder in which nothing is configured."""
    for name in os.environ:
        if name.startswith("REGISTRAR_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[Running]:
    """A server of one's own, to be killed."""
    running = Running(with_fonts_and_model(tmp_path / "data"))
    running.start()
    yield running
    if running.alive():
        running.stop()


@pytest.fixture
def guests() -> Iterator[Callable[[Running, str], Guest]]:
    come: list[Guest] = []

    def new(running: Running, who: str) -> Guest:
        come.append(Guest(running.base, who))
        return come[-1]

    yield new
    for guest in come:
        guest.close()


@pytest.fixture
def guest(server: Running, guests: Callable[[Running, str], Guest]) -> NewGuest:
    """Somebody at the common server, by student or staff number or key. Tests share the people's
    conversations, so each test takes people of its own."""
    return lambda who: guests(server, who)
