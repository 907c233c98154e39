"""Many picture files checked by a durable job, a hundred a transaction (R15, R16).

A hundred files and the place in the archive are one transaction: whoever goes on after a crash repeats
no file that counted and forgets none. A picture is kept byte for byte as it came.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from io import BufferedReader
from typing import Any, BinaryIO, cast

from sqlalchemy import func, select

from backend import authority, blobs, numbering
from backend.authority import Role
from backend.blobs import NewFile, Swept
from backend.clock import local_date
from backend.consent import Consent
from backend.consents import keep
from backend.errors import NotAllowed, Refused
from backend.files import written
from backend.models import (
    Blob,
    GraduationPhoto,
    PhotoArchive,
    PhotoBatch,
    PhotoBatchFile,
    PhotoBatchPart,
    PhotoVerdict,
)
from backend.office import Office
from backend.photos import naming, report
from backend.photos.archive import MOST_ARCHIVE, PART, Archive, Parts, Picture
from backend.photos.filecheck import Severity, Verdict, Whose, check, passes
from backend.photos.looking import measured_in
from backend.photos.naming import Name, Owner
from backend.policy import store
from backend.policy.photo import PhotoPolicy
from backend.registry.limits import MEGABYTE
from backend.work import Work
from backend.workflow import NEW, Edge, Workflow

BATCH = 100  # files in one transaction
UPLOAD_KEPT = timedelta(days=1)  # until it is begun with
ARCHIVE_KEPT = timedelta(days=30)  # while it is being checked
REPORT_KEPT = timedelta(days=90)
LEFT_LYING = timedelta(minutes=15)
KIND = "graduation"
DISMISSED = "who sent it is no longer in charge"


class State(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    STOPPED = "stopped"
    FAILED = "failed"  # the job gave it up; what was done stands


def moved(work: Work, batch: PhotoBatch, edge: Edge[PhotoBatch]) -> dict[str, Any]:
    over = edge.target in (State.DONE, State.STOPPED, State.FAILED)
    begins = edge.event in ("start", "resume")
    return {
        "moved_at": work.now,
        "ended_at": work.now if over else None,
        "runs": (batch.runs or 0) + begins,
    }


WORKFLOW: Workflow[PhotoBatch] = Workflow(
    "photo_batch",
    Edge("file", NEW, State.WAITING, "system", "R16"),
    Edge("start", State.WAITING, State.RUNNING, "system"),
    Edge("finish", State.RUNNING, State.DONE, "", "R16"),
    Edge("stop", State.WAITING, State.STOPPED),
    Edge("stop", State.RUNNING, State.STOPPED),
    Edge("give_up", State.WAITING, State.FAILED),
    Edge("give_up", State.RUNNING, State.FAILED),
    Edge("resume", State.STOPPED, State.RUNNING, "system"),
    Edge("resume", State.FAILED, State.RUNNING, "system"),
    moved=moved,
)


@dataclass(frozen=True, slots=True)
class Stored:
    """An archive in the store: the ids of its parts, and how long each is."""

    name: str
    parts: tuple[tuple[str, int], ...]


# --- taking an archive in ---------------------------------------------------------------------


def put(
    office: Office,
    file: BinaryIO,
    name: str,
    owner: int | None,
    admit: Callable[[Work, NewFile], None] = lambda _, __: None,
) -> Stored:
    """An archive into the store part by part. ``admit`` may raise where a part is too much for its
    owner. Raises Refused ``archive_too_large``."""
    parts: list[tuple[str, int]] = []
    size = 0
    while data := file.read(PART):
        size += len(data)
        require_size(size)
        one = NewFile(data, owner, f"{name}.{len(parts)}", "application/octet-stream", private=True)
        parts.append((put_part(office, one, admit), len(data)))
    return Stored(name, tuple(parts))


def put_part(office: Office, part: NewFile, admit: Callable[[Work, NewFile], None]) -> str:
    (blob_id,) = written(office, [part], admit=lambda work: admit(work, part))
    return blob_id


def require_size(size: int) -> None:
    """Raises Refused ``archive_too_large``."""
    if size > MOST_ARCHIVE:
        raise Refused("archive_too_large", "R16", most=MOST_ARCHIVE // MEGABYTE)


def keep_parts(work: Work, archive: Stored, expires_at: datetime) -> None:
    """Raises Refused ``file_gone`` where one of them has ended meanwhile."""
    try:
        for blob_id, _size in archive.parts:
            blobs.keep(work, blob_id, expires_at=expires_at)
    except Swept:
        raise Refused("file_gone") from None


def stored(work: Work, blob_id: str) -> Stored:
    """An archive that the actor sent, in the chat or through the page for large ones.

    Raises Refused ``file_gone``.
    """
    whole = work.session.get(PhotoArchive, blob_id)
    if whole is not None and whole.owner_id == work.actor:
        return Stored(whole.name, tuple((one, size) for one, size in whole.parts))
    blob = work.session.get(Blob, blob_id)
    if blob is None or blob.deleted_at is not None or blob.owner_id != work.actor:
        raise Refused("file_gone")
    return Stored(blob.name, ((blob.id, blob.size),))


def unit_of(work: Work, wanted: int | None) -> int | None:
    """The unit whose students the actor may upload pictures of; None is any. Raises NotAllowed."""
    actor = work.actor or 0
    if authority.holds(work, actor, Role.STUDENT_AFFAIRS):
        return wanted
    mine = authority.units(work, actor, Role.UNIT_OFFICER)
    if wanted is None and len(mine) == 1:
        return mine[0]
    if wanted is None or wanted not in mine:
        raise NotAllowed
    return wanted


def begin(
    work: Work, archive: Stored, unit_id: int | None, year: int | None, consent: Consent | None
) -> PhotoBatch:
    """Begin to check an archive; the job ``check_photos`` does it.

    ``year`` is the enrolment year, needed where files are named by ID numbers; ``consent`` None is
    the command of an administrator. Raises NotAllowed for another's unit.
    """
    if consent is not None:
        unit_id = unit_of(work, unit_id)
    batch = PhotoBatch(
        institution_id=work.institution,
        number=numbering.next_number(work, "F"),
        state=NEW,
        name=archive.name,
        unit_id=unit_id,
        enrolment_year=year,
        made_by=work.actor,
        made_at=work.now,
        consent_id=keep(work, consent) if consent else None,
        policy_version=store.version_in_force(work, "photo"),
        total=0,
        cursor=0,
        passed=0,
        failed=0,
        runs=0,
        moved_at=work.now,
    )
    WORKFLOW.take(work, batch, "file")
    keep_parts(work, archive, work.now + ARCHIVE_KEPT)
    for place, (blob_id, size) in enumerate(archive.parts):
        part = PhotoBatchPart(
            batch_id=batch.id,
            place=place,
            institution_id=work.institution,
            blob_id=blob_id,
            size=size,
        )
        work.session.add(part)
    work.session.flush()
    work.enqueue("check_photos", batch.number, number=batch.number)
    return batch


# --- looking and steering ---------------------------------------------------------------------


def may_steer(work: Work, person: int, batch: PhotoBatch) -> bool:
    """Student affairs any; others what they have sent, while they are the officer of its unit."""
    if authority.holds(work, person, Role.STUDENT_AFFAIRS):
        return True
    mine = batch.made_by == person and batch.unit_id is not None
    return mine and authority.holds(work, person, Role.UNIT_OFFICER, batch.unit_id)


def find(work: Work, number: str) -> PhotoBatch:
    """One that the actor may steer. Raises NotAllowed."""
    batch = work.session.scalar(
        select(PhotoBatch).where(
            PhotoBatch.institution_id == work.institution, PhotoBatch.number == number
        )
    )
    if batch is None or not may_steer(work, work.actor or 0, batch):
        raise NotAllowed
    return batch


def latest(work: Work, most: int = 5) -> list[PhotoBatch]:
    """The actor's own, newest first; student affairs see everybody's."""
    query = select(PhotoBatch).where(PhotoBatch.institution_id == work.institution)
    actor = work.actor or 0
    if not authority.holds(work, actor, Role.STUDENT_AFFAIRS):
        mine = authority.units(work, actor, Role.UNIT_OFFICER)
        query = query.where(PhotoBatch.made_by == actor, PhotoBatch.unit_id.in_(mine))
    return list(work.session.scalars(query.order_by(PhotoBatch.id.desc()).limit(most)))


def failures(work: Work, batch: PhotoBatch, most: int) -> list[tuple[str, str]]:
    """The first files that did not pass, each with the code of a reason."""
    rows = work.session.execute(
        select(PhotoBatchFile.name, func.min(PhotoVerdict.code))
        .join(
            PhotoVerdict,
            (PhotoVerdict.batch_id == PhotoBatchFile.batch_id)
            & (PhotoVerdict.place == PhotoBatchFile.place),
        )
        .where(
            PhotoBatchFile.batch_id == batch.id,
            PhotoBatchFile.passed.is_(False),
            PhotoVerdict.severity == Severity.FAIL,
        )
        .group_by(PhotoBatchFile.place, PhotoBatchFile.name)
        .order_by(PhotoBatchFile.place)
        .limit(most)
    )
    return [(name, code) for name, code in rows]


def stop(work: Work, number: str) -> PhotoBatch:
    batch = find(work, number)
    WORKFLOW.take(work, batch, "stop")
    return batch


def resume(work: Work, number: str) -> PhotoBatch:
    """Go on where it stopped. Raises Refused ``file_gone`` when the archive is not kept any more."""
    batch = find(work, number)
    gone = work.session.scalar(
        select(func.count())
        .select_from(PhotoBatchPart)
        .join(Blob, Blob.id == PhotoBatchPart.blob_id)
        .where(PhotoBatchPart.batch_id == batch.id, Blob.deleted_at.is_not(None))
    )
    if gone:
        raise Refused("file_gone")
    WORKFLOW.take(work, batch, "resume")
    again = f"{number}:{batch.runs}"
    work.enqueue("check_photos", again, number=number)
    return batch


def give_up(work: Work, number: str) -> None:
    """The job has failed for good."""
    batch = locked(work, number)
    if WORKFLOW.allows(batch.state, "give_up"):
        WORKFLOW.take(work, batch, "give_up")


def ask_again(work: Work) -> int:
    """A batch that has not moved for long has lost its job; safe to repeat."""
    hour = f"{work.now:%Y%m%d%H}"
    left = work.session.scalars(
        select(PhotoBatch.number).where(
            PhotoBatch.institution_id == work.institution,
            PhotoBatch.state.in_((State.WAITING, State.RUNNING)),
            PhotoBatch.moved_at < work.now - LEFT_LYING,
        )
    ).all()
    for number in left:
        work.enqueue("check_photos", f"{number}:again:{hour}", number=number)
    return len(left)


def of_number(work: Work, number: str) -> PhotoBatch:
    """One that exists."""
    return work.session.scalars(
        select(PhotoBatch).where(
            PhotoBatch.institution_id == work.institution, PhotoBatch.number == number
        )
    ).one()


def locked(work: Work, number: str) -> PhotoBatch:
    """For this transaction alone: its place is nobody else's then."""
    return work.session.scalars(
        select(PhotoBatch)
        .where(PhotoBatch.institution_id == work.institution, PhotoBatch.number == number)
        .with_for_update()
    ).one()


