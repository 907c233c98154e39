"""Nobody can spoil the ledger, not even with SQL at hand."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from backend.ledger import guard
from tests.ledger.books import Books

ENTRY = (
    "INSERT INTO ledger_entry (institution_id, number, key, kind, subject, booked_at, happened_at)"
    " VALUES ('one', {number}, '{key}', 'payment', 's', '2026-11-23 04:00:00', '2026-11-23 04:00:00')"
)
LINE = (
    "INSERT INTO ledger_line (institution_id, number, line, account, amount_fen, why)"
    " VALUES ('one', {number}, {line}, 'held', {fen}, '')"
)


def run(books: Books, *statements: str) -> None:
    with books.database.write() as session:
        for statement in statements:
            session.execute(text(statement))


def lines(number: int, *amounts: int) -> list[str]:
    return [LINE.format(number=number, line=i, fen=fen) for i, fen in enumerate(amounts, 1)]


def test_a_balanced_entry_in_its_turn_is_written(books: Books) -> None:
    run(books, *lines(1, 500, -300, -200), ENTRY.format(number=1, key="a"))
    run(books, *lines(2, 500, -500), ENTRY.format(number=2, key="b"))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_line SET amount_fen = amount_fen * 2",
        "UPDATE ledger_entry SET booked_at = '2025-01-01 00:00:00'",
        "UPDATE ledger_entry SET key = 'other'",
        "DELETE FROM ledger_line",
        "DELETE FROM ledger_entry",
        LINE.format(number=1, line=9, fen=100),
    ],
)
def test_nothing_written_is_changed_taken_away_or_added_to(books: Books, statement: str) -> None:
    books.paid(books.order())
    before = books.balances()
    with pytest.raises(IntegrityError, match="ledger: "):
        run(books, statement)
    assert books.balances() == before


@pytest.mark.parametrize(
    ("amounts", "number", "key"),
    [
        ((500, -499), 1, "a"),  # not balanced
        ((500,), 1, "a"),  # one side only
        ((), 1, "a"),  # no lines
        ((500, -500), 2, "a"),  # number 1 is left out
        ((500, -500), 0, "a"),
    ],
)
def test_an_entry_that_is_none_is_refused(
    books: Books, amounts: tuple[int, ...], number: int, key: str
) -> None:
    with pytest.raises(IntegrityError):
        run(books, *lines(number, *amounts), ENTRY.format(number=number, key=key))


def test_a_line_of_nothing_is_refused(books: Books) -> None:
    with pytest.raises(IntegrityError):
        run(books, *lines(1, 500, -500, 0), ENTRY.format(number=1, key="a"))


def test_lines_without_their_entry_do_not_stay(books: Books) -> None:
    with pytest.raises(IntegrityError):
        run(books, *lines(1, 500, -500))
    assert books.balances() == {}


def test_a_fact_is_not_there_twice(books: Books) -> None:
    run(books, *lines(1, 500, -500), ENTRY.format(number=1, key="a"))
    with pytest.raises(IntegrityError):
        run(books, *lines(2, 500, -500), ENTRY.format(number=2, key="a"))


def test_replacing_is_no_way_around_it(books: Books) -> None:
    if books.database.dialect != "sqlite":
        pytest.skip("INSERT OR REPLACE is SQLite's")
    books.paid(books.order())
    again = "payment:wechat:4200A"
    for statements in (
        lines(1, 700, -700),
        [ENTRY.format(number=1, key=again)],
        [*lines(2, 700, -700), ENTRY.format(number=2, key=again)],
    ):
        with pytest.raises(IntegrityError):
            run(books, *(one.replace("INSERT", "INSERT OR REPLACE") for one in statements))
    assert books.balances() == {"platform:wechat": 500, "income:transcript": -500}


def test_emptying_a_table_is_refused(books: Books) -> None:
    if books.database.dialect == "sqlite":
        pytest.skip("SQLite has no TRUNCATE")
    books.paid(books.order())
    with pytest.raises(DBAPIError, match="only ever added"):
        run(books, "TRUNCATE ledger_line, ledger_entry")


def test_a_guard_that_is_gone_is_noticed(books: Books) -> None:
    on_table = "" if books.database.dialect == "sqlite" else " ON ledger_line"
    with books.work() as work:
        connection = work.session.connection()
        assert guard.missing(connection) == []
        connection.execute(text(f"DROP TRIGGER ledger_line_update{on_table}"))
        assert guard.missing(connection) == ["ledger_line_update"]
        guard.install(connection)
        assert guard.missing(connection) == []
