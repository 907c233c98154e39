"""The fee of the shooting is paid back until the picture of its season is taken, and not a moment longer."""

from datetime import date, time, timedelta

import pytest
from sqlalchemy import select

from backend.errors import Refused
from backend.models import Photographed, PhotoSchedule, PhotoSeason, PhotoSlot
from backend.photos import attendance, drafting, fee, schedule
from backend.refunds.states import Reason, State
from tests.photos import season
from tests.photos.test_fee import collected_here
from tests.refunds.scene import Scene

FEE = 2000
FIRST_DAY = season.DAY  # 16 March 2026


def photographed(scene: Scene, day: date) -> None:
    with scene.office.work() as work:
        work.session.add(
            Photographed(person_id=scene.buyer, taken_on=day, institution_id="demo", way="group")
        )


def published(scene: Scene, affairs: int, code: str, day: date) -> None:
    """A season whose first turn is on this day."""
    with scene.office.work() as work:
        key = drafting.open_draft(work.session, "demo", code, now=work.now, actor=None)
        work.session.add(
            PhotoSlot(
                institution_id="demo",
                schedule_id=key,
                unit_id=scene.physics,
                day=day,
                begins=time(9),
                place_zh="多功能厅",
            )
        )
        number = work.session.get_one(PhotoSchedule, key).number
    season.publish(scene, number, affairs)


@pytest.fixture
def paid(scene: Scene) -> str:
    """The order of the fee of 2026, paid on 2 March."""
    affairs = season.affairs(scene)
    published(scene, affairs, "2025", date(2025, 3, 17))
    published(scene, affairs, "2026", FIRST_DAY)
    published(scene, affairs, "2027", date(2027, 3, 15))
    with scene.office.work() as work:  # the notice of 2027 has not come yet
        (last,) = work.session.scalars(
            select(PhotoSchedule)
            .join(PhotoSeason, PhotoSeason.id == PhotoSchedule.season_id)
            .where(PhotoSeason.code == "2027")
        )
        last.state = schedule.State.DRAFT
    season.listed(scene, scene.buyer)
    collected_here(scene)
    with scene.office.work(scene.buyer) as work:
        order = fee.order(work, fee.price(work), season.consent(scene.buyer)).number
    scene.pay(order)
    return order


def test_it_is_not_paid_back_when_the_picture_was_taken_after_it_was_asked_for(
    scene: Scene, paid: str
) -> None:
    number = scene.ask(paid)
    scene.pass_time(timedelta(days=14, hours=2))
    photographed(scene, FIRST_DAY)
    with pytest.raises(Refused, match="refund_used_since") as told:
        scene.allow(number)
    assert told.value.facts["number"] == number
    with pytest.raises(Refused, match="refund_used_since"):
        scene.by_hand(number, on=FIRST_DAY)
    scene.work_off()
    assert (scene.state(number), scene.bank.gone()) == (State.ASKED, 0)
    assert scene.share(paid).application.state == fee.State.PAID
    scene.refuse(number, "照片已经拍过")
    assert scene.taken() == [(FEE, 0)]


def test_nor_by_the_second_of_two_people(scene: Scene, paid: str) -> None:
    scene.policy(second_from_fen=1)
    number = scene.ask(paid)
    scene.allow(number)
    photographed(scene, FIRST_DAY)
    with pytest.raises(Refused, match="refund_used_since"):
        scene.allow(number, by=scene.second)
    assert scene.state(number) == State.CONFIRMING


def test_once_the_picture_is_taken_it_cannot_be_asked_for(scene: Scene, paid: str) -> None:
    photographed(scene, FIRST_DAY)
    with pytest.raises(Refused, match="refund_used"):
        scene.ask(paid)


def test_a_picture_of_an_earlier_season_is_not_what_was_paid_for(scene: Scene, paid: str) -> None:
    photographed(scene, date(2025, 3, 17))
    number = scene.ask(paid)
    assert scene.refund(number).reason == Reason.UNUSED
    scene.allow(number)
    scene.work_off()
    assert (scene.state(number), scene.bank.gone()) == (State.REFUNDED, FEE)


def test_each_season_ends_where_the_next_one_begins(scene: Scene, paid: str) -> None:
    days = (date(2025, 3, 17), date(2026, 3, 15), FIRST_DAY, date(2027, 3, 15))
    for day in days:
        photographed(scene, day)
    with scene.office.work() as work:
        for one in work.session.scalars(select(PhotoSchedule)):
            one.state = schedule.State.PUBLISHED
    with scene.office.read() as work:
        found = {
            one.code: attendance.taken_in(work, one.id, scene.buyer)
            for one in work.session.scalars(select(PhotoSeason))
        }
    assert found == {"2025": days[1], "2026": days[2], "2027": days[3]}