# --- the job ----------------------------------------------------------------------------------


def run(
    office: Office, number: str, progress: Callable[[int, int], None] = lambda _, __: None
) -> None:
    """Check what is left; ends early where somebody has stopped it. ``progress`` is told how many
    files have been looked at, and of how many."""
    with office.work() as work:
        batch = locked(work, number)
        if batch.state == State.WAITING:
            WORKFLOW.take(work, batch, "start")
        if batch.state != State.RUNNING:
            return
    try:
        archive = opened(office, number)
    except Refused as refused:
        with office.work() as work:
            batch = locked(work, number)
            WORKFLOW.take(
                work, batch, "give_up", why=refused.code, code=refused.code, **refused.facts
            )
        return
    with office.work() as work:
        batch = locked(work, number)
        batch.total = len(archive.pictures)
    while step(office, number, archive):
        with office.read() as work:
            progress(of_number(work, number).cursor, len(archive.pictures))
    finish(office, number)


def opened(office: Office, number: str) -> Archive:
    with office.read() as work:
        rows = work.session.execute(
            select(Blob.key, PhotoBatchPart.size)
            .join(PhotoBatchPart, PhotoBatchPart.blob_id == Blob.id)
            .join(PhotoBatch, PhotoBatch.id == PhotoBatchPart.batch_id)
            .where(PhotoBatch.institution_id == work.institution, PhotoBatch.number == number)
            .order_by(PhotoBatchPart.place)
        ).all()
    keys = [key for key, _size in rows]
    parts = Parts([size for _key, size in rows], lambda place: office.blobs.get(keys[place]))
    return Archive(cast(BinaryIO, BufferedReader(parts, 256 * 1024)))


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of one file of a chunk; ``data`` where it is to be kept."""

    picture: Picture
    name: Name
    owner: Owner | None
    verdicts: list[Verdict]
    data: bytes | None


def step(office: Office, number: str, archive: Archive) -> bool:
    """The next files, and where that leads; False when there is nothing more to do."""
    with office.read() as work:
        batch = of_number(work, number)
        if batch.state != State.RUNNING or batch.cursor >= batch.total:
            return False
        cursor = batch.cursor
        chunk = archive.pictures[cursor : cursor + BATCH]
        policy = store.photo(work, batch.policy_version)
        names = [naming.read(picture.name) for picture in chunk]
        owners = naming.owners(work, names, batch.enrolment_year)
        people = {one.person_id for one in owners.values()}
        earlier = files_of(work, batch, people)
        scope = (batch.enrolment_year, batch.unit_id)
    checked = checked_of(office, archive, chunk, names, owners, earlier, scope, policy)
    good = [one for one in checked if one.data is not None and one.owner is not None]
    kept = written(office, [as_file(one, policy) for one in good])
    with office.work() as work:
        batch = locked(work, number)
        if batch.state != State.RUNNING or batch.cursor != cursor:
            return batch.state == State.RUNNING  # stopped, or another run was faster
        if dismissed(work, batch):
            WORKFLOW.take(work, batch, "give_up", why=DISMISSED)
            return False
        note(work, batch, checked)
        for one, blob_id in zip(good, kept, strict=True):
            into_registry(work, batch, one, blob_id)
        failed = sum(not passes(one.verdicts) for one in checked)
        batch.cursor = cursor + len(chunk)
        batch.passed += len(checked) - failed
        batch.failed += failed
        batch.moved_at = work.now
    return True


def dismissed(work: Work, batch: PhotoBatch) -> bool:
    """Whoever sent it has lost the role since; what nobody sent was begun by command."""
    return batch.made_by is not None and not may_steer(work, batch.made_by, batch)


def files_of(work: Work, batch: PhotoBatch, people: set[int]) -> dict[int, str]:
    """Earlier files of this batch that passed, by person."""
    rows = work.session.execute(
        select(PhotoBatchFile.person_id, PhotoBatchFile.name).where(
            PhotoBatchFile.batch_id == batch.id,
            PhotoBatchFile.person_id.in_(people),
            PhotoBatchFile.passed,
        )
    )
    return {person: name for person, name in rows if person is not None}


def checked_of(
    office: Office,
    archive: Archive,
    chunk: Sequence[Picture],
    names: Sequence[Name],
    owners: Any,
    earlier: dict[int, str],
    scope: tuple[int | None, int | None],
    policy: PhotoPolicy,
) -> list[Checked]:
    data = [archive.read(picture) for picture in chunk]
    found = []
    year, unit = scope
    for picture, read, content in zip(chunk, names, data, strict=True):
        owner = owners.get(read.stem)
        name = read.of(owner)
        if content is None:
            broken = Verdict("R16", "unreadable", Severity.FAIL, f"{picture.size:,}", "")
            found.append(Checked(picture, name, owner, [broken], None))
            continue
        twice = earlier.get(owner.person_id, "") if owner else ""
        verdicts = check(
            measured_in(office, content), name, Whose(owner, year, unit, twice), policy
        )
        good = passes(verdicts)
        if good and owner is not None:
            earlier[owner.person_id] = name.shown
        found.append(Checked(picture, name, owner, verdicts, content if good else None))
    return found


def as_file(one: Checked, policy: PhotoPolicy) -> NewFile:
    owner = cast(Owner, one.owner)
    data = cast(bytes, one.data)
    size = (policy.file.width, policy.file.height)
    return NewFile(data, owner.person_id, f"{owner.number}.jpg", "image/jpeg", size, private=True)


def note(work: Work, batch: PhotoBatch, checked: Sequence[Checked]) -> None:
    for one in checked:
        key = {"batch_id": batch.id, "place": one.picture.place}
        work.session.add(
            PhotoBatchFile(
                **key,
                institution_id=work.institution,
                name=one.name.shown,
                person_id=one.owner.person_id if one.owner else None,
                passed=passes(one.verdicts),
            )
        )
        work.session.add_all(
            PhotoVerdict(
                **key,
                institution_id=work.institution,
                code=verdict.code,
                rule=verdict.rule,
                measured=verdict.measured,
                limit=verdict.limit,
                severity=verdict.severity,
            )
            for verdict in one.verdicts
            if verdict.severity in (Severity.FAIL, Severity.WARN)
        )
    work.session.flush()


def into_registry(work: Work, batch: PhotoBatch, one: Checked, blob_id: str) -> None:
    """It takes the place of an earlier picture of the same person and kind."""
    owner = cast(Owner, one.owner)
    blob = blobs.keep(work, blob_id, expires_at=None)
    kept = timedelta(days=store.photo(work).replaced_kept_days)
    for earlier in work.session.scalars(
        select(GraduationPhoto)
        .where(
            GraduationPhoto.person_id == owner.person_id,
            GraduationPhoto.kind == KIND,
            GraduationPhoto.replaced_at.is_(None),
        )
        .with_for_update()
    ).all():
        earlier.replaced_at = work.now
        blobs.keep(work, earlier.blob_id, expires_at=work.now + kept)
    work.session.add(
        GraduationPhoto(
            institution_id=work.institution,
            person_id=owner.person_id,
            enrolment_year=owner.enrolled,
            kind=KIND,
            blob_id=blob_id,
            sha256=blob.sha256,
            batch_id=batch.id,
            policy_version=batch.policy_version,
            checked_at=work.now,
        )
    )


def finish(office: Office, number: str) -> None:
    """The report, and word to whoever sent it; only where every file has been looked at."""
    with office.read() as work:
        batch = of_number(work, number)
        if batch.state != State.RUNNING or batch.cursor < batch.total:
            return
        book = report.workbook(work, batch)
        name, owner = report.file_name(batch), batch.made_by
    (blob_id,) = written(office, [NewFile(book, owner, name, report.XLSX, private=True)])
    with office.work() as work:
        batch = locked(work, number)
        if batch.state != State.RUNNING:
            return
        blobs.keep(work, blob_id, expires_at=work.now + REPORT_KEPT)
        batch.report_id = blob_id
        for part in work.session.scalars(
            select(PhotoBatchPart.blob_id).where(PhotoBatchPart.batch_id == batch.id)
        ).all():
            blobs.keep(work, part, expires_at=work.now)
        WORKFLOW.take(work, batch, "finish")


def years(work: Work) -> list[int]:
    """Enrolment years that are likely, newest first."""
    this = local_date(work.now).year
    return [this - back for back in range(2, 8)]
