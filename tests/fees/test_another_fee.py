"""A fee that is added as ``docs/add-a-fee.md`` says is listed, ordered, waived, paid and entered."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from backend import charges, numbering, orders, tasks
from backend.consents import keep
from backend.errors import Refused
from backend.fees import ordering
from backend.fees.listing import price_list
from backend.goods import GOODS
from backend.ledger import chart, checking
from backend.ledger.accounts import income
from backend.ledger.balances import balances
from backend.models import Application, Order, PolicyVersion
from backend.office import Office
from backend.payments import settle
from backend.payments.by_hand import NAME, ByHand
from backend.payments.provider import PaymentNotice, Way
from backend.policy import store
from backend.work import Work
from backend.workflow import NEW
from bot.play import Stage
from dialogs.case_kinds import CASES
from dialogs.catalog import DIALOGS
from dialogs.policies.fees import fee_entries
from tests.fees.scene import DAY, TODAY, Scene

MANUAL = Path(__file__).parents[2] / "docs" / "add-a-fee.md"
CARD, PRICE = "student_card", 1000


@pytest.fixture
def manual() -> Iterator[dict[str, Any]]:
    """What the manual's blocks make, one after another, as if they were files here."""
    names: dict[str, Any] = {}
    try:
        for block in re.findall(r"^```python\n(.*?)^```", MANUAL.read_text(), re.M | re.S):
            exec(compile(block, MANUAL.name, "exec"), names)
        yield names
    finally:
        for added, name in (
            (GOODS, CARD),
            (CASES, CARD),
            (store.KINDS, "card"),
            (tasks.JOBS, "print_card"),
            (DIALOGS, "order_card"),
        ):
            added.pop(name, None)


def publish(office: Office, **body: Any) -> None:
    with office.work() as work:
        row = PolicyVersion(
            institution_id=work.institution,
            name="card",
            version=1,
            valid_from=TODAY,
            body=body,
            published_at=work.now,
        )
        work.session.add(row)


def filed(scene: Scene) -> str:
    with scene.office.work(scene.buyer) as work:
        application = Application(
            institution_id="demo",
            number=numbering.next_number(work, "S"),
            kind=CARD,
            applicant_id=scene.buyer,
            unit_id=scene.physics,
            state=NEW,
            filed_at=work.now,
            policy_version=store.version_in_force(work, "card"),
            consent_id=keep(work, scene.agreed(scene.buyer)),
        )
        GOODS[CARD].workflow.take(work, application, "file")
        return application.number


def case(work: Work, number: str) -> Application:
    return work.session.query(Application).filter_by(number=number).one()


def ordered(scene: Scene, number: str) -> Order:
    with scene.office.work(scene.buyer) as work:
        application = case(work, number)
        told = ordering.price_of(work, application)
        return ordering.confirm(work, application, told, scene.agreed(scene.buyer))


def paid(scene: Scene, order: Order) -> settle.Outcome:
    till = ByHand(scene.clock)
    with scene.office.work() as work:
        charge = charges.begin(work, [order.number], Way.NATIVE, NAME)
        till.open(charges.asked(charge))
    notice = till.pay(charge.number)
    assert isinstance(notice, PaymentNotice)
    with scene.office.work() as work:
        return settle.take(work, notice)


def test_a_fee_that_the_manual_adds_is_paid_like_every_other(
    scene: Scene, manual: dict[str, Any]
) -> None:
    publish(scene.office, price_fen=PRICE, order_hours=24)
    number = filed(scene)
    order = ordered(scene, number)
    assert (order.state, order.total_fen) == (orders.State.CONFIRMED, PRICE)
    assert paid(scene, order) is settle.Outcome.SETTLED
    with scene.office.read() as work:
        assert case(work, number).state == "paid"
        assert balances(work)[income(CARD)] == -PRICE
        assert checking.check(work).faults == ()
        listed = {row.fee.kind: row for row in price_list(work, TODAY)}
    assert listed[CARD].terms.price_fen == PRICE
    assert chart.name(income(CARD)).zh == "收入·补办学生证"
    assert scene.jobs_asked("print_card") == [f"print_card:demo:{number}"]
    assert [one.key for one in fee_entries() if CARD in one.key] == [
        f"waived_by.{CARD}",
        f"second_above_fen.{CARD}",
    ]


def test_until_its_price_is_published_nobody_orders_it(
    scene: Scene, manual: dict[str, Any]
) -> None:
    publish(scene.office)
    with pytest.raises(Refused, match="price_not_set"):
        ordered(scene, filed(scene))


def test_it_is_waived_and_comes_back_when_it_expires_like_every_other(
    scene: Scene, manual: dict[str, Any]
) -> None:
    publish(scene.office, price_fen=PRICE, order_hours=24)
    scene.set_policy("fees", TODAY, waived_by={CARD: ["finance"]}, second_above_fen={})
    waiver = scene.waive(kind=CARD, off_fen=400)
    number = filed(scene)
    assert ordered(scene, number).total_fen == PRICE - 400
    scene.pass_time(DAY)
    assert scene.expire() == 1
    assert scene.used(waiver) == 0
    assert ordered(scene, number).total_fen == PRICE - 400


ORDERED = """人物 小何 = 20141800000002
小何 > 补办学生证
小何 > [确认订单]
"""


def test_whoever_orders_it_in_chat_is_told_when_the_money_is_there(
    manual: dict[str, Any], stage: Callable[..., Stage]
) -> None:
    one = stage()
    publish(one.assistant.office, price_fen=PRICE, order_hours=24)
    played = one.play(ORDERED + "操作 支付 D260302-0001\n")
    assert "小何 < 补办学生证，确认订单吗？ 【补办学生证｜费用：10.00 元】 [确认订单]" in played
    assert "小何 < 订单 D260302-0001，10.00 元，请在 2026年3月3日 09:00 之前支付" in played
    assert "小何 < 收到补办学生证 10.00 元（订单 D260302-0001，申请 S260302-0001）。" in played
    assert "  · 任务 print_card" in played


def test_whoever_lets_it_expire_is_told_and_has_it_again(
    manual: dict[str, Any], stage: Callable[..., Stage]
) -> None:
    one = stage()
    publish(one.assistant.office, price_fen=PRICE, order_hours=24)
    played = one.play(ORDERED + "时间 2026-03-03 10:00\n小何 > [办理订单]\n小何 > [确认订单]\n")
    assert (
        "小何 < 订单 D260302-0001 过期没有支付，已经关闭，没有扣款。 / "
        "申请 S260302-0001 还有效，可以重新办理订单。 [办理订单]"
    ) in played
    assert "小何 < 订单 D260303-0001，10.00 元，请在 2026年3月4日 10:00 之前支付" in played
    played = one.play("操作 支付 D260303-0001\n")
    assert "小何 < 收到补办学生证 10.00 元（订单 D260303-0001，申请 S260302-0001）。" in played


def test_money_that_comes_after_the_order_ended_is_told_with_the_order_it_was_for(
    manual: dict[str, Any], stage: Callable[..., Stage]
) -> None:
    one = stage()
    publish(one.assistant.office, price_fen=PRICE, order_hours=24)
    played = one.play(
        ORDERED
        + "操作 去付款 D260302-0001\n"
        + "时间 2026-03-03 12:00\n操作 迟到付款 D260302-0001 10\n"
    )
    assert "D260302-0001 expire: confirmed → expired" in played
    assert "小何 < 收到补办学生证 10.00 元（订单 D260302-0001，申请 S260302-0001）。" in played
