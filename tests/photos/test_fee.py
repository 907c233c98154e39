"""The fee is paid to the photo company, unless the institution collects it itself (P3)."""

from typing import Any

import pytest
from sqlalchemy import select

from backend import orders
from backend.errors import Refused
from backend.models import PolicyVersion
from backend.photos import fee
from tests.backend.scene import Scene
from tests.photos import season


def collected_here(scene: Scene, **more: Any) -> None:
    with scene.office.work() as work:
        row = work.session.scalars(select(PolicyVersion).where(PolicyVersion.name == "photo")).one()
        row.body = {**row.body, "fee_collected": "institution", **more}
    scene.office.policies.clear()


def a_student(scene: Scene) -> int:
    student = scene.student("20210001")
    season.listed(scene, student)
    number = season.draft(scene, (scene.physics, season.DAY, season.time(9, 0)))
    season.publish(scene, number, season.affairs(scene))
    return student


def ordered(scene: Scene, student: int) -> str:
    with scene.office.work(student) as work:
        return fee.order(work, fee.price(work), season.consent(student)).number


def test_as_the_notice_has_it_nothing_can_be_paid_here(scene: Scene) -> None:
    student = a_student(scene)
    with pytest.raises(Refused, match="paid_on_site") as refused:
        ordered(scene, student)
    assert refused.value.code == "paid_on_site"


def test_where_it_is_collected_here_it_is_ordered_and_paid_once(scene: Scene) -> None:
    student = a_student(scene)
    collected_here(scene)
    number = ordered(scene, student)
    with scene.office.work() as work:
        order = orders.find(work, number)
        assert order is not None
        assert order.total_fen == 2000
        orders.settle(work, order)
    with scene.office.read(student) as work:
        application = fee.of_person(work)
    assert application is not None
    assert application.state == fee.State.PAID
    with pytest.raises(Refused, match="paid_already"):
        ordered(scene, student)


def test_an_order_that_was_cancelled_can_be_made_again(scene: Scene) -> None:
    student = a_student(scene)
    collected_here(scene)
    first = ordered(scene, student)
    with scene.office.work(student) as work:
        orders.cancel(work, first, season.consent(student))
    assert ordered(scene, student) != first


def test_whoever_is_not_photographed_pays_nothing(scene: Scene) -> None:
    a_student(scene)
    collected_here(scene)
    other = scene.student("20210002")
    with pytest.raises(Refused, match="not_on_roster"):
        ordered(scene, other)


def test_without_a_time_for_orders_the_service_is_closed(scene: Scene) -> None:
    student = a_student(scene)
    collected_here(scene, fee_order_hours=None)
    with pytest.raises(Refused, match="policy_not_set"):
        ordered(scene, student)


def test_a_fee_of_nothing_is_settled_at_once_and_not_left_to_be_paid(scene: Scene) -> None:
    student = a_student(scene)
    collected_here(scene, fee_fen=0)
    with scene.office.work(student) as work:
        told = fee.price(work)
        assert fee.order(work, told, season.consent(student)).state == orders.State.PAID
    with scene.office.read(student) as work:
        application = fee.of_person(work)
    assert application is not None
    assert application.state == fee.State.PAID


def test_whoever_agreed_to_another_price_is_asked_again(scene: Scene) -> None:
    student = a_student(scene)
    collected_here(scene)
    with scene.office.read(student) as work:
        told = fee.price(work)
    collected_here(scene, fee_fen=2500)
    with pytest.raises(Refused, match="price_changed"), scene.office.work(student) as work:
        fee.order(work, told, season.consent(student))
    with scene.office.read(student) as work:
        assert fee.of_person(work) is None
