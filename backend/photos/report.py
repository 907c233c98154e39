"""The report of a batch: every file that failed or is worth a look, by name, and why (R16)."""

from collections.abc import Iterator
from io import BytesIO

from openpyxl import Workbook
from sqlalchemy import select

from backend.models import Person, PhotoBatch, PhotoBatchFile, PhotoVerdict
from backend.photos.verdict_words import MENDING, TITLES, UNITS
from backend.registry.report import harmless
from backend.work import Work

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADINGS = (
    "文件 file",
    "学号 number",
    "姓名 name",
    "结果 result",
    "项目 item",
    "测得 measured",
    "要求 wanted",
    "条款 rule",
    "原因和办法",
    "reason and what to do",
)
RESULTS = {True: "通过 passed", False: "不通过 failed"}


def workbook(work: Work, batch: PhotoBatch) -> bytes:
    """A line for each finding; files without any have one line."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("照片检查 photo check")
    sheet.append(HEADINGS)
    for line in lines(work, batch):
        sheet.append([harmless(cell) for cell in line])
    into = BytesIO()
    book.save(into)
    return into.getvalue()


def lines(work: Work, batch: PhotoBatch) -> Iterator[list[str]]:
    """Those that failed first, in the order of the archive."""
    rows = work.session.execute(
        select(PhotoBatchFile, PhotoVerdict, Person.number, Person.name)
        .outerjoin(
            PhotoVerdict,
            (PhotoVerdict.batch_id == PhotoBatchFile.batch_id)
            & (PhotoVerdict.place == PhotoBatchFile.place),
        )
        .outerjoin(Person, Person.id == PhotoBatchFile.person_id)
        .where(PhotoBatchFile.batch_id == batch.id)
        .order_by(PhotoBatchFile.passed, PhotoBatchFile.place, PhotoVerdict.code)
    )
    for file, verdict, number, name in rows:
        line = [file.name, number or "", name or "", RESULTS[file.passed]]
        yield line + (described(verdict) if verdict else [""] * 6)


def described(verdict: PhotoVerdict) -> list[str]:
    title, unit = TITLES[verdict.code], UNITS.get(verdict.code, ("", ""))
    zh, en = MENDING.get(verdict.code, ("", ""))
    measured = f"{verdict.measured}{unit[0]}" if verdict.measured else ""
    return [" ".join(title), measured, verdict.limit, verdict.rule, zh, en]


def file_name(batch: PhotoBatch) -> str:
    return f"照片检查-{batch.number}.xlsx"
