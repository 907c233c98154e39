"""Brings a database to the tables this program works with."""

from pathlib import Path

from sqlalchemy import inspect, text
from sqlalchemy.orm import Session

from backend.database import Database

VERSIONS = Path(__file__).parent / "versions"


class NewerDatabase(Exception):
    """The database has been used by a later version of the program; going on could damage it."""


def head() -> str:
    """The number of the last step: the name of a file begins with it ("0001_initial.py")."""
    return max(path.name.split("_")[0] for path in VERSIONS.glob("[0-9]*.py"))


def current(session: Session) -> str | None:
    """The step the database is at; None for an empty one."""
    if not inspect(session.connection()).has_table("alembic_version"):
        return None
    stored: str | None = session.scalar(text("SELECT version_num FROM alembic_version"))
    return stored


def upgrade(database: Database) -> None:
    """Takes every step that is missing, all in one transaction; raises NewerDatabase.

    Alembic is only loaded when there is a step to take: a server that starts seldom has one.
    """
    with database.read() as session:
        now = current(session)
    if now == head():
        return
    if now is not None and now > head():
        raise NewerDatabase(f"the database is at step {now}, this program knows {head()}")
    from backend.migrations.steps import take  # noqa: PLC0415

    take(database)
