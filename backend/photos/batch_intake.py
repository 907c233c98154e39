"""An archive of pictures arrives, is kept part by part, and a batch is begun with it (R16)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import BinaryIO

from sqlalchemy import select

from backend import authority, blobs, numbering
from backend.authority import Role
from backend.blobs import NewFile, Swept
from backend.clock import local_date
from backend.consent import Consent
from backend.consents import keep
from backend.errors import NotAllowed, Refused
from backend.files import written
from backend.models import Blob, Person, PhotoArchive, PhotoBatch, PhotoBatchPart
from backend.office import Office
from backend.photos.archive import MOST_ARCHIVE, PART
from backend.photos.batch_steering import WORKFLOW
from backend.policy import store
from backend.registry.limits import MEGABYTE
from backend.work import Work
from backend.workflow import NEW

UPLOAD_KEPT = timedelta(days=1)  # until it is begun with
HELD_MOST = 2 * MOST_ARCHIVE  # of one person's archives together
ARCHIVE_KEPT = timedelta(days=30)  # while it is being checked


@dataclass(frozen=True, slots=True)
class Stored:
    """An archive in the store: the ids of its parts, and how long each is."""

    name: str
    parts: tuple[tuple[str, int], ...]

    @property
    def size(self) -> int:
        return sum(size for _id, size in self.parts)


def put(office: Office, file: BinaryIO, name: str) -> Stored:
    """An archive into the store part by part; the parts are nobody's own, so that they do not count
    among the files that somebody may send in the chat. Raises Refused ``archive_too_large``."""
    parts: list[tuple[str, int]] = []
    size = 0
    while data := file.read(PART):
        size += len(data)
        require_size(size)
        one = NewFile(data, None, f"{name}.{len(parts)}", "application/octet-stream", private=True)
        parts += [(blob_id, len(data)) for blob_id in written(office, [one])]
    return Stored(name, tuple(parts))


def take(work: Work, archive: Stored, owner: int) -> str:
    """From now on the archive is of whoever sent it, by the id of its first part; unless a batch is
    begun with it, it ends. Raises Refused ``archives_full``, ``file_gone``."""
    require_room(work, owner, archive.size)
    keep_parts(work, archive, work.now + UPLOAD_KEPT)
    first = archive.parts[0][0]
    work.session.add(
        PhotoArchive(
            blob_id=first,
            institution_id=work.institution,
            owner_id=owner,
            name=archive.name,
            parts=[list(part) for part in archive.parts],
        )
    )
    return first


def require_room(work: Work, owner: int, size: int) -> None:
    """Raises Refused ``archives_full`` where the sender has so much here that it does not fit any
    more. Whoever asks at the same time waits, so that two do not both fit."""
    work.session.get(Person, owner, with_for_update={"key_share": True})
    there = work.session.scalars(
        select(PhotoArchive.parts)
        .join(Blob, Blob.id == PhotoArchive.blob_id)
        .where(
            PhotoArchive.institution_id == work.institution,
            PhotoArchive.owner_id == owner,
            Blob.deleted_at.is_(None),
        )
    )
    if sum(part_size for parts in there for _id, part_size in parts) + size > HELD_MOST:
        raise Refused("archives_full", "R16", most=HELD_MOST // MEGABYTE)


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


def years(work: Work) -> list[int]:
    """Enrolment years that are likely, newest first."""
    this = local_date(work.now).year
    return [this - back for back in range(2, 8)]
