"""Many picture files checked by a durable job, a hundred a transaction (R15, R16).

A hundred files and the place in the archive are one transaction: whoever goes on after a crash repeats
no file that counted and forgets none. A picture is kept byte for byte as it came.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from io import BufferedReader
from typing import Any, BinaryIO, cast

from sqlalchemy import select

from backend import blobs
from backend.blobs import NewFile
from backend.errors import Refused
from backend.files import written
from backend.models import (
    Blob,
    GraduationPhoto,
    PhotoBatch,
    PhotoBatchFile,
    PhotoBatchPart,
    PhotoVerdict,
    Student,
)
from backend.office import Office
from backend.photos import naming, report
from backend.photos.archive import Archive, Parts, Picture
from backend.photos.batch_steering import WORKFLOW, State, locked, may_steer, of_number
from backend.photos.filecheck import Severity, Verdict, Whose, check, passes
from backend.photos.looking import measured_in
from backend.photos.naming import Name, Owner
from backend.policy import store
from backend.policy.photo import PhotoPolicy
from backend.work import Work

BATCH = 100  # files in one transaction
REPORT_KEPT = timedelta(days=90)
LEFT_LYING = timedelta(minutes=15)
KIND = "graduation"
DISMISSED = "who sent it is no longer in charge"


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
        one_at_a_time(work, good)
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
    """In whose hands it is has lost the role since; what is in nobody's is done by command."""
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


def one_at_a_time(work: Work, checked: Sequence[Checked]) -> None:
    """Another batch of these students waits, in id order; a picture to lock need not be there."""
    people = {one.owner.person_id for one in checked if one.owner is not None}
    mine = select(Student.person_id).where(Student.person_id.in_(people))
    in_order = mine.order_by(Student.person_id).with_for_update(key_share=True)
    work.session.execute(in_order)  # rows that refer to them may still be written


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
