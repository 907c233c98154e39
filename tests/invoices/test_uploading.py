"""An issued file reaches the one it is for, and nobody when there is any doubt."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import select

from backend.authority import Role
from backend.blobs import NewFile
from backend.errors import NotAllowed
from backend.files import written
from backend.invoices import issued_file, requesting, uploading
from backend.invoices.issued_seen import Seen, Unpacked
from backend.invoices.matching import masked_file_name
from backend.models import Role as RoleRow
from backend.pictures.studio import Apart, Lost
from tests.invoices.conftest import (
    COMPANY,
    ME,
    Finance,
    invoice_pdf,
    ofd,
    packed,
    packed_as,
    pdf,
)


@pytest.fixture
def number(scene: Finance) -> str:
    """An invoice that is being issued."""
    found = scene.request(*scene.paid())
    scene.export()
    return found


def test_it_is_found_by_the_number_in_its_remarks_whatever_it_is_called(
    scene: Finance, number: str
) -> None:
    data = invoice_pdf(number)
    upload = scene.upload(data, "dzfp_26442000000001234567_某某公司_20260302.pdf")
    assert scene.outcomes(upload) == ["matched"]
    assert scene.state(number) == "issued"
    assert scene.files(number) == [(f"发票-{number}.pdf", scene.zhou, data)]
    assert scene.told("invoice.issue") == [number]
    with scene.office.read() as work:
        invoice = requesting.find(work, number)
        assert invoice is not None
        assert requesting.request_of(work, invoice).invoice_number == "26442000000001234567"


def test_all_formats_of_an_invoice_come_in_one_archive_and_are_told_once(
    scene: Finance, number: str
) -> None:
    words = (f"备注{number}订单", COMPANY.title, "¥5.00")
    xml = f'<?xml version="1.0"?><a><b>{words[0]}</b><c>{words[1]}</c><d>5.00</d></a>'.encode()
    data = packed(a__pdf=invoice_pdf(number), b__ofd=ofd(*words), c__xml=xml)
    upload = scene.upload(data, "今天的.zip")
    assert scene.outcomes(upload) == ["matched", "matched", "matched"]
    assert upload.matched == 3
    assert [name for name, *_ in scene.files(number)] == [
        f"发票-{number}.ofd",
        f"发票-{number}.pdf",
        f"发票-{number}.xml",
    ]
    assert scene.told("invoice.issue") == [number]


def test_a_picture_of_a_page_is_matched_by_the_name_of_its_file(
    scene: Finance, number: str
) -> None:
    upload = scene.upload(pdf(), f"{number}.pdf")
    assert scene.outcomes(upload) == ["by_name"]
    assert scene.state(number) == "issued"


@pytest.mark.parametrize(
    ("told", "made"),
    [
        ("other_title", {"title": "另一家公司"}),
        ("other_amount", {"amount": "50.00"}),
        ("other_amount", {"amount": "-5.00"}),
        ("other_amount", {"amount": "15.00"}),
    ],
)
def test_a_file_that_says_something_else_reaches_nobody(
    scene: Finance, number: str, told: str, made: dict[str, str]
) -> None:
    upload = scene.upload(invoice_pdf(number, **made), f"{number}.pdf")
    assert scene.outcomes(upload) == [told]
    assert scene.state(number) == "exported"
    assert scene.files(number) == []


def test_a_file_with_no_number_of_ours_or_with_several_reaches_nobody(
    scene: Finance, number: str
) -> None:
    upload = scene.upload(
        packed(
            none__pdf=invoice_pdf("报销用"),
            several__pdf=invoice_pdf(f"{number} K260302-0009"),
            unknown__pdf=invoice_pdf("K260101-0001"),
            red__pdf=invoice_pdf(f"{number}-R1"),
            text__txt="发票".encode(),
        ),
        "a.zip",
    )
    assert scene.outcomes(upload) == ["no_number", "several", "unknown", "unknown", "no_kind"]
    assert scene.state(number) == "exported"


def test_a_name_that_contradicts_what_is_inside_reaches_nobody(scene: Finance, number: str) -> None:
    upload = scene.upload(invoice_pdf(number), "K260302-0009.pdf")
    assert scene.outcomes(upload) == ["several"]


def test_what_was_not_exported_is_not_taken_for_issued(scene: Finance) -> None:
    number = scene.request(*scene.paid())
    assert scene.outcomes(scene.upload(invoice_pdf(number), "a.pdf")) == ["not_exported"]


def test_the_same_file_once_more_changes_nothing(scene: Finance, number: str) -> None:
    data = invoice_pdf(number)
    scene.upload(data, "a.pdf")
    upload = scene.upload(packed(a__pdf=data, b__pdf=data), "b.zip")
    assert scene.outcomes(upload) == ["already", "already"]
    assert len(scene.files(number)) == 1
    assert scene.told("invoice.issue") == [number]


def test_the_same_file_twice_in_one_archive_is_handed_over_once(
    scene: Finance, number: str
) -> None:
    data = invoice_pdf(number)
    upload = scene.upload(packed(a__pdf=data, b__pdf=data), "b.zip")
    assert sorted(scene.outcomes(upload)) == ["already", "matched"]
    assert len(scene.files(number)) == 1


def test_a_number_that_is_broken_by_the_end_of_a_line_is_found(scene: Finance, number: str) -> None:
    day, _dash, place = number.partition("-")
    data = pdf(f"备注：{day}-", f"{place} 订单", f"名称：{COMPANY.title}", "¥5.00")
    assert scene.outcomes(scene.upload(data, "a.pdf")) == ["matched"]


def test_archives_that_are_damaged_or_empty_are_refused_as_a_whole(scene: Finance) -> None:
    assert scene.upload(b"PK\x03\x04 and nothing else", "a.zip").refused == "damaged"
    assert scene.upload(packed_as({"__MACOSX/a": b""}), "a.zip").refused == "empty"
    many = packed_as({f"{n}.pdf": b"%PDF-" for n in range(201)})
    assert scene.upload(many, "a.zip").refused == "too_many_files"


def test_what_swells_is_not_unpacked(scene: Finance, number: str) -> None:
    bomb = packed_as({"a.pdf": b"%PDF-" + b"0" * 6_000_000, "b.pdf": invoice_pdf(number)})
    upload = scene.upload(bomb, "a.zip")
    assert scene.outcomes(upload) == ["unreadable", "matched"]
    huge = packed_as({f"{n}.pdf": b"0" * 4_900_000 for n in range(14)})
    assert issued_file.unpacked(huge, "a.zip") == Unpacked(refused="too_large")


def test_a_file_that_kills_its_process_takes_no_other_with_it(
    scene: Finance, number: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    look = scene.office.studio.run

    def run(task: str, *arguments: object) -> object:
        if task.endswith(":seen") and arguments[0] == b"%PDF-evil":
            raise Lost(task)
        return look(task, *arguments)

    monkeypatch.setattr(scene.office.studio, "run", run)
    upload = scene.upload(packed(a__pdf=b"%PDF-evil", b__pdf=invoice_pdf(number)), "a.zip")
    assert scene.outcomes(upload) == ["unreadable", "matched"]


def test_files_are_read_in_a_process_of_their_own(scene: Finance, number: str) -> None:
    studio = scene.office.studio = Apart()
    try:
        upload = scene.upload(packed(a__pdf=invoice_pdf(number), b__pdf=b"%PDF-1.7 no"), "a.zip")
        assert studio.light.pid is not None
    finally:
        studio.close()
    assert scene.outcomes(upload) == ["matched", "no_number"]


def test_the_server_does_not_import_what_reads_files() -> None:
    code = "import backend.tasks, sys; sys.exit('backend.invoices.issued_file' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2], check=False)
    assert done.returncode == 0


def test_only_finance_uploads_and_only_while_they_are_of_finance(
    scene: Finance, number: str
) -> None:
    with pytest.raises(NotAllowed):
        scene.upload(invoice_pdf(number), "a.pdf", officer=scene.affairs)
    leaver = scene.staff("F3", Role.FINANCE)
    file = NewFile(invoice_pdf(number), leaver, "a.pdf", "application/pdf")
    (blob_id,) = written(scene.office, [file])
    with scene.office.work(leaver) as work:
        uploading.ask(work, blob_id)
        for row in work.session.scalars(select(RoleRow).where(RoleRow.person_id == leaver)):
            work.session.delete(row)
    scene.direct.run_all(scene.office)
    with scene.office.read() as work:
        upload = work.session.get_one(uploading.InvoiceUpload, blob_id)
    assert (upload.refused, upload.told) == ("not_allowed", [])
    assert scene.state(number) == "exported"


def test_a_report_does_not_repeat_the_names_of_people() -> None:
    assert masked_file_name("dzfp_26442_王小明_2026.pdf") == "dzfp_26442_王**_2026.pdf"
    assert masked_file_name("张三.pdf") == "张*.pdf"


def test_another_persons_invoice_with_the_same_amount_is_not_taken_for_it(scene: Finance) -> None:
    mine = scene.request(*scene.paid(), buyer=ME)
    other = scene.graduate("G2")
    theirs = scene.request(*scene.paid(1, other), buyer=ME, person=other)
    scene.export()
    scene.upload(invoice_pdf(theirs, title="林小满"), "a.pdf")
    assert (scene.state(mine), scene.state(theirs)) == ("exported", "issued")
    assert scene.files(theirs)[0][1] == other


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.4\n%%EOF",
        b"\x00" * 100,
        b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "&b;&b;">]><a>&b;</a>',
        b"<?xml " + b"<" * 100_000,
        ofd("K260302-0001")[:-10],
        packed_as({"OFD.xml": b"<a>", **{f"{n}.xml": b"<a>" for n in range(70)}}),
    ],
)
def test_whatever_a_file_is_it_is_looked_at_without_an_error(data: bytes) -> None:
    assert isinstance(issued_file.seen(data), Seen)
