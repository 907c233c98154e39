"""An institution that has issued something to be verified."""

from pathlib import Path

import pytest

from backend.database import Database
from tests.backend.scene import Scene
from tests.documents import conftest as documents

# What the documents' tests are made with.
fonts_folder = documents.fonts_folder
typefaces = documents.typefaces
key_folder = documents.key_folder
signing_key = documents.signing_key
root = documents.root
make = documents.make
signed = documents.signed


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> Scene:
    return Scene(database, tmp_path)
