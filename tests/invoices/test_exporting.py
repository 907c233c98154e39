"""Each invoice is in one batch, whoever exports at the same time; its tables can be made again."""

import csv
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO, StringIO
from threading import Barrier

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from backend.errors import NotAllowed, Refused
from backend.invoices import (
    batch_files,
    exporting,
    prompting,
    requesting,
    sheets,
    unreturned,
)
from backend.invoices.buyers import Buyer, Kind
from backend.invoices.sheets import Row
from backend.models import Blob, InvoiceBatch, InvoiceBatchRow, Role
from backend.policy import store
from tests.invoices.conftest import COMPANY, ME, Finance, invoice_pdf


def made(scene: Finance, batch: str, officer: int) -> dict[str, bytes]:
    """The files of a batch, as its officer gets them."""
    moment = scene.clock.now()
    with scene.office.work(officer) as work:
        batch_files.ask(work, batch, moment)
    scene.direct.run_all(scene.office)
    with scene.office.work(officer) as work:
        found = batch_files.ask(work, batch, moment)
        return {blob.name.rpartition(".")[2]: scene.blobs.get(blob.key) for blob in found}


def test_of_two_officers_at_once_each_invoice_is_in_one_batch(scene: Finance) -> None:
    for order in scene.paid(3):
        scene.request(order)
    together = Barrier(2)

    def run(officer: int) -> str:
        with scene.office.work(officer) as work:
            digest = exporting.waiting(work).digest
            if scene.office.database.dialect != "sqlite":  # which has one writer at a time
                together.wait(timeout=30)
            try:
                return exporting.export(work, digest, scene.agreed(officer)).number
            except Refused as late:
                return late.code

    with ThreadPoolExecutor(2) as pool:
        outcomes = sorted(pool.map(run, (scene.first, scene.second)))
    assert outcomes[0].startswith("Y")
    assert outcomes[1] == "nothing_to_export"
    with scene.office.read() as work:
        assert len(work.session.scalars(select(InvoiceBatch)).all()) == 1
        rows = work.session.scalars(select(InvoiceBatchRow)).all()
    assert len({row.application_id for row in rows}) == len(rows) == 3


def test_what_came_after_the_look_is_looked_at_before_it_is_exported(scene: Finance) -> None:
    first, second = scene.paid(2)
    scene.request(first)
    with scene.office.read(scene.first) as work:
        seen = exporting.waiting(work)
    scene.request(second)
    with pytest.raises(Refused, match="export_changed"), scene.office.work(scene.first) as work:
        exporting.export(work, seen.digest, scene.agreed(scene.first))
    assert (seen.rows, seen.fen) == (1, 500)


def test_a_batch_holds_no_more_than_can_be_imported(
    scene: Finance, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exporting, "MOST_ROWS", 2)
    numbers = [scene.request(order) for order in scene.paid(3)]
    scene.export()
    assert [scene.state(one) for one in numbers] == ["exported", "exported", "filed"]
    scene.export()
    assert scene.state(numbers[2]) == "exported"


def test_only_finance_exports_and_sees_batches(scene: Finance) -> None:
    scene.request(*scene.paid())
    with pytest.raises(NotAllowed):
        scene.export(scene.affairs)
    batch = scene.export()
    with pytest.raises(NotAllowed), scene.office.read(scene.affairs) as work:
        exporting.batch_of(work, batch)
    with pytest.raises(Refused, match="no_such_batch"), scene.office.read(scene.first) as work:
        exporting.batch_of(work, "Y000101-0001")


