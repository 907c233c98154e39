"""A month's statement as files, made by a job for whoever of finance asked for it."""

from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import select, update

from backend import audit, authority, blobs, numbering
from backend.authority import Role
from backend.blobs import NewFile
from backend.errors import NotAllowed, Refused
from backend.files import written
from backend.ledger import statement
from backend.ledger.files import About, StatementFiles
from backend.ledger.rows import rows
from backend.ledger.statement import Month, Movement
from backend.models import Blob, Institution, LedgerExport
from backend.office import Office
from backend.photos.report import XLSX
from backend.work import Work

KEPT = timedelta(days=1)
CSV = "text/csv"
JOB = "export_ledger"


def key(number: str) -> str:
    return f"ledger_export:{number}"


def ask(work: Work, month: Month, language: str) -> LedgerExport:
    """The month up to now for the actor, who is of finance: what is there or being made, or a new one.

    Raises NotAllowed, and Refused("no_such_ledger_month").
    """
    person = authority.require(work, Role.FINANCE)
    first = statement.first_month(work)
    if first is None or not first <= month <= Month.of(work.now):
        raise Refused("no_such_ledger_month", month=str(month), first=str(first or ""))
    last = statement.last_number(work)
    found = work.session.scalars(
        select(LedgerExport)
        .where(
            LedgerExport.institution_id == work.institution,
            LedgerExport.asked_by == person,
            LedgerExport.month == str(month),
            LedgerExport.language == language,
            LedgerExport.last == last,
            LedgerExport.failed.is_(False),
            LedgerExport.asked_at > work.now - KEPT,
        )
        .order_by(LedgerExport.id.desc())
        .limit(1)
    ).one_or_none()
    if found is None or (found.table_id is not None and not files(work, found)):
        return _order(work, person, month, language, last)
    return found


def find(work: Work, number: str) -> LedgerExport:
    """The actor's own; raises NotAllowed for anybody else, and for who is not of finance any more."""
    person = authority.require(work, Role.FINANCE)
    export = _by_number(work, number)
    if export.asked_by != person:
        raise NotAllowed
    return export


def files(work: Work, export: LedgerExport) -> list[Blob]:
    """XLSX and CSV once they are there, and until they have ended."""
    found = [work.session.get(Blob, one) for one in (export.table_id, export.plain_id) if one]
    return [one for one in found if one is not None and one.deleted_at is None]


def make(office: Office, number: str) -> None:
    """The job ``export_ledger``. What it reads never changes, so another run makes the same."""
    with office.read() as work:
        export = _by_number(work, number)
        if export.table_id is not None:
            return
        month, language = Month.named(export.month), export.language
        institution = work.session.get_one(Institution, work.institution)
        name = institution.name_en if language == "en" else institution.name_zh
        accounts = statement.of_month(work, month, export.last)
        about = About(name, month, language, export.asked_at, export.last)
        person = export.asked_by
    made = StatementFiles(about, accounts)
    made.add(rows(accounts, _told(office, number, month, about.last), language))
    table, plain = made.finished()
    title = f"收支明细-{month}" if language == "zh" else f"statement-{month}"
    ids = written(
        office,
        [
            NewFile(table, person, f"{title}.xlsx", XLSX, private=True),
            NewFile(plain, person, f"{title}.csv", CSV, private=True),
        ],
    )
    with office.work() as work:
        for one in ids:
            blobs.keep(work, one, expires_at=work.now + KEPT)
        export = _by_number(work, number)
        export.table_id, export.plain_id = ids
        work.emit("job.done", key(number))


def give_up(work: Work, number: str) -> None:
    """Whoever waits for it waits no longer, and may ask anew."""
    _by_number(work, number).failed = True
    work.emit("job.done", key(number), ok=False)


def _order(work: Work, person: int, month: Month, language: str, last: int) -> LedgerExport:
    export = LedgerExport(
        institution_id=work.institution,
        number=numbering.next_number(work, "Z"),
        month=str(month),
        language=language,
        asked_by=person,
        asked_at=work.now,
        last=last,
        lines=statement.count(work, month, last),
    )
    work.session.add(export)
    audit.record(work, f"ledger:{month}", "export", "", "", export.number)
    work.enqueue(JOB, export.number, number=export.number)
    return export


def _told(office: Office, number: str, month: Month, last: int) -> Iterator[Movement]:
    """The month's lines; how far it has come is noted after each piece."""
    done = 0
    for piece in statement.movements(office, month, last):
        yield from piece
        done += len(piece)
        with office.work() as work:
            work.session.execute(
                update(LedgerExport)
                .where(
                    LedgerExport.institution_id == work.institution,
                    LedgerExport.number == number,
                )
                .values(written=done)
            )


def _by_number(work: Work, number: str) -> LedgerExport:
    return work.session.scalars(
        select(LedgerExport).where(
            LedgerExport.institution_id == work.institution, LedgerExport.number == number
        )
    ).one()
