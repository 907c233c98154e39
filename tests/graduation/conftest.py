from pathlib import Path

import pytest

from backend.database import Database
from tests.graduation.graduates import Graduates
from tests.reviewing.hall import Hall


@pytest.fixture
def hall(database: Database, tmp_path: Path) -> Hall:
    return Hall(database, tmp_path)


@pytest.fixture
def graduates(hall: Hall) -> Graduates:
    return Graduates(hall)
