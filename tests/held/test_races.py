"""Two of finance at the same moment: the money goes one way, and the other is told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from backend import orders
from backend.errors import AlreadyHandled, Refused
from tests.held.scene import Scene


def together(*actions: Callable[[], object]) -> list[object]:
    """What each returned, or was told."""
    barrier = Barrier(len(actions))

    def run(action: Callable[[], object]) -> object:
        barrier.wait()
        try:
            return action()
        except (Refused, AlreadyHandled) as told:
            return told

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(run, actions))


def one_did(found: list[object]) -> bool:
    return sum(not isinstance(one, Exception) for one in found) == 1


def test_two_who_settle_the_same_money_do_not_both_have_it(scene: Scene) -> None:
    order = scene.ordered()
    scene.stray()
    key = scene.item().key
    assert one_did(
        together(
            lambda: scene.hand_over(key),
            lambda: scene.pay_back(key, by=scene.second),
            lambda: scene.for_order(key, order, by=scene.second),
        )
    )
    scene.work_off()
    earned = 500 if scene.order(order).state == orders.State.PAID else 0
    assert scene.handed_over() + scene.bank.gone() + earned == 500
    assert (scene.held(), scene.books_add_up()) == (0, True)


def test_two_payments_for_the_same_order_settle_it_once(scene: Scene) -> None:
    order = scene.ordered()
    scene.stray("S1")
    scene.stray("S2")
    first, second = (one.key for one in scene.items())
    assert one_did(
        together(
            lambda: scene.for_order(first, order),
            lambda: scene.for_order(second, order, by=scene.second),
        )
    )
    assert (scene.held(), scene.earned(), scene.books_add_up()) == (500, 500, True)


def test_one_agrees_while_another_does_not(scene: Scene) -> None:
    scene.second_from(500)
    scene.stray()
    number = scene.hand_over(scene.item().key)
    assert one_did(
        together(
            lambda: scene.confirm(number),
            lambda: scene.refuse_disposal(number, by=scene.finance),
        )
    )
    assert scene.handed_over() + scene.held() == 500
    assert scene.books_add_up()


def test_the_same_refund_of_the_portal_is_entered_once(scene: Scene) -> None:
    scene.stray("S1", 1000)
    scene.refund_in_portal("S1", 500)
    scene.morning()
    (one,) = scene.differences()
    (key,) = scene.choices(one.number)
    assert one_did(
        together(
            lambda: scene.enter(one.number, key),
            lambda: scene.enter(one.number, key, by=scene.second),
        )
    )
    assert (scene.held(), scene.at_platform(), scene.books_add_up()) == (500, 500, True)
