"""Paid back in another way before anybody decided here: entered with the bank's number, and never again."""

from datetime import date, timedelta

import pytest

from backend.errors import NotAllowed, Refused
from backend.payments.provider import RefundState
from backend.refunds import hands, mending
from backend.refunds.states import Reason, State
from tests.refunds.scene import PRICE, Scene


def double(scene: Scene) -> str:
    """What was paid twice is proposed, and waits for finance."""
    scene.pay_twice(scene.ordered())
    return scene.only(Reason.DOUBLE_PAYMENT)


def test_what_finance_paid_back_already_leaves_the_books_and_is_not_paid_again(
    scene: Scene,
) -> None:
    number = double(scene)
    assert scene.balance("held") == -PRICE
    scene.by_hand(number, "工行 2026030200018")
    scene.sweep(timedelta(hours=1))
    assert (scene.state(number), scene.bank.asked) == (State.BY_HAND, 0)
    assert (scene.balance("held"), scene.still_owed()) == (0, 0)
    assert scene.balance("platform:bank") == -PRICE
    assert scene.taken()[-1] == (PRICE, PRICE), "nobody can ask for it again"
    assert scene.refund(number).decided_by == scene.finance
    assert scene.told("refund.by_hand") == [number]


def test_it_may_have_been_paid_back_before_it_was_proposed_but_not_before_it_was_paid(
    scene: Scene,
) -> None:
    order = scene.ordered()
    scene.pay(order)
    scene.pass_time(timedelta(days=3))
    number = scene.ask(order)
    with pytest.raises(Refused, match="refund_day"):
        scene.by_hand(number, on=date(2026, 3, 1))
    scene.by_hand(number, on=date(2026, 3, 3))
    assert scene.state(number) == State.BY_HAND


def test_what_was_not_made_yet_is_not_made_any_more(scene: Scene) -> None:
    order = scene.ordered()
    scene.pay(order)
    scene.by_hand(scene.ask(order))
    scene.work_off()
    assert (scene.service_state(order), scene.made()) == ("refunded", [])


def test_it_goes_round_neither_the_second_person(scene: Scene) -> None:
    scene.policy(second_from_fen=1)
    number = double(scene)
    with pytest.raises(Refused, match="refund_by_two"):
        scene.by_hand(number)
    scene.allow(number)
    with pytest.raises(Refused, match="own_refund_look"):
        scene.by_hand(number)
    scene.by_hand(number, by=scene.second)
    assert scene.state(number) == State.BY_HAND
    assert scene.refund(number).second_by == scene.second


def test_nor_academic_affairs_where_a_document_stands(scene: Scene) -> None:
    scene.policy(proposed=[])
    order = scene.bought()
    number = scene.ask(order)
    with pytest.raises(Refused, match="refund_document_stands"):
        scene.by_hand(number)
    scene.revoke(scene.application_of(order))
    scene.by_hand(number)
    assert (scene.state(number), scene.service_state(order)) == (State.BY_HAND, "refunded")


def test_nobody_enters_it_for_themselves_or_without_being_of_finance(scene: Scene) -> None:
    number = double(scene)
    for nobody in (scene.buyer, scene.affairs):
        with pytest.raises(NotAllowed):
            scene.by_hand(number, by=nobody)


def test_while_one_is_at_the_bank_with_it_nobody_else_has_it_paid_back(scene: Scene) -> None:
    number = double(scene)
    with scene.office.work(scene.finance) as work:
        hands.take(work, mending.to_pay_by_hand(work, number))
    with pytest.raises(Refused, match="refund_in_hand"):
        scene.allow(number, by=scene.second)
    with pytest.raises(Refused, match="refund_in_hand") as told:
        scene.by_hand(number, by=scene.second)
    assert told.value.facts["number"] == number
    scene.by_hand(number)
    assert (scene.state(number), scene.bank.asked) == (State.BY_HAND, 0)


def test_nor_has_it_tried_once_more(scene: Scene) -> None:
    scene.bank.takes_back = RefundState.ABNORMAL
    number = double(scene)
    scene.allow(number)
    scene.work_off()
    assert scene.state(number) == State.ABNORMAL
    with scene.office.work(scene.second) as work:
        hands.take(work, mending.to_pay_by_hand(work, number))
    with pytest.raises(Refused, match="refund_in_hand"):
        scene.again(number)
    scene.pass_time(hands.HELD)
    scene.again(number)
    assert scene.state(number) == State.APPROVED, "whoever took it has let it lie"
