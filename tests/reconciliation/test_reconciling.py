"""A day's bill against what is known here: real money is never lost, and nobody is alarmed for nothing."""

from dataclasses import replace
from datetime import datetime, time, timedelta

import pytest

from backend.clock import SHANGHAI
from backend.errors import AlreadyHandled, NotAllowed, Refused
from backend.ledger import checking
from backend.ledger.accounts import Account
from backend.models import Blob
from backend.payments.provider import Bill, BillRefund, PaymentNotice, RefundState
from backend.payments.settle import Outcome
from backend.reconciliation import comparison_files, differences, fetching
from backend.refunds.states import Reason
from tests.reconciliation.scene import DAY, Scene

NEXT = DAY + timedelta(days=1)
AGREED = [("agreed", DAY.isoformat())]
DIFFERS = [("differs", DAY.isoformat())]


def books_add_up(scene: Scene) -> bool:
    with scene.office.read() as work:
        return checking.check(work).faults == ()


# --- a day that agrees ------------------------------------------------------------------------


def test_a_day_that_agrees_is_told_once_with_its_sums(scene: Scene) -> None:
    for kind in range(3):
        scene.pay(scene.ordered(kind))
    scene.morning()
    bill = scene.bill()
    assert (bill.payments, bill.paid_fen, bill.refunds) == (3, 1500, 0)
    assert (scene.kinds(), scene.heard()) == ([], AGREED)
    scene.compare_again()
    scene.compare_again()
    assert (scene.kinds(), scene.heard()) == ([], AGREED)


def test_the_bytes_of_a_bill_are_kept_as_they_came(scene: Scene) -> None:
    scene.pay(scene.ordered())
    scene.morning()
    expected = scene.bank.bill(DAY)
    assert expected is not None
    assert expected.content
    with scene.office.read() as work:
        blob = work.session.get_one(Blob, scene.bill().blob_id)
        assert (blob.private, blob.expires_at, blob.owner_id) == (True, None, None)
        assert scene.blobs.get(blob.key) == expected.content


def test_a_refund_that_was_paid_back_agrees(scene: Scene) -> None:
    order = scene.ordered()
    scene.pay_twice(order)
    scene.work_off()
    scene.allow(scene.only(Reason.DOUBLE_PAYMENT))
    scene.work_off()
    scene.morning()
    assert scene.bill().refunds == 1
    assert (scene.kinds(), scene.heard()) == ([], AGREED)


@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_a_payment_at_midnight_is_in_one_bill_and_no_difference(scene: Scene, seconds: int) -> None:
    order = scene.ordered()
    charge = scene.charge(order)
    midnight = datetime.combine(NEXT, time(), SHANGHAI)
    scene.clock.set(midnight + timedelta(seconds=seconds))
    notice = scene.bank.pay(charge)
    assert notice is not None
    scene.clock.set(midnight + timedelta(seconds=20))  # the notice comes in on the next day
    scene.receive(notice)
    scene.morning()
    scene.morning(NEXT)
    assert scene.kinds() == []
    assert scene.bill().payments + scene.bill(NEXT).payments == 1


