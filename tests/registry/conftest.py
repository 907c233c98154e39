from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from backend.database import Database
from backend.models import Institution
from backend.registry.importing import import_file
from backend.registry.report import Report
from backend.sealing import Sealer
from tests.registry.files import TABLES, csv_file

NOW = datetime(2026, 11, 22, 4, tzinfo=UTC)

Import = Callable[..., Report]


@pytest.fixture
def sealer() -> Sealer:
    return Sealer(b"a secret of thirty-two characters")


@pytest.fixture
def take(database: Database, sealer: Sealer) -> Import:
    """Imports a file into an institution without rows, in a transaction of its own."""
    with database.write() as session:
        session.add(Institution(id="ucas", name_zh="国科大", name_en="UCAS"))
        session.add(Institution(id="other", name_zh="另一所", name_en="Other"))

    def run(
        path: Path, kind: str | None = None, institution: str = "ucas", **options: object
    ) -> Report:
        settings = {"all_or_nothing": False, "now": NOW, **options}
        with database.write() as session:
            return import_file(session, sealer, institution, kind, path, **settings)  # type: ignore[arg-type]

    return run


@pytest.fixture
def filled(take: Import, tmp_path: Path) -> Import:
    """The same, with every table of ``files`` taken."""
    for kind, table in TABLES.items():
        report = take(csv_file(tmp_path / f"{kind}.csv", table), kind)
        assert report.problems == []
    return take
