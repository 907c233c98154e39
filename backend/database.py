"""One database, SQLite or PostgreSQL, behind the same three calls: ``write``, ``read``, ``create``."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

Insert = sqlite.Insert | postgresql.Insert
_INSERTS: dict[str, Callable[[Any], Insert]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}
S = TypeVar("S")


class HoldingSession(Session):
    """Holds on to whatever it has loaded, so that a row is read once in a transaction."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.held: list[object] = []


@event.listens_for(HoldingSession, "loaded_as_persistent")
@event.listens_for(HoldingSession, "pending_to_persistent")
def hold(session: HoldingSession, row: object) -> None:
    session.held.append(row)


class Database:
    """Opens sessions. On SQLite one writer at a time, waiting its turn here rather than in SQLite.

    A deferred transaction that reads and then writes fails when another has written in between, so
    writers begin with BEGIN IMMEDIATE; readers have their own engine and never wait.
    """

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.dialect = self.url.get_backend_name()
        if self.dialect == "sqlite":
            self._writer = sqlite_engine(url, begin="BEGIN IMMEDIATE")
            self._reader = sqlite_engine(url, begin="BEGIN", query_only=True)
            self._turn: Any = threading.RLock()
        else:
            self._writer = create_engine(
                url, pool_size=10, max_overflow=10, pool_pre_ping=True, hide_parameters=True
            )
            self._reader = self._writer
            self._turn = nullcontext()

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction: committed at the end, rolled back when anything is raised."""
        with (
            self._turn,
            HoldingSession(self._writer, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    @contextmanager
    def read(self) -> Iterator[Session]:
        with HoldingSession(self._reader, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def look(self) -> Iterator[Connection]:
        """To read with statements that make no objects."""
        with self._reader.connect() as connection:
            yield connection

    @property
    def engine(self) -> Engine:
        return self._writer

    def close(self) -> None:
        self._writer.dispose()
        self._reader.dispose()


def insert_into(connection: Connection, table: Any) -> Insert:
    """For ``insert … on conflict``, which each database has a statement of its own for."""
    return _INSERTS[connection.dialect.name](table)


def in_each_dialect(table: Any, finish: Callable[[Insert], S]) -> dict[str, S]:
    """The same, built once for every database, by the names of their dialects."""
    return {dialect: finish(insert(table)) for dialect, insert in _INSERTS.items()}


def sqlite_engine(url: str, *, begin: str, query_only: bool = False) -> Engine:
    """An engine that decides itself how transactions begin."""
    if path := make_url(url).database:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    # Values are personal data, and errors end in logs: they are never part of an error's text.
    engine = create_engine(url, connect_args={"timeout": 30}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _: object) -> None:
        connection.isolation_level = None
        supply_unixepoch(connection)
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
            connection.execute(f"PRAGMA {pragma}")
        if query_only:
            connection.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def supply_unixepoch(connection: Any) -> None:
    """The job tables ask SQLite for fractions of a second, which it knows only from 3.42 on."""
    connection.create_function("unixepoch", -1, lambda *_: time.time())
