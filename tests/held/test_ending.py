"""Each end of held money: once, by whoever may, and the books add up after it."""

import pytest

from backend import orders, transcripts
from backend.authority import Role
from backend.errors import AlreadyHandled, NotAllowed, Refused
from backend.held.states import State
from backend.models import AuditEntry, ConsentRecord
from backend.models import Role as RoleRow
from backend.payments.provider import Way
from backend.refunds.states import Reason
from backend.refunds.states import State as Refund
from tests.held.scene import Scene

# --- back to the payer ------------------------------------------------------------------------


def test_money_of_nobody_knows_whom_goes_back_by_its_number_at_the_provider(scene: Scene) -> None:
    scene.stray("S1", 500)
    number = scene.pay_back(scene.item().key)
    assert (scene.held(), scene.still_owed()) == (0, 500)
    scene.work_off()
    assert scene.state(number) == Refund.REFUNDED
    (asked,) = scene.bank.refunds.values()
    assert (asked.transaction_id, asked.amount_fen) == ("S1", 500)
    assert (scene.still_owed(), scene.at_platform(), scene.books_add_up()) == (0, 0, True)
    assert scene.refund(number).reason == Reason.UNKNOWN_PAYER
    told = [one.name for one in scene.events if one.name.startswith("refund.")]
    assert told == ["refund.propose", "refund.approve", "refund.send", "refund.succeed"]


def test_it_goes_back_once_however_often_somebody_presses(scene: Scene) -> None:
    scene.stray()
    key = scene.item().key
    scene.pay_back(key)
    for again in (scene.pay_back, scene.hand_over):
        with pytest.raises(Refused, match="held_gone"):
            again(key)
    scene.work_off()
    assert scene.bank.gone() == 500


def test_a_reason_is_needed_where_it_is_not_obvious(scene: Scene) -> None:
    scene.stray()
    with pytest.raises(Refused, match="reason_needed"):
        scene.pay_back(scene.item().key, " ")
    assert (scene.held(), scene.refunds()) == (500, [])


def test_what_was_paid_twice_can_go_back_after_all(scene: Scene) -> None:
    scene.pay_twice(scene.ordered())
    scene.refuse(scene.only(Reason.DOUBLE_PAYMENT))
    number = scene.pay_back(scene.item().key, "")
    scene.work_off()
    assert (scene.state(number), scene.held()) == (Refund.REFUNDED, 0)
    assert scene.case(number).applicant_id == scene.buyer
    assert scene.books_add_up()


def test_nobody_settles_their_own_money(scene: Scene) -> None:
    scene.pay_twice(scene.ordered())
    scene.refuse(scene.only(Reason.DOUBLE_PAYMENT))
    key = scene.item().key
    with scene.office.work() as work:
        work.session.add(
            RoleRow(institution_id="demo", person_id=scene.buyer, role=Role.FINANCE, unit_id=None)
        )
    for act in (scene.pay_back, scene.hand_over):
        with pytest.raises(Refused, match="own_held") as told:
            act(key, by=scene.buyer)
        assert told.value.code == "own_held"
    assert scene.held() == 500


def test_from_an_amount_on_two_people_pay_it_back(scene: Scene) -> None:
    scene.second_from(400)
    scene.stray()
    number = scene.pay_back(scene.item().key)
    assert (scene.state(number), scene.held()) == (Refund.CONFIRMING, 500)
    with pytest.raises(Refused, match="own_refund_look"):
        scene.allow(number)
    assert not scene.item().free, "nobody begins another end meanwhile"
    scene.allow(number, by=scene.second)
    scene.work_off()
    assert (scene.state(number), scene.bank.gone()) == (Refund.REFUNDED, 500)


def test_where_the_second_does_not_agree_it_is_held_as_before(scene: Scene) -> None:
    scene.second_from(400)
    scene.stray()
    scene.refuse(scene.pay_back(scene.item().key), by=scene.second)
    assert (scene.item().free, scene.held(), scene.books_add_up()) == (True, 500, True)


# --- for an order -----------------------------------------------------------------------------


def test_an_open_order_is_settled_by_it_as_by_any_payment(scene: Scene) -> None:
    order = scene.ordered()
    scene.stray()
    number = scene.for_order(scene.item().key, order)
    assert scene.order(order).state == orders.State.PAID
    assert (scene.held(), scene.earned(), scene.books_add_up()) == (0, 500, True)
    scene.work_off()
    assert scene.service_state(order) == transcripts.State.ISSUED
    (disposal,) = scene.disposals()
    assert (disposal.number, disposal.state, disposal.why) == (number, State.DONE, "看过付款记录")
    assert [one.event for one in scene.audit(number)] == ["decide"]
    assert [one.event for one in scene.audit(f"payment:{scene.bank.name}:S1")][-1] == "assign"


def test_what_it_has_paid_can_be_asked_back_like_anything_else(scene: Scene) -> None:
    order = scene.ordered()
    scene.stray()
    scene.for_order(scene.item().key, order)
    number = scene.ask(order)
    scene.allow(number)
    scene.work_off()
    assert (scene.bank.gone(), scene.earned(), scene.books_add_up()) == (500, 0, True)


