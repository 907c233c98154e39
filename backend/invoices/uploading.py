"""Issued files that finance sent: each is matched, kept for its owner, and reported; by a job."""

from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import select

from backend import authority, blobs
from backend.authority import Role
from backend.blobs import NewFile
from backend.errors import Refused
from backend.files import written
from backend.invoices import handing_over, matching
from backend.invoices.issued_seen import LOOK, MEDIA_TYPES, UNPACK, Seen, Unpacked
from backend.invoices.matching import FITS, Match, Outcome
from backend.models import Blob, InvoiceFile, InvoiceUpload
from backend.office import Office
from backend.pictures.studio import Failed, Lost
from backend.work import Work

KEPT = timedelta(days=30)  # what was sent, for a question about it
LOST = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Issued:
    """One file that came, and what was seen in it."""

    name: str
    data: bytes | None
    seen: Seen

    @property
    def sha256(self) -> str:
        return sha256(self.data or b"").hexdigest()


def key(blob_id: str) -> str:
    return f"invoice_upload:{blob_id}"


def ask(work: Work, blob_id: str) -> InvoiceUpload:
    """What came of a file that the actor sent; a job looks at it. Finance only. Refused ``file_gone``."""
    authority.require(work, Role.FINANCE)
    upload = work.session.get(InvoiceUpload, blob_id)
    if upload is None:
        blob = work.session.get(Blob, blob_id)
        if blob is None or blob.deleted_at is not None or blob.owner_id != work.actor:
            raise Refused("file_gone")
        blobs.keep(work, blob_id, expires_at=work.now + KEPT).private = True
        upload = InvoiceUpload(
            blob_id=blob_id,
            institution_id=work.institution,
            owner_id=blob.owner_id,
            asked_at=work.now,
            refused="",
            matched=0,
            told=[],
        )
        work.session.add(upload)
        work.enqueue("take_invoices", key(blob_id), blob=blob_id)
    elif upload.done_at is None and work.now - upload.asked_at > LOST:
        upload.asked_at = work.now
        work.enqueue("take_invoices", f"{key(blob_id)}:{work.now.isoformat()}", blob=blob_id)
    work.session.flush()
    return upload


def run(office: Office, blob: str) -> None:
    """The job ``take_invoices``. No transaction waits while files are read or written."""
    with office.read() as work:
        upload = work.session.get(InvoiceUpload, blob)
        if upload is None or upload.done_at is not None:
            return
        file = work.session.get_one(Blob, blob)
        place, name, owner = file.key, file.name, upload.owner_id
    try:
        found = _unpacked(office, office.blobs.get(place), name)
    except FileNotFoundError:
        found = Unpacked(refused="damaged")
    issued = [_looked_at(office, *one) for one in found.files]
    with office.read(owner) as work:
        fitting = [one for one in issued if _judge(work, one).outcome in FITS]
        files = [_new_file(work, one) for one in fitting]
    ids = dict(
        zip([(one.name, one.sha256) for one in fitting], written(office, files), strict=True)
    )
    with office.work(owner) as work:
        upload = work.session.get_one(InvoiceUpload, blob, with_for_update=True)
        if upload.done_at is not None:
            return  # another run has done it
        if authority.holds(work, owner, Role.FINANCE):
            upload.told = _take(work, issued, ids)
            upload.matched = sum(one[1] in FITS for one in upload.told)
            upload.refused = found.refused
        else:
            upload.refused = "not_allowed"
        upload.done_at = work.now
        work.emit("job.done", key(blob))


def give_up(work: Work, blob: str) -> None:
    work.emit("job.done", key(blob), ok=False)


def _unpacked(office: Office, data: bytes, name: str) -> Unpacked:
    try:
        found: Unpacked = office.studio.run(UNPACK, data, name)
    except (Lost, Failed):
        return Unpacked(refused="damaged")
    return found


def _looked_at(office: Office, name: str, data: bytes | None) -> Issued:
    """Each alone, so that one that kills the process takes no other with it."""
    if data is None:
        return Issued(name, None, Seen())
    try:
        seen: Seen = office.studio.run(LOOK, data)
    except (Lost, Failed):
        return Issued(name, None, Seen())
    return Issued(name, data, seen)


def _judge(work: Work, one: Issued) -> Match:
    if one.data is None:
        return Match(Outcome.UNREADABLE)
    found = matching.match(work, one.name, one.seen)
    if found.outcome not in FITS or found.application is None:
        return found
    known = select(InvoiceFile.blob_id).where(
        InvoiceFile.application_id == found.application.id, InvoiceFile.sha256 == one.sha256
    )
    if work.session.scalar(known) is not None:
        return Match(Outcome.ALREADY, found.number)
    return found


def _new_file(work: Work, one: Issued) -> NewFile:
    """The owner's own, under our number: the bureau's name holds the buyer's."""
    found = _judge(work, one)
    if found.application is None:
        raise LookupError(one.name)
    name = f"发票-{found.number}.{one.seen.kind}"
    media_type = MEDIA_TYPES[one.seen.kind]
    return NewFile(one.data or b"", found.application.applicant_id, name, media_type, private=True)


def _take(work: Work, issued: list[Issued], ids: dict[tuple[str, str], str]) -> list[list[str]]:
    """What became of each: its name, the outcome, our number. What fits is handed over."""
    told: list[list[str]] = []
    came: list[tuple[Match, Issued, str]] = []
    for one in issued:
        found = _judge(work, one)
        blob_id = ids.get((one.name, one.sha256), "")
        twice = any(one.sha256 == other.sha256 for _match, other, _id in came)
        if found.outcome in FITS and (twice or not blob_id):
            found = Match(Outcome.ALREADY, found.number)
        if found.outcome in FITS:
            came.append((found, one, blob_id))
        told.append([matching.masked_file_name(one.name), found.outcome, found.number])
    handing_over.take(work, [(found, one.sha256, one.seen.kind, id_) for found, one, id_ in came])
    return told
