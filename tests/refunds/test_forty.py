"""Forty refunds are three presses of finance, from the menu to the money, once they have shown who they are."""

from collections.abc import Callable

from sqlalchemy import func, select

from backend.models import Application
from backend.payments.provider import CURRENCY, PaymentNotice, RefundState
from backend.refunds.states import KIND, State
from bot.play import Stage

ONCE = """\
人物 小周 = graduated
人物 财务 = S00201
小周 > 因为求职要英文成绩单带GPA，合在一起
小周 > [确认订单]
小周 > 因为签证要英文成绩单带GPA，合在一起
小周 > [确认订单]
操作 支付 D260302-0002
"""
PRESSES = """\
财务 > 你好
财务 > [待我办理]
财务 > [同意这 40 笔]
操作 登录 财务
财务 > [全部同意]
"""


def test_finance_decides_forty_refunds_with_three_presses(stage: Callable[..., Stage]) -> None:
    playing = stage()
    playing.play(ONCE)
    (charge,) = (held for held in playing.till.charges.values() if held.paid)
    for place in range(40):
        again = PaymentNotice(
            playing.till.name,
            f"AGAIN{place}",
            charge.asked.number,
            charge.asked.amount_fen,
            CURRENCY,
            playing.clock.now(),
        )
        playing.settle(again)
    playing.play(PRESSES)
    with playing.assistant.office.read() as work:
        states = dict(
            work.session.execute(
                select(Application.state, func.count())
                .where(Application.kind == KIND)
                .group_by(Application.state)
            ).all()
        )
    assert states == {State.REFUNDED: 40}
    gone = [one for one in playing.till.refunds.values() if one.state is RefundState.SUCCESS]
    assert sum(one.amount_fen for one in gone) == 40 * charge.asked.amount_fen
