"""Orders (T2, T6, T7): what was shown is what is paid, and it is paid for one document once."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from backend import offers, orders, previews, transcript_orders, transcripts
from backend.errors import AlreadyHandled, NotAllowed, Refused
from backend.models import FreeCopy, Grade, OrderLine
from backend.orders import State
from tests.backend.scene import START, Scene

LIFETIME = timedelta(hours=72)  # the demo's
MOMENT = timedelta(seconds=1)


def second_copy(scene: Scene) -> tuple[int, str]:
    """A graduate's application for a kind whose free copy is gone."""
    student = scene.graduate()
    scene.issued(student)
    return student, scene.file(student)


def expire(scene: Scene) -> int:
    with scene.office.work() as work:
        return orders.expire_due(work)


def save(scene: Scene, student: int, number: str, price_fen: int = 500) -> str:
    with scene.office.work(student) as work:
        application = transcripts.own(work, number)
        return orders.save(work, application, price_fen, scene.agreed(student)).number


def test_a_free_copy_is_settled_as_soon_as_it_is_confirmed(scene: Scene) -> None:
    student = scene.graduate()
    number = scene.file(student)
    order = scene.order(scene.confirm(number))
    assert (order.state, order.total_fen, order.paid_at) == (State.PAID, 0, START)
    assert scene.application(number).state == transcripts.State.PAID
    assert scene.free_copies(student) == [("zh+without", 1)]
    assert len(scene.jobs_asked("issue_transcript")) == 1


def test_a_second_copy_waits_for_five_yuan_until_its_time_is_over(scene: Scene) -> None:
    _, number = second_copy(scene)
    order = scene.order(scene.confirm(number))
    assert (order.state, order.total_fen, order.paid_at) == (State.CONFIRMED, 500, None)
    assert order.expires_at == START + LIFETIME
    assert scene.application(number).state == transcripts.State.ORDERED
    assert len(scene.jobs_asked("issue_transcript")) == 1, "only the free one is being made"


def test_paying_makes_the_document_once(scene: Scene) -> None:
    _, number = second_copy(scene)
    order = scene.confirm(number)
    scene.settle(order)
    assert scene.order(order).state == State.PAID
    assert scene.application(number).state == transcripts.State.PAID
    with scene.unchanged(number), pytest.raises(AlreadyHandled):
        scene.settle(order)
    assert len(scene.jobs_asked("issue_transcript")) == 2
    scene.direct.run_all(scene.office)
    assert len(scene.press.made) == 2
    assert scene.application(number).state == transcripts.State.ISSUED


def test_an_order_cannot_be_confirmed_twice(scene: Scene) -> None:
    for number in (scene.file(scene.graduate()), second_copy_of_another(scene)):
        scene.confirm(number)
        with scene.unchanged(number), pytest.raises(AlreadyHandled):
            scene.confirm(number)


def second_copy_of_another(scene: Scene) -> str:
    student = scene.graduate("G2")
    scene.confirm(scene.file(student))
    return scene.file(student)


def test_nothing_can_be_ordered_before_the_officer_has_approved(scene: Scene) -> None:
    officer, student = scene.officer(), scene.student()
    number = scene.file(student)
    with scene.unchanged(number), pytest.raises(AlreadyHandled):
        scene.confirm(number)
    assert scene.free_copies(student) == []
    scene.approve(officer, number)
    scene.confirm(number)
    assert scene.application(number).state == transcripts.State.PAID


def test_nobody_orders_for_somebody_else(scene: Scene) -> None:
    number, other = scene.file(scene.graduate()), scene.student("S2")
    with scene.unchanged(number), scene.office.work(other) as work:
        application = transcripts.find(work, number)
        assert application is not None
        given = offers.offer(work, application.applicant_id)
        facts = previews.facts_of(work, transcripts.request_of(work, application).snapshot)
        with pytest.raises(Refused) as refused:
            transcript_orders.confirm(
                work, application, facts, offers.price(work, given, facts), scene.agreed(other)
            )
    assert refused.value.code == "no_such_application"


def test_an_order_of_somebody_else_does_not_exist(scene: Scene) -> None:
    order, other = scene.confirm(scene.file(scene.graduate())), scene.student("S2")
    for actor in (other, scene.affairs, None):
        with scene.office.read(actor) as work, pytest.raises(Refused) as refused:
            orders.own(work, order)
        assert refused.value.code == "no_such_order"


def test_changed_grades_must_be_seen_before_the_order_is_confirmed(scene: Scene) -> None:
    student = scene.graduate()
    number = scene.file(student)
    with scene.office.work() as work:
        for grade in work.session.scalars(select(Grade)):
            grade.score = "60"
    with scene.office.work(student) as work:
        application = transcripts.own(work, number)
        given = offers.offer(work, student)
        facts = scene.facts(work, student)
        with pytest.raises(Refused, match="preview_first"):
            transcript_orders.confirm(
                work,
                application,
                facts,
                offers.price(work, given, facts),
                scene.agreed(student),
            )
    with scene.office.work(student) as work:
        application = transcripts.own(work, number)
        previews.note_seen(work, facts.digest)
        transcript_orders.confirm(
            work, application, facts, offers.price(work, given, facts), scene.agreed(student)
        )
        assert transcripts.request_of(work, application).snapshot == facts.digest


def test_an_order_has_the_price_and_the_time_to_pay_of_the_day_it_is_confirmed(
    scene: Scene,
) -> None:
    student, filed_before = second_copy(scene)
    scene.set_policy("transcript", date(2026, 3, 3), price_fen=900, order_hours=5)
    scene.pass_time(timedelta(days=2))
    filed_after = scene.file(student)
    now = scene.clock.now()
    for number in (filed_before, filed_after):
        order = scene.order(scene.confirm(number))
        assert (order.total_fen, order.expires_at) == (900, now + timedelta(hours=5))


