"""Graduates who have paid for transcripts, two officers of finance, and files like the bureau's."""

from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from sqlalchemy import select

from backend import blobs
from backend.authority import Role
from backend.blobs import NewFile
from backend.database import Database
from backend.documents.facts import Gpa, Language
from backend.files import written
from backend.invoices import exporting, lines, rejecting, requesting, uploading
from backend.invoices.buyers import Buyer, Kind
from backend.invoices.red_letters import red_letter_needed
from backend.models import (
    Application,
    Blob,
    InvoiceFile,
    InvoiceRed,
    InvoiceUpload,
    Order,
    Refund,
)
from backend.pictures.studio import Here
from backend.refunds import filing, money
from backend.refunds.states import Reason
from tests.backend.scene import SEALER
from tests.payments.scene import Scene

COMPANY = Buyer(Kind.COMPANY, "某某科技（北京）有限公司", "91350100M000100Y43")
ME = Buyer(Kind.PERSON, "")


class Finance(Scene):
    """``zhou`` has paid for as many transcripts as were asked for, 5.00 yuan each."""

    def __init__(self, database: Database, folder: Path) -> None:
        super().__init__(database, folder)
        self.office.sealer = SEALER
        self.office.studio = Here()
        self.zhou = self.buyer
        self.first = self.staff("F1", Role.FINANCE)
        self.second = self.staff("F2", Role.FINANCE)

    def paid(self, count: int = 1, person: int | None = None) -> list[int]:
        """Ids of that many paid orders."""
        found = []
        for _place in range(count):
            order = self.confirm(self.file(person or self.zhou, Language.ZH, Gpa.WITH))
            self.take(self.pay(order))
            found.append(self.order(order).id)
        return found

    def request(self, *order_ids: int, buyer: Buyer = COMPANY, person: int | None = None) -> str:
        who = person or self.zhou
        with self.office.work(who) as work:
            return requesting.file(work, order_ids, buyer, self.agreed(who)).number

    def export(self, officer: int | None = None) -> str:
        who = officer or self.first
        with self.office.work(who) as work:
            digest = exporting.waiting(work).digest
            return exporting.export(work, digest, self.agreed(who)).number

    def reject(self, number: str, why: str = "抬头和税号对不上") -> None:
        with self.office.work(self.first) as work:
            rejecting.reject(work, number, why, self.agreed(self.first))

    def pay_back(self, order_id: int, fen: int = 500) -> str | None:
        """As much of it is back, and on record."""
        return self.refund_ends(self.refund_asked(order_id, fen))

    def refund_asked(self, order_id: int, fen: int = 500) -> str:
        """Its number; nobody has decided about it."""
        with self.office.work() as work:
            (share,) = money.of_order(work, work.session.get_one(Order, order_id))
            refund = filing.file(work, money.lock(work, share), Reason.UNUSED, consent_id=None)
            row = work.session.get_one(Refund, refund.id)
            money.release(work, row.payment_id, row.amount_fen - fen)
            row.amount_fen = fen
            return refund.number

    def refund_ends(self, number: str) -> str | None:
        with self.office.work() as work:
            refund = work.session.scalars(
                select(Application).where(Application.number == number)
            ).one()
            row = work.session.get_one(Refund, refund.id)
            refund.state = "refunded"
            work.session.flush()
            return red_letter_needed(work, row.order_id or 0, row.amount_fen, "重复申请")

    def upload(self, data: bytes, name: str, officer: int | None = None) -> InvoiceUpload:
        """What came of a file that finance sent."""
        who = officer or self.first
        (blob_id,) = written(self.office, [NewFile(data, who, name, "application/pdf")])
        with self.office.work(who) as work:
            uploading.ask(work, blob_id)
        self.direct.run_all(self.office)
        with self.office.read() as work:
            return work.session.get_one(InvoiceUpload, blob_id)

    def outcomes(self, upload: InvoiceUpload) -> list[str]:
        return [outcome for _name, outcome, _number in upload.told]

    def invoice(self, number: str) -> Application:
        with self.office.read() as work:
            found = requesting.find(work, number)
            assert found is not None
            return found

    def state(self, number: str) -> str:
        return self.invoice(number).state

    def amount(self, number: str) -> int:
        with self.office.read() as work:
            found = requesting.find(work, number)
            assert found is not None
            return lines.amount_fen(work, found)

    def reds(self) -> list[InvoiceRed]:
        with self.office.read() as work:
            return list(work.session.scalars(select(InvoiceRed).order_by(InvoiceRed.id)))

    def files(self, number: str) -> list[tuple[str, int | None, bytes]]:
        """Name, owner and bytes of what was handed over for an invoice."""
        with self.office.read() as work:
            rows = work.session.scalars(
                select(Blob)
                .join(InvoiceFile, InvoiceFile.blob_id == Blob.id)
                .join(Application, Application.id == InvoiceFile.application_id)
                .where(Application.number == number)
                .order_by(Blob.name)
            )
            return [(row.name, row.owner_id, self.blobs.get(row.key)) for row in rows]

    def swept(self) -> None:
        with self.office.work() as work:
            blobs.expire_due(work)

    def state_of_order(self, order_id: int) -> str:
        with self.office.read() as work:
            return work.session.get_one(Order, order_id).state


@pytest.fixture
def scene(database: Database, tmp_path: Path) -> Finance:
    return Finance(database, tmp_path)


def pdf(*words: str) -> bytes:
    """A page with these lines; CJK as a viewer's own font draws it."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    into = BytesIO()
    canvas = Canvas(into, invariant=True)
    canvas.setFont("STSong-Light", 10)
    for place, line in enumerate(words):
        canvas.drawString(40, 780 - 16 * place, line)
    canvas.save()
    return into.getvalue()


def invoice_pdf(
    number: str,
    *,
    title: str = COMPANY.title,
    amount: str = "5.00",
    bureaus: str = "26442000000001234567",
) -> bytes:
    return pdf(
        "电子发票（普通发票）",
        f"发票号码：{bureaus}",
        f"购买方 名称：{title}",
        f"价税合计（大写）伍圆整 （小写）¥{amount}",
        f"备注 {number} 订单 D260302-0001",
    )


def red_pdf(number: str, *, title: str = COMPANY.title, amount: str = "5.00") -> bytes:
    return invoice_pdf(number, title=title, amount=f"-{amount}", bureaus="26442000000007654321")


def packed(**files: bytes) -> bytes:
    """A ZIP; names with a dot are given as ``a__pdf``."""
    return packed_as({name.replace("__", "."): data for name, data in files.items()})


def packed_as(files: dict[str, bytes]) -> bytes:
    into = BytesIO()
    with ZipFile(into, "w", ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return into.getvalue()


def ofd(*words: str) -> bytes:
    """As OFD has it: pieces of text between tags, in a ZIP."""
    codes = "".join(f'<ofd:TextCode X="1" Y="2">{one}</ofd:TextCode>' for one in words)
    return packed_as(
        {
            "OFD.xml": b'<?xml version="1.0"?><ofd:OFD Version="1.0"/>',
            "Doc_0/Pages/Page_0/Content.xml": f'<?xml version="1.0"?><ofd:Page>{codes}</ofd:Page>'.encode(),
        }
    )
