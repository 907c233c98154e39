"""An order is invoiced at most once, for what was paid, in time, and for nobody but its buyer."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from backend.errors import AlreadyHandled, NotAllowed, Refused
from backend.invoices import buyers, requesting
from backend.invoices.buyers import Buyer, Kind
from backend.models import InvoiceOrder, InvoiceRequest
from backend.refunds import deciding
from tests.invoices.conftest import COMPANY, ME, Finance


def refused(scene: Finance, *order_ids: int, buyer: Buyer = COMPANY) -> str:
    with pytest.raises(Refused) as told:
        scene.request(*order_ids, buyer=buyer)
    return told.value.code


def test_several_orders_are_on_one_invoice_for_what_they_cost(scene: Finance) -> None:
    number = scene.request(*scene.paid(3))
    assert scene.amount(number) == 1500
    assert scene.state(number) == "filed"
    assert scene.invoice(number).holder == "finance"
    assert scene.told("invoice.file") == [number]


def test_an_order_is_invoiced_once(scene: Finance) -> None:
    first, second = scene.paid(2)
    scene.request(first)
    assert refused(scene, first, second) == "order_invoiced"
    with scene.office.read(scene.zhou) as work:
        offer = requesting.offer(work)
    assert [line.order.id for line in offer.lines] == [second]
    assert offer.invoiced == 1


def test_of_two_requests_for_one_order_at_once_one_is_kept(scene: Finance) -> None:
    (order,) = scene.paid()
    together = Barrier(2)

    def ask() -> str:
        with scene.office.work(scene.zhou) as work:
            if scene.office.database.dialect != "sqlite":  # which has one writer at a time
                together.wait(timeout=30)
            try:
                consent = scene.agreed(scene.zhou)
                return requesting.file(work, [order], COMPANY, consent).number
            except Refused as late:
                return late.code

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(one.result(60) for one in [pool.submit(ask), pool.submit(ask)])
    assert outcomes[1] == "order_invoiced"
    assert outcomes[0].startswith("K")
    with scene.office.read() as work:
        assert len(work.session.scalars(select(InvoiceOrder)).all()) == 1


def test_the_database_itself_refuses_a_second_invoice_for_an_order(scene: Finance) -> None:
    (order,) = scene.paid()
    number = scene.request(order)
    with scene.office.work() as work:
        again = requesting.find(work, number)
        assert again is not None
        line = InvoiceOrder(
            institution_id="demo", application_id=again.id, order_id=order, amount_fen=500
        )
        work.session.add(line)
        with pytest.raises(IntegrityError):
            work.session.flush()
        work.session.rollback()


def test_what_was_not_paid_or_cost_nothing_has_no_invoice(scene: Finance) -> None:
    open_order = scene.order(scene.confirm(scene.file(scene.zhou))).id
    assert refused(scene, open_order) == "order_not_paid"
    scene.set_policy("transcript", date(2020, 5, 2), free_copies=1)
    free = scene.order(scene.confirm(scene.file(scene.graduate("G2")))).id
    with scene.office.read() as work:
        buyer = work.session.get_one(requesting.Order, free).buyer_id
    with pytest.raises(Refused, match="nothing_to_invoice"):
        scene.request(free, person=buyer)
    with scene.office.read(buyer) as work:
        assert requesting.offer(work).nothing_left == 1


def test_what_is_to_be_paid_back_is_not_invoiced_and_is_again_once_that_is_refused(
    scene: Finance,
) -> None:
    (order,) = scene.paid()
    refund = scene.refund_asked(order)
    assert refused(scene, order) == "nothing_to_invoice"
    with scene.office.work(scene.first) as work:
        deciding.refuse(work, refund, "成绩单没有错", scene.agreed(scene.first))
    assert scene.amount(scene.request(order)) == 500


def test_an_invoice_can_be_asked_for_until_the_policys_months_are_over(scene: Finance) -> None:
    (order,) = scene.paid()
    scene.pass_time(timedelta(days=200))
    assert refused(scene, order) == "invoice_too_late"
    scene.set_policy("invoice", date(2026, 3, 3), months_after_payment=12)
    scene.request(order)


def test_until_finance_has_decided_what_invoices_say_there_are_none(scene: Finance) -> None:
    (order,) = scene.paid()
    for entry in ("months_after_payment", "goods_name", "tax_code", "tax_rate"):
        now = {"months_after_payment": 6, "goods_name": "服务费", "tax_code": "3" * 19}
        now |= {"tax_rate": "exempt"}
        scene.set_policy("invoice", date(2026, 3, 2), **(now | {entry: None}))
        with pytest.raises(Refused) as told:
            scene.request(order)
        assert told.value.code == "policy_not_set"
        assert told.value.facts["entry"] == entry


def test_nobody_gets_an_invoice_for_somebody_elses_order(scene: Finance) -> None:
    (order,) = scene.paid()
    other = scene.graduate("G2")
    with pytest.raises(NotAllowed):
        scene.request(order, person=other)
    number = scene.request(order)
    with pytest.raises(Refused, match="no_such_application"), scene.office.work(other) as work:
        requesting.cancel(work, number, scene.agreed(other))


def test_no_orders_and_too_many_are_refused(scene: Finance) -> None:
    assert refused(scene) == "no_order_chosen"
    assert refused(scene, *range(1, 22)) == "too_many_orders"


@pytest.mark.parametrize(
    "title",
    [
        "",
        "某",
        "公司",
        "我单位",
        "=HYPERLINK(1)",
        "@SUM(A1)",
        "'某某公司",
        "12345",
        "某" * 101,
        "\u202e\u200b",
    ],
)
def test_a_title_that_is_none_or_would_be_computed_is_refused(scene: Finance, title: str) -> None:
    buyer = Buyer(Kind.COMPANY, title, COMPANY.tax_number)
    assert refused(scene, 1, buyer=buyer) == "bad_title"


def test_a_title_is_one_line_of_what_can_be_seen() -> None:
    bought = buyers.company(" 某某\t科技\u200b（北京）\n有限公司， ", COMPANY.tax_number)
    assert bought.title == "某某 科技（北京） 有限公司"


def test_a_personal_invoice_bears_the_name_of_the_registry_whatever_is_asked(
    scene: Finance,
) -> None:
    number = scene.request(*scene.paid(), buyer=Buyer(Kind.PERSON, "别人", COMPANY.tax_number))
    with scene.office.read() as work:
        invoice = requesting.find(work, number)
        assert invoice is not None
        kept = buyers.opened(work, requesting.request_of(work, invoice))
    assert kept == Buyer(Kind.PERSON, "林小满")
    assert kept.shown == "林**"


def test_titles_and_numbers_are_not_readable_where_they_are_kept(scene: Finance) -> None:
    scene.request(*scene.paid())
    with scene.office.read() as work:
        row = work.session.scalars(select(InvoiceRequest)).one()
        assert COMPANY.title.encode() not in row.title_sealed
        assert COMPANY.tax_number.encode() not in (row.tax_number_sealed or b"")
        trail = scene.audit("K260302-0001")
    assert all(COMPANY.title not in entry.why for entry in trail)
    assert COMPANY.title not in str(scene.events)


def test_what_was_used_is_remembered_for_its_owner_only(scene: Finance) -> None:
    first, second, third = scene.paid(3)
    scene.request(first)
    scene.request(second)
    scene.request(third, buyer=ME)
    with scene.office.read(scene.zhou) as work:
        assert buyers.remembered(work) == [COMPANY]
    with scene.office.read(scene.graduate("G2")) as work:
        assert buyers.remembered(work) == []


def test_a_cancelled_one_can_be_asked_for_again(scene: Finance) -> None:
    (order,) = scene.paid()
    number = scene.request(order)
    with scene.office.work(scene.zhou) as work:
        requesting.cancel(work, number, scene.agreed(scene.zhou))
    assert scene.state(number) == "cancelled"
    assert scene.request(order) != number


def test_once_exported_its_owner_can_neither_correct_nor_cancel_it(scene: Finance) -> None:
    number = scene.request(*scene.paid())
    scene.export()
    for act in (
        lambda work: requesting.cancel(work, number, scene.agreed(scene.zhou)),
        lambda work: requesting.correct(work, number, ME, scene.agreed(scene.zhou)),
    ):
        with pytest.raises(AlreadyHandled), scene.office.work(scene.zhou) as work:
            act(work)
    assert scene.state(number) == "exported"


def test_one_that_was_sent_back_is_corrected_and_exported_again(scene: Finance) -> None:
    number = scene.request(*scene.paid())
    scene.export()
    scene.reject(number)
    assert scene.state(number) == "rejected"
    assert scene.invoice(number).holder == "applicant"
    with scene.office.work(scene.zhou) as work:
        requesting.correct(work, number, ME, scene.agreed(scene.zhou))
    scene.export()
    assert [entry.event for entry in scene.audit(number)] == [
        "file",
        "export",
        "reject",
        "correct",
        "export",
    ]
