"""Fonts prepared once for all tests, a demo key, and the external programs."""

import shutil
import subprocess
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path

import pytest

from backend.documents import demo_ca, fonts, making
from backend.documents.facts import TranscriptFacts
from backend.documents.materials import Level, SigningKey
from backend.documents.sign import Signer
from tests.documents import samples
from tests.documents.levels import Maker
from tests.peers.pki import Pki

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def fonts_folder() -> Path:
    folder = ROOT / "var" / "fonts"
    fonts.prepare(folder)
    return folder


@pytest.fixture(scope="session")
def typefaces(fonts_folder: Path) -> fonts.Fonts:
    return fonts.Fonts(fonts_folder)


@pytest.fixture(scope="session")
def key_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("keys") / "demo"


@pytest.fixture(scope="session")
def signing_key(key_folder: Path) -> SigningKey:
    return demo_ca.demo_signing_key(key_folder, "中国科学院大学", now=samples.ISSUE.issued_at)


@pytest.fixture(scope="session")
def root(signing_key: SigningKey) -> bytes:
    assert signing_key.chain
    return signing_key.chain.read_bytes()


@pytest.fixture(scope="session")
def make(typefaces: fonts.Fonts, signing_key: SigningKey) -> Callable[[TranscriptFacts], bytes]:
    signer = Signer(signing_key)

    def issued(facts: TranscriptFacts) -> bytes:
        return making.make(
            facts, samples.ISSUE, fonts=typefaces, signer=signer, seal=samples.SEAL
        ).pdf

    return issued


@pytest.fixture(scope="session")
def signed(make: Callable[[TranscriptFacts], bytes]) -> bytes:
    return make(samples.facts())


@pytest.fixture(scope="session")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Pki]:
    """A university's authorities and those that stamp times, in a process of their own."""
    found = Pki(tmp_path_factory.mktemp("pki"))
    yield found
    found.close()


@pytest.fixture(scope="session")
def maker(pki: Pki, typefaces: fonts.Fonts) -> Iterator[Maker]:
    found = Maker(pki, typefaces)
    yield found
    found.close()


@pytest.fixture(scope="session")
def issued(maker: Maker) -> Callable[[Level], bytes]:
    """A transcript at a level, made once."""
    return cache(maker.issued)


@pytest.fixture
def program() -> Callable[..., str]:
    """Runs an external program and gives its output; skips by name when it is not installed."""

    def run(name: str, *args: str | Path, check: bool = True) -> str:
        path = shutil.which(name)
        if path is None:
            pytest.skip(f"{name} is not installed")
        done = subprocess.run(
            [path, *map(str, args)], capture_output=True, text=True, check=False, timeout=60
        )
        if check:
            assert done.returncode == 0, done.stderr
        return done.stdout + done.stderr

    return run
