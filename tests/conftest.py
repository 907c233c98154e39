"""Fixtures that all tests may ask for."""

from tests.databases import (  # noqa: F401 - pytest finds fixtures by name
    database,
    database_url,
    postgresql,
    sqlite_template,
)
