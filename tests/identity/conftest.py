"""Houses with different ways in, on copies of one prepared installation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from backend.identity import exam
from bot.play import Stage
from bot.play_data import fresh_data
from bot.play_world import START
from bot.prepare import FONTS, MODEL, prepare, prepare_fonts, prepare_model
from bot.sections import SignInSettings
from bot.settings import Settings
from tests.backend.conftest import scene  # noqa: F401 - pytest finds fixtures by name
from tests.backend.scene import Scene
from tests.identity.house import Browser, House, Phone, free_port

__all__ = ["Scene"]
CACHE = Path(__file__).parents[2] / "var"
NewHouse = Callable[..., House]
CANDIDATE = "20231800000001"
"""The student number of somebody who also takes exams."""


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes long on purpose takes a moment here."""
    quick = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    monkeypatch.setattr(exam, "HASHER", quick)
    monkeypatch.setattr(exam, "NOBODY", quick.hash("nobody"))


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("prepared")
    prepare_fonts(CACHE / FONTS, lambda _: None)
    prepare_model(CACHE / MODEL, lambda _: None)
    for name in (FONTS, MODEL):
        (data / name).symlink_to(CACHE / name)
    prepare(Settings(data=data, demo=True, database_url=""), lambda _: None, now=START)
    return data


@pytest.fixture(scope="session")
def first_stage(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Its workshop and interpreter serve all houses."""
    stage = Stage(fresh_data(prepared, tmp_path_factory.mktemp("first") / "data"))
    yield stage
    stage.close()
    stage.assistant.office.workshop.close()


@pytest.fixture
def new_house(prepared: Path, first_stage: Stage, tmp_path: Path) -> Iterator[NewHouse]:
    made: list[House] = []

    def make(sign_in: SignInSettings | None = None, port: int = 0) -> House:
        assert first_stage.workshop
        assert first_stage.interpreter
        house = House(
            fresh_data(prepared, tmp_path / f"house{len(made)}"),
            first_stage.workshop,
            first_stage.interpreter,
            sign_in or SignInSettings(exam=True),
            port or free_port(),
        )
        made.append(house)
        return house

    yield make
    for one in made:
        one.close()


@pytest.fixture
def house(new_house: NewHouse) -> House:
    """With the exam office's sign-in, and one candidate."""
    made = new_house()
    made.ticket(CANDIDATE, "010123456789")
    return made


@pytest.fixture
def browsers() -> Iterator[Callable[[], Browser]]:
    made: list[Browser] = []

    def make() -> Browser:
        made.append(Browser())
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def browser(browsers: Callable[[], Browser]) -> Browser:
    return browsers()


@pytest.fixture
def phone(house: House) -> Phone:
    return Phone(house, "70010001", "Lin Xiaoman")
