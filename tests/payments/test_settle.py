"""What becomes of money, whatever way and however often it is announced."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from backend.orders import State
from backend.payments import settle
from backend.payments.provider import PaymentNotice, ProviderUnreachable
from backend.payments.settle import Outcome
from tests.payments.scene import Scene


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
    old = scene.notice(order, paid_at=scene.order(order).created_at - timedelta(minutes=6))
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
    scene.expire()
    second = scene.save(application)
    assert scene.take(scene.notice(first)) is Outcome.HONOURED
    assert scene.state(second) is State.CLOSED


def test_money_for_a_withdrawn_application_is_kept_and_finance_is_told(scene: Scene) -> None:
    application = scene.approved()
    order = scene.confirm(application)
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


def test_money_for_an_order_nobody_confirmed_is_kept_and_settles_nothing(scene: Scene) -> None:
    order = scene.save(scene.approved())
    assert scene.take(scene.notice(order)) is Outcome.MISMATCH
    assert scene.state(order) is State.SAVED
    assert scene.payment_states() == [("SB1", "mismatch")]


def test_a_known_transaction_cannot_pay_for_another_order(scene: Scene) -> None:
    first, second = scene.confirm(), scene.confirm()
    scene.take(scene.notice(first))
    for _ in range(2):
        assert scene.take(scene.notice(second)) is Outcome.MISMATCH
    assert scene.state(second) is State.CONFIRMED
    assert scene.payment_states() == [("SB1", "settled")]
    assert scene.told_finance() == ["payment.mismatch"]


def test_money_for_no_order_of_ours_is_recorded_and_told_once(scene: Scene) -> None:
    for _ in range(3):
        assert scene.take(scene.notice("D260302-9999")) is Outcome.UNKNOWN
    assert scene.payments() == []
    assert scene.trail() == ["unknown"]
    assert scene.told_finance() == ["payment.unknown"]


def test_a_payment_whose_notice_was_lost_is_found_by_asking(scene: Scene) -> None:
    order, other = scene.confirm(), scene.confirm()
    scene.pay(order)
    scene.token(other)
    assert settle.query_open_orders(scene.office) == 0  # the notice still has its chance
    scene.pass_time(timedelta(minutes=1))
    assert settle.query_open_orders(scene.office) == 1
    assert (scene.state(order), scene.state(other)) == (State.PAID, State.CONFIRMED)
    assert settle.query_open_orders(scene.office) == 0
    assert len(scene.payments()) == 1


def test_a_payment_at_the_last_moment_is_found_after_expiry(scene: Scene) -> None:
    order = scene.confirm()
    scene.pay(order)
    scene.expire()
    assert settle.query_open_orders(scene.office) == 1
    assert scene.state(order) is State.PAID


def test_asking_again_does_not_record_the_same_wrong_payment_again(scene: Scene) -> None:
    order = scene.confirm()
    wrong = scene.notice(order, amount_fen=1)
    scene.office.payments = Answers(lambda _: wrong)
    scene.pass_time(timedelta(minutes=1))
    for _ in range(3):
        assert settle.query_open_orders(scene.office) == 0
    assert scene.trail() == ["mismatch"]
    assert scene.told_finance() == ["payment.mismatch"]


def test_a_silent_provider_does_not_stop_the_housekeeping(scene: Scene) -> None:
    order = scene.confirm()

    def silence(_: str) -> None:
        raise ProviderUnreachable

    scene.office.payments = Answers(silence)
    scene.pass_time(timedelta(minutes=1))
    assert settle.query_open_orders(scene.office) == 0
    assert scene.state(order) is State.CONFIRMED


class Answers:
    """A provider that answers what it is told to."""

    name = "sandbox"

    def __init__(self, answer: Callable[[str], PaymentNotice | None]) -> None:
        self.query = answer

    def pay_url(self, order: object) -> str:
        raise AssertionError("nobody pays here")

    def read_notice(self, headers: object, body: bytes, now: object) -> PaymentNotice:
        raise AssertionError("no notices here")
