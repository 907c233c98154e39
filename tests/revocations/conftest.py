from pathlib import Path

import pytest

from backend.database import Database
from tests.revocations.bench import Bench


@pytest.fixture
def bench(database: Database, tmp_path: Path) -> Bench:
    return Bench(database, tmp_path)