def test_a_payment_that_the_bill_has_a_minute_later_is_in_the_next_one(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    charge = scene.charge(scene.ordered())
    scene.at(DAY, time(23, 59, 59))
    notice = scene.bank.pay(charge)
    assert notice is not None
    scene.receive(notice)
    held = scene.bank.charges[charge]
    held.paid = replace(notice, paid_at=notice.paid_at + timedelta(seconds=2))
    scene.morning()
    scene.morning(NEXT)
    assert scene.kinds() == []


# --- a payment that nobody told us of ---------------------------------------------------------


def test_a_payment_whose_notice_was_lost_is_taken_from_the_bill(scene: Scene) -> None:
    order = scene.ordered()
    scene.pay_unheard(order)
    scene.morning()
    assert scene.paid(order)
    assert len(scene.made()) == 1, "what was paid for is made"
    assert scene.kinds() == [("payment", "only_billed", "explained")]
    assert scene.one().outcome == Outcome.SETTLED
    assert scene.heard() == DIFFERS, "it is told, and not that the day agrees"
    assert books_add_up(scene)
    scene.compare_again()
    assert len(scene.payments()) == 1
    assert scene.heard() == DIFFERS


def test_a_crash_after_taking_it_loses_neither_money_nor_word(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = scene.ordered()
    scene.pay_unheard(order)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(fetching, "_compare", die)
        scene.at(NEXT, time(10, 13))
        with pytest.raises(KeyboardInterrupt):
            scene.compare_again()
    assert scene.paid(order)
    assert scene.heard() == []
    scene.compare_again()
    assert scene.heard() == DIFFERS
    assert len(scene.payments()) == 1


def test_money_of_the_bill_that_fits_nothing_waits_until_finance_settles_it(scene: Scene) -> None:
    scene.pay(scene.ordered())
    scene.bank.strange.append(
        PaymentNotice(scene.bank.name, "BX1", "X000000-0000", 700, "CNY", scene.clock.now())
    )
    scene.morning()
    found = scene.one()
    assert (found.outcome, found.state) == (Outcome.UNKNOWN, "open")
    assert -scene.balance(Account.HELD) == 700
    scene.compare_again()
    assert scene.is_open(found.number), "that it was taken explains nothing"
    scene.settle_difference(found.number, "是测试付款，已在商户后台退回")
    assert scene.one().settled_by == scene.finance
    scene.compare_again()
    assert scene.kinds() == [("payment", "only_billed", "settled")]
    assert scene.heard() == DIFFERS


def test_a_second_payment_that_the_bill_tells_of_is_proposed_to_be_paid_back(scene: Scene) -> None:
    order = scene.ordered()
    scene.pay(order)
    other = scene.bank.query(scene.payments()[0].charge_number).paid
    assert other is not None
    scene.bank.strange.append(replace(other, transaction_id="BX2"))
    scene.morning()
    assert scene.one().outcome == Outcome.DOUBLE
    assert scene.only(Reason.DOUBLE_PAYMENT)


# --- what the bill lacks, or has otherwise ----------------------------------------------------


def test_a_payment_that_the_bill_lacks_is_told_and_explained_once_a_bill_has_it(
    scene: Scene,
) -> None:
    notice = scene.pay(scene.ordered())
    scene.bank.unbilled.add(notice.transaction_id)
    scene.morning()
    assert scene.kinds() == [("payment", "only_here", "open")]
    held = scene.bank.charges[notice.charge_number]
    scene.bank.unbilled.clear()
    held.paid = replace(notice, paid_at=notice.paid_at + timedelta(days=1))
    scene.morning(NEXT)
    assert scene.kinds() == [("payment", "only_here", "explained")]
    assert scene.heard() == [*DIFFERS, ("explained", DAY.isoformat()), ("agreed", NEXT.isoformat())]


def test_another_amount_is_a_difference_until_the_bill_is_mended(scene: Scene) -> None:
    notice = scene.pay(scene.ordered())
    scene.bank.billed_as[notice.transaction_id] = 700
    scene.morning()
    found = scene.one()
    assert (found.kind, found.their_fen, found.our_fen) == ("other_amount", 700, 500)
    scene.bank.billed_as.clear()
    scene.compare_again()
    assert scene.one().state == "explained"
    scene.bank.billed_as[notice.transaction_id] = 800
    scene.compare_again()
    assert (scene.one().state, scene.one().their_fen) == ("open", 800)
    assert [name for name, _ in scene.heard()] == ["differs", "explained", "differs"]


def test_a_payment_of_another_charge_is_a_difference(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.pay(scene.ordered())
    said = bill_of(scene)
    other = replace(said.payments[0], charge_number="C260302-0009-AAAA")
    monkeypatch.setattr(scene.bank, "bill", lambda *_: replace(said, payments=(other,)))
    scene.morning()
    assert [(one.kind, one.theirs) for one in scene.differences()] == [
        ("other_number", "C260302-0009-AAAA")
    ]


def test_a_payment_that_a_bill_has_twice_is_a_difference(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.pay(scene.ordered())
    said = bill_of(scene)
    monkeypatch.setattr(scene.bank, "bill", lambda *_: replace(said, payments=said.payments * 2))
    scene.morning()
    assert scene.kinds() == [("payment", "billed_twice", "open")]
    assert len(scene.payments()) == 1


def test_a_refund_that_nobody_here_asked_for_is_told(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    notice = scene.pay(scene.ordered())
    said = bill_of(scene)
    strange = BillRefund("BR9", "ZX1", notice.transaction_id, 500, 0, RefundState.SUCCESS)
    monkeypatch.setattr(scene.bank, "bill", lambda *_: replace(said, refunds=(strange,)))
    scene.morning()
    assert scene.kinds() == [("refund", "only_billed", "open")]


def test_a_refund_that_the_bill_lacks_is_told(scene: Scene) -> None:
    order = scene.ordered()
    scene.pay_twice(order)
    scene.work_off()
    number = scene.only(Reason.DOUBLE_PAYMENT)
    scene.allow(number)
    scene.work_off()
    scene.bank.unbilled.add(scene.asked_as(number))
    scene.morning()
    assert scene.kinds() == [("refund", "only_here", "open")]
    scene.bank.unbilled.clear()
    scene.compare_again()
    assert scene.kinds() == [("refund", "only_here", "explained")]


@pytest.mark.parametrize(
    ("first", "found"),
    [(RefundState.CLOSED, []), (RefundState.SUCCESS, [("refund", "other_state", "open")])],
)
def test_a_refund_that_was_closed_and_paid_under_another_number_agrees(
    scene: Scene,
    monkeypatch: pytest.MonkeyPatch,
    first: RefundState,
    found: list[tuple[str, str, str]],
) -> None:
    """Unless the bill has both of them paid."""
    order = scene.ordered()
    scene.pay_twice(order)
    scene.work_off()
    number = scene.only(Reason.DOUBLE_PAYMENT)
    called = scene.asked_as(number)
    scene.bank.takes_back = RefundState.CLOSED
    scene.allow(number)
    scene.work_off()
    scene.bank.takes_back = RefundState.SUCCESS
    scene.again(number)
    scene.work_off()
    said = bill_of(scene)
    paid = scene.share(order, "double").payment
    both = tuple(
        BillRefund(f"BR{place}", name, paid.transaction_id, 500, 0, state)
        for place, (name, state) in enumerate(
            ((called, first), (f"{called}-2", RefundState.SUCCESS))
        )
    )
    monkeypatch.setattr(scene.bank, "bill", lambda *_: replace(said, refunds=both))
    scene.morning()
    assert scene.kinds() == found


def test_a_refund_that_the_provider_paid_back_and_finance_refused_is_told(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = scene.ordered()
    scene.pay_twice(order)
    scene.work_off()
    number = scene.only(Reason.DOUBLE_PAYMENT)
    scene.refuse(number)
    said = bill_of(scene)
    paid = scene.share(order, "double").payment
    back = BillRefund(
        "BR9", scene.asked_as(number), paid.transaction_id, 500, 0, RefundState.SUCCESS
    )
    monkeypatch.setattr(scene.bank, "bill", lambda *_: replace(said, refunds=(back,)))
    scene.morning()
    found = scene.one()
    assert (found.kind, found.theirs, found.ours) == ("other_state", "success", "refused")


# --- fees -------------------------------------------------------------------------------------


def test_what_the_provider_keeps_is_entered_once_and_another_figure_is_told(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    scene.pay(scene.ordered())
    said = bill_of(scene)
    dear = replace(said, payments=(replace(said.payments[0], fee_fen=3),))
    monkeypatch.setattr(scene.bank, "bill", lambda *_: dear)
    scene.morning()
    scene.compare_again()
    assert scene.balance(Account.FEES) == 3
    assert (scene.kinds(), books_add_up(scene)) == ([], True)
    dearer = replace(said, payments=(replace(said.payments[0], fee_fen=5),), content=b"another")
    monkeypatch.setattr(scene.bank, "bill", lambda *_: dearer)
    scene.compare_again()
    assert [(one.about, one.their_fen, one.our_fen) for one in scene.differences()] == [
        ("fee", 5, 3)
    ]
    assert scene.balance(Account.FEES) == 3, "the ledger is never written anew"


# --- settling ---------------------------------------------------------------------------------


def test_only_finance_settles_a_difference_with_a_reason_and_once(scene: Scene) -> None:
    scene.bank.unbilled.add(scene.pay(scene.ordered()).transaction_id)
    scene.morning()
    number = scene.one().number
    with scene.office.work(scene.affairs) as work, pytest.raises(NotAllowed):
        differences.settle(work, number, "好", scene.agreed(scene.affairs))
    with pytest.raises(Refused, match="reason_needed"):
        scene.settle_difference(number, "  ")
    scene.settle_difference(number, "平台已补")
    with pytest.raises(AlreadyHandled):
        scene.settle_difference(number, "又一次")
    (entry,) = [one for one in scene.audit(number) if one.event == "settle"]
    assert (entry.actor_id, entry.why) == (scene.finance, "平台已补")
    scene.compare_again()
    assert not scene.is_open(number), "settled is settled while it stays the same"


# --- files ------------------------------------------------------------------------------------


def test_the_files_have_every_row_and_what_differs(scene: Scene) -> None:
    paid = [scene.pay(scene.ordered(kind)).transaction_id for kind in range(2)]
    scene.bank.unbilled.add(paid[1])
    scene.morning()
    with scene.office.read() as work:
        sheet = comparison_files.sheet(work, scene.bill(), "zh")
    assert [row[1] for row in sheet.rows] == ["交易号或退款编号", *paid]
    assert [row[7] for row in sheet.rows][1:] == ["一致", "这里有，账单没有 · 待处理"]
    assert sheet.table().startswith(b"\xef\xbb\xbf")
    assert sheet.workbook().startswith(b"PK")


def bill_of(scene: Scene) -> Bill:
    """What the bank would say of the day."""
    now = scene.clock.now()
    scene.at(NEXT, time(10))
    said = scene.bank.bill(DAY)
    scene.clock.set(now)
    assert said is not None
    return said
