"""What becomes of money, whatever way and however often it is announced."""

from datetime import timedelta

import pytest

from backend import orders
from backend.orders import State
from backend.payments import asking
from backend.payments.by_hand import NAME
from backend.payments.provider import PaymentNotice
from backend.payments.settle import Outcome
from tests.payments.scene import PRICE, Scene


def test_a_payment_starts_the_making_of_the_document(scene: Scene) -> None:
    order = scene.confirm()
    assert scene.take(scene.notice(order)) is Outcome.SETTLED
    assert scene.state(order) is State.PAID
    assert scene.application_state(order) == "paid"
    assert scene.payment_states() == [("SB1", "settled")]
    assert len(scene.issues()) == 1
    assert scene.trail() == ["settled"]
    assert scene.told_finance() == []


def test_a_notice_that_comes_three_times_is_one_payment_and_one_document(scene: Scene) -> None:
    order = scene.confirm()
    outcomes = [scene.take(scene.notice(order)) for _ in range(3)]
    assert outcomes == [Outcome.SETTLED, Outcome.REPEATED, Outcome.REPEATED]
    assert scene.payment_states() == [("SB1", "settled")]
    assert len(scene.issues()) == 1
    assert scene.trail() == ["settled", "repeated", "repeated"]
    assert scene.told_finance() == []


def test_money_for_an_order_that_a_restored_backup_has_lost_buys_nobody_a_document(
    scene: Scene,
) -> None:
    """The next order gets its number once more."""
    order = scene.confirm()
    scene.charge(order)
    old = scene.notice(order, paid_at=scene.clock.now() - timedelta(minutes=6))
    assert scene.take(old) is Outcome.MISMATCH
    assert scene.state(order) is State.CONFIRMED
    assert scene.issues() == []
    assert len(scene.told_finance()) == 1
    assert scene.take(scene.notice(order, "SB2")) is Outcome.SETTLED


def test_money_that_comes_after_expiry_still_buys_the_document(scene: Scene) -> None:
    order = scene.confirm()
    notice = scene.notice(order)
    scene.expire()
    assert scene.application_state(order) == "approved"
    assert scene.take(notice) is Outcome.HONOURED
    assert scene.state(order) is State.PAID
    assert scene.application_state(order) == "paid"
    assert scene.payment_states() == [("SB1", "settled")]
    assert len(scene.issues()) == 1
    assert scene.take(notice) is Outcome.REPEATED


def test_an_order_begun_anew_is_closed_when_the_old_one_is_paid_late(scene: Scene) -> None:
    application = scene.approved()
    first = scene.confirm(application)
    scene.charge(first)
    scene.expire()
    second = scene.save(application)
    assert scene.take(scene.notice(first)) is Outcome.HONOURED
    assert scene.state(second) is State.CLOSED


def test_money_for_a_withdrawn_application_is_kept_and_finance_is_told(scene: Scene) -> None:
    application = scene.approved()
    order = scene.confirm(application)
    scene.charge(order)
    scene.expire()
    scene.withdraw(application)
    assert scene.take(scene.notice(order)) is Outcome.LATE
    assert scene.state(order) is State.EXPIRED
    assert scene.application_state(order) == "withdrawn"
    assert scene.payment_states() == [("SB1", "late")]
    assert scene.issues() == []
    assert scene.trail() == ["late"]
    assert scene.told_finance() == ["payment.late"]
    assert scene.take(scene.notice(order)) is Outcome.REPEATED
    assert scene.told_finance() == ["payment.late"]


def test_late_money_does_not_pay_a_second_time_for_what_was_ordered_anew(scene: Scene) -> None:
    application = scene.approved()
    first = scene.confirm(application)
    scene.charge(first)
    scene.expire()
    second = scene.confirm(application)
    assert scene.take(scene.notice(first)) is Outcome.LATE
    assert scene.state(second) is State.CONFIRMED
    assert scene.take(scene.notice(second, "SB2")) is Outcome.SETTLED
    assert scene.payment_states() == [("SB1", "late"), ("SB2", "settled")]
    assert len(scene.issues()) == 1


def test_a_second_payment_is_kept_for_finance_and_makes_no_second_document(scene: Scene) -> None:
    order = scene.confirm()
    scene.take(scene.notice(order))
    assert scene.take(scene.notice(order, "SB2")) is Outcome.DOUBLE
    assert scene.payment_states() == [("SB1", "settled"), ("SB2", "double")]
    assert scene.state(order) is State.PAID
    assert len(scene.issues()) == 1
    assert scene.trail("SB2") == ["double"]
    assert scene.told_finance() == ["payment.double"]