def test_the_tables_have_one_row_for_each_invoice_with_all_that_the_bureau_asks_for(
    scene: Finance,
) -> None:
    first, second, third = scene.paid(3)
    company = scene.request(first, second)
    person = scene.request(third, buyer=ME)
    files = made(scene, scene.export(), scene.first)
    book = load_workbook(BytesIO(files["xlsx"]))
    assert book.sheetnames == ["批量开具"]
    head, *rows = [list(row) for row in book["批量开具"].iter_rows(values_only=True)]
    assert tuple(head) == sheets.HEADINGS
    orders = [scene.order(f"D260302-000{n}").number for n in (1, 2, 3)]
    assert rows == [
        [
            company,
            "普通发票",
            "是",
            "否",
            COMPANY.title,
            COMPANY.tax_number,
            "*非学历教育服务*教务服务费",
            "3070201020000000000",
            1,
            10,
            "免税",
            "是",
            "免税",
            f"{company} 订单 {orders[0]}、{orders[1]}",
        ],
        [
            person,
            "普通发票",
            "是",
            "是",
            "林小满",
            None,
            "*非学历教育服务*教务服务费",
            "3070201020000000000",
            1,
            5,
            "免税",
            "是",
            "免税",
            f"{person} 订单 {orders[2]}",
        ],
    ]
    table = list(csv.reader(StringIO(files["csv"].decode("utf-8-sig"))))
    assert table[0] == list(sheets.RED_HEADINGS)
    assert [row[9] for row in table[1:]] == ["10.00", "5.00"]
    assert all(row[5] in (COMPANY.tax_number, "") for row in table[1:])


def test_a_batch_can_be_had_again_as_it_was_by_another_officer_too(scene: Finance) -> None:
    number = scene.request(*scene.paid())
    batch = scene.export()
    before = made(scene, batch, scene.first)["csv"]
    scene.reject(number)
    scene.pass_time(timedelta(days=2))
    scene.swept()
    assert made(scene, batch, scene.second)["csv"] == before


def test_the_tables_of_a_batch_end_after_a_day_and_are_their_officers_only(scene: Finance) -> None:
    scene.request(*scene.paid())
    made(scene, scene.export(), scene.first)
    with scene.office.read() as work:
        files = work.session.scalars(select(Blob).where(Blob.name.like("待开发票%"))).all()
    assert len(files) == 2
    for file in files:
        assert (file.owner_id, file.private) == (scene.first, True)
        assert file.expires_at == scene.clock.now() + batch_files.KEPT


def test_whoever_is_of_finance_no_more_gets_no_tables(scene: Finance) -> None:
    scene.request(*scene.paid())
    batch = scene.export()
    with scene.office.work(scene.first) as work:
        batch_files.ask(work, batch, scene.clock.now())
        for role in work.session.scalars(select(Role)).all():
            if role.person_id == scene.first:
                work.session.delete(role)
    scene.direct.run_all(scene.office)
    assert scene.events[-1].facts == {"ok": False}


def test_no_cell_is_computed_and_amounts_are_numbers(scene: Finance) -> None:
    with scene.office.read() as work:
        policy = store.invoice(work).model_copy(
            update={"goods_name": "=cmd()", "tax_rate": "0.06", "exempt_note": ""}
        )
    row = Row("K260302-0001", Buyer(Kind.COMPANY, "+某某公司", "-1"), 123456, ("D1",))
    red = Row("K260302-0001-R1", row.buyer, 500, ("D1",), "K260302-0001", "2644", "=退")
    book = load_workbook(BytesIO(sheets.workbook([row, red], policy)))
    assert book.sheetnames == ["批量开具", "红字"]
    first = next(book["批量开具"].iter_rows(min_row=2))
    texts = [cell.value for cell in first]
    assert texts[4:8] == ["'+某某公司", "'-1", "'=cmd()", "3070201020000000000"]
    assert (texts[9], texts[10]) == (1234.56, "6%")
    assert not any(cell.data_type == "f" for sheet in book for line in sheet for cell in line)
    last = [cell.value for cell in next(book["红字"].iter_rows(min_row=2))]
    assert (last[8], last[9]) == (-1, -5)
    assert last[14:] == ["2644", "K260302-0001", "'=退"]
    assert "-5.00" in sheets.table([red], policy).decode("utf-8-sig")
    assert Decimal("1234.56") == Decimal(123456).scaleb(-2)


