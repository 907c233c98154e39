"""Against WeChat Pay as an independent program plays it: money comes, goes back, and is booked."""

import itertools
from datetime import timedelta
from threading import Thread

import pytest

from backend.clock import local_date
from backend.payments.provider import (
    AlreadyPaid,
    Bill,
    ChargeFound,
    ChargeState,
    PaymentNotice,
    ProviderRefused,
    ProviderUnreachable,
    RefundAsked,
    RefundNotice,
    RefundState,
    Way,
)
from tests.payments.wechat.conftest import Account
from tests.peers.wechatpay.control import FORGERIES

SERIES = itertools.count(1)


@pytest.fixture
def number() -> str:
    return f"C-peer-{next(SERIES):06}"


def refund_of(paid: PaymentNotice, amount: int, number: str) -> RefundAsked:
    return RefundAsked(
        number, paid.transaction_id, paid.charge_number, amount, paid.amount_fen, "学校多收，退回"
    )


# --- money comes ----------------------------------------------------------------------------


@pytest.mark.parametrize("way", Way)
def test_a_charge_is_opened_paid_and_told_in_each_way(
    account: Account, number: str, way: Way
) -> None:
    asked = account.ask(number, way=way)
    place = account.provider.open(asked)
    assert place.startswith({"native": "weixin://", "h5": "http", "jsapi": "wx"}[way])
    assert account.provider.query(number) == ChargeFound(ChargeState.OPEN)
    account.server.control.pay(number)
    assert account.server.deliver() == ["204"]
    (told,) = account.told
    assert isinstance(told, PaymentNotice)
    assert (told.charge_number, told.amount_fen, told.currency) == (number, 2000, "CNY")
    assert account.provider.query(number) == ChargeFound(ChargeState.PAID, told)


def test_asking_twice_for_a_charge_is_one_charge(account: Account, number: str) -> None:
    asked = account.ask(number)
    account.provider.open(asked)
    account.provider.open(asked)
    account.server.control.pay(number)
    with pytest.raises(AlreadyPaid):
        account.provider.open(asked)
    assert account.server.deliver() == ["204"]


def test_a_number_is_not_used_for_another_amount(account: Account, number: str) -> None:
    account.provider.open(account.ask(number, 2000))
    with pytest.raises(ProviderRefused) as caught:
        account.provider.open(account.ask(number, 3000))
    assert not isinstance(caught.value, AlreadyPaid)


def test_the_longest_title_is_taken(account: Account, number: str) -> None:
    asked = account.ask(number)
    account.provider.open(
        type(asked)(number, "毕业审定费" * 40, 2000, asked.expires_at, Way.NATIVE)
    )


def test_a_number_with_every_sign_it_may_have_is_found_again(account: Account) -> None:
    number = "C|peer*_-0001"
    told = account.paid(number)
    assert account.provider.query(number) == ChargeFound(ChargeState.PAID, told)


def test_what_is_closed_cannot_be_paid_any_more(account: Account, number: str) -> None:
    account.provider.open(account.ask(number))
    for _ in range(2):
        account.provider.close(number)
    assert account.provider.query(number) == ChargeFound(ChargeState.CLOSED)
    with pytest.raises(Exception, match=r"ORDER_?CLOSED"):
        account.server.control.pay(number)


def test_what_was_never_opened_is_unknown_and_closes(account: Account, number: str) -> None:
    assert account.provider.query(number) == ChargeFound(ChargeState.UNKNOWN)
    account.provider.close(number)


def test_what_is_paid_is_not_closed(account: Account, number: str) -> None:
    account.paid(number)
    with pytest.raises(AlreadyPaid):
        account.provider.close(number)


def test_a_charge_past_its_time_is_open_until_it_is_closed(account: Account, number: str) -> None:
    account.provider.open(account.ask(number))
    account.server.control.move(timedelta(hours=2))
    assert account.provider.query(number).state is ChargeState.OPEN
    account.provider.close(number)
    assert account.provider.query(number).state is ChargeState.CLOSED


def test_money_is_found_although_its_notice_was_lost(account: Account, number: str) -> None:
    account.provider.open(account.ask(number))
    account.server.control.mishaps(lose=1)
    account.server.control.pay(number)
    assert account.server.deliver() == ["lost"]
    account.server.control.mishaps()
    found = account.provider.query(number)
    assert found.paid is not None
    account.server.control.move(timedelta(minutes=1))
    assert account.server.deliver() == ["204"]
    assert account.told == [found.paid]


def test_a_notice_that_comes_three_times_says_one_payment(account: Account, number: str) -> None:
    account.provider.open(account.ask(number))
    account.server.control.mishaps(copies=3)
    account.server.control.pay(number)
    assert account.server.deliver() == ["204"] * 3
    account.server.control.mishaps()
    assert len(set(account.told)) == 1


