"""A day's comparison as a workbook and as CSV: every row of the bill beside what is known here."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from io import BytesIO, StringIO

from openpyxl import Workbook
from openpyxl.styles import Font
from sqlalchemy import select

from backend import audit, authority, blobs
from backend.authority import Role, holds
from backend.blobs import NewFile
from backend.clock import local_text
from backend.files import written
from backend.goods import Title
from backend.ledger.wording import into
from backend.models import BillDifference, BillLine, Blob, DailyBill
from backend.office import Office
from backend.photos.report import XLSX
from backend.reconciliation import reports
from backend.reconciliation.comparing import About, Kind
from backend.reconciliation.differences import State
from backend.registry.report import harmless
from backend.work import Work

JOB = "export_reconciliation"
KEPT = timedelta(days=1)
CSV = "text/csv"
WIDTHS = (10, 34, 34, 12, 12, 12, 20, 26, 18, 30)
ABOUT: dict[str, Title] = {
    About.PAYMENT: Title("收款", "Payment"),
    About.REFUND: Title("退款", "Refund"),
    About.FEE: Title("手续费", "Fees"),
}
KINDS: dict[str, Title] = {
    Kind.ONLY_BILLED: Title("账单有，这里没有", "Only in the bill"),
    Kind.ONLY_HERE: Title("这里有，账单没有", "Only here"),
    Kind.OTHER_AMOUNT: Title("金额不同", "Another amount"),
    Kind.OTHER_NUMBER: Title("单号不同", "Another number"),
    Kind.OTHER_STATE: Title("状态不同", "Another state"),
    Kind.BILLED_TWICE: Title("账单里出现两次", "Twice in bills"),
}
STATES: dict[str, Title] = {
    State.OPEN: Title("待处理", "Open"),
    State.EXPLAINED: Title("已自动说明", "Explained"),
    State.SETTLED: Title("财务已处理", "Settled"),
}
AGREES = Title("一致", "Agrees")
COLUMNS = (
    Title("类别", "What"),
    Title("交易号或退款编号", "Transaction or refund"),
    Title("付款单或原交易号", "Charge or transaction"),
    Title("账单金额", "In the bill"),
    Title("这里金额", "Here"),
    Title("手续费", "Fee"),
    Title("付款时间", "Paid"),
    Title("结果", "Result"),
    Title("差异编号", "Difference"),
    Title("处理说明", "Reason"),
)
Value = str | Decimal | None


@dataclass(frozen=True, slots=True)
class Sheet:
    """Every row of a day, headings first."""

    day: date
    rows: tuple[tuple[Value, ...], ...]

    def workbook(self) -> bytes:
        book = Workbook()
        sheet = book.active
        if sheet is None:
            raise RuntimeError("a new workbook has a sheet")
        sheet.title = self.day.isoformat()
        for letter, width in zip("ABCDEFGHIJ", WIDTHS, strict=True):
            sheet.column_dimensions[letter].width = width
        for row in self.rows:
            sheet.append(row)
        for cell in sheet[1]:
            cell.font = Font(bold=True)
        for line in sheet.iter_rows(min_row=2, min_col=4, max_col=6):
            for cell in line:
                cell.number_format = "#,##0.00;[Red]-#,##0.00"
        sheet.freeze_panes = "A2"
        into_ = BytesIO()
        book.save(into_)
        return into_.getvalue()

    def table(self) -> bytes:
        """In UTF-8 with the mark that spreadsheets look for."""
        text = StringIO()
        csv.writer(text).writerows(
            ["" if value is None else str(value) for value in row] for row in self.rows
        )
        return text.getvalue().encode("utf-8-sig")


def sheet(work: Work, bill: DailyBill, language: str) -> Sheet:
    report = reports.report(work, bill.provider, bill.day)
    found = report.differences if report else ()
    return Sheet(bill.day, tuple(_rows(work, bill, found, language)))


def key(day: str, person: int, moment: str) -> str:
    return f"{JOB}:{day}:{person}:{moment}"


def ask(work: Work, bill: DailyBill, language: str, moment: datetime) -> list[Blob]:
    """The files made for the actor, who is of finance, at this moment, or none: then they are ordered.

    ``key`` is announced once they are there. Raises NotAllowed.
    """
    person = authority.require(work, Role.FINANCE)
    names = _names(bill.day, language)
    found = work.session.scalars(
        select(Blob).where(
            Blob.institution_id == work.institution,
            Blob.owner_id == person,
            Blob.name.in_(names),
            Blob.created_at >= moment,
            Blob.deleted_at.is_(None),
            Blob.expires_at > work.now + blobs.RESERVED,  # has been kept
        )
    ).all()
    there = {blob.name: blob for blob in found}
    if len(there) == len(names):
        return [there[name] for name in names]
    day, asked = bill.day.isoformat(), moment.isoformat()
    audit.record(work, f"bill:{bill.provider}:{day}", "export", "", "")
    work.enqueue(
        JOB,
        key(day, person, asked),
        number=day,
        person=person,
        moment=asked,
        language=language,
        provider=bill.provider,
    )
    return []


def make(
    office: Office, number: str, person: int, moment: str, language: str, provider: str
) -> None:
    """The job ``export_reconciliation``."""
    with office.read(person) as work:
        files: list[NewFile] = []
        report = reports.report(work, provider, date.fromisoformat(number))
        if report is not None and holds(work, person, Role.FINANCE):  # they still are
            made = sheet(work, report.bill, language)
            table, plain = _names(made.day, language)
            files = [
                NewFile(made.workbook(), person, table, XLSX, private=True),
                NewFile(made.table(), person, plain, CSV, private=True),
            ]
    ids = written(office, files)
    with office.work() as work:
        for one in ids:
            blobs.keep(work, one, expires_at=work.now + KEPT)
        work.emit("job.done", key(number, person, moment), ok=bool(ids))


def give_up(work: Work, number: str, person: int, moment: str) -> None:
    work.emit("job.done", key(number, person, moment), ok=False)


def _names(day: date, language: str) -> list[str]:
    title = f"reconciliation-{day}" if language == "en" else f"对账-{day}"
    return [f"{title}.xlsx", f"{title}.csv"]


def _rows(
    work: Work, bill: DailyBill, found: Sequence[BillDifference], language: str
) -> Iterator[tuple[Value, ...]]:
    yield tuple(into(one, language) for one in COLUMNS)
    differs = {(one.about, one.reference): one for one in found}
    lines = work.session.scalars(
        select(BillLine).where(BillLine.bill_id == bill.id).order_by(BillLine.place)
    )
    for line in lines:
        one = differs.pop((line.about, line.reference), None)
        ours = one.our_fen if one else line.amount_fen
        paid_at = local_text(line.paid_at) if line.paid_at else ""
        what = into(ABOUT[line.about], language)
        yield (
            what,
            harmless(line.reference),
            harmless(line.belongs_to),
            _yuan(line.amount_fen),
            _yuan(ours),
            _yuan(line.fee_fen if line.about == About.PAYMENT else -line.fee_fen),
            paid_at,
            *_result(one, language),
        )
    for one in differs.values():
        what = into(ABOUT[one.about], language)
        yield (
            *(what, harmless(one.reference), harmless(one.theirs)),
            *(_yuan(one.their_fen), _yuan(one.our_fen), None, ""),
            *_result(one, language),
        )


def _result(one: BillDifference | None, language: str) -> tuple[str, str, str]:
    if one is None:
        return into(AGREES, language), "", ""
    kind, state = into(KINDS[one.kind], language), into(STATES[one.state], language)
    return f"{kind} · {state}", one.number, harmless(one.settled_why)


def _yuan(fen: int | None) -> Decimal | None:
    return None if fen is None else Decimal(fen).scaleb(-2)
