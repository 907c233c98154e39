"""The money goes back once, whatever happens between here and the provider."""

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from backend.errors import AlreadyHandled, Refused
from backend.payments.provider import Payee, RefundAsked, RefundState
from backend.refunds import executing, money
from backend.refunds.settle import Outcome
from backend.refunds.states import Reason, State
from tests.refunds.provider import Crash
from tests.refunds.scene import PRICE, Scene

MINUTES = timedelta(minutes=16)


def double(scene: Scene) -> str:
    """What was paid twice is proposed; finance agrees."""
    scene.pay_twice(scene.ordered())
    number = scene.only(Reason.DOUBLE_PAYMENT)
    scene.allow(number)
    return number


def test_what_was_paid_twice_is_paid_back_once_it_is_agreed_to(scene: Scene) -> None:
    number = double(scene)
    assert scene.bank.gone() == 0, "nothing is asked of the provider inside the transaction"
    scene.work_off()
    assert (scene.state(number), scene.bank.gone()) == (State.REFUNDED, PRICE)
    (taken,) = scene.bank.refunds.values()
    assert taken.number == scene.asked_as(number)
    assert scene.refund(number).refund_id == taken.refund_id
    assert scene.refund(number).finished_at == scene.clock.now()
    assert scene.told("refund.succeed") == [number]
    assert scene.still_owed() == 0


def test_after_a_crash_between_asking_and_storing_it_is_still_one_refund(scene: Scene) -> None:
    number = double(scene)
    scene.bank.crash_after = True
    with pytest.raises(Crash):
        scene.work_off()
    assert (scene.state(number), scene.bank.gone()) == (State.APPROVED, PRICE)
    scene.sweep(MINUTES)
    assert (scene.state(number), scene.bank.gone(), scene.bank.asked) == (State.REFUNDED, PRICE, 2)


def test_two_runs_at_the_same_time_pay_back_once(scene: Scene) -> None:
    number = double(scene)
    scene.direct.waiting *= 3
    scene.work_off()
    assert (scene.state(number), scene.bank.gone()) == (State.REFUNDED, PRICE)
    assert scene.told("refund.succeed") == [number]


def test_while_the_provider_is_away_it_is_tried_again_with_growing_pauses(scene: Scene) -> None:
    number = double(scene)
    scene.bank.away = True
    scene.work_off()
    pauses = []
    for _ in range(8):
        due = scene.refund(number).next_try_at
        assert due is not None
        pauses.append(due - scene.clock.now())
        scene.sweep(pauses[-1])
    assert pauses == sorted(pauses)
    assert pauses[-1] == timedelta(hours=1)
    assert scene.told("refund.delayed") == [number], "finance hears of it once"
    scene.bank.away = False
    scene.sweep(timedelta(hours=1))
    assert scene.state(number) == State.REFUNDED


def test_without_money_at_the_provider_it_waits_and_finance_is_told_at_once(scene: Scene) -> None:
    number = double(scene)
    scene.bank.balance_fen = 0
    scene.work_off()
    assert (scene.state(number), scene.refund(number).trouble) == (State.APPROVED, "NOT_ENOUGH")
    assert scene.told("refund.delayed") == [number]
    scene.sweep(timedelta(hours=1))
    assert scene.told("refund.delayed") == [number]
    scene.bank.balance_fen = PRICE
    scene.sweep(timedelta(hours=1))
    assert (scene.state(number), scene.refund(number).trouble) == (State.REFUNDED, "")


def test_what_the_provider_refuses_for_good_is_finances_to_mend(scene: Scene) -> None:
    number = double(scene)
    scene.bank.refusing = "PARAM_ERROR"
    scene.work_off()
    assert (scene.state(number), scene.refund(number).trouble) == (State.ABNORMAL, "PARAM_ERROR")
    assert scene.case(number).holder == "finance"
    assert scene.told("refund.fail") == [number]
    assert scene.still_owed() == PRICE
    scene.bank.refusing = ""
    scene.again(number)
    scene.work_off()
    assert (scene.state(number), scene.bank.gone()) == (State.REFUNDED, PRICE)


def test_while_finance_have_it_in_hand_nothing_is_asked_for_anew(scene: Scene) -> None:
    """They may be paying it back in another way at this very moment."""
    scene.bank.takes_back = RefundState.PROCESSING
    number = double(scene)
    scene.work_off()
    scene.bank.refund_ends(scene.asked_as(number), RefundState.ABNORMAL)
    scene.sweep(MINUTES)
    assert scene.state(number) == State.ABNORMAL
    del scene.bank.refunds[scene.asked_as(number)]
    scene.sweep(timedelta(hours=1))
    assert (scene.state(number), scene.bank.asked) == (State.ABNORMAL, 1)
    assert scene.refund(number).trouble == "abnormal", "what finance have to mend is still said"


