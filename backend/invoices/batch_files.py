"""The files of a batch, made by a job for the officer who asked; they can be made again at any time."""

from datetime import datetime, timedelta

from sqlalchemy import select

from backend import blobs
from backend.authority import Role, holds, require
from backend.blobs import NewFile
from backend.files import written
from backend.invoices import buyers, requesting, sheets
from backend.invoices.sheets import CSV, XLSX, Row
from backend.models import Application, Blob, InvoiceBatch, InvoiceBatchRow, InvoiceRed
from backend.office import Office
from backend.policy import store
from backend.work import Work

KEPT = timedelta(days=1)  # they hold titles and tax numbers in the clear
FORMATS = (("xlsx", XLSX), ("csv", CSV))


def key(person: int, number: str, moment: datetime) -> str:
    return f"invoice_batch:{number}:{person}:{moment.isoformat()}"


def file_name(number: str, ending: str) -> str:
    return f"待开发票-{number}.{ending}"


def there(work: Work, number: str) -> list[Blob]:
    """The files that were made for the person who acts and are there still; none, or all."""
    names = [file_name(number, ending) for ending, _type in FORMATS]
    found = work.session.scalars(
        select(Blob)
        .where(
            Blob.institution_id == work.institution,
            Blob.owner_id == work.actor,
            Blob.name.in_(names),
            Blob.deleted_at.is_(None),
            Blob.expires_at > work.now + blobs.RESERVED,  # has been kept
        )
        .order_by(Blob.created_at.desc())
    ).all()
    latest = {blob.name: blob for blob in reversed(found)}
    return [latest[name] for name in names] if len(latest) == len(names) else []


def ask(work: Work, number: str, moment: datetime) -> list[Blob]:
    """The files of a batch, or none: then they are ordered, and ``key`` is announced. Finance only."""
    require(work, Role.FINANCE)
    found = there(work, number)
    if not found:
        work.enqueue(
            "export_invoices",
            f"{key(work.actor or 0, number, moment)}:{work.now.isoformat()}",
            number=number,
            person=work.actor,
            moment=moment.isoformat(),
        )
    return found


def make(office: Office, number: str, person: int, moment: str) -> None:
    """The job ``export_invoices``."""
    awaited = key(person, number, datetime.fromisoformat(moment))
    with office.read(person) as work:
        if not holds(work, person, Role.FINANCE):  # not any more
            files = []
        else:
            batch = work.session.scalars(
                select(InvoiceBatch).where(
                    InvoiceBatch.institution_id == work.institution, InvoiceBatch.number == number
                )
            ).one()
            rows, policy = rows_of(work, batch), store.invoice(work, batch.policy_version)
            contents = (sheets.workbook(rows, policy), sheets.table(rows, policy))
            files = [
                NewFile(data, person, file_name(number, ending), media_type, private=True)
                for data, (ending, media_type) in zip(contents, FORMATS, strict=True)
            ]
    ids = written(office, files)
    with office.work() as work:
        for blob_id in ids:
            blobs.keep(work, blob_id, expires_at=work.now + KEPT)
        work.emit("job.done", awaited, ok=bool(ids))


def give_up(work: Work, number: str, person: int, moment: str) -> None:
    work.emit("job.done", key(person, number, datetime.fromisoformat(moment)), ok=False)


def rows_of(work: Work, batch: InvoiceBatch) -> list[Row]:
    """As they were exported: what was corrected since is in a later batch."""
    rows = work.session.execute(
        select(InvoiceBatchRow, Application, InvoiceRed)
        .join(Application, Application.id == InvoiceBatchRow.application_id)
        .outerjoin(InvoiceRed, InvoiceRed.id == InvoiceBatchRow.red_id)
        .where(InvoiceBatchRow.batch_id == batch.id)
        .order_by(InvoiceBatchRow.place)
    )
    return [_row(work, row, application, red) for row, application, red in rows]


def _row(work: Work, row: InvoiceBatchRow, application: Application, red: InvoiceRed | None) -> Row:
    buyer, orders = buyers.opened(work, row), tuple(row.orders)
    if red is None:
        return Row(application.number, buyer, row.amount_fen, orders)
    bureaus = requesting.request_of(work, application).invoice_number
    return Row(red.number, buyer, row.amount_fen, orders, application.number, bureaus, why=red.why)
