"""A month is a month in China, and its figures are what came before and what moved."""

from datetime import UTC, datetime, timedelta

import pytest

from backend.ledger import balances, statement
from backend.ledger.balances import Turnover
from backend.ledger.statement import Month
from tests.ledger.scene import FEBRUARY, MARCH, Scene

PLATFORM = "platform:wechat"
INCOME = "income:transcript"


def at(scene: Scene, moment: datetime) -> None:
    scene.clock.set(moment)


def test_months_begin_and_end_at_midnight_in_china() -> None:
    assert MARCH.begins.astimezone(UTC) == datetime(2026, 2, 28, 16, tzinfo=UTC)
    assert MARCH.ends == Month(2026, 4).begins
    assert Month.of(datetime(2026, 2, 28, 15, 59, 59, tzinfo=UTC)) == FEBRUARY
    assert Month.of(datetime(2026, 2, 28, 16, tzinfo=UTC)) == MARCH
    assert (str(Month(2026, 1).shifted(-1)), str(Month(2026, 12).shifted(1))) == (
        "2025-12",
        "2027-01",
    )


def test_what_came_before_opens_the_month_and_what_comes_after_is_not_in_it(scene: Scene) -> None:
    order = scene.sold("D1")
    at(scene, MARCH.begins - timedelta(microseconds=1))
    scene.paid("A", order)
    at(scene, MARCH.begins)
    scene.paid("B", scene.sold("D2"), 2000, "photo_fee")
    at(scene, MARCH.ends - timedelta(microseconds=1))
    scene.refunded("R1", "A", order, 200)
    at(scene, MARCH.ends)
    scene.held("C", 700)
    with scene.office.read() as work:
        found = statement.of_month(work, MARCH)
        assert found == {
            PLATFORM: Turnover(500, 2000, 200),
            INCOME: Turnover(-500, 200, 0),
            "income:photo_fee": Turnover(0, 0, 2000),
            "payable": Turnover(0, 200, 200),
        }
        assert balances.total(found).closing_fen == 0
        assert balances.balances(work, MARCH.begins) == {PLATFORM: 500, INCOME: -500}
        april = statement.of_month(work, MARCH.shifted(1))
        opened = {account: one.opening_fen for account, one in april.items() if one.opening_fen}
        closed = {account: one.closing_fen for account, one in found.items() if one.closing_fen}
        assert opened == closed, "a month opens with what the last one closed with"


def test_a_statement_read_in_pieces_is_whole_while_others_book(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = scene.sold("D1")
    for number in range(7):
        scene.paid(f"A{number}", order)
    with scene.office.read() as work:
        last = statement.last_number(work)
        lines = statement.count(work, MARCH, last)
    read = []
    monkeypatch.setattr(statement, "PIECE", 3)
    for piece in statement.movements(scene.office, MARCH, last):
        assert len(piece) <= 3
        read += piece
        scene.held(f"meanwhile {len(read)}", 100)
    assert len(read) == lines == 14
    assert [one.number for one in read[::2]] == list(range(1, 8))
    assert sum(one.amount_fen for one in read) == 0
    assert {one.order for one in read if one.account == INCOME} == {"D1"}