def test_what_the_provider_has_closed_goes_back_under_another_number(scene: Scene) -> None:
    scene.bank.takes_back = RefundState.CLOSED
    number = double(scene)
    first = scene.asked_as(number)
    for expected in (f"{first}-2", f"{first}-3"):
        scene.work_off()
        assert (scene.state(number), scene.refund(number).trouble) == (State.ABNORMAL, "closed")
        scene.sweep(timedelta(days=1))
        scene.again(number)
        assert scene.refund(number).asked_as == expected
    scene.bank.takes_back = RefundState.SUCCESS
    scene.work_off()
    assert (scene.state(number), scene.bank.gone()) == (State.REFUNDED, PRICE)
    assert scene.notify(first) is Outcome.REPEATED, "an old notice of what was closed"


def test_old_news_of_what_was_closed_does_not_move_what_is_under_way(scene: Scene) -> None:
    scene.bank.takes_back = RefundState.CLOSED
    number = double(scene)
    scene.work_off()
    closed = scene.asked_as(number)
    scene.bank.takes_back = RefundState.PROCESSING
    scene.again(number)
    scene.work_off()
    assert scene.notify(closed) is Outcome.REPEATED
    assert scene.state(number) == State.SENT
    assert scene.told("refund.mismatch") == []


def test_what_another_provider_took_is_not_asked_of_this_one(scene: Scene) -> None:
    number = double(scene)
    scene.bank.name = "another"
    scene.work_off()
    assert scene.bank.asked == 0
    assert scene.refund(number).trouble == "ANOTHER_PROVIDER"
    assert scene.state(number) == State.ABNORMAL


def test_what_is_on_its_way_is_asked_about_until_it_is_there(scene: Scene) -> None:
    scene.bank.takes_back = RefundState.PROCESSING
    number = double(scene)
    scene.work_off()
    assert scene.state(number) == State.SENT
    scene.sweep(timedelta(minutes=5))
    assert scene.state(number) == State.SENT
    scene.bank.refund_ends(scene.asked_as(number), RefundState.SUCCESS)
    scene.sweep(timedelta(minutes=5))
    assert scene.state(number) == State.REFUNDED


def test_a_notice_that_it_is_back_counts_however_often_and_late_it_comes(scene: Scene) -> None:
    scene.bank.takes_back = RefundState.PROCESSING
    number = double(scene)
    scene.work_off()
    assert scene.end(number) is Outcome.REFUNDED
    assert scene.notify(number) is Outcome.REPEATED
    scene.bank.refund_ends(scene.asked_as(number), RefundState.ABNORMAL)  # an old one
    assert scene.notify(number) is Outcome.REPEATED
    assert scene.told("refund.succeed") == [number]
    assert scene.state(number) == State.REFUNDED


def test_a_notice_that_comes_before_our_own_answer_is_enough(scene: Scene) -> None:
    number = double(scene)
    scene.bank.crash_after = True
    with pytest.raises(Crash):
        scene.work_off()
    assert scene.notify(number) is Outcome.REFUNDED
    scene.sweep(MINUTES)
    assert scene.bank.asked == 1


def test_bad_news_is_asked_about_before_anybody_pays_by_hand(scene: Scene) -> None:
    scene.bank.takes_back = RefundState.PROCESSING
    number = double(scene)
    scene.work_off()
    scene.bank.refund_ends(scene.asked_as(number), RefundState.ABNORMAL)
    old = scene.bank.refunds[scene.asked_as(number)]
    assert scene.notify(number) is Outcome.ASKED
    scene.work_off()
    assert scene.state(number) == State.ABNORMAL
    scene.bank.refund_ends(
        scene.asked_as(number), RefundState.PROCESSING
    )  # mended on the provider's own pages
    scene.again(number)
    scene.work_off()
    assert scene.state(number) == State.SENT
    scene.bank.refunds[scene.asked_as(number)], now = (
        old,
        scene.bank.refunds[scene.asked_as(number)],
    )
    scene.notify(number)  # the old one again
    scene.bank.refunds[scene.asked_as(number)] = now
    scene.work_off()
    assert scene.state(number) == State.SENT


def test_paid_by_hand_it_is_done_with_the_banks_number(scene: Scene) -> None:
    scene.bank.takes_back = RefundState.ABNORMAL
    number = double(scene)
    scene.work_off()
    scene.by_hand(number)
    assert scene.state(number) == State.BY_HAND
    assert scene.refund(number).bank_reference == "2026030200017"
    assert scene.still_owed() == 0
    assert scene.balance("platform:bank") == -PRICE
    scene.sweep(timedelta(hours=2))
    assert scene.end(number) is Outcome.TWICE
    assert scene.notify(number) is Outcome.TWICE
    assert scene.told("refund.twice") == [scene.asked_as(number)], (
        "finance hears that it went out twice, once"
    )


