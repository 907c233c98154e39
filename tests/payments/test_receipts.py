"""Whoever pays for several at once hears of the payment once, and not of every order."""

from dataclasses import replace

from dialogs import notices
from dialogs.orders import receipts
from tests.payments.scene import PRICE, Scene


def told(scene: Scene) -> list[str]:
    """Events that the buyer is told of."""
    with scene.office.read() as work:
        work.events = scene.events
        return [one.name for one in scene.events if scene.buyer in notices.audience(work, one)]


def test_one_payment_of_three_orders_is_one_receipt(scene: Scene) -> None:
    numbers = [scene.confirm() for _place in range(3)]
    charge = scene.charge(*numbers)
    scene.events.clear()
    scene.take(replace(scene.notice(numbers[0]), charge_number=charge, amount_fen=3 * PRICE))
    assert told(scene) == [receipts.NAME]
    (one,) = [event for event in scene.events if event.name == receipts.NAME]
    assert one.subject == "+".join(numbers)


def test_an_order_that_is_paid_alone_is_told_of_as_ever(scene: Scene) -> None:
    number = scene.confirm()
    scene.charge(number)
    scene.events.clear()
    scene.take(scene.notice(number))
    assert told(scene) == ["transcript.pay"]


def test_what_was_paid_already_is_not_in_the_receipt(scene: Scene) -> None:
    numbers = [scene.confirm() for _place in range(3)]
    together = scene.charge(*numbers)
    scene.charge(numbers[0])
    scene.take(scene.notice(numbers[0]))
    scene.events.clear()
    scene.take(
        replace(scene.notice(numbers[1], "SB2"), charge_number=together, amount_fen=3 * PRICE)
    )
    (one,) = [event for event in scene.events if event.name == receipts.NAME]
    assert one.subject == "+".join(numbers[1:])


def test_a_payment_that_leaves_one_order_is_told_of_by_that_order(scene: Scene) -> None:
    numbers = [scene.confirm() for _place in range(2)]
    together = scene.charge(*numbers)
    scene.charge(numbers[0])
    scene.take(scene.notice(numbers[0]))
    scene.events.clear()
    scene.take(
        replace(scene.notice(numbers[1], "SB2"), charge_number=together, amount_fen=2 * PRICE)
    )
    assert "transcript.pay" in told(scene)
    assert receipts.NAME not in told(scene)
