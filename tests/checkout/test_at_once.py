"""Many hands at once: one charge, one code, one payment."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

from backend.errors import Refused
from backend.orders import State
from backend.payments import opening
from backend.payments.opening import Ready
from backend.payments.provider import Way
from tests.checkout.conftest import Buying

T = TypeVar("T")
HANDS = 4


def at_once(act: Callable[[], T]) -> list[T]:
    together = Barrier(HANDS)

    def run(_: int) -> T:
        together.wait(timeout=30)
        return act()

    with ThreadPoolExecutor(HANDS) as pool:
        return list(pool.map(run, range(HANDS)))


def test_presses_at_once_open_one_charge(scene: Buying) -> None:
    first, second = scene.confirm(), scene.another()
    for numbers in ((first,), (first, second)):
        found = at_once(lambda numbers=numbers: opening.ready(scene.office, numbers, Way.NATIVE))
        assert len({one.number for one in found}) == 1
        assert len({one.link for one in found}) == 1
    assert scene.charge_states() == ["open", "open"]
    assert len(scene.till.charges) == 2


def test_a_press_while_the_money_comes_in_never_pays_twice(scene: Buying) -> None:
    order = scene.confirm()
    notice = scene.pay(order)

    def press() -> Ready | str:
        try:
            return opening.ready(scene.office, (order,), Way.H5)
        except Refused as refused:
            return refused.code

    with ThreadPoolExecutor(2) as pool:
        pressing, _ = pool.submit(press), pool.submit(scene.take, notice)
        opened = pressing.result(timeout=30)
    assert scene.state(order) is State.PAID
    scene.direct.run_all(scene.office)
    open_over_there = [
        one for one in scene.till.charges.values() if not one.closed and not one.paid
    ]
    assert open_over_there == [], opened
    assert len(scene.payments()) == 1