@pytest.mark.parametrize("wrong", ["amount_fen", "transaction_id", "charge_number", "provider"])
def test_a_notice_that_contradicts_the_refund_moves_nothing(scene: Scene, wrong: str) -> None:
    scene.bank.takes_back = RefundState.PROCESSING
    number = double(scene)
    scene.work_off()
    real = scene.bank.refund_ends(scene.asked_as(number), RefundState.SUCCESS)
    changed: dict[str, Any] = {wrong: 1 if wrong == "amount_fen" else "X"}
    scene.bank.refunds[scene.asked_as(number)] = replace(real, **changed)
    assert scene.notify(number) is Outcome.MISMATCH
    assert scene.notify(number) is Outcome.MISMATCH
    assert scene.state(number) == State.SENT
    assert scene.told("refund.mismatch") == [scene.asked_as(number)]


def test_a_refund_that_nobody_here_knows_is_told_to_finance_once(scene: Scene) -> None:
    number = double(scene)
    scene.work_off()
    real = scene.bank.refunds[scene.asked_as(number)]
    scene.bank.refunds["R1"] = replace(real, number="R1")
    assert [scene.notify("R1") for _ in range(2)] == [Outcome.UNKNOWN] * 2
    assert scene.told("refund.unknown") == ["R1"]


def test_money_that_is_back_before_anybody_decided_is_told_to_finance(scene: Scene) -> None:
    done = double(scene)
    scene.work_off()
    scene.pay_twice(scene.ordered(1))
    asked = next(one.number for one in scene.refunds() if one.number != done)
    held = scene.refund(asked)
    with scene.office.read() as work:
        payment = money.share_of(work, held).payment
    real, number = scene.bank.refunds[scene.asked_as(done)], scene.asked_as(asked)
    scene.bank.refunds[number] = replace(
        real,
        number=number,
        transaction_id=payment.transaction_id,
        charge_number=payment.charge_number,
    )
    assert scene.notify(asked) is Outcome.UNDECIDED
    assert scene.state(asked) == State.ASKED
    scene.allow(asked)
    scene.work_off()
    assert scene.state(asked) == State.REFUNDED


def test_that_the_provider_will_not_say_how_it_stands_is_no_reason_to_pay_by_hand(
    scene: Scene,
) -> None:
    """Such as a key that is wrong for a while, in which the money arrives."""
    scene.bank.takes_back = RefundState.PROCESSING
    number = double(scene)
    scene.work_off()
    scene.bank.broken = "SIGN_ERROR"
    for _ in range(6):
        scene.sweep(timedelta(hours=1))
    assert (scene.state(number), scene.refund(number).trouble) == (State.SENT, "SIGN_ERROR")
    assert scene.told("refund.fail") == []
    assert scene.told("refund.delayed") == [number], "finance hears of it once"
    with pytest.raises(AlreadyHandled):
        scene.by_hand(number)
    scene.bank.broken = ""
    scene.bank.refund_ends(scene.asked_as(number), RefundState.SUCCESS)
    scene.sweep(timedelta(hours=1))
    assert (scene.state(number), scene.bank.gone()) == (State.REFUNDED, PRICE)


@pytest.mark.parametrize("state", [State.APPROVED, State.SENT, State.ABNORMAL])
def test_a_process_without_a_provider_decides_nothing_about_a_refund(
    scene: Scene, state: State
) -> None:
    scene.bank.takes_back = RefundState.PROCESSING
    number = double(scene)
    if state is not State.APPROVED:
        scene.work_off()
    if state is State.ABNORMAL:
        scene.bank.refund_ends(scene.asked_as(number), RefundState.ABNORMAL)
        scene.sweep(MINUTES)
    scene.office.payments = None
    scene.work_off()
    scene.sweep(MINUTES)
    assert scene.state(number) == state
    assert scene.refund(number).next_try_at is not None
    scene.office.payments = scene.bank
    scene.bank.takes_back = RefundState.SUCCESS
    if state is not State.APPROVED:
        scene.bank.refund_ends(scene.asked_as(number), RefundState.SUCCESS)
    scene.sweep(timedelta(hours=1))
    assert (scene.state(number), scene.bank.gone()) == (State.REFUNDED, PRICE)


def test_what_was_taken_on_with_the_answer_lost_and_then_refused_is_not_paid_by_hand(
    scene: Scene,
) -> None:
    scene.bank.takes_back = RefundState.PROCESSING
    number = double(scene)
    scene.bank.crash_after = True
    with pytest.raises(Crash):
        scene.work_off()
    scene.bank.broken = "NO_AUTH"
    scene.sweep(MINUTES)
    assert (scene.state(number), scene.refund(number).trouble) == (State.ABNORMAL, "NO_AUTH")
    scene.look_at(number)
    with pytest.raises(Refused, match="refund_under_way"):
        scene.by_hand(number)
    scene.bank.broken = ""
    scene.sweep(timedelta(hours=1))
    assert scene.state(number) == State.SENT, "it was under way all the time"
    assert scene.end(number) is Outcome.REFUNDED
    assert scene.bank.gone() == PRICE


