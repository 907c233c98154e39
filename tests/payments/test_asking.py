"""Nobody's payment stays unheard of because of what the provider says of somebody else's."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from backend import charges
from backend.orders import State
from backend.payments import asking
from backend.payments.by_hand import NAME
from backend.payments.provider import (
    ChargeFound,
    ChargeState,
    NotOurs,
    Payee,
    PaymentNotice,
    ProviderRefused,
    ProviderUnreachable,
    Way,
)
from tests.payments.scene import PRICE, Scene

MINUTE = timedelta(minutes=1)


def failing(scene: Scene, charge: str, error: Exception) -> list[str]:
    """Of this one charge the provider says nothing that counts; whom it was asked about."""
    query, asked = scene.till.query, list[str]()

    def answer(number: str, payee: Payee | None = None) -> ChargeFound:
        asked.append(number)
        if number == charge:
            raise error
        return query(number, payee)

    scene.till.query = answer  # type: ignore[method-assign]
    return asked


@pytest.mark.parametrize("error", [NotOurs("another app"), ProviderRefused("NO_AUTH")])
def test_one_charge_of_which_nothing_can_be_known_does_not_keep_the_others_waiting(
    scene: Scene, error: Exception
) -> None:
    strange, paid, over = scene.confirm(), scene.confirm(), scene.confirm()
    charge = scene.charge(strange)
    scene.pay(paid)
    scene.charge(over)
    scene.cancel(over)
    failing(scene, charge, error)
    scene.pass_time(MINUTE)
    assert asking.ask(scene.office) == 1
    assert scene.state(paid) is State.PAID
    assert scene.charge_states() == ["open", "paid", "closed"]


def test_one_charge_that_always_fails_is_not_the_first_to_be_asked_about_every_time(
    scene: Scene,
) -> None:
    first, second = scene.confirm(), scene.confirm()
    charge = scene.charge(first)
    scene.pass_time(timedelta(seconds=1))
    scene.pay(second)
    asked = failing(scene, charge, ProviderUnreachable("status 500"))
    scene.pass_time(MINUTE)
    assert (asking.ask(scene.office), asked) == (
        0,
        [charge],
    )  # whatever else is asked would fail too
    scene.pass_time(MINUTE)
    assert asking.ask(scene.office) == 1
    assert scene.state(second) is State.PAID


def test_orders_of_others_end_while_nothing_is_known_of_one(scene: Scene) -> None:
    strange, other = scene.confirm(), scene.confirm()
    failing(scene, scene.charge(strange), NotOurs("another merchant"))
    scene.charge(other)
    scene.expire()
    assert (scene.state(strange), scene.state(other)) == (State.CONFIRMED, State.EXPIRED)


def test_closing_one_charge_of_an_order_goes_on_where_another_cannot_be_closed(
    scene: Scene,
) -> None:
    order = scene.confirm()
    charge = scene.charge(order)
    scene.charge(order, way=Way.H5)
    failing(scene, charge, NotOurs("another app"))
    scene.cancel(order)
    asking.close_charges(scene.office, order)
    assert scene.charge_states() == ["open", "closed"]


def test_the_provider_is_asked_about_a_charge_as_whom_it_was_opened(scene: Scene) -> None:
    was = Payee("1900000109", "wx-before")
    order = scene.confirm()
    with scene.office.work() as work:
        number = charges.begin(work, [order], Way.NATIVE, NAME, was).number
    told: list[Payee | None] = []
    query = scene.till.query

    def answer(number: str, payee: Payee | None = None) -> ChargeFound:
        told.append(payee)
        return query(number, payee)

    scene.till.query = answer  # type: ignore[method-assign]
    scene.pass_time(MINUTE)
    asking.ask(scene.office)
    asking.learn(scene.office, number)
    assert told == [was, was]


def contradicting(scene: Scene, of: str, transaction: str) -> Callable[..., ChargeFound]:
    """The provider says that a charge was paid by a transaction that paid another one."""
    query = scene.till.query

    def answer(number: str, payee: Payee | None = None) -> ChargeFound:
        if number != of:
            return query(number, payee)
        notice = PaymentNotice(NAME, transaction, of, PRICE, "CNY", scene.clock.now())
        return ChargeFound(ChargeState.PAID, notice)

    return answer


def test_a_payment_that_was_recorded_for_another_charge_does_not_close_this_one(
    scene: Scene,
) -> None:
    first, second = scene.confirm(), scene.confirm()
    scene.take(scene.notice(first, "SB1"))
    charge = scene.charge(second)
    scene.till.query = contradicting(scene, charge, "SB1")  # type: ignore[method-assign]
    for _ in range(3):
        scene.pass_time(timedelta(minutes=5))
        assert asking.ask(scene.office) == 0
    assert scene.charge_states() == ["paid", "open"]
    assert scene.state(second) is State.CONFIRMED
    assert scene.told_finance() == ["payment.mismatch"]
    assert scene.trail().count("mismatch") == 1


def test_a_charge_nobody_has_ever_opened_ends_in_time(scene: Scene) -> None:
    order = scene.confirm()
    with scene.office.work() as work:
        charges.begin(work, [order], Way.NATIVE, NAME)
    scene.cancel(order)
    asking.close_charges(scene.office, order)
    assert scene.charge_states() == ["open"]  # the provider may be about to open it
    for _ in range(3):
        scene.pass_time(MINUTE)
        asking.ask(scene.office)
    assert scene.charge_states() == ["closed"]
