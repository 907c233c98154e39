"""Money is where it belongs after each thing that can happen to it, once, and never from nowhere."""

from datetime import date

import pytest

from backend.ledger import postings
from backend.ledger.book import Contradiction, Overdrawn, post
from backend.ledger.postings import Share, Source, Standing
from tests.ledger.books import INCOME, KIND, START, Books

PLATFORM = "platform:wechat"


def test_a_paid_order_is_income_of_its_kind(books: Books) -> None:
    assert books.paid(books.order()) == 1
    assert books.balances() == {PLATFORM: 500, INCOME: -500}


def test_one_payment_for_several_orders_is_shared_out(books: Books) -> None:
    first, second, third = (books.order(f"D{n}") for n in range(3))
    books.received(
        "4200A",
        4000,
        [
            Share(first, KIND, 500, Standing.SETTLED),
            Share(second, "photo_fee", 2000, Standing.SETTLED),
            Share(third, KIND, 500, Standing.LATE),
        ],
        rest=Standing.MISMATCH,
    )
    assert books.balances() == {
        PLATFORM: 4000,
        INCOME: -500,
        "income:photo_fee": -2000,
        "held": -1500,
    }


@pytest.mark.parametrize("rest", [Standing.UNKNOWN, Standing.MISMATCH, Standing.DOUBLE])
def test_money_with_nothing_behind_it_is_held(books: Books, rest: Standing) -> None:
    books.received("4200A", 500, [], rest)
    assert books.balances() == {PLATFORM: 500, "held": -500}


def test_the_same_fact_is_one_entry(books: Books) -> None:
    order = books.order()
    assert [books.paid(order), books.paid(order)] == [1, 1]
    assert books.balances() == {PLATFORM: 500, INCOME: -500}


def test_the_same_fact_with_another_amount_is_a_mistake(books: Books) -> None:
    order = books.order()
    books.paid(order)
    with pytest.raises(Contradiction):
        books.paid(order, fen=600)
    assert books.balances() == {PLATFORM: 500, INCOME: -500}


def test_a_refund_is_owed_when_decided_and_gone_when_executed(books: Books) -> None:
    order = books.order()
    books.paid(order)
    books.decided([Source(order, KIND, 200)])
    assert books.balances() == {PLATFORM: 500, INCOME: -300, "payable": -200}
    books.executed(200)
    books.executed(200)
    assert books.balances() == {PLATFORM: 300, INCOME: -300}


def test_held_money_is_paid_back(books: Books) -> None:
    books.received("4200A", 500, [])
    books.decided([Source(None, None, 500)])
    books.executed()
    assert books.balances() == {}


def test_nothing_is_paid_back_twice(books: Books) -> None:
    order = books.order()
    books.paid(order)
    books.decided([Source(order, KIND, 300)])
    with pytest.raises(Overdrawn):
        books.decided([Source(order, KIND, 300)], number="R2611-0002")
    books.decided([Source(order, KIND, 200)], number="R2611-0002")
    assert books.balances() == {PLATFORM: 500, "payable": -500}


def test_an_order_does_not_pay_for_another_ones_refund(books: Books) -> None:
    first, second = books.order("D1"), books.order("D2")
    shares = [Share(one, KIND, 500, Standing.SETTLED) for one in (first, second)]
    books.received("4200A", 1000, shares)
    with pytest.raises(Overdrawn):
        books.decided([Source(first, KIND, 600)])
    with pytest.raises(Overdrawn):
        books.decided([Source(first, KIND, 300), Source(first, KIND, 300)])


def test_a_refund_ends_in_one_way(books: Books) -> None:
    order = books.order()
    books.paid(order)
    with pytest.raises(Overdrawn):
        books.executed()  # nobody decided it
    books.decided([Source(order, KIND, 500)])
    with pytest.raises(ValueError, match="500 fen were decided"):
        books.executed(400)
    books.executed()
    with books.work() as work, pytest.raises(Contradiction):  # the same, and in another way
        postings.refund_executed(
            work, number="R2611-0001", amount_fen=500, at=START, paid_by="bank"
        )
    assert books.balances() == {}


def test_fees_are_taken_from_what_lies_with_the_provider(books: Books) -> None:
    books.paid(books.order())
    for _ in range(2):
        with books.work() as work:
            postings.provider_fee(
                work, provider="wechat", day=date(2026, 11, 22), fee_fen=3, at=START
            )
    with books.work() as work:  # more was given back than kept
        postings.provider_fee(work, provider="wechat", day=date(2026, 11, 23), fee_fen=-1, at=START)
        none = postings.provider_fee(
            work, provider="wechat", day=date(2026, 11, 24), fee_fen=0, at=START
        )
    assert none is None
    assert books.balances() == {PLATFORM: 498, INCOME: -500, "fees": 2}


def test_amounts_that_cannot_be_are_refused(books: Books) -> None:
    order = books.order()
    with pytest.raises(ValueError, match="positive"):
        books.received("4200A", 0, [])
    with pytest.raises(ValueError, match="positive"):
        books.received("4200A", 500, [Share(order, KIND, -1, Standing.SETTLED)])
    with pytest.raises(ValueError, match="more than was paid"):
        books.received("4200A", 500, [Share(order, KIND, 501, Standing.SETTLED)])
    with pytest.raises(ValueError, match="less than was paid"):
        books.received("4200A", 500, [], Standing.SETTLED)
    with books.work() as work, pytest.raises(ValueError, match="two sides"):
        post(work, "k", "payment", "s", START, [])
    assert books.balances() == {}


def test_institutions_have_ledgers_of_their_own(books: Books) -> None:
    other = Books(books.database, "two")
    assert [books.paid(books.order()), other.paid(other.order()), other.received("B", 7, [])] == [
        1,
        1,
        2,
    ]
    assert books.balances() == {PLATFORM: 500, INCOME: -500}