@pytest.mark.parametrize("amount", [1, 499, 501, 50_000])
def test_a_wrong_amount_buys_nothing_and_is_not_lost(scene: Scene, amount: int) -> None:
    order = scene.confirm()
    assert scene.take(scene.notice(order, amount_fen=amount)) is Outcome.MISMATCH
    assert scene.state(order) is State.CONFIRMED
    assert [(one.amount_fen, one.state) for one in scene.payments()] == [(amount, "mismatch")]
    assert scene.issues() == []
    assert scene.trail() == ["mismatch"]
    (told,) = (one for one in scene.events if one.name == "payment.mismatch")
    assert (told.subject, told.facts["amount_fen"], told.facts["expected_fen"]) == (
        order,
        amount,
        500,
    )
    assert scene.take(scene.notice(order, "SB2")) is Outcome.SETTLED


def test_another_currency_buys_nothing_and_is_kept_as_what_it_is(scene: Scene) -> None:
    order = scene.confirm()
    assert scene.take(scene.notice(order, currency="HKD")) is Outcome.MISMATCH
    assert scene.state(order) is State.CONFIRMED
    assert [(one.currency, one.state) for one in scene.payments()] == [("HKD", "mismatch")]


def test_a_known_transaction_cannot_pay_for_another_order(scene: Scene) -> None:
    first, second = scene.confirm(), scene.confirm()
    scene.take(scene.notice(first))
    for _ in range(2):
        assert scene.take(scene.notice(second)) is Outcome.MISMATCH
    assert scene.state(second) is State.CONFIRMED
    assert scene.payment_states() == [("SB1", "settled")]
    assert scene.told_finance() == ["payment.mismatch"]


def test_money_for_no_order_of_ours_is_recorded_and_told_once(scene: Scene) -> None:
    foreign = PaymentNotice(NAME, "SB1", "C260302-9999-ABCD", PRICE, "CNY", scene.clock.now())
    assert [scene.take(foreign) for _ in range(3)] == [Outcome.UNKNOWN] + [Outcome.REPEATED] * 2
    assert scene.payment_states() == [("SB1", "unknown")]
    assert scene.trail() == ["unknown", "repeated", "repeated"]
    assert scene.told_finance() == ["payment.unknown"]


def test_a_payment_whose_notice_was_lost_is_found_by_asking(scene: Scene) -> None:
    order, other = scene.confirm(), scene.confirm()
    scene.pay(order)
    scene.charge(other)
    assert asking.ask(scene.office) == 0  # the notice still has its chance
    scene.pass_time(timedelta(minutes=1))
    assert asking.ask(scene.office) == 1
    assert (scene.state(order), scene.state(other)) == (State.PAID, State.CONFIRMED)
    assert asking.ask(scene.office) == 0
    assert len(scene.payments()) == 1


def test_a_payment_at_the_last_moment_is_found_before_the_order_expires(scene: Scene) -> None:
    order = scene.confirm()
    scene.pay(order)
    scene.expire()
    assert scene.state(order) is State.PAID


def test_asking_again_does_not_record_the_same_wrong_payment_again(scene: Scene) -> None:
    order = scene.confirm()
    charge = scene.charge(order)
    assert scene.till.pay(charge, amount_fen=1)
    for _ in range(3):
        scene.pass_time(timedelta(minutes=1))
        assert asking.ask(scene.office) == 0
    assert scene.trail("BH000001") == ["mismatch"]
    assert scene.told_finance() == ["payment.mismatch"]


def test_while_the_provider_is_silent_an_order_waits_for_its_answer(scene: Scene) -> None:
    order, never_shown = scene.confirm(), scene.confirm()
    scene.pay(order)
    scene.till.away = True
    scene.expire()
    assert (scene.state(order), scene.state(never_shown)) == (State.CONFIRMED, State.EXPIRED)
    scene.till.away = False
    scene.pass_time(timedelta(minutes=1))
    assert asking.ask(scene.office) == 1
    assert scene.state(order) is State.PAID


def test_an_order_expires_only_when_the_provider_takes_no_more_for_it(scene: Scene) -> None:
    order = scene.confirm()
    charge = scene.charge(order)
    scene.expire()
    assert scene.state(order) is State.EXPIRED
    assert scene.charge_states() == ["closed"]
    assert scene.till.pay(charge) is None


def test_an_order_that_somebody_paid_wrongly_still_ends_in_time(scene: Scene) -> None:
    """What came in is finance's to pay back; the order does not wait for it for ever."""
    order = scene.confirm()
    notice = scene.till.pay(scene.charge(order), amount_fen=PRICE + 1)
    assert notice is not None
    assert scene.take(notice) is Outcome.MISMATCH
    scene.pass_time(timedelta(hours=24, seconds=1))
    asking.ask(scene.office)
    with scene.office.work() as work:
        assert orders.expire_due(work) == 1
    assert scene.state(order) is State.EXPIRED