def test_money_that_came_too_late_for_one_order_is_for_another(scene: Scene) -> None:
    first = scene.ordered(0)
    notices = [scene.bank.pay(scene.charge(first, way=way)) for way in (Way.NATIVE, Way.H5)]
    for one in notices:
        assert one is not None
        scene.receive(one)
    scene.refuse(scene.only(Reason.DOUBLE_PAYMENT))
    second = scene.ordered(1)
    scene.for_order(scene.item().key, second)
    assert scene.order(second).state == orders.State.PAID
    assert (scene.held(), scene.earned(), scene.books_add_up()) == (0, 1000, True)


def test_an_order_that_does_not_wait_or_costs_another_amount_is_not_settled(scene: Scene) -> None:
    open_, paid = scene.ordered(0), scene.ordered(1)
    scene.pay(paid)
    scene.stray("S1", 400)
    key = scene.item().key
    for order, code in (
        (open_, "held_other_amount"),
        (paid, "held_order_not_open"),
        ("D990101-0001", "held_no_such_order"),
    ):
        with pytest.raises(Refused, match=code):
            scene.for_order(key, order)
    assert (scene.held(), scene.disposals(), scene.books_add_up()) == (400, [], True)


def test_a_payment_that_comes_all_the_same_is_paid_twice(scene: Scene) -> None:
    order = scene.ordered()
    charge = scene.charge(order)
    scene.stray()
    scene.for_order(scene.item().key, order)
    notice = scene.bank.pay(charge)
    assert notice is not None
    scene.receive(notice)
    scene.allow(scene.only(Reason.DOUBLE_PAYMENT))
    scene.work_off()
    assert (scene.bank.gone(), scene.earned(), scene.books_add_up()) == (500, 500, True)


def test_the_order_may_be_paid_while_the_second_has_not_agreed(scene: Scene) -> None:
    scene.second_from(400)
    order = scene.ordered()
    scene.stray()
    number = scene.for_order(scene.item().key, order)
    assert scene.order(order).state == orders.State.CONFIRMED
    scene.pay(order)
    with pytest.raises(AlreadyHandled):
        scene.confirm(number)
    scene.refuse_disposal(number)
    assert (scene.item().free, scene.held(), scene.books_add_up()) == (True, 500, True)


# --- handed over ------------------------------------------------------------------------------


def test_what_was_handed_over_is_in_an_account_of_its_own(scene: Scene) -> None:
    scene.stray()
    number = scene.hand_over(scene.item().key)
    assert (scene.held(), scene.handed_over(), scene.books_add_up()) == (0, 500, True)
    (one,) = scene.disposals()
    assert (one.number, one.how, one.given_to) == (number, "银行转账", "某公司")
    with scene.office.read() as work:
        consent = work.session.get_one(ConsentRecord, one.consent_id)
        assert consent.person_id == scene.finance
    scene.work_off()
    assert scene.bank.gone() == 0


# --- who --------------------------------------------------------------------------------------


def test_from_an_amount_on_another_has_to_agree(scene: Scene) -> None:
    scene.second_from(500)
    scene.stray()
    number = scene.hand_over(scene.item().key)
    assert (scene.held(), scene.handed_over()) == (500, 0)
    with pytest.raises(Refused, match="own_held_look"):
        scene.confirm(number, by=scene.finance)
    with pytest.raises(NotAllowed):
        scene.confirm(number, by=scene.affairs)
    assert scene.confirm(number) == State.DONE
    with pytest.raises(AlreadyHandled):
        scene.confirm(number)
    assert (scene.held(), scene.handed_over(), scene.books_add_up()) == (0, 500, True)


def test_where_there_is_no_second_nothing_is_begun(scene: Scene) -> None:
    scene.second_from(500)
    scene.stray()
    scene.dismiss(scene.second)
    for end in (scene.hand_over, scene.pay_back):
        with pytest.raises(Refused, match="nobody_for_held"):
            end(scene.item().key)
    assert (scene.held(), scene.disposals(), scene.refunds()) == (500, [], [])


def test_the_word_of_one_who_has_left_finance_does_not_count(scene: Scene) -> None:
    scene.second_from(500)
    scene.stray()
    number = scene.hand_over(scene.item().key)
    third = scene.staff("F3", Role.FINANCE)
    scene.dismiss(scene.finance)
    assert scene.confirm(number) == State.CONFIRMING, "the second is the first now"
    assert scene.held() == 500
    assert scene.confirm(number, by=third) == State.DONE
    assert scene.books_add_up()


def test_nobody_but_finance_settles_anything(scene: Scene) -> None:
    scene.stray()
    key = scene.item().key
    for end in (scene.pay_back, scene.hand_over):
        with pytest.raises(NotAllowed):
            end(key, by=scene.affairs)
    with scene.office.read() as work:
        assert work.session.query(AuditEntry).filter(AuditEntry.event == "decide").count() == 0