def test_before_it_is_paid_by_hand_the_provider_has_just_said_that_it_does_not(
    scene: Scene,
) -> None:
    scene.bank.takes_back = RefundState.ABNORMAL
    number = double(scene)
    scene.work_off()
    scene.pass_time(timedelta(minutes=31))
    with pytest.raises(Refused, match="refund_under_way"):
        scene.by_hand(number)
    scene.bank.away = True
    scene.look_at(number)
    assert scene.told("job.done")[-1] == executing.key(number), "nobody waits for ever"
    with pytest.raises(Refused, match="refund_under_way"):
        scene.by_hand(number)
    scene.bank.away = False
    scene.look_at(number)
    scene.by_hand(number)
    assert (scene.state(number), scene.bank.gone(), scene.still_owed()) == (State.BY_HAND, 0, 0)


def test_what_was_mended_at_the_provider_meanwhile_is_not_paid_by_hand(scene: Scene) -> None:
    scene.bank.takes_back = RefundState.ABNORMAL
    number = double(scene)
    scene.work_off()
    scene.pass_time(timedelta(minutes=3))
    scene.bank.refund_ends(scene.asked_as(number), RefundState.PROCESSING)
    scene.look_at(number)
    with pytest.raises(AlreadyHandled):
        scene.by_hand(number)
    assert scene.state(number) == State.SENT


def test_what_the_provider_never_heard_of_may_be_paid_by_hand(scene: Scene) -> None:
    number = double(scene)
    scene.bank.refusing = "PARAM_ERROR"
    scene.work_off()
    with pytest.raises(Refused, match="refund_under_way"):
        scene.by_hand(number)
    scene.sweep(timedelta(minutes=1))
    scene.by_hand(number)
    assert (scene.state(number), scene.still_owed()) == (State.BY_HAND, 0)


def test_what_does_not_arrive_is_asked_about_for_ever(scene: Scene) -> None:
    number = double(scene)
    scene.bank.refusing = "PARAM_ERROR"
    scene.work_off()
    for _ in range(12):
        scene.sweep(timedelta(hours=1))
        due = scene.refund(number).next_try_at
        assert due is not None
        assert due <= scene.clock.now() + timedelta(hours=1)
    assert scene.bank.asked == 1, "asked about, and not for"


def test_a_refund_has_another_number_at_the_provider_than_one_of_before_a_restored_backup(
    scene: Scene,
) -> None:
    """Our numbers come again; what the provider did under the old one is somebody else's."""
    number = double(scene)
    called = scene.asked_as(number)
    assert re.fullmatch(rf"{number}-[2-9A-HJ-NP-Z]{{4}}", called)
    elsewhere = RefundAsked(number, "BH-OLD", "C-OLD", PRICE, PRICE, "退款")
    for old in (number, f"{number}-2222", f"{number}-3333-2"):
        scene.bank.refund(replace(elsewhere, number=old, transaction_id=f"BH-{old}"))
    gone = scene.bank.gone()
    for old in (f"{number}-2222", f"{number}-3333-2"):
        assert scene.notify(old) is Outcome.UNKNOWN
    assert scene.state(number) == State.APPROVED
    scene.work_off()
    assert (scene.state(number), scene.bank.gone()) == (State.REFUNDED, gone + PRICE)
    assert scene.told("refund.mismatch") == []


@pytest.mark.parametrize("sent", [True, False])
def test_of_what_another_merchant_was_paid_nothing_is_concluded_from_its_being_unknown_here(
    scene: Scene, sent: bool
) -> None:
    """The merchant was changed while a refund was under way."""
    scene.bank.payee = Payee("1900000001", "wx1")
    scene.bank.takes_back = RefundState.PROCESSING
    number = double(scene)
    if sent:
        scene.work_off()
    scene.bank.payee, asked = Payee("1900000002", "wx1"), scene.bank.asked
    there = scene.bank.refunds.copy()
    scene.bank.refunds.clear()
    scene.work_off()
    for _ in range(3):
        scene.sweep(timedelta(hours=1))
    assert scene.state(number) == (State.SENT if sent else State.ABNORMAL)
    assert scene.refund(number).trouble == "ANOTHER_PROVIDER"
    assert scene.bank.asked == asked
    scene.bank.payee = Payee("1900000001", "wx1")
    scene.bank.refunds.update(there)
    if sent:
        assert scene.end(number) is Outcome.REFUNDED
