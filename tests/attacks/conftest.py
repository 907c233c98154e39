"""Files to be attacked, of every level."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from backend.documents import demo_ca, fonts
from backend.documents.materials import Level
from tests.attacks.materials import LEVELS, Materials
from tests.documents.samples import ISSUE
from tests.peers.pki import Pki
from tests.verification.levels import Levels

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def typefaces() -> fonts.Fonts:
    fonts.prepare(ROOT / "var" / "fonts")
    return fonts.Fonts(ROOT / "var" / "fonts")


@pytest.fixture(scope="session")
def levels(tmp_path_factory: pytest.TempPathFactory, typefaces: fonts.Fonts) -> Iterator[Levels]:
    pki = Pki(tmp_path_factory.mktemp("pki"))
    yield Levels(pki, typefaces)
    pki.close()


@pytest.fixture(scope="session")
def plain(tmp_path_factory: pytest.TempPathFactory, typefaces: fonts.Fonts) -> Materials:
    """Of the lowest level."""
    folder = tmp_path_factory.mktemp("attacks")
    key = demo_ca.demo_signing_key(folder / "own", "中国科学院大学", now=ISSUE.issued_at)
    return Materials(Level.B_B, typefaces, key, folder)


@pytest.fixture(scope="session", params=LEVELS, ids=str)
def materials(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    typefaces: fonts.Fonts,
) -> Materials:
    if request.param is Level.B_B:
        lowest: Materials = request.getfixturevalue("plain")
        return lowest
    levels: Levels = request.getfixturevalue("levels")
    folder = tmp_path_factory.mktemp("attacks")
    return Materials(request.param, typefaces, levels.pki.key(), folder, levels)