def test_a_saved_order_binds_nobody_and_can_be_confirmed_later(scene: Scene) -> None:
    student, number = second_copy(scene)
    saved = save(scene, student, number)
    order = scene.order(saved)
    assert (order.state, order.total_fen, order.expires_at) == (State.SAVED, 500, None)
    assert scene.application(number).state == transcripts.State.APPROVED
    assert save(scene, student, number) == saved, "saving again makes no second order"
    scene.pass_time(timedelta(days=30))
    assert expire(scene) == 0
    assert scene.confirm(number) == saved, "the saved order is the one that is confirmed"
    assert scene.order(saved).expires_at == scene.clock.now() + LIFETIME


def test_a_saved_order_costs_what_it_costs_when_it_is_confirmed(scene: Scene) -> None:
    """The free copy was still there when it was saved, and was taken meanwhile."""
    student = scene.graduate()
    kept_for_later, taken = scene.file(student), scene.file(student)
    saved = save(scene, student, kept_for_later, 0)
    scene.confirm(taken)
    assert scene.confirm(kept_for_later) == saved
    order = scene.order(saved)
    assert (order.state, order.total_fen) == (State.CONFIRMED, 500)
    with scene.office.read() as work:
        line = orders.line_of(work, order)
        assert (line.free, line.price_fen) == (False, 500)


def test_an_order_expires_when_its_time_is_over_and_not_before(scene: Scene) -> None:
    _, number = second_copy(scene)
    order = scene.confirm(number)
    scene.pass_time(LIFETIME - MOMENT)
    assert expire(scene) == 0
    scene.pass_time(MOMENT)
    assert expire(scene) == 1
    assert scene.order(order).state == State.EXPIRED
    assert scene.application(number).state == transcripts.State.APPROVED
    with scene.unchanged(number):
        assert [expire(scene) for _ in range(3)] == [0, 0, 0]
    assert scene.told("order.expire") == [order]


def test_after_expiry_one_may_order_again_with_a_new_number(scene: Scene) -> None:
    _, number = second_copy(scene)
    first = scene.confirm(number)
    scene.pass_time(LIFETIME)
    expire(scene)
    second = scene.confirm(number)
    assert second != first
    assert scene.order(second).state == State.CONFIRMED
    with scene.office.read() as work:
        latest = orders.latest_order(work, scene.application(number))
        assert latest is not None
        assert latest.number == second


def test_expiry_gives_a_reserved_free_copy_back(scene: Scene) -> None:
    student, number = second_copy(scene)
    order = scene.order(scene.confirm(number))
    with scene.office.work() as work:
        line = work.session.scalars(select(OrderLine).where(OrderLine.order_id == order.id)).one()
        work.session.add(
            FreeCopy(
                institution_id="demo",
                student_id=student,
                kind="en+with",
                ordinal=1,
                order_line_id=line.id,
            )
        )
    scene.pass_time(LIFETIME)
    expire(scene)
    assert scene.free_copies(student) == [("zh+without", 1)], "and keeps the one that was used"


def test_late_money_buys_the_expired_order(scene: Scene) -> None:
    _, number = second_copy(scene)
    order = scene.confirm(number)
    scene.pass_time(LIFETIME)
    expire(scene)
    with scene.office.work() as work:
        found = orders.find(work, order)
        assert found is not None
        orders.settle(work, found, late=True)
    assert scene.order(order).state == State.PAID
    assert scene.application(number).state == transcripts.State.PAID
    assert len(scene.jobs_asked("issue_transcript")) == 2


def test_late_money_for_a_withdrawn_application_changes_nothing(scene: Scene) -> None:
    student, number = second_copy(scene)
    order = scene.confirm(number)
    scene.pass_time(LIFETIME)
    expire(scene)
    with scene.office.work(student) as work:
        transcripts.withdraw(work, number, scene.agreed(student))

    def pay_late() -> None:
        with scene.office.work() as work:
            found = orders.find(work, order)
            assert found is not None
            orders.settle(work, found, late=True)

    with scene.unchanged(number), pytest.raises(AlreadyHandled):
        pay_late()
    assert scene.order(order).state == State.EXPIRED


def test_a_failure_of_the_press_is_mended_by_academic_affairs_and_made_once(
    scene: Scene,
) -> None:
    student = scene.graduate()
    number = scene.file(student)
    scene.confirm(number)
    scene.press.failing = RuntimeError("no paper")
    scene.direct.run_all(scene.office)
    stuck = scene.application(number)
    assert (stuck.state, stuck.holder) == (transcripts.State.STUCK, "academic_affairs")
    assert scene.told("job.failed") == [number]
    scene.press.failing = None
    scene.grade(student, "P300", "77")  # the correction
    for actor in (student, None):
        with scene.unchanged(number), scene.office.work(actor) as work, pytest.raises(NotAllowed):
            transcript_orders.mend(work, number, scene.agreed(actor or scene.affairs))
    with scene.office.work(scene.affairs) as work:
        transcript_orders.mend(work, number, scene.agreed(scene.affairs))
    with (
        scene.unchanged(number),
        pytest.raises(AlreadyHandled),
        scene.office.work(scene.affairs) as work,
    ):
        transcript_orders.mend(work, number, scene.agreed(scene.affairs))
    assert scene.direct.run_all(scene.office) == 1
    assert len(scene.press.made) == 1
    with scene.office.read() as work:
        request = transcripts.request_of(work, scene.application(number))
        facts = previews.facts_of(work, request.snapshot)
        assert "P300" in [line.code for line in facts.courses]
