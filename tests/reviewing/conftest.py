from pathlib import Path

import pytest

from backend.database import Database
from tests.reviewing.hall import Hall


@pytest.fixture
def hall(database: Database, tmp_path: Path) -> Hall:
    return Hall(database, tmp_path)
