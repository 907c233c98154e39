from pathlib import Path

import pytest

from backend.database import Database
from tests.ledger.books import Books
from tests.ledger.scene import Scene


@pytest.fixture
def books(database: Database) -> Books:
    return Books(database)


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> Scene:
    return Scene(database, tmp_path / "files")
