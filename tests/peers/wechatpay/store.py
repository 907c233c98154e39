"""What the peer remembers, in one SQLite file: a restart forgets nothing."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS key (
    id TEXT PRIMARY KEY,  -- PUB_KEY_ID_…
    pem TEXT NOT NULL,
    made_at TEXT NOT NULL,
    retires_at TEXT  -- null: the one that signs
) STRICT;
CREATE TABLE IF NOT EXISTS nonce (value TEXT PRIMARY KEY, at TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS charge (
    number TEXT PRIMARY KEY,  -- out_trade_no
    trade_type TEXT NOT NULL,  -- NATIVE, MWEB, JSAPI
    asked TEXT NOT NULL,  -- the request, without its scene
    appid TEXT NOT NULL,
    description TEXT NOT NULL,
    attach TEXT NOT NULL,
    total INTEGER NOT NULL CHECK (total > 0),  -- fen
    notify_url TEXT NOT NULL,
    openid TEXT NOT NULL,
    created_at TEXT NOT NULL,
    payable_until TEXT NOT NULL,
    state TEXT NOT NULL,  -- NOTPAY, SUCCESS, REFUND, CLOSED
    transaction_id TEXT UNIQUE,
    paid INTEGER,  -- fen
    fee INTEGER,  -- fen, what WeChat keeps
    paid_at TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS code (
    code TEXT PRIMARY KEY,
    number TEXT NOT NULL REFERENCES charge (number),
    good_until TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS refund (
    refund_id TEXT PRIMARY KEY,
    number TEXT NOT NULL UNIQUE,  -- out_refund_no
    asked TEXT NOT NULL,
    transaction_id TEXT NOT NULL REFERENCES charge (transaction_id),
    amount INTEGER NOT NULL CHECK (amount > 0),  -- fen
    fee INTEGER NOT NULL,  -- fen, what WeChat gives back of its own
    notify_url TEXT NOT NULL,
    status TEXT NOT NULL,  -- PROCESSING, SUCCESS, ABNORMAL, CLOSED
    outcome TEXT NOT NULL,  -- what becomes of it
    settles_at TEXT NOT NULL,
    created_at TEXT NOT NULL,
    success_at TEXT
) STRICT;
CREATE TABLE IF NOT EXISTS notice (
    id TEXT PRIMARY KEY,
    event TEXT NOT NULL,
    about TEXT NOT NULL,  -- out_trade_no or out_refund_no
    url TEXT NOT NULL,
    body TEXT NOT NULL,
    made_at TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_at TEXT,  -- null: acknowledged, or given up
    acknowledged_at TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS notice_due ON notice (next_at) WHERE next_at IS NOT NULL;
CREATE TABLE IF NOT EXISTS attempt (
    notice TEXT NOT NULL REFERENCES notice (id),
    at TEXT NOT NULL,
    outcome TEXT NOT NULL  -- the status, or why there was none
) STRICT;
CREATE TABLE IF NOT EXISTS download (
    token TEXT PRIMARY KEY,
    content BLOB NOT NULL,
    good_until TEXT NOT NULL
) STRICT;
CREATE TABLE IF NOT EXISTS difference (
    day TEXT NOT NULL,
    kind TEXT NOT NULL,  -- missing, amount, extra
    about TEXT NOT NULL,  -- transaction_id or refund_id
    amount INTEGER NOT NULL  -- fen
) STRICT;
"""


class Store:
    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        path.touch(mode=0o600)
        with closing(self._connect()) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.executescript(SCHEMA)

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=30, isolation_level=None)
        connection.row_factory = sqlite3.Row
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA synchronous=NORMAL")
        return connection

    @contextmanager
    def change(self) -> Iterator[sqlite3.Connection]:
        with closing(self._connect()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")

    def rows(self, query: str, *values: object) -> list[sqlite3.Row]:
        with closing(self._connect()) as connection:
            return connection.execute(query, values).fetchall()

    def row(self, query: str, *values: object) -> sqlite3.Row | None:
        found = self.rows(query, *values)
        return found[0] if found else None

    def setting(self, name: str) -> str | None:
        row = self.row("SELECT value FROM setting WHERE name = ?", name)
        return None if row is None else str(row["value"])

    def set(self, name: str, value: str) -> None:
        with self.change() as connection:
            connection.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, value))
