"""The list of who is missing as a workbook, made by a job for the one who asked."""

from datetime import datetime, timedelta
from io import BytesIO

from openpyxl import Workbook
from sqlalchemy import select

from backend import blobs
from backend.blobs import NewFile
from backend.clock import SHANGHAI
from backend.files import written
from backend.models import Blob
from backend.office import Office
from backend.photos import attendance
from backend.photos.report import XLSX
from backend.registry import units
from backend.registry.report import harmless
from backend.work import Work

KEPT = timedelta(days=1)
HEADINGS = ("学号", "姓名", "培养单位", "组", "采集码", "集体拍摄", "不能再等")
YES, NO = "有", "没有"


def key(person: int, moment: datetime) -> str:
    return f"photo_missing:{person}:{moment.isoformat()}"


def file_name(moment: datetime) -> str:
    return f"未拍照名单-{moment.astimezone(SHANGHAI):%Y%m%d-%H%M%S}.xlsx"


def ask(work: Work, moment: datetime) -> Blob | None:
    """The workbook of that moment, if it is there; otherwise it is ordered, anew where it has ended."""
    found = work.session.scalar(
        select(Blob).where(
            Blob.institution_id == work.institution,
            Blob.owner_id == work.actor,
            Blob.name == file_name(moment),
            Blob.deleted_at.is_(None),
            Blob.expires_at > work.now + blobs.RESERVED,  # has been kept
        )
    )
    if found is None:
        work.enqueue(
            "export_photo_missing",
            f"{key(work.actor or 0, moment)}:{work.now.isoformat()}",
            person=work.actor,
            moment=moment.isoformat(),
        )
    return found


def make(office: Office, person: int, moment: str) -> None:
    """The job ``export_photo_missing``: what the person may see when it is made."""
    at = datetime.fromisoformat(moment)
    with office.read(person) as work:
        people = attendance.missing(work, attendance.units_of(work))
        book = Workbook(write_only=True)
        sheet = book.create_sheet("未拍照名单")
        sheet.append(HEADINGS)
        for one in people:
            cells = (
                one.number,
                one.name,
                units.name(work, one.unit_id)[0],
                str(one.group_no or ""),
                YES if one.has_code else NO,
                "错过" if one.missed else "还没到",
                "是" if one.urgent else "",
            )
            sheet.append([harmless(cell) for cell in cells])
    into = BytesIO()
    book.save(into)
    file = NewFile(into.getvalue(), person, file_name(at), XLSX, private=True)
    (blob_id,) = written(office, [file])
    with office.work() as work:
        blobs.keep(work, blob_id, expires_at=work.now + KEPT)
        work.emit("job.done", key(person, at))


def give_up(work: Work, person: int, moment: str) -> None:
    work.emit("job.done", key(person, datetime.fromisoformat(moment)), ok=False)
