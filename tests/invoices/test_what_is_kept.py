"""A consent stays for good: it proves what was agreed to, and holds no title and no tax number."""

from collections.abc import Callable

from sqlalchemy import select

from backend.invoices import buyers, requesting
from backend.invoices.buyers import Buyer, Kind
from backend.models import ConsentRecord
from backend.sealing import Sealer
from bot.play import Stage

FIRST = Buyer(Kind.COMPANY, "某某科技（北京）有限公司", "91350100M000100Y43")
SECOND = Buyer(Kind.COMPANY, "演示大学附属研究所", "91440300708461136T")
ASKED = f"""人物 小何 = 20141800000002
小何 > 英文成绩单带GPA，合在一起
小何 > 求职
小何 > [确认订单]
操作 支付 D260302-0001
小何 > 开发票
小何 > [公司或单位]
小何 > {FIRST.title} {FIRST.tax_number}
小何 > [提交]
小何 > 发票抬头写错了
小何 > [别的单位]
小何 > {SECOND.title} {SECOND.tax_number}
小何 > [重新提交]
"""


def test_what_is_kept_of_asking_and_correcting_is_masked_and_proves_the_buyer(
    stage: Callable[..., Stage],
) -> None:
    one = stage()
    played = one.play(ASKED)
    assert f"抬头：{FIRST.title}（公司或单位）；税号：{FIRST.tax_number}；" in played
    assert "K260302-0001 correct: filed → filed" in played
    with one.assistant.office.read() as work:
        kept = work.session.scalars(select(ConsentRecord).order_by(ConsentRecord.id)).all()
        application = requesting.find(work, "K260302-0001")
        assert application is not None
        assert buyers.opened(work, requesting.request_of(work, application)) == SECOND
        told = {buyer: buyers.digest(work, buyer) for buyer in (FIRST, SECOND)}
    for buyer in (FIRST, SECOND):
        for record in kept:
            assert buyer.title not in record.words + record.facts
            assert buyer.tax_number not in record.words + record.facts
    assert [one.facts.endswith(told[FIRST]) for one in kept[-2:]] == [True, False]
    assert kept[-1].facts.endswith(told[SECOND])
    assert "9144**********136T" in kept[-1].words


def test_without_the_key_nobody_can_try_which_number_a_consent_is_about() -> None:
    one, other = Sealer(b"a" * 32), Sealer(b"b" * 32)
    assert one.digest("company", "甲", "1") == one.digest("company", "甲", "1")
    assert one.digest("company", "甲", "1") != other.digest("company", "甲", "1")
    assert one.digest("ab", "c") != one.digest("a", "bc")
    assert one.digest("Acme") != one.digest("ACME")
