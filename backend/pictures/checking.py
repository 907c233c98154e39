"""The jobs of the gate: looking at a picture, then reading it. No transaction waits for either."""

import logging

from sqlalchemy import delete, select

from backend import blobs
from backend.blobs import NewFile
from backend.files import written
from backend.models import Blob, PictureReading, ProofPicture
from backend.office import Office
from backend.pictures import alike, gate, kinds
from backend.pictures.findings import SEVERITIES
from backend.pictures.gate import LATE, UNFILED, key, reading_key
from backend.pictures.reader import CLOSER
from backend.pictures.seen import Looked, Measured, Read
from backend.pictures.studio import Failed, Lost
from backend.policy import store
from backend.proofs import comparing, reading
from backend.work import Work

log = logging.getLogger(__name__)


def look(office: Office, picture: int) -> None:
    """The job ``check_picture``."""
    with office.read() as work:
        row = work.session.get_one(ProofPicture, picture)
        if row.state != "checking":
            return  # another run has done it
        original = work.session.get_one(Blob, row.original_blob_id)
        place, owner, most, size = original.key, row.owner_id, row.most_bytes, original.size
        type_ = row.type
    looked = Looked("")
    if size <= most:
        looked = _looked(office, place)
        faults = list(looked.faults)
    else:
        faults = [Measured("too_large", size, most)]
    copies: list[str] = []
    if looked.shown:
        name = "shown.png" if looked.kind == "png" else "shown.jpg"
        copies = written(
            office,
            [
                NewFile(looked.shown, owner, name, looked.shown_type, looked.shown_size, True),
                NewFile(looked.thumb, owner, "thumb.jpg", "image/jpeg", looked.thumb_size, True),
            ],
        )
    near = None
    if looked.likeness:
        with office.read() as work:
            near = comparing.alike_of_another(work, owner, type_, looked.likeness)
    with office.work() as work:
        row = work.session.get_one(ProofPicture, picture, with_for_update=True)
        if row.state != "checking":
            return
        for blob_id in copies:
            blobs.keep(work, blob_id, expires_at=work.now + UNFILED)
        if copies:
            row.blob_id, row.thumb_blob_id = copies
            row.width, row.height = looked.shown_size
            row.likeness = looked.likeness
            _say_what_it_is(work, row.original_blob_id, looked.kind)
        for fault in faults:
            _note(work, row, fault)
        if near is not None:
            other, distance = near
            gate.note(
                work,
                row,
                "looks_like_other",
                "reviewer",
                measured=round(distance, 3),
                limit=alike.ALIKE,
                other=other,
            )
        row.state, row.checked_at = "checked", work.now
        if copies and office.studio.can_read and not gate.stops(work, picture):
            row.reading = "asked"
            work.enqueue("read_picture", reading_key(picture), picture=picture)
        work.emit("job.done", key(picture))


def _looked(office: Office, place: str) -> Looked:
    try:
        return office.studio.look(office.blobs.get(place))
    except FileNotFoundError:
        log.error("the bytes of a picture are gone")
    except (Lost, Failed) as error:  # a file that kills whoever opens it is no picture
        log.warning("a picture could not be looked at: %s", error)
    return Looked("", faults=(Measured("damaged"),))


def _say_what_it_is(work: Work, blob_id: str, kind: str) -> None:
    """Whatever its sender called it."""
    work.session.get_one(Blob, blob_id).media_type = kinds.MEDIA_TYPES[kind]


def read(office: Office, picture: int) -> None:
    """The job ``read_picture``: the fields of the form, sealed, and what only text can tell."""
    with office.read() as work:
        row = work.session.get_one(ProofPicture, picture)
        if row.reading not in ("asked", "late") or row.blob_id is None:
            return
        place, type_ = work.session.get_one(Blob, row.blob_id).key, row.type
    try:
        data = office.blobs.get(place)
        found = office.studio.read(data)
        if found and found.lines and not reading.fields(found.lines, type_).get("number"):
            found = office.studio.read(data, CLOSER) or found
    except (FileNotFoundError, Lost, Failed) as error:
        log.warning("a picture could not be read: %s", error)
        found = None
    with office.work() as work:
        row = work.session.get_one(ProofPicture, picture, with_for_update=True)
        if row.reading not in ("asked", "late"):
            return
        row.reading, row.read_at = ("failed" if found is None else "read"), work.now
        if found is not None:
            _keep(work, row, found)
        work.emit("job.done", reading_key(picture))


def _keep(work: Work, row: ProofPicture, found: Read) -> None:
    if found.turn:
        _note(work, row, Measured("sideways", found.turn, 0))
    months = store.exam(work).picture.record_months
    for fault in reading.faults(found, row.type, work.now, months):
        _note(work, row, fault)
    work.session.execute(delete(PictureReading).where(PictureReading.picture_id == row.id))
    if work.sealer is None:
        return
    for field, one in reading.fields(found.lines, row.type).items():
        box = one.box
        work.session.add(
            PictureReading(
                picture_id=row.id,
                field=field,
                text_sealed=work.sealer.seal(one.text),
                confidence=one.confidence,
                box=f"{box.x},{box.y},{box.width},{box.height}",
            )
        )


def _note(work: Work, row: ProofPicture, fault: Measured) -> None:
    severity = SEVERITIES[fault.code]
    if severity == "stop" and row.proof_id is not None:
        severity = "reviewer"  # it came to light after it was filed
    gate.note(work, row, fault.code, severity, measured=fault.measured, limit=fault.limit)


def sweep(work: Work) -> int:
    """Nobody waits any longer for what takes long to read; for how many."""
    late = work.session.scalars(
        select(ProofPicture).where(
            ProofPicture.institution_id == work.institution,
            ProofPicture.reading == "asked",
            ProofPicture.checked_at < work.now - LATE,
        )
    ).all()
    for row in late:
        row.reading = "late"
        work.emit("job.done", reading_key(row.id))
    return len(late)


def give_up(work: Work, job: str, picture: int) -> None:
    """A job has failed for good: whoever waits goes on without it."""
    row = work.session.get_one(ProofPicture, picture, with_for_update=True)
    if job == "read_picture":
        row.reading = "failed"
        work.emit("job.done", reading_key(picture))
    elif row.state == "checking":
        row.state = "failed"
        work.emit("job.done", key(picture))
