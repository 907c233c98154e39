"""The review fee within its window: what is agreed to stands, what is begun anew costs what it costs (E6)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backend import orders
from backend.authority import Role
from backend.errors import Refused
from backend.exam import graduation_cases, graduation_fee
from backend.exam.graduation_cases import KIND, State
from backend.fees import listing, ordering, waivers
from backend.fees.price import Price
from backend.models import Order
from backend.tasks import housekeeping
from tests.graduation.graduates import Graduates
from tests.graduation.test_graduation import agreed, approved, state, window

LENGTH = {"least": 200, "most": 800}


def publish(graduates: Graduates, fen: int, **other: Any) -> None:
    """In force from today on, as a version of its own."""
    body = {"appraisal": LENGTH, "review_fee_fen": fen, "order_hours": 24} | other
    graduates.hall.set_policy("exam", graduates.hall.clock.now().date(), graduation=body)
    graduates.hall.office.policies.clear()


def payable(graduates: Graduates) -> str:
    publish(graduates, 2000)
    number = approved(graduates)
    housekeeping(graduates.hall.office)
    assert state(graduates, number) == State.PAYABLE
    return number


def price(graduates: Graduates, number: str) -> tuple[Price, listing.Change | None]:
    with graduates.hall.office.read(graduates.person) as work:
        application = graduation_cases.own(work, number)
        now = ordering.price_of(work, application)
        return now, listing.change(work, application, now)


def order(graduates: Graduates, number: str) -> str:
    told, _ = price(graduates, number)
    with graduates.hall.office.work(graduates.person) as work:
        return graduation_fee.order(work, number, told, agreed(graduates)).number


def found(graduates: Graduates, number: str) -> Order:
    with graduates.hall.office.read() as work:
        one = orders.find(work, number)
        assert one is not None
        return one


def waive(graduates: Graduates, **how: Any) -> str:
    giver = graduates.hall.staff("F1", Role.FINANCE)
    with graduates.hall.office.work(giver) as work:
        return waivers.give(
            work,
            graduates.person,
            KIND,
            **{
                "times": 1,
                "off_fen": None,
                "until": work.now.date() + timedelta(days=30),
                "why": "家庭经济困难",
                "consent": graduates.hall.agreed(giver),
            }
            | how,
        ).number


def test_a_review_fee_that_rises_is_told_to_whoever_orders_anew(graduates: Graduates) -> None:
    number = payable(graduates)
    made = order(graduates, number)
    publish(graduates, 2500)
    assert found(graduates, made).total_fen == 2000
    graduates.hall.pass_time(timedelta(hours=24))
    housekeeping(graduates.hall.office)
    assert found(graduates, made).state == orders.State.EXPIRED
    now, change = price(graduates, number)
    assert now.due_fen == 2500
    assert change is not None
    assert (change.was.price_fen, change.now.price_fen) == (2000, 2500)
    assert change.since is not None
    assert found(graduates, order(graduates, number)).total_fen == 2500


def test_a_fee_that_rose_after_filing_is_told_before_the_first_order(graduates: Graduates) -> None:
    number = payable(graduates)
    publish(graduates, 2500)
    _, change = price(graduates, number)
    assert change is not None
    assert (change.was.price_fen, change.now.price_fen, change.was_due_fen) == (2000, 2500, None)


def test_a_waived_review_fee_is_done_without_money_and_within_its_window_only(
    graduates: Graduates,
) -> None:
    number = payable(graduates)
    waive(graduates)
    open_ = window("graduation")
    graduates.policy(windows=open_ + window("graduation_payment", "2026-04-01", "2026-04-02"))
    with pytest.raises(Refused, match="window_closed"):
        order(graduates, number)
    graduates.policy(windows=open_ + window("graduation_payment", "2026-03-01", "2026-04-02"))
    made = order(graduates, number)
    assert (found(graduates, made).total_fen, state(graduates, number)) == (0, State.PAID)


def test_a_window_that_closes_gives_the_use_of_a_waiver_back(graduates: Graduates) -> None:
    number = payable(graduates)
    waiver = waive(graduates, off_fen=500)
    open_ = window("graduation")
    graduates.policy(windows=open_ + window("graduation_payment", "2026-03-01", "2026-03-02"))
    made = order(graduates, number)
    assert found(graduates, made).total_fen == 1500
    assert found(graduates, made).expires_at == datetime(2026, 3, 2, 8, 1, tzinfo=UTC)
    graduates.hall.clock.set(datetime(2026, 3, 2, 9, tzinfo=UTC))
    housekeeping(graduates.hall.office)
    assert state(graduates, number) == State.LAPSED
    with graduates.hall.office.read() as work:
        one = waivers.find(work, waiver)
        assert one is not None
        assert waivers.used(work, one) == 0
