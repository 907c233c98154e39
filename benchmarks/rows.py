"""The floor of a turn: the very rows it leaves behind, written with SQLAlchemy Core in one go.

A reference installation takes the turn first. What differs afterwards in its tables are the rows;
the floor writes them to a copy of the database in one transaction, and then equals the reference.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    Executable,
    MetaData,
    Table,
    bindparam,
    create_engine,
    delete,
    event,
    insert,
    select,
    update,
)

from backend.database import Database, sqlite_engine
from backend.models import Base, Inbound

Key = tuple[Any, ...]
Values = dict[str, Any]
Write = tuple[Executable, list[Values]]
WRITES = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?([\w.]+)"?', re.IGNORECASE)
WHERE = "key_"  # prefix of the parameters that tell which row


class Statements:
    """Counts the statements of a database and notes which tables are written."""

    def __init__(self, database: Database) -> None:
        self.executed = 0
        self.commits = 0
        self.written: set[str] = set()
        with database.read() as session:
            engines = {database.engine, session.get_bind()}
        for engine in engines:
            event.listen(engine, "before_cursor_execute", self._execute)
            event.listen(engine, "commit", self._commit)

    def _execute(self, _c: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("BEGIN"):
            return
        self.executed += 1
        if match := WRITES.match(statement):
            self.written.add(match[1].rpartition(".")[2])

    def _commit(self, _: Connection) -> None:
        self.commits += 1

    @contextmanager
    def counted(self) -> Iterator[list[int]]:
        """Gives [statements, commits] once the block is over."""
        before = (self.executed, self.commits)
        count: list[int] = []
        yield count
        count += [self.executed - before[0], self.commits - before[1]]


def all_tables(engine: Engine) -> dict[str, Table]:
    """Ours as the models have them, those of the job queue as the database has them."""
    found = dict(Base.metadata.tables)
    schema = "dbos" if engine.dialect.name == "postgresql" else None
    reflected = MetaData()
    reflected.reflect(engine, schema=schema, only=lambda name, _: name not in found)
    found |= {table.name: table for table in reflected.tables.values()}
    return {name: table for name, table in found.items() if table.primary_key.columns}


class Reference:
    """Tells which rows have come, changed or gone since it was last asked."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._statements: dict[Key, Executable] = {}  # built once, as careful code would
        self.tables = all_tables(engine)
        with engine.connect() as connection:
            self._known = {name: self.read(connection, name) for name in self.tables}

    def read(self, connection: Connection, name: str) -> dict[Key, Values]:
        table = self.tables[name]
        keys = [column.name for column in table.primary_key.columns]
        found = connection.execute(select(table)).mappings()
        return {tuple(row[key] for key in keys): dict(row) for row in found}

    def difference(self, written: set[str]) -> list[Write]:
        """The writes that bring a copy up to the present state; parents before children."""
        news: list[Write] = []
        with self._engine.connect() as connection:
            ordered = [table.name for table in Base.metadata.sorted_tables]
            queue = [name for name in self.tables if name not in ordered]
            for name in (*ordered, *queue):
                if name not in written:
                    continue
                now = self.read(connection, name)
                news += self._writes(self.tables[name], self._known[name], now)
                self._known[name] = now
        return news

    def _writes(
        self, table: Table, before: dict[Key, Values], now: dict[Key, Values]
    ) -> Iterator[Write]:
        added = [dict(row) for key, row in now.items() if key not in before]
        changed = [
            (key, {name: value for name, value in row.items() if before[key][name] != value})
            for key, row in now.items()
            if key in before and before[key] != row
        ]
        if table.name == Inbound.__tablename__:  # it comes first, and is marked as taken last
            changed += [
                (
                    (row["id"],),
                    {name: row.pop(name) for name in ("done_at", "parse") if row[name] is not None},
                )
                for row in added
                if row["done_at"] is not None
            ]
        yield from self._inserts(table, added)
        for key, values in changed:
            yield self._update(table, values), [values | _which(table, key)]
        for key in before.keys() - now.keys():
            yield delete(table).where(*_is(table)), [_which(table, key)]

    def _inserts(self, table: Table, rows: list[Values]) -> Iterator[Write]:
        """Rows with the same columns in one statement; a column without a value is left out."""
        together: dict[Key, list[Values]] = {}
        for row in rows:
            values = {name: value for name, value in row.items() if value is not None}
            together.setdefault(tuple(values), []).append(values)
        for group in together.values():
            yield self._statements.setdefault((table.name,), insert(table)), group

    def _update(self, table: Table, values: Values) -> Executable:
        names = (table.name, *values)
        if names not in self._statements:
            new: dict[str, Any] = {name: bindparam(name) for name in values}
            self._statements[names] = update(table).where(*_is(table)).values(new)
        return self._statements[names]


def _is(table: Table) -> list[Any]:
    return [column == bindparam(WHERE + column.name) for column in table.primary_key.columns]


def _which(table: Table, key: Key) -> Values:
    columns = table.primary_key.columns
    return {WHERE + column.name: value for column, value in zip(columns, key, strict=True)}


class Floor:
    """A copy of the reference's database that is kept equal by writing the same rows."""

    def __init__(self, url: str) -> None:
        self.engine = (
            sqlite_engine(url, begin="BEGIN IMMEDIATE")
            if url.startswith("sqlite")
            else create_engine(url, pool_pre_ping=True)
        )

    def write(self, writes: list[Write]) -> None:
        with self.engine.begin() as connection:
            for statement, rows in writes:
                connection.execute(statement, rows if len(rows) > 1 else rows[0])

    def close(self) -> None:
        self.engine.dispose()


def count(writes: list[Write]) -> int:
    return sum(len(rows) for _, rows in writes)
