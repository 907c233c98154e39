"""Finance decides: with one press, in batches, by two from the policy's amount on; never more than was paid."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from backend.authority import Role
from backend.errors import AlreadyHandled, NotAllowed, Refused
from backend.models import PaidBack
from backend.models import Role as RoleRow
from backend.payments.provider import RefundState
from backend.refunds import asking, deciding, overdue
from backend.refunds.states import Reason, State
from backend.work import Work
from dialogs.refunds import audiences
from tests.refunds.scene import PRICE, Scene

Action = Callable[[Work], object]


def race(scene: Scene, *hands: tuple[int, Action]) -> list[object]:
    """All at once, as far as the database lets them."""
    together = Barrier(len(hands))

    def run(hand: tuple[int, Action]) -> object:
        actor, action = hand
        together.wait(timeout=30)
        try:
            with scene.office.work(actor) as work:
                return action(work)
        except Refused as refused:
            return refused

    with ThreadPoolExecutor(len(hands)) as pool:
        return list(pool.map(run, hands))


def approving(scene: Scene, person: int, *numbers: str) -> tuple[int, Action]:
    return person, lambda work: deciding.approve(work, numbers, scene.agreed(person))


def refusing(scene: Scene, person: int, number: str) -> tuple[int, Action]:
    return person, lambda work: deciding.refuse(work, number, "没有错", scene.agreed(person))


def test_only_finance_decides_and_never_on_their_own_money(scene: Scene) -> None:
    order = scene.bought()
    number = scene.ask(order)
    scene.give_role(scene.buyer, Role.FINANCE)
    for nobody in (scene.buyer, scene.affairs, scene.officer()):
        with pytest.raises(NotAllowed):
            scene.allow(number, by=nobody)
    with scene.office.read(scene.buyer) as work:
        assert deciding.inbox(work) == []


def test_from_the_policys_amount_on_two_people_decide(scene: Scene) -> None:
    scene.policy(second_from_fen=PRICE)
    scene.pay_twice(scene.ordered())
    number = scene.only(Reason.DOUBLE_PAYMENT)
    scene.allow(number)
    scene.work_off()
    assert (scene.state(number), scene.bank.gone()) == (State.CONFIRMING, 0)
    with pytest.raises(Refused, match="own_refund_look"):
        scene.allow(number)
    with scene.office.read(scene.finance) as work:
        assert deciding.inbox(work) == []
    with scene.office.read(scene.second) as work:
        assert [one.number for one in deciding.inbox(work)] == [number]
        assert deciding.count(work) == 1
    scene.allow(number, by=scene.second)
    scene.work_off()
    assert (scene.state(number), scene.bank.gone()) == (State.REFUNDED, PRICE)


def leave_finance(scene: Scene, person: int) -> None:
    with scene.office.work() as work:
        work.session.execute(delete(RoleRow).where(RoleRow.person_id == person))


def test_whoever_has_left_finance_has_agreed_to_nothing(scene: Scene) -> None:
    scene.policy(second_from_fen=PRICE)
    third = scene.staff("F3", Role.FINANCE)
    scene.pay_twice(scene.ordered())
    number = scene.only(Reason.DOUBLE_PAYMENT)
    scene.allow(number)
    leave_finance(scene, scene.finance)
    scene.allow(number, by=scene.second)
    scene.work_off()
    assert (scene.state(number), scene.bank.gone()) == (State.CONFIRMING, 0)
    assert scene.refund(number).decided_by == scene.second
    with pytest.raises(Refused, match="own_refund_look"):
        scene.allow(number, by=scene.second)
    with scene.office.read(third) as work:
        assert deciding.deciders(work, scene.case(number)) == [third]
    scene.allow(number, by=third)
    scene.work_off()
    assert (scene.state(number), scene.bank.gone()) == (State.REFUNDED, PRICE)


def test_the_only_one_left_of_finance_is_not_the_second(scene: Scene) -> None:
    scene.policy(second_from_fen=PRICE)
    scene.pay_twice(scene.ordered())
    number = scene.only(Reason.DOUBLE_PAYMENT)
    scene.allow(number)
    leave_finance(scene, scene.finance)
    with pytest.raises(Refused, match="nobody_for_refund"):
        scene.allow(number, by=scene.second)
    assert scene.state(number) == State.CONFIRMING


def test_the_second_may_refuse_what_the_first_agreed_to(scene: Scene) -> None:
    scene.policy(second_from_fen=1)
    number = scene.ask(scene.bought())
    scene.allow(number)
    scene.events.clear()
    scene.refuse(number, by=scene.second)
    assert (scene.state(number), scene.taken()) == (State.REFUSED, [(PRICE, 0)])
    refund = scene.refund(number)
    assert (refund.decided_by, refund.second_by) == (scene.finance, scene.second)
    (told,) = [one for one in scene.events if one.name == "refund.refuse"]
    with scene.office.work(scene.second) as work:
        assert audiences.payer_and_the_first(work, told) == [scene.buyer, scene.finance]


def test_where_there_is_no_second_nothing_is_agreed_to(scene: Scene) -> None:
    scene.policy(second_from_fen=1)
    leave_finance(scene, scene.second)
    number = scene.ask(scene.bought())
    with pytest.raises(Refused, match="nobody_for_refund"):
        scene.allow(number)
    assert scene.state(number) == State.ASKED


def test_a_batch_is_decided_whole_or_not_at_all(scene: Scene) -> None:
    numbers = []
    for kind in range(3):
        scene.pay_twice(scene.ordered(kind))
    numbers = [one.number for one in scene.refunds()]
    scene.refuse(numbers[1])
    with pytest.raises(AlreadyHandled):
        scene.allow(*numbers)
    assert scene.still_owed() == 0
    assert [scene.state(one) for one in numbers] == [State.ASKED, State.REFUSED, State.ASKED]
    scene.allow(numbers[0], numbers[2])
    assert scene.still_owed() == 2 * PRICE
    scene.work_off()
    assert scene.bank.gone() == 2 * PRICE
    assert scene.still_owed() == 0


def test_two_of_finance_at_once_pay_back_once(scene: Scene) -> None:
    scene.pay_twice(scene.ordered())
    number = scene.only(Reason.DOUBLE_PAYMENT)
    outcomes = race(
        scene, approving(scene, scene.finance, number), approving(scene, scene.second, number)
    )
    assert sum(isinstance(one, AlreadyHandled) for one in outcomes) == 1
    scene.work_off()
    assert scene.bank.gone() == PRICE


def test_of_one_who_agrees_and_one_who_refuses_at_once_one_is_told_so(scene: Scene) -> None:
    scene.pay_twice(scene.ordered())
    number = scene.only(Reason.DOUBLE_PAYMENT)
    outcomes = race(
        scene, approving(scene, scene.finance, number), refusing(scene, scene.second, number)
    )
    assert sum(isinstance(one, AlreadyHandled) for one in outcomes) == 1
    scene.work_off()
    agreed = scene.state(number) == State.REFUNDED
    assert scene.taken() == [(PRICE, PRICE if agreed else 0)]
    assert scene.bank.gone() == (PRICE if agreed else 0)


def test_two_requests_at_once_for_the_same_money_are_one(scene: Scene) -> None:
    held = scene.share(scene.bought())

    def ask(work: Work) -> object:
        agreed = scene.agreed(scene.buyer)
        return asking.ask(work, held, Reason.WRONG_DOCUMENT, "名字错了", agreed)

    outcomes = race(scene, *[(scene.buyer, ask)] * 3)
    assert sum(isinstance(one, Refused) for one in outcomes) == 2
    assert scene.taken() == [(PRICE, PRICE)]
    assert len(scene.refunds()) == 1


def test_one_that_needs_a_second_person_who_is_not_there_holds_up_no_other(scene: Scene) -> None:
    scene.policy(second_from_fen=PRICE + 1)
    scene.pay_twice(scene.ordered())
    small = scene.only(Reason.DOUBLE_PAYMENT)
    scene.policy(second_from_fen=1)
    large = scene.ask(scene.bought(1))
    leave_finance(scene, scene.second)
    with scene.office.read(scene.finance) as work:
        able = [one.number for one in deciding.inbox(work) if deciding.can_agree(work, one)]
    assert able == [small]
    assert large not in able


def test_two_who_agree_to_the_same_forty_agree_to_each_of_them_once(scene: Scene) -> None:
    for kind in range(4):
        scene.pay_twice(scene.ordered(kind))
    numbers = [one.number for one in scene.refunds()]
    backwards = numbers[::-1]
    outcomes = race(
        scene, approving(scene, scene.finance, *numbers), approving(scene, scene.second, *backwards)
    )
    assert sum(isinstance(one, AlreadyHandled) for one in outcomes) == 1
    scene.work_off()
    assert scene.bank.gone() == len(numbers) * PRICE


def test_the_database_itself_lets_no_more_go_back_than_was_paid(scene: Scene) -> None:
    scene.ask(scene.bought())
    with pytest.raises(IntegrityError), scene.office.work() as work:
        work.session.query(PaidBack).update({"taken_fen": PRICE + 1})


def test_paid_by_hand_needs_a_number_and_a_day_that_can_be(scene: Scene) -> None:
    scene.bank.takes_back = RefundState.ABNORMAL
    scene.pay_twice(scene.ordered())
    number = scene.only(Reason.DOUBLE_PAYMENT)
    scene.allow(number)
    scene.work_off()
    with pytest.raises(Refused, match="reference_needed"):
        scene.by_hand(number, " ")
    for day in (date(2026, 3, 1), date(2026, 3, 3)):
        with pytest.raises(Refused, match="refund_day"):
            scene.by_hand(number, on=day)


def test_finance_is_reminded_and_then_the_payer_and_administrators_are_told(scene: Scene) -> None:
    number = scene.ask(scene.bought())

    def look() -> tuple[int, int]:
        with scene.office.work() as work:
            return overdue.remind_due(work), overdue.escalate_due(work)

    assert look() == (0, 0)
    scene.pass_time(timedelta(days=2))
    assert look() == (1, 0)
    assert look() == (0, 0)
    scene.pass_time(timedelta(days=5))
    assert look() == (1, 1)
    scene.allow(number)
    scene.pass_time(timedelta(days=30))
    assert look() == (1, 1), "academic affairs, once it waits for them"
    assert scene.told("refund.overdue") == [number, number]
