"""Refunds that were made in the provider's own pages are entered once, and the books equal the bill."""

import pytest

from backend import transcripts
from backend.errors import AlreadyHandled, Refused
from backend.payments.provider import RefundState
from backend.reconciliation import days
from backend.reconciliation.differences import State
from backend.refunds import money, standing
from backend.refunds.standing import Standing
from tests.held.scene import DAY, Scene
from tests.reconciliation.scene import MINUTES


def found(scene: Scene) -> str:
    """The number of the only open difference, on the morning after."""
    scene.morning()
    (one,) = [one for one in scene.differences() if one.state == State.OPEN]
    return one.number


def test_what_an_order_had_paid_is_taken_from_its_income(scene: Scene) -> None:
    order = scene.bought()
    (payment,) = scene.payments()
    scene.refund_in_portal(payment.transaction_id, 500)
    number = found(scene)
    assert scene.at_platform() == 500
    scene.enter(number)
    assert (scene.at_platform(), scene.earned(), scene.books_add_up()) == (0, 0, True)
    assert scene.at_platform() == scene.billed()
    assert not scene.is_open(number)
    assert [one.name for one in scene.events if one.name == "disposal.document"], (
        "whoever may revoke hears that the document stands without money"
    )
    with pytest.raises(Refused):
        scene.ask(order)


def test_it_is_entered_once_and_stays_settled(scene: Scene) -> None:
    scene.bought()
    (payment,) = scene.payments()
    scene.refund_in_portal(payment.transaction_id, 200)
    number = found(scene)
    key = scene.choices(number)[0]
    scene.enter(number)
    with pytest.raises(AlreadyHandled):
        scene.enter(number, key)
    scene.compare_again()
    assert not scene.is_open(number)
    assert (scene.at_platform(), scene.earned(), scene.books_add_up()) == (300, 300, True)


def test_a_document_that_is_not_made_yet_is_not_made(scene: Scene) -> None:
    order = scene.ordered()
    scene.pay(order)
    (payment,) = scene.payments()
    scene.refund_in_portal(payment.transaction_id, 500)
    scene.at(DAY + days.ONE, MINUTES)
    scene.compare_again()  # the job that makes it has not run
    assert scene.service_state(order) == transcripts.State.PAID
    scene.enter(scene.one().number)
    scene.work_off()
    assert scene.service_state(order) == transcripts.State.REFUNDED
    assert (scene.earned(), scene.books_add_up()) == (0, True)


def test_money_that_was_held_is_held_no_more(scene: Scene) -> None:
    scene.stray("S1", 700)
    scene.refund_in_portal("S1", 700)
    scene.enter(found(scene))
    assert (scene.held(), scene.items(), scene.at_platform()) == (0, (), 0)
    assert scene.books_add_up()


def test_of_several_orders_in_one_payment_finance_say_which(scene: Scene) -> None:
    orders = [scene.ordered(kind) for kind in range(2)]
    notice = scene.pay(*orders)
    scene.work_off()
    scene.refund_in_portal(notice.transaction_id, 500)
    number = found(scene)
    keys = scene.choices(number)
    assert len(keys) == 2
    scene.enter(number, keys[1])
    with scene.office.read() as work:
        assert [money.left(work, scene.share(one)) for one in orders] == [500, 0]
    assert scene.books_add_up()


def test_all_of_a_payment_for_several_orders_went_back(scene: Scene) -> None:
    notice = scene.pay(scene.ordered(0), scene.ordered(1))
    scene.work_off()
    scene.refund_in_portal(notice.transaction_id, 1000)
    scene.enter(found(scene))
    assert (scene.at_platform(), scene.earned(), scene.books_add_up()) == (0, 0, True)


def test_more_than_is_left_is_not_entered_and_names_the_refund_that_has_it(scene: Scene) -> None:
    order = scene.bought()
    (payment,) = scene.payments()
    refund = scene.ask(order)
    scene.refund_in_portal(payment.transaction_id, 500)
    number = found(scene)
    with pytest.raises(Refused) as told:
        scene.choices(number)
    assert (told.value.code, told.value.facts["number"]) == ("portal_too_much", refund)
    scene.refuse(refund)
    scene.enter(number)
    assert (scene.at_platform(), scene.books_add_up()) == (0, True)


def test_a_payment_that_is_not_known_here_is_said_to_be_so(scene: Scene) -> None:
    scene.pay(scene.ordered())
    scene.refund_in_portal("of another program", 500)
    with pytest.raises(Refused, match="portal_payment_unknown"):
        scene.choices(found(scene))


def test_what_the_provider_closed_did_not_go_back(scene: Scene) -> None:
    scene.pay(scene.ordered())
    (payment,) = scene.payments()
    scene.bank.takes_back = RefundState.CLOSED
    scene.refund_in_portal(payment.transaction_id, 500)
    with pytest.raises(Refused, match="portal_not_a_refund"):
        scene.enter(found(scene), "1.1")


def test_from_an_amount_on_two_people_enter_it(scene: Scene) -> None:
    scene.second_from(500)
    scene.bought()
    (payment,) = scene.payments()
    scene.refund_in_portal(payment.transaction_id, 500)
    number = found(scene)
    disposal = scene.enter(number)
    assert (scene.at_platform(), scene.is_open(number)) == (500, True)
    scene.confirm(disposal)
    assert (scene.at_platform(), scene.is_open(number), scene.books_add_up()) == (0, False, True)


def test_an_order_says_that_its_money_is_back_only_when_the_second_has_agreed(scene: Scene) -> None:
    scene.second_from(1)
    order = scene.ordered()
    notice = scene.pay(order)
    scene.work_off()
    scene.refund_in_portal(notice.transaction_id, 500)

    def stands() -> Standing:
        with scene.office.read() as work:
            return standing.of_order(work, scene.order(order))

    assert stands() is Standing.KEPT
    number = scene.enter(found(scene))
    assert stands() is Standing.GOING_BACK
    scene.confirm(number)
    assert stands() is Standing.BACK
