"""Options and fixtures that all tests may ask for."""

import pytest

from tests.databases import (  # noqa: F401 - pytest finds fixtures by name
    database,
    database_url,
    postgresql,
    sqlite_template,
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite", action="store_true", help="write the assistant's lines anew")
