"""The sandbox's ledger: what is to be paid, what was paid, and whom it still has to tell.

A file of its own, as a bank would have: nothing here shares a transaction with the registrar's
database, so that notices can be lost, late and repeated, as they are in life.
"""

import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path

SCHEMA = """
CREATE TABLE IF NOT EXISTS charge (
    merchant TEXT NOT NULL,
    order_number TEXT NOT NULL,
    token TEXT NOT NULL UNIQUE,
    form_token TEXT NOT NULL,
    purpose_zh TEXT NOT NULL,
    purpose_en TEXT NOT NULL,
    amount_fen INTEGER NOT NULL CHECK (amount_fen > 0),
    currency TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    transaction_id TEXT UNIQUE,
    paid_at TEXT,
    PRIMARY KEY (merchant, order_number)
) STRICT;
CREATE TABLE IF NOT EXISTS notice (
    transaction_id TEXT PRIMARY KEY REFERENCES charge (transaction_id),
    attempts INTEGER NOT NULL,
    next_at REAL,  -- seconds since 1970; null: acknowledged, or given up
    acknowledged_at TEXT
) STRICT;
CREATE INDEX IF NOT EXISTS notice_due ON notice (next_at) WHERE next_at IS NOT NULL;
"""
FIELDS = (
    "merchant, order_number, token, form_token, purpose_zh, purpose_en, amount_fen, currency,"
    " expires_at, transaction_id, paid_at"
)
PAUSES = (1, 5, 15, 60, 300, 1800, 7200, 21600)  # seconds after each attempt; then it is given up


class ChargeState(StrEnum):
    OPEN = "open"
    PAID = "paid"
    EXPIRED = "expired"


class ChargeConflict(ValueError):
    """Another order of the same number has been paid: the ledger belongs to another database."""


@dataclass(frozen=True, slots=True)
class Charge:
    merchant: str
    order_number: str
    token: str  # whoever has it may pay
    form_token: str  # and proves to have seen the page
    purpose_zh: str
    purpose_en: str
    amount_fen: int
    currency: str
    expires_at: datetime
    transaction_id: str | None
    paid_at: datetime | None

    def state(self, now: datetime) -> ChargeState:
        if self.paid_at is not None:
            return ChargeState.PAID
        return ChargeState.OPEN if now < self.expires_at else ChargeState.EXPIRED


class Bank:
    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(self._connect()) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.executescript(SCHEMA)

    def register(
        self,
        *,
        merchant: str,
        order_number: str,
        purpose_zh: str,
        purpose_en: str,
        amount_fen: int,
        currency: str,
        expires_at: datetime,
    ) -> Charge:
        """The charge of this order, made at the first call. Raises ChargeConflict.

        What was never paid gives way to another order of the same number: the transaction that
        asked for it was rolled back, and nobody has been given its token.
        """
        asked = (amount_fen, currency, _text(expires_at))
        with self._change() as connection:
            found = _one(connection, "merchant = ? AND order_number = ?", merchant, order_number)
            if found is not None:
                there = (found.amount_fen, found.currency, _text(found.expires_at))
                if there == asked:
                    return found
                if found.paid_at is not None:
                    raise ChargeConflict(f"{order_number} was paid as another order")
            connection.execute(
                f"INSERT OR REPLACE INTO charge ({FIELDS})"  # noqa: S608 - our own column names
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, NULL)",
                (
                    merchant,
                    order_number,
                    secrets.token_urlsafe(32),
                    secrets.token_urlsafe(32),
                    purpose_zh,
                    purpose_en,
                    *asked,
                ),
            )
            made = _one(connection, "merchant = ? AND order_number = ?", merchant, order_number)
        if made is None:
            raise LookupError(order_number)
        return made

    def by_token(self, token: str) -> Charge | None:
        with closing(self._connect()) as connection:
            return _one(connection, "token = ?", token)

    def by_order(self, merchant: str, order_number: str) -> Charge | None:
        with closing(self._connect()) as connection:
            return _one(connection, "merchant = ? AND order_number = ?", merchant, order_number)

    def pay(self, token: str, now: datetime) -> Charge | None:
        """Take the money if the charge is open, and owe a notice; otherwise nothing happens."""
        with self._change() as connection:
            charge = _one(connection, "token = ?", token)
            if charge is None or charge.state(now) is not ChargeState.OPEN:
                return charge
            transaction = f"SB{now:%Y%m%d}{secrets.token_hex(10)}"
            connection.execute(
                "UPDATE charge SET transaction_id = ?, paid_at = ? WHERE token = ?",
                (transaction, _text(now), token),
            )
            connection.execute(
                "INSERT INTO notice VALUES (?, 0, ?, NULL)", (transaction, now.timestamp())
            )
            return _one(connection, "token = ?", token)

    def claim_due(self, now: datetime) -> list[Charge]:
        """Paid charges to be announced now. The next attempt is set before this one is made."""
        with self._change() as connection:
            due = connection.execute(
                "SELECT transaction_id, attempts FROM notice WHERE next_at <= ? ORDER BY next_at",
                (now.timestamp(),),
            ).fetchall()
            for transaction, attempts in due:
                pause = PAUSES[attempts] if attempts < len(PAUSES) else None
                connection.execute(
                    "UPDATE notice SET attempts = ?, next_at = ? WHERE transaction_id = ?",
                    (attempts + 1, pause and now.timestamp() + pause, transaction),
                )
            charges = [_one(connection, "transaction_id = ?", row[0]) for row in due]
        return [charge for charge in charges if charge is not None]

    def acknowledge(self, transaction: str, now: datetime) -> None:
        with self._change() as connection:
            connection.execute(
                "UPDATE notice SET acknowledged_at = ?, next_at = NULL WHERE transaction_id = ?",
                (_text(now), transaction),
            )

    def next_due(self) -> float | None:
        """When the next notice is due, in seconds since 1970."""
        with closing(self._connect()) as connection:
            row = connection.execute("SELECT min(next_at) FROM notice").fetchone()
        return None if row[0] is None else float(row[0])

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._path, timeout=30, isolation_level=None)
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA synchronous=FULL")
        return connection

    @contextmanager
    def _change(self) -> Iterator[sqlite3.Connection]:
        with closing(self._connect()) as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
            except BaseException:
                connection.execute("ROLLBACK")
                raise
            connection.execute("COMMIT")


def _one(connection: sqlite3.Connection, condition: str, *values: str) -> Charge | None:
    query = f"SELECT {FIELDS} FROM charge WHERE {condition}"  # noqa: S608 - conditions are ours
    row = connection.execute(query, values).fetchone()
    if row is None:
        return None
    merchant, number, token, form_token, zh, en, amount, currency, *times = row
    expires, transaction, paid = times
    return Charge(
        merchant=merchant,
        order_number=number,
        token=token,
        form_token=form_token,
        purpose_zh=zh,
        purpose_en=en,
        amount_fen=amount,
        currency=currency,
        expires_at=datetime.fromisoformat(expires),
        transaction_id=transaction,
        paid_at=datetime.fromisoformat(paid) if paid else None,
    )


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
