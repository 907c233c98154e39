from pathlib import Path

import pytest

from backend.database import Database
from backend.pictures.studio import Here
from tests.backend.scene import SEALER, Scene


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> Scene:
    """Pictures are measured in this process; numbers can be sealed."""
    made = Scene(database, tmp_path)
    made.office.sealer = SEALER
    made.office.studio = Here()
    return made
