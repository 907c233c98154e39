"""What is agreed to stands until the order expires; whoever begins anew is told the difference."""

from datetime import timedelta

import pytest

from backend import orders
from backend.fees import listing, ordering
from backend.fees.fee import Terms
from backend.photos import fee
from backend.work import Work
from tests.fees.scene import DAY, TODAY, Scene
from tests.photos import season
from tests.photos.test_fee import a_student, collected_here

TOMORROW = TODAY + DAY


def test_a_confirmed_order_keeps_its_price_until_it_expires(scene: Scene) -> None:
    number = scene.approved()
    order = scene.confirm(number)
    scene.set_policy("transcript", TOMORROW, price_fen=900)
    scene.pass_time(timedelta(hours=23))
    assert scene.order(order).total_fen == 500
    scene.settle(order)
    assert scene.order(order).state == orders.State.PAID


@pytest.mark.parametrize("how", ["expired", "cancelled"])
def test_ordering_again_costs_what_it_costs_today_and_tells_the_difference(
    scene: Scene, how: str
) -> None:
    number = scene.approved()
    order = scene.confirm(number)
    scene.set_policy("transcript", TOMORROW, price_fen=900)
    if how == "cancelled":
        with scene.office.work(scene.buyer) as work:
            orders.cancel(work, order, scene.agreed(scene.buyer))
        assert scene.change(number) is None, "today it is what it was"
    scene.pass_time(DAY)
    assert scene.expire() == (how == "expired")
    change = scene.change(number)
    assert change is not None
    assert (change.was, change.now) == (Terms(500, 0, True), Terms(900, 0, True))
    assert change.since == TOMORROW
    assert scene.order(scene.confirm(number)).total_fen == 900


def test_a_saved_order_costs_what_it_costs_today_and_says_since_when(scene: Scene) -> None:
    number = scene.approved()
    saved = scene.save(number)
    assert scene.change(number) is None
    scene.set_policy("transcript", TOMORROW, price_fen=900)
    scene.set_policy("transcript", TOMORROW + DAY, download_months=2)  # another version, same price
    scene.pass_time(3 * DAY)
    change = scene.change(number)
    assert change is not None
    assert (change.was_due_fen, change.due_fen, change.since) == (500, 900, TOMORROW)
    assert scene.confirm(number) == saved
    assert scene.order(saved).total_fen == 900


def test_whoever_waited_for_an_approval_hears_that_the_price_changed_meanwhile(
    scene: Scene,
) -> None:
    number = scene.approved()
    scene.set_policy("transcript", TOMORROW, price_fen=900, free_copies=0)
    scene.pass_time(DAY)
    change = scene.change(number)
    assert change is not None
    assert (change.was.price_fen, change.now.price_fen, change.was_due_fen) == (500, 900, None)


def test_a_free_copy_that_is_gone_meanwhile_is_a_change_without_a_date(scene: Scene) -> None:
    scene.set_policy("transcript", TODAY, free_copies=1)
    number, other = scene.approved(), scene.approved()
    scene.save(number)
    scene.confirm(other)
    change = scene.change(number)
    assert change is not None
    assert (change.was_due_fen, change.due_fen, change.since) == (0, 500, None)


# --- the photo fee --------------------------------------------------------------------------


def photo_order(scene: Scene, student: int) -> str:
    with scene.office.work(student) as work:
        return fee.order(work, fee.price(work), season.consent(student)).number


def photo_change(work: Work) -> listing.Change | None:
    application = fee.of_person(work)
    assert application is not None
    return listing.change(work, application, ordering.price_of(work, application))


def test_the_photo_fee_agreed_to_stands_and_a_new_order_has_the_new_one(scene: Scene) -> None:
    student = a_student(scene)
    collected_here(scene)
    order = photo_order(scene, student)
    scene.set_policy("photo", TOMORROW, fee_fen=3000)
    scene.pass_time(timedelta(hours=23))
    assert scene.order(order).total_fen == 2000
    assert scene.order(order).expires_at == scene.clock.now() + timedelta(hours=1)
    scene.pass_time(timedelta(hours=1))
    assert scene.expire() == 1
    with scene.office.read(student) as work:
        change = photo_change(work)
    assert change is not None
    assert (change.was.price_fen, change.now.price_fen) == (2000, 3000)
    assert change.since == TOMORROW
    assert scene.order(photo_order(scene, student)).total_fen == 3000


def test_the_photo_fee_can_be_waived(scene: Scene) -> None:
    student = a_student(scene)
    collected_here(scene)
    scene.waive(person=student, kind="photo_fee")
    order = scene.order(photo_order(scene, student))
    assert (order.state, order.total_fen) == (orders.State.PAID, 0)