def test_notices_that_come_late_and_the_last_one_first_say_the_same(
    account: Account, number: str
) -> None:
    """A refund is told before the payment that it is of."""
    control, refund = account.server.control, f"R{number}"
    account.provider.open(account.ask(number))
    control.mishaps(delay_seconds=60)
    control.hold()
    control.pay(number)
    found = account.provider.query(number).paid
    assert found is not None
    account.provider.refund(refund_of(found, 2000, refund))
    control.settle(refund)
    assert account.told == []
    control.move(timedelta(minutes=2))
    assert control.release(backwards=True) == ["204", "204"]
    control.mishaps()
    told, paid = account.told
    assert isinstance(told, RefundNotice)
    assert (told.number, told.state, paid) == (refund, RefundState.SUCCESS, found)


# --- who only says so -----------------------------------------------------------------------


@pytest.mark.parametrize("kind", sorted(set(FORGERIES) - {"amount"}), ids=str)
def test_nobody_gets_anything_by_a_notice_that_is_not_so(
    account: Account, number: str, kind: str
) -> None:
    account.provider.open(account.ask(number))
    assert account.server.control.forge(number, kind) in ("400", "401")
    assert all(isinstance(one, str) for one in account.told)
    assert account.provider.query(number) == ChargeFound(ChargeState.OPEN)


def test_another_amount_is_told_as_it_is(account: Account, number: str) -> None:
    """Whether it is enough is for whoever knows the charge."""
    account.provider.open(account.ask(number))
    account.server.control.forge(number, "amount", amount=1)
    (told,) = account.told
    assert isinstance(told, PaymentNotice)
    assert told.amount_fen == 1


def test_a_notice_with_a_platform_certificate_has_us_fetch_none(
    account: Account, number: str
) -> None:
    account.provider.open(account.ask(number))
    account.server.control.mishaps(certificate=True)
    account.server.control.pay(number)
    with account.server.unreachable():
        assert account.server.deliver() == ["401"]
    account.server.control.mishaps()
    (reason,) = account.told
    assert str(reason).startswith("unknown serial")


# --- what goes wrong on the way -------------------------------------------------------------


@pytest.mark.parametrize(
    "kind",
    [
        "system",
        "frequency",
        "gateway",
        "cut",
        "unsigned",
        "forged",
        "probe",
        "altered",
        "certificate",
    ],
)
def test_nothing_is_lost_by_an_answer_that_does_not_count(
    account: Account, number: str, kind: str
) -> None:
    account.server.control.outage(kind, done=True)
    asked = account.ask(number)
    with pytest.raises(ProviderUnreachable):
        account.provider.open(asked)
    assert account.provider.open(asked)
    account.server.control.outage(kind, path="/v3/pay")
    with pytest.raises(ProviderUnreachable):
        account.provider.query(number)
    assert account.provider.query(number).state is ChargeState.OPEN


def test_a_provider_that_is_away_is_back_when_it_is_back(account: Account, number: str) -> None:
    account.provider.open(account.ask(number))
    with account.server.unreachable(), pytest.raises(ProviderUnreachable):
        account.provider.query(number)
    assert account.provider.query(number).state is ChargeState.OPEN


def test_an_unsigned_no_does_not_make_a_paid_charge_unknown(account: Account, number: str) -> None:
    account.server.control.outage("unsigned")
    with pytest.raises(ProviderUnreachable):
        account.provider.query(number)  # 404 ORDER_NOT_EXIST, said by who knows whom