def prompted(scene: Finance) -> int:
    with scene.office.work() as work:
        return prompting.prompt_due(work)


def test_finance_hears_once_in_the_morning_of_what_waited_then(scene: Finance) -> None:
    first, second = scene.paid(2)
    scene.request(first)  # on Monday at nine
    assert prompted(scene) == 1
    scene.request(second)
    scene.pass_time(timedelta(hours=3))
    assert prompted(scene) == 0
    assert scene.told("invoice.waiting") == ["invoices"]
    scene.pass_time(timedelta(hours=20, minutes=30))  # half past eight
    assert prompted(scene) == 0
    scene.pass_time(timedelta(minutes=30))
    assert prompted(scene) == 2
    scene.set_policy("calendar", date(2026, 3, 4), holidays=["2026-03-04"])
    scene.pass_time(timedelta(days=1))
    assert prompted(scene) == 0
    scene.export()
    scene.pass_time(timedelta(days=1))
    assert prompted(scene) == 0


def late(scene: Finance) -> list[str]:
    with scene.office.read() as work:
        return [one.number for one in unreturned.late(work)]


def test_finance_hears_each_morning_of_what_was_exported_and_never_sent_back(
    scene: Finance,
) -> None:
    first, second = [scene.request(order) for order in scene.paid(2)]  # on Monday at nine
    scene.export()
    scene.upload(invoice_pdf(second), "a.pdf")
    scene.pass_time(timedelta(days=4))
    assert (late(scene), prompted(scene)) == ([], 0)
    scene.pass_time(timedelta(days=3))  # the next Monday: five working days
    assert (late(scene), prompted(scene)) == ([first], 1)
    scene.pass_time(timedelta(days=1))
    assert prompted(scene) == 1
    scene.upload(invoice_pdf(first), "b.pdf")
    scene.pass_time(timedelta(days=1))
    assert (late(scene), prompted(scene)) == ([], 0)


def test_a_red_letter_that_never_comes_back_is_asked_for_too(scene: Finance) -> None:
    (order,) = scene.paid()
    number = scene.request(order)
    scene.export()
    scene.upload(invoice_pdf(number), "a.pdf")
    scene.pay_back(order)
    scene.export()
    scene.pass_time(timedelta(days=8))
    assert late(scene) == [f"{number}-R1"]


def test_where_finance_promised_nothing_they_are_asked_all_the_same(scene: Finance) -> None:
    scene.set_policy("invoice", date(2026, 3, 2), issue_workdays=None)
    number = scene.request(*scene.paid())
    assert due_at(scene, number) is None
    scene.export()
    scene.pass_time(timedelta(days=8))
    assert late(scene) == [number]


def due_at(scene: Finance, number: str) -> datetime | None:
    with scene.office.read() as work:
        invoice = requesting.find(work, number)
        assert invoice is not None
        return requesting.request_of(work, invoice).due_at


def test_what_was_promised_counts_and_begins_anew_when_it_is_corrected(scene: Finance) -> None:
    number = scene.request(*scene.paid())
    assert due_at(scene, number) == scene.clock.now() + timedelta(days=7)
    scene.set_policy("invoice", date(2026, 3, 2), issue_workdays=20)
    scene.export()
    scene.pass_time(timedelta(days=7))
    assert late(scene) == [number], "what is published later changes no promise"
    scene.reject(number)
    assert late(scene) == []
    scene.set_policy("invoice", date(2026, 3, 3), issue_workdays=5)
    with scene.office.work(scene.zhou) as work:
        requesting.correct(work, number, COMPANY, scene.agreed(scene.zhou))
    assert due_at(scene, number) == scene.clock.now() + timedelta(days=7)


def test_only_finance_sees_what_was_not_sent_back(scene: Finance) -> None:
    with pytest.raises(NotAllowed), scene.office.read(scene.affairs) as work:
        unreturned.unreturned(work)
