"""What may be asked for, why the rest not, and who is asked what."""

from datetime import timedelta

import pytest

from backend import orders, transcript_orders, transcripts
from backend.errors import NotAllowed, Refused
from backend.refunds import asking, filing, money
from backend.refunds.states import Reason, State
from tests.refunds.scene import PRICE, Scene


def reasons(scene: Scene) -> list[tuple[Reason | None, str]]:
    """Of everything the buyer has paid, newest first: the reason, or why it cannot be."""
    with scene.office.read(scene.buyer) as work:
        found = asking.candidates(work, scene.buyer)
    return [(one.reason, one.refused.code if one.refused else "") for one in found]


def test_what_becomes_of_the_document_says_why_it_may_be_asked_for(scene: Scene) -> None:
    order = scene.ordered()
    scene.pay(order)
    assert reasons(scene) == [(Reason.UNUSED, "")]
    scene.work_off()
    assert reasons(scene) == [(Reason.WRONG_DOCUMENT, "")]
    scene.policy(proposed=[])
    scene.revoke(scene.application_of(order))
    assert reasons(scene) == [(Reason.REVOKED_DOCUMENT, "")]


def test_what_was_asked_for_is_not_asked_for_twice(scene: Scene) -> None:
    order = scene.bought()
    number = scene.ask(order)
    with pytest.raises(Refused, match="refund_asked_already") as told:
        scene.ask(order)
    assert told.value.facts["number"] == number
    assert scene.taken() == [(PRICE, PRICE)]


def test_what_was_refused_or_withdrawn_may_be_asked_for_again(scene: Scene) -> None:
    order = scene.bought()
    first = scene.ask(order)
    scene.take_back(first)
    assert scene.taken() == [(PRICE, 0)]
    second = scene.ask(order)
    scene.refuse(second)
    assert scene.taken() == [(PRICE, 0)]
    assert scene.refund(second).refused_why == "成绩单没有错"
    scene.ask(order)
    assert scene.told("refund.ask") == [first, second, scene.refunds()[-1].number]


def test_the_last_day_counts_and_the_next_one_is_too_late(scene: Scene) -> None:
    order = scene.bought()
    scene.pass_time(timedelta(days=30, hours=14))  # 23:00 in Shanghai
    scene.take_back(scene.ask(order))
    scene.pass_time(timedelta(hours=1))
    with pytest.raises(Refused, match="refund_too_late") as told:
        scene.ask(order)
    assert told.value.facts["until"] == "2026-04-01"


def test_while_no_days_are_set_nobody_can_ask_but_what_fits_nothing_is_proposed(
    scene: Scene,
) -> None:
    scene.policy(wrong_document_days=None)
    order = scene.bought()
    with pytest.raises(Refused, match="refund_not_open"):
        scene.ask(order)
    scene.pay_twice(scene.ordered(1))
    assert scene.told("refund.propose") == [scene.only(Reason.DOUBLE_PAYMENT)]


def test_what_is_wrong_with_a_document_is_said_in_words(scene: Scene) -> None:
    with pytest.raises(Refused, match="reason_needed"):
        scene.ask(scene.bought(), words=" ")


def test_nobody_asks_for_what_somebody_else_has_paid(scene: Scene) -> None:
    held = scene.share(scene.bought())
    other = scene.graduate("G2")
    with scene.office.work(other) as work, pytest.raises(NotAllowed):
        asking.ask(work, held, Reason.WRONG_DOCUMENT, "x", scene.agreed(other))
    assert reasons(scene) == [(Reason.WRONG_DOCUMENT, "")]


def test_a_question_that_the_document_has_overtaken_is_asked_anew(scene: Scene) -> None:
    order = scene.ordered()
    scene.pay(order)
    held = scene.share(order)
    scene.work_off()
    with scene.office.work(scene.buyer) as work, pytest.raises(Refused, match="refund_changed"):
        asking.ask(work, held, Reason.UNUSED, "", scene.agreed(scene.buyer))


def test_what_the_program_proposes_nobody_withdraws(scene: Scene) -> None:
    scene.pay_twice(scene.ordered())
    number = scene.only(Reason.DOUBLE_PAYMENT)
    assert scene.case(number).consent_id is None
    with pytest.raises(NotAllowed):
        scene.take_back(number)


def test_nothing_is_withdrawn_once_it_is_decided(scene: Scene) -> None:
    order = scene.ordered()
    scene.pay(order)
    number = scene.ask(order)
    scene.allow(number)
    with pytest.raises(NotAllowed):
        scene.take_back(number)
    assert scene.state(number) == State.APPROVED


def test_of_a_payment_for_several_orders_each_is_paid_back_alone(scene: Scene) -> None:
    first, second = scene.ordered(), scene.ordered(1)
    scene.pay(first, second)
    number = scene.ask(first)
    scene.allow(number)
    scene.work_off()
    assert scene.taken() == [(2 * PRICE, PRICE)]
    assert scene.bank.gone() == PRICE
    assert [scene.service_state(one) for one in (first, second)] == ["refunded", "issued"]
    with scene.office.read() as work:
        assert money.left(work, scene.share(second)) == PRICE


def test_another_amount_than_was_asked_for_is_proposed_whole(scene: Scene) -> None:
    scene.pay(scene.ordered(), amount_fen=700)
    number = scene.only(Reason.MISMATCH)
    assert (scene.refund(number).amount_fen, scene.refund(number).order_id) == (700, None)
    scene.allow(number)
    scene.work_off()
    assert (scene.state(number), scene.bank.gone()) == (State.REFUNDED, 700)


def test_money_that_came_too_late_is_proposed(scene: Scene) -> None:
    order = scene.ordered()
    charge = scene.charge(order)
    notice = scene.bank.pay(charge)
    assert notice is not None
    with scene.office.work(scene.buyer) as work:
        orders.cancel(work, order, scene.agreed(scene.buyer))
        application = orders.application_of(work, orders.own(work, order)).number
        transcript_orders.withdraw(work, application, scene.agreed(scene.buyer))
    scene.receive(notice)
    assert scene.refund(scene.only(Reason.LATE_PAYMENT)).amount_fen == PRICE


def test_a_notice_that_is_repeated_proposes_nothing_new(scene: Scene) -> None:
    notice = scene.pay(scene.ordered(), amount_fen=700)
    scene.receive(notice)
    assert len(scene.refunds()) == 1


def test_free_copies_stay_as_they_are_when_a_paid_one_is_paid_back(scene: Scene) -> None:
    scene.set_policy("transcript", scene.clock.now().date(), free_copies=1)
    scene.issued(scene.buyer)
    taken = scene.free_copies(scene.buyer)
    order = scene.ordered(1)
    scene.pay(order)
    scene.allow(scene.ask(order))
    scene.work_off()
    assert scene.free_copies(scene.buyer) == taken


def test_of_what_is_on_its_way_already_nothing_is_left(scene: Scene) -> None:
    """Whoever comes second, be it the program that proposes, finds nothing."""
    order = scene.bought()
    scene.ask(order)
    with scene.office.work(scene.buyer) as work, pytest.raises(Refused) as told:
        filing.file(work, scene.share(order), Reason.REVOKED_DOCUMENT, consent_id=None)
    assert told.value.code == "refund_nothing_left"


def test_what_nothing_here_knows_how_to_refund_is_for_the_office(scene: Scene) -> None:
    order = scene.bought()
    with scene.office.work() as work:
        found = transcripts.find(work, scene.application_of(order))
        assert found is not None
        found.state = transcripts.State.WITHDRAWN
    assert reasons(scene) == [(None, "refund_by_office")]