def test_jobs_ask_at_the_same_time(account: Account, number: str) -> None:
    account.provider.open(account.ask(number))
    found: list[ChargeState] = []
    threads = [
        Thread(target=lambda: found.append(account.provider.query(number).state)) for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [ChargeState.OPEN] * 8


# --- keys -----------------------------------------------------------------------------------


def test_no_payment_is_lost_while_wechat_pays_key_is_changed(account: Account, number: str) -> None:
    settings = account.settings().wechat_pay
    assert settings is not None
    old, before = settings.public_keys, account.provider
    made = account.server.control.rotate()
    path = account.folder / "next.pem"
    path.write_text(made["public_key"])
    # The settings have both, first the old and then the new one in front; then the new one alone.
    new = {made["public_key_id"]: path}
    for step, keys in enumerate(({**old, **new}, {**new, **old}, new)):
        account.provider = account.connect(public_keys=keys)
        account.paid(f"{number}-{step}")
        account.provider.stop()
    # Who has forgotten: notices of the new key are refused and come again, and nothing is made up.
    account.provider = before
    account.provider.open(account.ask(number))
    account.server.control.pay(number)
    assert account.server.deliver() == ["401"]
    before.stop()
    account.provider = account.connect(public_keys=new)
    account.server.control.move(timedelta(minutes=1))
    assert set(account.server.deliver()) == {"204"}
    assert number in {one.charge_number for one in account.told if isinstance(one, PaymentNotice)}
    (account.folder / "merchant" / "pub_key.pem").write_text(made["public_key"])


# --- money goes back ------------------------------------------------------------------------


def test_a_refund_goes_back_once_however_often_it_is_asked_for(
    account: Account, number: str
) -> None:
    paid = account.paid(number)
    asked = refund_of(paid, 500, f"R{number}")
    assert account.provider.query_refund(asked.number) is None
    first, second = (account.provider.refund(asked) for _ in range(2))
    assert first.refund_id == second.refund_id
    assert first.state in (RefundState.PROCESSING, RefundState.SUCCESS)
    assert account.server.deliver() == ["204"]
    told = account.told[-1]
    assert isinstance(told, RefundNotice)
    assert (told.state, told.amount_fen, told.number) == (RefundState.SUCCESS, 500, asked.number)
    assert account.provider.query_refund(asked.number) == told
    assert account.provider.query(number) == ChargeFound(ChargeState.PAID, paid)


@pytest.mark.parametrize("outcome", ["ABNORMAL", "CLOSED"])
def test_a_refund_that_does_not_arrive_is_told(account: Account, number: str, outcome: str) -> None:
    asked = refund_of(account.paid(number), 2000, f"R{number}")
    account.server.control.next_refund(outcome)
    account.provider.refund(asked)
    assert account.server.deliver() == ["204"]
    told = account.told[-1]
    assert isinstance(told, RefundNotice)
    assert told.state is RefundState(outcome.lower())


def test_no_more_goes_back_than_came(account: Account, number: str) -> None:
    paid = account.paid(number)
    account.provider.refund(refund_of(paid, 1500, f"R{number}-1"))
    with pytest.raises(ProviderRefused):
        account.provider.refund(refund_of(paid, 501, f"R{number}-2"))


def test_finance_learns_that_there_is_not_enough_to_pay_back(account: Account, number: str) -> None:
    asked = refund_of(account.paid(number), 2000, f"R{number}")
    account.server.control.balance(1999)
    with pytest.raises(ProviderRefused) as caught:
        account.provider.refund(asked)
    assert caught.value.code == "NOT_ENOUGH"
    account.server.control.balance(None)
    assert account.provider.refund(asked).amount_fen == 2000


def test_a_refund_whose_answer_was_lost_is_not_paid_twice(account: Account, number: str) -> None:
    asked = refund_of(account.paid(number), 2000, f"R{number}")
    account.server.control.outage("cut", done=True)
    with pytest.raises(ProviderUnreachable):
        account.provider.refund(asked)
    found = account.provider.query_refund(asked.number)
    assert found is not None
    assert account.provider.refund(asked).refund_id == found.refund_id


# --- and is booked --------------------------------------------------------------------------


def test_the_bill_of_the_day_says_what_was_paid_and_paid_back(
    account: Account, number: str
) -> None:
    account.server.control.move(timedelta(days=2))  # a day of its own
    day = local_date(account.now())
    first, second = account.paid(f"{number}-1", 2000), account.paid(f"{number}-2", 12345)
    asked = refund_of(first, 500, f"R{number}")
    account.provider.refund(asked)
    account.server.deliver()
    assert account.provider.bill(day) is None
    account.server.control.move(timedelta(days=1, hours=12))
    got = account.provider.bill(day)
    assert got is not None
    assert {one.transaction_id: one for one in got.payments}.keys() == {
        first.transaction_id,
        second.transaction_id,
    }
    for paid in (first, second):
        (row,) = [one for one in got.payments if one.transaction_id == paid.transaction_id]
        assert (row.charge_number, row.amount_fen) == (paid.charge_number, paid.amount_fen)
        assert row.paid_at == paid.paid_at
        assert row.fee_fen == round(paid.amount_fen * 0.006)
    (back,) = got.refunds
    assert (back.number, back.amount_fen, back.fee_fen) == (asked.number, 500, 3)
    assert back.state is RefundState.SUCCESS


def test_a_day_without_money_has_an_empty_bill(account: Account) -> None:
    account.server.control.move(timedelta(days=3))
    day = local_date(account.now()) - timedelta(days=2)
    assert account.provider.bill(day) == Bill(day, (), ())


def test_a_bill_that_differs_is_told_as_it_is(account: Account, number: str) -> None:
    account.server.control.move(timedelta(days=2))
    day = local_date(account.now())
    paid = account.paid(number)
    account.server.control.book(day.isoformat(), "missing", paid.transaction_id)
    extra = account.server.control.book(day.isoformat(), "extra", amount=777)
    account.server.control.move(timedelta(days=1, hours=12))
    got = account.provider.bill(day)
    assert got is not None
    assert [(one.transaction_id, one.amount_fen) for one in got.payments] == [(extra, 777)]
