"""An installation with the demo's people, made once for all scripts, and one copy for each play."""

from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest

from bot.play import Stage
from bot.play_data import fresh_data
from bot.play_world import START
from bot.prepare import FONTS, MODEL, prepare, prepare_fonts, prepare_model
from bot.settings import Settings
from tests import proof_files
from tests.verification import scripted

CACHE = Path(__file__).parents[1] / "var"
FILES = Path(__file__).parent / "conversations" / "files"  # that people send in scripts


def quiet(_: str) -> None:
    """Nobody watches."""


scripted.install()


@pytest.fixture(scope="session")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fonts and model come from the checkout's own cache; everything else is fresh."""
    data = tmp_path_factory.mktemp("prepared")
    prepare_fonts(CACHE / FONTS, quiet)
    prepare_model(CACHE / MODEL, quiet)
    for name in (FONTS, MODEL):
        (data / name).symlink_to(CACHE / name)
    prepare(Settings(data=data, demo=True), quiet, now=START)
    return data


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What people send in scripts: the files that are kept here, and pictures that are drawn."""
    folder = tmp_path_factory.mktemp("sent") / "files"
    copytree(FILES, folder)
    proof_files.write(folder)
    return folder


@pytest.fixture(scope="session")
def first_stage(prepared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """Starts the workshop and loads the interpreter, which all later stages share."""
    stage = Stage(fresh_data(prepared, tmp_path_factory.mktemp("first") / "data"))
    yield stage
    stage.close()
    stage.assistant.office.workshop.close()


@pytest.fixture
def stage(
    prepared: Path, first_stage: Stage, files: Path, tmp_path: Path
) -> Iterator[Callable[..., Stage]]:
    """Makes stages, each on data of its own; entries of policies are replaced, by their names."""
    made: list[Stage] = []

    def make(**policies: dict[str, Any]) -> Stage:
        made.append(
            Stage(
                fresh_data(prepared, tmp_path / f"stage{len(made)}"),
                workshop=first_stage.workshop,
                interpreter=first_stage.interpreter,
                policies=policies,
                files=files,
            )
        )
        return made[-1]

    yield make
    for one in made:
        one.close()
