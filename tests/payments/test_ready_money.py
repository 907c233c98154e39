"""Before anybody pays, whoever runs it learns what would be lost, and what stays closed and why."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from backend import charges
from backend.authority import Role
from backend.clock import SetClock
from backend.models import Application, Charge, Institution
from backend.payments.provider import Payee, PaymentNotice, Way
from backend.payments.settle import Outcome
from backend.payments.wechat.transactions import NAME
from backend.refunds import filing, money
from backend.refunds.states import Reason
from bot import ready_money
from bot.finding import State
from bot.settings import Settings
from tests.payments.scene import Scene
from tests.payments.wechat.far_end import APIV3_KEY, APPID, KEY_ID, MCHID, SERIAL

NOW_US = Payee(MCHID, APPID)
Says = list[tuple[State, str]]


def settings(scene: Scene, folder: Path, **changed: Any) -> Settings:
    given = {
        "mchid": MCHID,
        "appid": APPID,
        "merchant_serial": SERIAL,
        "private_key": folder / "apiclient_key.pem",
        "apiv3_key": APIV3_KEY,
        "public_keys": {KEY_ID: folder / "pub_key.pem"},
    }
    url = scene.office.database.url.render_as_string(hide_password=False)
    usual: dict[str, Any] = {"institution": "demo", "database_url": url, "wechat_pay": given}
    return Settings(**(usual | changed))


def said(scene: Scene, folder: Path, **changed: Any) -> Says:
    found = ready_money.money(settings(scene, folder, **changed), SetClock(scene.clock.now()))
    return [(state, f"{zh} {en}") for state, zh, en in found]


def about(words: str, found: Says) -> list[State]:
    return [state for state, said in found if words in said]


def begin(scene: Scene, payee: Payee) -> str:
    order = scene.confirm()
    with scene.office.work() as work:
        return charges.begin(work, [order], Way.NATIVE, NAME, payee).number


def appoint(scene: Scene, count: int) -> None:
    for n in range(count):
        scene.staff(f"F{n}", Role.FINANCE)


# --- as whom --------------------------------------------------------------------------------


def test_charges_of_the_merchant_of_now_are_as_they_should_be(scene: Scene, tmp_path: Path) -> None:
    begin(scene, NOW_US)
    assert about("没有结果的付款", said(scene, tmp_path)) == []


def test_a_merchant_is_not_changed_while_money_may_still_come_to_the_one_before(
    scene: Scene, tmp_path: Path
) -> None:
    begin(scene, Payee("1900000110", APPID))
    begin(scene, Payee("1900000110", APPID))
    found = said(scene, tmp_path)
    assert about("还有 2 笔没有结果的付款是用商户号 1900000110 发起的", found) == [State.BAD]
    (line,) = ready_money.at_start(settings(scene, tmp_path))
    assert line.startswith("✗ 还有 2 笔没有结果的付款是用商户号 1900000110 发起的")
    with scene.office.work() as work:
        for charge in work.session.query(Charge):
            charges.WORKFLOW.take(work, charge, "close")
    assert about("没有结果的付款", said(scene, tmp_path)) == []


def test_nor_while_a_refund_is_under_way_there(scene: Scene, tmp_path: Path) -> None:
    number = begin(scene, Payee("1900000110", APPID))
    paid = PaymentNotice(NAME, "4200001", number, 500, "CNY", scene.clock.now())
    assert scene.take(paid) is Outcome.SETTLED
    assert about("没有结果", said(scene, tmp_path)) == []
    with scene.office.work(scene.buyer) as work:
        (share,) = money.of_person(work, scene.buyer)
        refund = filing.file(work, money.lock(work, share), Reason.UNUSED, consent_id=None)
        refund.state = "sent"
    found = said(scene, tmp_path)
    assert about("还有 1 笔退款在商户号 1900000110 上没有结果", found) == [State.BAD]
    with scene.office.work() as work:
        work.session.get_one(Application, refund.id).state = "refunded"
    assert about("没有结果", said(scene, tmp_path)) == []


def test_an_app_may_be_changed_and_one_is_told_what_is_still_open(
    scene: Scene, tmp_path: Path
) -> None:
    begin(scene, Payee(MCHID, "wx-before"))
    assert about("AppID wx-before", said(scene, tmp_path)) == [State.NOTE]


def test_two_institutions_do_not_share_a_merchant(scene: Scene, tmp_path: Path) -> None:
    begin(scene, NOW_US)
    with scene.office.work() as work:
        work.session.add(Institution(id="other", name_zh="另一所", name_en="Another"))
    assert about("别的机构", said(scene, tmp_path)) == []
    found = said(scene, tmp_path, institution="other")
    assert about(f"商户号 {MCHID} 还有别的机构在用（demo）", found) == [State.BAD]


# --- what is closed -------------------------------------------------------------------------


def test_where_finance_have_decided_all_and_are_there_that_is_said(
    scene: Scene, tmp_path: Path
) -> None:
    appoint(scene, 2)
    assert about("退款、发票和减免都开放了", said(scene, tmp_path)) == [State.GOOD]


@pytest.mark.parametrize(("people", "words"), [(0, "财务处没有人"), (1, "财务处只有一个人")])
def test_whether_anybody_is_there_to_decide_is_said(
    scene: Scene, tmp_path: Path, people: int, words: str
) -> None:
    appoint(scene, people)
    found = said(scene, tmp_path)
    assert about(words, found) == [State.NOTE]
    assert about("都开放了", found) == []


def test_in_production_money_without_finance_is_wrong(scene: Scene, tmp_path: Path) -> None:
    assert about("财务处没有人", said(scene, tmp_path, production=True)) == [State.BAD]


@pytest.mark.parametrize(
    ("policy", "entries", "words"),
    [
        ("refund", {"unused_days": None}, "没有定申请期限：还没有办，不要了。"),
        (
            "refund",
            {"wrong_document_days": None, "mismatch_days": None},
            "成绩单内容有错、付的金额",
        ),
        ("invoice", {"tax_rate": None, "exempt_note": ""}, "发票还申请不了，没有定：税率。"),
        ("fees", {"waived_by": {}}, "没有定由谁减免："),
    ],
)
def test_what_is_closed_as_finance_have_not_decided_is_named(
    scene: Scene, tmp_path: Path, policy: str, entries: dict[str, Any], words: str
) -> None:
    appoint(scene, 2)
    scene.set_policy(policy, date(2026, 3, 1), **entries)
    found = said(scene, tmp_path)
    assert about(words, found) == [State.NOTE]
    assert about("都开放了", found) == []


def test_where_there_is_nothing_yet_nothing_is_said(tmp_path: Path) -> None:
    assert list(ready_money.money(Settings(data=tmp_path, database_url=""))) == []
