"""Tables of shootings, rosters, codes and pictures taken, sent in the chat by student affairs."""

from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from backend import authority, blobs
from backend.authority import Role
from backend.blobs import NewFile
from backend.errors import Refused
from backend.files import written
from backend.models import Blob, PhotoSchedule, PhotoTable
from backend.office import Office
from backend.photos import schedule, schedule_publishing
from backend.registry.columns import places
from backend.registry.columns_photo import COLUMNS
from backend.registry.importing import import_file
from backend.registry.limits import UnreadableFile
from backend.registry.report import Problem, Report
from backend.registry.tables import lines
from backend.work import Work

KEPT = timedelta(days=30)
LOST = timedelta(minutes=5)
SHOWN = 8  # refused rows in the chat; the report has them all
SLOTS = "photo_slots"


def key(blob_id: str) -> str:
    return f"photo_table:{blob_id}"


def ask(work: Work, blob_id: str) -> PhotoTable:
    """What came of a table that the actor sent; a job takes it in. Student affairs only."""
    authority.require(work, Role.STUDENT_AFFAIRS)
    table = work.session.get(PhotoTable, blob_id)
    if table is None:
        blob = work.session.get(Blob, blob_id)
        if blob is None or blob.deleted_at is not None or blob.owner_id != work.actor:
            raise Refused("file_gone")
        blobs.keep(work, blob_id, expires_at=work.now + KEPT).private = True
        table = PhotoTable(
            blob_id=blob_id,
            institution_id=work.institution,
            owner_id=blob.owner_id,
            asked_at=work.now,
            problems=[],
        )
        work.session.add(table)
        work.enqueue("import_photo_table", key(blob_id), blob=blob_id)
    elif table.done_at is None and work.now - table.asked_at > LOST:
        until = work.session.get_one(Blob, blob_id).expires_at
        if until is not None and until <= work.now:  # it was given up
            raise Refused("file_gone")
        table.asked_at = work.now
        work.enqueue("import_photo_table", f"{key(blob_id)}:{work.now:%H%M}", blob=blob_id)
    work.session.flush()
    return table


def run(office: Office, blob: str) -> None:
    """The job ``import_photo_table``. A schedule goes into a draft of its own (P1)."""
    with office.read() as work:
        asked = work.session.get(PhotoTable, blob)
        if asked is None or asked.done_at is not None or office.sealer is None:
            return
        place, owner = work.session.get_one(Blob, blob).key, asked.owner_id
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table"
        path.write_bytes(office.blobs.get(place))
        with office.work(owner) as work:
            authority.require(work, Role.STUDENT_AFFAIRS)
            asked = work.session.get_one(PhotoTable, blob, with_for_update=True)
            if asked.done_at is not None:
                return
            found = taken(office, work, path)
            draft = schedule.drafts(work)[:1] if found.kind == SLOTS and found.applied else []
            note(asked, found, draft)
            problems = bool(found.problems)
    if problems:
        (report_id,) = written(
            office, [NewFile(as_csv(found), owner, "拒收.csv", "text/csv", private=True)]
        )
    with office.work(owner) as work:
        asked = work.session.get_one(PhotoTable, blob, with_for_update=True)
        if asked.done_at is not None:
            return
        asked.done_at = work.now
        if problems:
            blobs.keep(work, report_id, expires_at=work.now + KEPT)
            asked.report_id = report_id
        end_what_may_hold_codes(work, asked)
        work.emit("job.done", key(blob))


def taken(office: Office, work: Work, path: Path) -> Report:
    """Only tables about photographs: whatever else the headings say is refused."""
    if office.sealer is None:
        raise LookupError("nothing can be sealed here")
    try:
        kind = kind_told(path)
    except UnreadableFile as unreadable:
        problem = Problem(0, "", "", unreadable.code, unreadable.facts)
        return Report("", applied=False, problems=[problem])
    if kind == SLOTS:
        schedule_publishing.discard_drafts(work)
    return import_file(
        work.session,
        office.sealer,
        work.institution,
        kind,
        path,
        all_or_nothing=False,
        now=work.now,
        actor=work.actor,
    )


def kind_told(path: Path) -> str:
    """The kind whose columns are all there. Raises UnreadableFile."""
    with lines(path) as rows:
        headings = next(rows).cells
    for kind in COLUMNS:
        try:
            places(kind, headings)
        except UnreadableFile as wrong:
            if wrong.code != "missing_columns":
                raise
        else:
            return kind
    raise UnreadableFile("unknown_photo_table")


def note(table: PhotoTable, report: Report, drafts: list[PhotoSchedule]) -> None:
    """Read a second time after a failure, everything is as it was: what the first has done stands."""
    if not table.applied:
        table.added, table.changed, table.unchanged = report.added, report.changed, report.unchanged
    table.kind, table.applied, table.refused = report.kind or "", report.applied, report.refused
    table.problems = [
        [one.line, one.column, one.value, one.zh, one.en] for one in report.problems[:SHOWN]
    ]
    table.schedule = drafts[0].number if drafts else ""


def as_csv(report: Report) -> bytes:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "refused.csv"
        report.write_csv(path)
        return path.read_bytes()


def end_what_may_hold_codes(work: Work, table: PhotoTable) -> None:
    """A list of codes is not kept a moment longer (P2), nor what may be one and was not understood."""
    blob = work.session.get_one(Blob, table.blob_id)
    if table.kind in ("", "photo_codes") and blob.deleted_at is None:
        blobs.keep(work, blob.id, expires_at=work.now)


def give_up(work: Work, blob: str) -> None:
    end_what_may_hold_codes(work, work.session.get_one(PhotoTable, blob, with_for_update=True))
    work.emit("job.done", key(blob), ok=False)
