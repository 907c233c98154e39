"""Waivers: given by who may, used as often as they say, and never more."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from threading import Barrier
from typing import Any

import pytest

from backend import orders, transcripts
from backend.authority import Role
from backend.documents.facts import Language
from backend.errors import AlreadyHandled, NotAllowed, Refused
from backend.fees import waivers
from backend.fees.waiver_workflow import State
from backend.models import Waiver
from backend.work import Work
from tests.backend.test_free_copies import at_once
from tests.fees.scene import DAY, TODAY, Scene


def test_a_person_with_a_waiver_pays_less_and_sees_who_gave_it_and_why(scene: Scene) -> None:
    waiver = scene.waive(off_fen=200)
    number = scene.approved()
    price = scene.price(number)
    assert (price.list_fen, price.due_fen, price.rule) == (500, 300, "T2")
    assert price.waived is not None
    assert (price.waived.number, price.waived.given_by) == (waiver, scene.cashier)
    order = scene.order(scene.confirm(number))
    assert (order.state, order.total_fen) == (orders.State.CONFIRMED, 300)
    with scene.office.read() as work:
        line = orders.line_of(work, order)
        found = work.session.get(Waiver, line.waiver_id)
    assert (line.list_fen, line.waived_fen, line.price_fen, line.free) == (500, 200, 300, False)
    assert found is not None
    assert found.number == waiver
    assert scene.told("waiver.grant") == [waiver]
    assert scene.audit(waiver)[0].why == "家庭经济困难"


def test_a_fee_that_is_waived_wholly_is_settled_without_any_money(scene: Scene) -> None:
    scene.waive()
    order = scene.order(scene.confirm(scene.approved()))
    assert (order.state, order.total_fen) == (orders.State.PAID, 0)


def test_a_waiver_is_used_as_often_as_it_says_and_not_once_more(scene: Scene) -> None:
    waiver = scene.waive(times=2)
    totals = []
    for _ in range(3):
        totals.append(scene.order(scene.confirm(scene.approved())).total_fen)
    assert totals == [0, 0, 500]
    assert scene.used(waiver) == 2


def test_a_free_copy_goes_first_and_leaves_the_waiver_untouched(scene: Scene) -> None:
    scene.set_policy("transcript", TODAY, free_copies=1)
    waiver = scene.waive()
    scene.confirm(scene.approved())
    assert scene.used(waiver) == 0
    assert len(scene.free_copies(scene.buyer)) == 1


def test_of_several_the_one_that_takes_off_most_is_used_and_then_the_first_to_end(
    scene: Scene,
) -> None:
    small = scene.waive(off_fen=100)
    later, sooner = scene.waive(until=TODAY + 9 * DAY), scene.waive(until=TODAY + 2 * DAY)
    for _ in range(3):
        scene.confirm(scene.approved())
    trail = [scene.used(one) for one in (sooner, later, small)]
    assert trail == [1, 1, 1]
    price = scene.price(scene.approved())
    assert price.waived is None


def test_a_waiver_of_more_than_the_price_takes_off_the_price(scene: Scene) -> None:
    scene.waive(off_fen=900)
    assert scene.price(scene.approved()).due_fen == 0


def test_a_waiver_counts_on_its_last_day_and_not_after(scene: Scene) -> None:
    scene.waive(until=TODAY + DAY)
    number = scene.approved()
    scene.pass_time(DAY)
    assert scene.price(number).due_fen == 0
    scene.pass_time(DAY)
    assert scene.price(number).due_fen == 500


def test_a_waiver_for_one_kind_or_person_is_for_no_other(scene: Scene) -> None:
    scene.waive(kind="photo_fee")
    scene.waive(person=scene.graduate("G2"))
    assert scene.price(scene.approved()).due_fen == 500


@pytest.mark.parametrize("how", ["expired", "cancelled"])
def test_an_order_that_ends_unpaid_gives_the_use_back(scene: Scene, how: str) -> None:
    waiver = scene.waive(off_fen=200)
    number = scene.approved()
    order = scene.confirm(number)
    assert scene.used(waiver) == 1
    if how == "expired":
        scene.pass_time(DAY)
        assert scene.expire() == 1
    else:
        with scene.office.work(scene.buyer) as work:
            orders.cancel(work, order, scene.agreed(scene.buyer))
    assert scene.used(waiver) == 0
    assert scene.order(scene.confirm(number)).total_fen == 300


def test_late_money_takes_the_use_again_or_is_left_to_finance(scene: Scene) -> None:
    waiver = scene.waive(off_fen=200)
    first = scene.confirm(scene.approved())
    scene.pass_time(DAY)
    scene.expire()

    def pay_late(number: str) -> None:
        with scene.office.work() as work:
            order = orders.find(work, number)
            assert order is not None
            orders.settle(work, order, late=True)

    pay_late(first)
    assert scene.used(waiver) == 1
    another = scene.waive(off_fen=300)
    second = scene.confirm(scene.approved())
    scene.pass_time(DAY)
    scene.expire()
    scene.confirm(scene.approved(Language.EN))  # takes the only use
    with pytest.raises(AlreadyHandled):
        pay_late(second)
    assert scene.used(another) == 1


def test_withdrawing_a_waiver_leaves_what_was_agreed_to_and_nothing_else(scene: Scene) -> None:
    waiver = scene.waive(times=3, off_fen=200)
    agreed, other = scene.approved(), scene.approved(Language.EN)
    order = scene.confirm(agreed)
    scene.withdraw_waiver(waiver)
    assert scene.order(order).total_fen == 300
    assert scene.price(other).due_fen == 500
    scene.settle(order)
    assert scene.order(order).state == orders.State.PAID
    with pytest.raises(AlreadyHandled):
        scene.withdraw_waiver(waiver)
    assert scene.waiver(waiver).state == State.WITHDRAWN


def test_a_waiver_that_is_gone_before_the_press_is_told_and_nothing_is_ordered(
    scene: Scene,
) -> None:
    waiver = scene.waive(off_fen=200)
    number = scene.approved()
    told = scene.price(number)
    scene.withdraw_waiver(waiver)
    with scene.unchanged(number), pytest.raises(Refused) as refused:
        scene.confirm_told(number, told)
    assert refused.value.code == "waiver_gone"


# --- at once --------------------------------------------------------------------------------


def ordering_at_once(scene: Scene, number: str, together: Barrier) -> Callable[[], object]:
    """Both have seen the waiver before either takes it."""
    told = scene.price(number)

    def order() -> object:
        together.wait(timeout=30)
        return scene.order(scene.confirm_told(number, told)).total_fen

    return order


def test_two_orders_at_once_use_a_waiver_for_one_once(scene: Scene) -> None:
    waiver = scene.waive()
    numbers = [scene.approved(language) for language in (Language.ZH, Language.EN)]
    together = Barrier(2)
    outcomes = at_once(*[ordering_at_once(scene, number, together) for number in numbers])
    assert sorted(map(str, outcomes)) == ["0", "waiver_gone"]
    assert scene.used(waiver) == 1
    states = sorted(scene.application(number).state for number in numbers)
    assert states == ["approved", "paid"]


def test_withdrawn_and_used_at_the_same_time_is_one_of_both(scene: Scene) -> None:
    waiver = scene.waive()
    number = scene.approved()
    together = Barrier(2)

    def withdraw() -> object:
        together.wait(timeout=30)
        scene.withdraw_waiver(waiver)
        return "withdrawn"

    outcomes = at_once(ordering_at_once(scene, number, together), withdraw)
    assert outcomes[1] == "withdrawn", "an order does not stop it"
    assert outcomes[0] in (0, "waiver_gone")
    assert scene.used(waiver) == (1 if outcomes[0] == 0 else 0)


# --- who may --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "kinds"),
    [
        (Role.FINANCE, ["photo_fee", "transcript", "exam_graduation"]),
        (Role.ACADEMIC_AFFAIRS, ["transcript"]),
        (Role.EXAM_OFFICE, ["exam_graduation"]),
        (Role.STUDENT_AFFAIRS, ["photo_fee"]),
        (Role.ADMINISTRATOR, []),
    ],
)
def test_each_office_waives_what_the_policy_gives_it(
    scene: Scene, role: Role, kinds: list[str]
) -> None:
    staff = scene.staff("X1", role)
    with scene.office.read(staff) as work:
        assert waivers.kinds_of(work) == kinds
    for kind in {"photo_fee", "transcript", "exam_graduation"} - set(kinds):
        with pytest.raises(NotAllowed):
            scene.waive(by=staff, kind=kind)
    with scene.office.read() as work:
        assert not waivers.kinds_of(work)


def test_where_nothing_is_published_nobody_waives_anything(scene: Scene) -> None:
    scene.set_policy("fees", TODAY, waived_by={}, second_above_fen={})
    with pytest.raises(NotAllowed):
        scene.waive()


def test_nobody_waives_their_own_fee_or_agrees_to_it(scene: Scene) -> None:
    scene.give_role(scene.buyer, Role.FINANCE)
    with pytest.raises(Refused, match="own_waiver"):
        scene.waive(by=scene.buyer)
    big = scene.waive(times=7, by=scene.cashier)
    with pytest.raises(NotAllowed), scene.office.work(scene.buyer) as work:
        waivers.confirm(work, big, scene.agreed(scene.buyer))


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"until": TODAY - DAY}, "waiver_empty"),
        ({"times": 0}, "waiver_empty"),
        ({"times": waivers.MOST_TIMES + 1}, "waiver_empty"),
        ({"off_fen": 0}, "waiver_empty"),
        ({"why": "  "}, "reason_needed"),
    ],
)
def test_a_waiver_that_says_nothing_is_not_given(
    scene: Scene, wrong: dict[str, Any], code: str
) -> None:
    with pytest.raises(Refused, match=code):
        scene.waive(**wrong)


# --- the second person ----------------------------------------------------------------------


def decide(scene: Scene, by: int, what: Callable[[Work], object]) -> None:
    with scene.office.work(by) as work:
        what(work)


def test_above_the_amount_of_the_policy_it_counts_once_a_second_person_agrees(
    scene: Scene,
) -> None:
    at_the_limit, above = scene.waive(times=6), scene.waive(times=7)
    assert scene.waiver(at_the_limit).state == State.GRANTED
    assert scene.waiver(above).state == State.PROPOSED
    scene.withdraw_waiver(at_the_limit)
    number = scene.approved()
    assert scene.price(number).due_fen == 500, "it is only proposed"
    with pytest.raises(Refused, match="waiver_own_second"):
        decide(
            scene,
            scene.cashier,
            lambda work: waivers.confirm(work, above, scene.agreed(scene.cashier)),
        )
    decide(
        scene, scene.affairs, lambda work: waivers.confirm(work, above, scene.agreed(scene.affairs))
    )
    assert scene.waiver(above).decided_by == scene.affairs
    assert scene.price(number).due_fen == 0
    with pytest.raises(AlreadyHandled):
        decide(
            scene,
            scene.affairs,
            lambda work: waivers.decline(work, above, "不行", scene.agreed(scene.affairs)),
        )


def test_a_proposal_that_is_declined_never_counts(scene: Scene) -> None:
    above = scene.waive(times=7)
    decide(
        scene,
        scene.affairs,
        lambda work: waivers.decline(work, above, "不符合", scene.agreed(scene.affairs)),
    )
    assert scene.waiver(above).decided_why == "不符合"
    assert scene.price(scene.approved()).due_fen == 500


def test_where_there_is_nobody_else_nothing_is_proposed(scene: Scene) -> None:
    scene.set_policy("fees", TODAY, waived_by={transcripts.KIND: ["finance"]})
    with pytest.raises(Refused, match="waiver_no_second"):
        scene.waive(times=7)


def test_what_was_proposed_by_who_may_no_more_is_not_confirmed(scene: Scene) -> None:
    above = scene.waive(times=7)
    scene.set_policy("fees", TODAY, waived_by={transcripts.KIND: ["academic_affairs"]})
    with pytest.raises(Refused, match="waiver_over"):
        decide(
            scene,
            scene.affairs,
            lambda work: waivers.confirm(work, above, scene.agreed(scene.affairs)),
        )


def test_without_a_published_price_two_people_are_needed(scene: Scene) -> None:
    body = {"appraisal": {"least": 200, "most": 800}, "review_fee_fen": None, "order_hours": 72}
    scene.set_policy("exam", TODAY, graduation=body)
    scene.staff("E1", Role.EXAM_OFFICE)
    number = scene.waive(kind="exam_graduation")
    assert scene.waiver(number).state == State.PROPOSED


def test_a_price_that_was_told_and_rose_is_told_again(scene: Scene) -> None:
    number = scene.approved()
    told = scene.price(number)
    with scene.unchanged(number), pytest.raises(Refused, match="price_changed") as refused:
        scene.confirm_told(number, replace(told, list_fen=400))
    assert refused.value.facts == {"was": 400, "now": 500}
    scene.pass_time(timedelta(minutes=1))
    assert scene.order(scene.confirm_told(number, told)).total_fen == 500


# --- no way around the second person --------------------------------------------------------


def test_two_halves_of_what_needs_a_second_person_need_one_too(scene: Scene) -> None:
    first, second = scene.waive(times=4), scene.waive(times=4)
    assert scene.waiver(first).state == State.GRANTED
    assert scene.waiver(second).state == State.PROPOSED
    scene.withdraw_waiver(first)
    assert scene.waiver(scene.waive(times=2)).state == State.GRANTED


def test_what_is_used_up_or_another_persons_or_of_another_kind_is_not_added(scene: Scene) -> None:
    scene.waive(times=6, person=scene.graduate("G2"))
    scene.waive(kind="photo_fee", off_fen=300)
    used_up = scene.waive(times=1)
    scene.confirm(scene.approved())
    assert scene.used(used_up) == 1
    assert scene.waiver(scene.waive(times=6)).state == State.GRANTED


def test_two_officers_who_give_at_once_are_seen_by_each_other(scene: Scene) -> None:
    other = scene.staff("F2", Role.FINANCE)
    together = Barrier(2)

    def giving(officer: int) -> Callable[[], object]:
        def give() -> object:
            together.wait(timeout=30)
            return scene.waiver(scene.waive(by=officer, times=4)).state

        return give

    outcomes = at_once(giving(scene.cashier), giving(other))
    assert sorted(map(str, outcomes)) == [State.GRANTED, State.PROPOSED]


def dearer(scene: Scene, price_fen: int) -> None:
    """Published later on the same day, and in force at once."""
    scene.pass_time(timedelta(hours=1))
    scene.set_policy("transcript", TODAY, price_fen=price_fen)


def test_a_waiver_of_one_person_does_not_grow_above_the_amount_with_a_later_price(
    scene: Scene,
) -> None:
    """Six copies of 5 yuan are what one person may give; six of 50 yuan are not."""
    scene.waive(times=6)
    number = scene.approved()
    dearer(scene, 5000)
    price = scene.price(number)
    assert price.waived is not None
    assert (price.waived.off_fen, price.due_fen) == (500, 4500)


def test_two_that_are_small_enough_each_do_not_grow_above_it_together(scene: Scene) -> None:
    scene.waive(times=3)
    scene.waive(times=3)
    number = scene.approved()
    dearer(scene, 800)
    assert scene.price(number).due_fen == 300


def test_what_two_people_gave_or_is_small_enough_still_covers_a_later_price(scene: Scene) -> None:
    small = scene.waive(times=1)
    number = scene.approved()
    dearer(scene, 800)
    assert scene.price(number).due_fen == 0
    scene.withdraw_waiver(small)
    both = scene.waive(times=7)
    decide(
        scene, scene.affairs, lambda work: waivers.confirm(work, both, scene.agreed(scene.affairs))
    )
    dearer(scene, 5000)
    assert scene.price(number).due_fen == 0
