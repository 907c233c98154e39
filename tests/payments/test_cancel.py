"""Whoever cancels an unpaid order keeps the application, and money that comes all the same is not lost."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from backend import orders, transcripts
from backend.consent import Consent
from backend.errors import AlreadyHandled, NotAllowed, Refused
from backend.models import FreeCopy, OrderLine
from backend.orders import State
from backend.payments import asking
from backend.payments.settle import Outcome
from tests.payments.scene import Scene


def test_a_cancelled_order_leaves_the_application_to_be_ordered_again(scene: Scene) -> None:
    application = scene.approved()
    order = scene.confirm(application)
    scene.cancel(order)
    assert scene.state(order) is State.CLOSED
    assert scene.application_state(order) == "approved"
    again = scene.confirm(application)
    assert again != order
    assert scene.take(scene.notice(again)) is Outcome.SETTLED


def test_a_cancelled_order_gives_its_free_copy_back(scene: Scene) -> None:
    order = scene.confirm()
    with scene.office.work() as work:
        line = orders.line_of(work, scene.order(order))
        work.session.add(
            FreeCopy(
                student_id=scene.buyer,
                kind="zh+without",
                ordinal=1,
                institution_id="demo",
                order_line_id=line.id,
            )
        )
    scene.cancel(order)
    with scene.office.read() as work:
        assert work.session.query(FreeCopy).count() == 0
        assert work.session.query(OrderLine).count() == 1


def test_nobody_cancels_what_somebody_else_has_ordered(scene: Scene) -> None:
    order = scene.confirm()
    with scene.office.work() as work, pytest.raises(Refused) as refused:
        orders.cancel(work, order, scene.agreed())
    assert refused.value.code == "no_such_order"
    with scene.office.work() as work, pytest.raises(Refused):
        orders.close_saved(work, order)
    assert scene.state(order) is State.CONFIRMED


def test_nobody_cancels_in_the_name_of_another(scene: Scene) -> None:
    order = scene.confirm()
    with scene.office.work(scene.buyer) as work, pytest.raises(NotAllowed):
        orders.cancel(work, order, Consent(scene.buyer + 1, "取消", "zh", ""))
    assert scene.state(order) is State.CONFIRMED


def test_what_is_paid_cannot_be_cancelled(scene: Scene) -> None:
    order = scene.confirm()
    scene.take(scene.notice(order))
    with pytest.raises(AlreadyHandled):
        scene.cancel(order)
    assert scene.state(order) is State.PAID


def test_what_was_only_saved_is_closed_without_touching_the_application(scene: Scene) -> None:
    application = scene.approved()
    order = scene.save(application)
    with scene.office.work(scene.buyer) as work:
        assert orders.close_saved(work, order).number == application
    assert scene.state(order) is State.CLOSED
    assert scene.application_state(order) == "approved"


def test_money_for_a_cancelled_order_still_buys_the_document(scene: Scene) -> None:
    order = scene.confirm()
    notice = scene.notice(order)
    scene.cancel(order)
    assert scene.take(notice) is Outcome.HONOURED
    assert scene.state(order) is State.PAID
    assert scene.application_state(order) == "paid"
    assert len(scene.issues()) == 1
    assert scene.take(notice) is Outcome.REPEATED


def test_money_for_a_cancelled_and_withdrawn_one_is_kept_and_finance_is_told(scene: Scene) -> None:
    application = scene.approved()
    order = scene.confirm(application)
    notice = scene.notice(order)
    scene.cancel(order)
    scene.withdraw(application)
    assert scene.take(notice) is Outcome.LATE
    assert scene.payment_states() == [("SB1", "late")]
    assert scene.told_finance() == ["payment.late"]


def test_a_payment_that_a_cancellation_overtook_is_found_by_asking(scene: Scene) -> None:
    order = scene.confirm()
    scene.pay(order)
    scene.cancel(order)
    scene.pass_time(timedelta(minutes=1))
    assert asking.ask(scene.office) == 1
    assert scene.state(order) is State.PAID


def test_money_and_a_cancellation_at_once_never_lose_the_money(scene: Scene) -> None:
    order = scene.confirm()
    notice, together = scene.notice(order), Barrier(2)

    def pay() -> Outcome:
        together.wait(timeout=30)
        return scene.take(notice)

    def give_up() -> bool:
        together.wait(timeout=30)
        try:
            scene.cancel(order)
        except AlreadyHandled:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        paying, cancelling = pool.submit(pay), pool.submit(give_up)
        outcome, cancelled = paying.result(timeout=60), cancelling.result(timeout=60)
    assert outcome is (Outcome.HONOURED if cancelled else Outcome.SETTLED)
    assert scene.state(order) is State.PAID
    assert scene.payment_states() == [("SB1", "settled")]
    assert len(scene.issues()) == 1


def test_an_order_is_saved_only_by_its_owner_and_only_while_it_can_be_ordered(scene: Scene) -> None:
    application = scene.approved()
    with scene.office.work() as work:
        case = transcripts.find(work, application)
        assert case is not None
        with pytest.raises(Refused) as refused:
            orders.save(work, case, 500, scene.agreed())
    assert refused.value.code == "no_such_application"
    order = scene.confirm(application)
    with pytest.raises(AlreadyHandled):
        scene.save(application)
    assert scene.state(order) is State.CONFIRMED
    scene.cancel(order)
    scene.withdraw(application)
    with pytest.raises(AlreadyHandled):
        scene.save(application)
