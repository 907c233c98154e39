"""Nobody is led to pay what need not, must not or cannot be paid; going to pay twice asks once."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from backend.errors import Refused
from backend.orders import State
from backend.payments import asking, opening
from backend.payments.provider import ChargeAsked, Payee, Way
from tests.payments.scene import LIFETIME, Scene


def refused(scene: Scene, *numbers: str, way: Way = Way.NATIVE) -> Refused:
    with pytest.raises(Refused) as found:
        opening.ready(scene.office, numbers, way)
    return found.value


def test_going_to_pay_again_leads_to_the_same_request(scene: Scene) -> None:
    order = scene.confirm()
    first = opening.ready(scene.office, [order], Way.NATIVE)
    assert opening.ready(scene.office, [order], Way.NATIVE) == first
    assert len(scene.till.charges) == 1


def test_an_order_that_is_paid_or_over_is_not_paid_again(scene: Scene) -> None:
    paid, cancelled = scene.confirm(), scene.confirm()
    scene.take(scene.pay(paid))
    scene.cancel(cancelled)
    assert refused(scene, paid).code == "order_not_payable"
    assert refused(scene, cancelled).code == "order_not_payable"


def test_no_order_is_opened_that_would_expire_while_one_pays(scene: Scene) -> None:
    order = scene.confirm()
    scene.pass_time(LIFETIME - timedelta(seconds=30))
    assert refused(scene, order).code == "order_not_payable"


def test_nobody_pays_for_somebody_else_by_mistake(scene: Scene) -> None:
    mine = scene.confirm()
    scene.buyer = scene.graduate("G2")
    theirs = scene.confirm()
    assert refused(scene, mine, theirs).code == "not_together"
    assert scene.till.charges == {}


def test_where_nothing_can_be_paid_one_is_sent_to_finance(scene: Scene) -> None:
    order = scene.confirm()
    scene.office.payments = None
    no_payments = refused(scene, order)
    assert (no_payments.code, no_payments.facts["office"]) == ("no_payments", "finance")


def test_after_the_merchant_was_changed_nobody_is_led_to_pay_the_one_before(scene: Scene) -> None:
    order = scene.confirm()
    first = opening.ready(scene.office, [order], Way.NATIVE)
    scene.till.payee = Payee("1900000110", "wx-after")
    second = opening.ready(scene.office, [order], Way.NATIVE)
    assert first.number != second.number
    assert opening.ready(scene.office, [order], Way.NATIVE) == second


def test_what_is_to_hold_for_a_while_is_asked_for_again_before_it_ends(scene: Scene) -> None:
    order = scene.confirm()
    first = opening.ready(scene.office, [order], Way.NATIVE)
    scene.pass_time(timedelta(minutes=100))
    assert opening.ready(scene.office, [order], Way.NATIVE) == first
    fresh = opening.ready(scene.office, [order], Way.NATIVE, lasts=timedelta(hours=1))
    assert fresh.number == first.number
    assert fresh.until >= scene.clock.now() + timedelta(hours=1)


# --- while the provider is being asked --------------------------------------------------------


def meanwhile(scene: Scene, *happens: Callable[[], object], after: bool = False) -> None:
    """It takes a while to open a charge, and this happens before (or after) the provider does it."""
    plain = scene.till.open

    def slow(asked: ChargeAsked) -> str:
        link = plain(asked) if after else ""
        for one in happens:
            one()
        return link or plain(asked)

    scene.till.open = slow  # type: ignore[method-assign]


def held(scene: Scene) -> list[bool]:
    """Of each charge at the provider, whether it is closed there."""
    return [one.closed for one in scene.till.charges.values()]


@pytest.mark.parametrize("after", [False, True])
def test_whoever_cancels_while_a_charge_is_being_opened_is_not_led_to_pay_it(
    scene: Scene, after: bool
) -> None:
    order = scene.confirm()
    meanwhile(
        scene,
        lambda: scene.cancel(order),
        lambda: asking.close_charges(scene.office, order),
        after=after,
    )
    no = refused(scene, order)
    assert (no.code, no.facts["number"], no.facts["state"]) == (
        "order_not_payable",
        order,
        State.CLOSED,
    )
    assert held(scene) == [True]
    assert scene.charge_states() == ["closed"]


def test_what_was_paid_while_another_way_was_being_opened_is_not_paid_twice(scene: Scene) -> None:
    order = scene.confirm()
    scene.charge(order)
    meanwhile(scene, lambda: scene.take(scene.pay(order)))
    assert refused(scene, order, way=Way.H5).facts["state"] == State.PAID
    assert held(scene) == [False, True]


def test_a_charge_opened_for_nobody_is_closed_once_the_provider_is_there_again(
    scene: Scene,
) -> None:
    order = scene.confirm()

    def lost() -> None:
        scene.cancel(order)
        scene.till.away = True

    meanwhile(scene, lost, after=True)
    assert refused(scene, order).code == "order_not_payable"
    assert (held(scene), scene.charge_states()) == ([False], ["open"])
    scene.till.away = False
    scene.pass_time(timedelta(minutes=1))
    asking.ask(scene.office)
    assert (held(scene), scene.charge_states()) == ([True], ["closed"])
