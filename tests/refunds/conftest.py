from pathlib import Path

import pytest

from backend.database import Database
from tests.refunds.scene import Scene


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> Scene:
    return Scene(database, tmp_path)
