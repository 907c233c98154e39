"""Alembic, set up in code."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from backend.database import Database

FOLDER = Path(__file__).parent
LOCK = 7263  # any number: processes that start together wait for one another on PostgreSQL


def configuration(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    return config


def take(database: Database, until: str = "head") -> None:
    with database.engine.connect() as connection:
        if database.dialect == "sqlite":
            take_on_sqlite(connection, until)
        else:
            with connection.begin():
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
                command.upgrade(configuration(connection), until)


def take_on_sqlite(connection: Connection, until: str) -> None:
    """Steps copy whole tables there, which must not set off their foreign keys.

    SQLite heeds the switch only outside a transaction; the keys are checked before committing.
    """
    driver = connection.connection.driver_connection
    if driver is None:
        raise RuntimeError("the connection is closed")
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        with connection.begin():
            command.upgrade(configuration(connection), until)
            if broken := connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
                raise RuntimeError(f"a step of the migration breaks references: {broken[:3]}")
    finally:
        driver.execute("PRAGMA foreign_keys=ON")
