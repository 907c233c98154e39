"""Two that post at the same moment: one entry for the same fact, numbers in a row for others."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from backend.ledger.book import Overdrawn
from backend.ledger.postings import Source
from tests.ledger.books import INCOME, KIND, Books

WRITERS = 4


def together(*actions: Callable[[], object]) -> list[object]:
    """What each returned, or raised."""
    barrier = Barrier(len(actions))

    def run(action: Callable[[], object]) -> object:
        barrier.wait()
        try:
            return action()
        except Overdrawn as refused:
            return refused

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


def test_the_same_fact_from_many_sides_is_booked_once(books: Books) -> None:
    order = books.order()
    assert together(*[lambda: books.paid(order)] * WRITERS) == [1] * WRITERS
    assert books.balances() == {"platform:wechat": 500, INCOME: -500}


def test_different_facts_get_numbers_in_a_row(books: Books) -> None:
    orders = [books.order(f"D{number}") for number in range(WRITERS)]
    payments = [
        lambda order=order, n=n: books.paid(order, f"T{n}") for n, order in enumerate(orders)
    ]
    assert sorted(map(str, together(*payments))) == [str(n + 1) for n in range(WRITERS)]
    assert books.balances() == {"platform:wechat": 500 * WRITERS, INCOME: -500 * WRITERS}


@pytest.mark.parametrize("part", [300, 500])
def test_two_who_pay_back_the_same_money_do_not_both_have_it(books: Books, part: int) -> None:
    order = books.order()
    books.paid(order)
    source = [Source(order, KIND, part)]
    found = together(
        lambda: books.decided(source, "R1"),
        lambda: books.decided(source, "R2"),
    )
    assert sorted(isinstance(one, Overdrawn) for one in found) == [False, True]
    assert books.balances().get("payable") == -part
