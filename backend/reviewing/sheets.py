"""The pictures of a case as whoever decides on it sees them: numbered, and all on one sheet.

A sheet is made for one person, opens for nobody else, and is gone after two hours.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256

from sqlalchemy import select

from backend import blobs
from backend.blobs import NewFile
from backend.errors import NotAllowed
from backend.files import written
from backend.models import Application, Blob, Proof, ProofPicture
from backend.office import Office
from backend.proofs import keeping
from backend.reviewing.kinds import find
from backend.reviewing.reviewers import actor, may_decide
from backend.work import Work

KEPT = timedelta(hours=2)  # as long as a link to a file
_NAME = re.compile(r"^sheet-([A-Z]\d{6}-\d+)-[0-9a-f]{16}\.jpg$")


@dataclass(frozen=True, slots=True)
class Attachment:
    """``place`` counts through all proofs of the case, from 1; its number on the sheet."""

    place: int
    proof: Proof
    picture: ProofPicture


def attachments(work: Work, application: Application) -> list[Attachment]:
    pairs = [
        (proof, picture)
        for proof in keeping.of_application(work, application.id)
        for picture in keeping.pictures_of(work, proof.id)
    ]
    return [Attachment(place, *pair) for place, pair in enumerate(pairs, 1)]


def file_of(work: Work, attachment: Attachment, *, small: bool = False) -> Blob | None:
    """The copy that may be shown, as long as it is there."""
    picture = attachment.picture
    blob_id = picture.thumb_blob_id if small else picture.blob_id
    blob = work.session.get(Blob, blob_id) if blob_id else None
    return None if blob is None or blob.deleted_at is not None else blob


def key(number: str, person: int) -> str:
    return f"sheet:{number}:{person}"


def sheet(work: Work, application: Application) -> Blob | None:
    """All pictures of a case on one, for the person who acts; None while it is being drawn, which
    asking begins; ``key`` is what announces it. Raises NotAllowed."""
    person = actor(work)
    if not may_decide(work, person, application):
        raise NotAllowed
    there = select(Blob).where(
        Blob.institution_id == work.institution,
        Blob.deleted_at.is_(None),
        Blob.expires_at > work.now,
        Blob.expires_at <= work.now + KEPT,
        Blob.owner_id == person,
        Blob.name == _name(application, attachments(work, application)),
    )
    found = work.session.scalars(there.limit(1)).first()
    if found is None:
        number = application.number
        stamp = f"{key(number, person)}:{work.now:%Y%m%d%H%M%S}"
        work.enqueue("draw_sheet", stamp, number=number, person=person)
    return found


def draw(office: Office, number: str, person: int) -> None:
    """The job."""
    with office.read(person) as work:
        application = find(work, number)
        if application is None or not may_decide(work, person, application):
            found, name = [], ""
        else:
            found = attachments(work, application)
            name = _name(application, found)
        files = [file_of(work, one) for one in found]
        keys = [None if blob is None else blob.key for blob in files]
        captions = [_caption(work, one) for one in found]
    if not found:
        with office.work() as work:
            work.emit("job.done", key(number, person), ok=False)
        return
    data = [_bytes(office, one) for one in keys]
    jpeg, size = office.studio.run("backend.pictures.sheet:draw", data, captions)
    (blob_id,) = written(office, [NewFile(jpeg, person, name, "image/jpeg", size, True)])
    with office.work() as work:
        blobs.keep(work, blob_id, expires_at=work.now + KEPT)
        work.emit("job.done", key(number, person))


def no_longer(work: Work, person: int, blob: Blob) -> bool:
    """Whether this is a sheet of a case that this person does not decide on any more."""
    named = _NAME.match(blob.name)
    if named is None:
        return False
    application = find(work, named[1])
    return application is None or not may_decide(work, person, application)


def _name(application: Application, found: list[Attachment]) -> str:
    """Of these very pictures: with others it is another sheet."""
    of = sha256(repr([one.picture.id for one in found]).encode()).hexdigest()[:16]
    return f"sheet-{application.number}-{of}.jpg"


def _bytes(office: Office, place: str | None) -> bytes:
    try:
        return office.blobs.get(place) if place else b""
    except FileNotFoundError:
        return b""


def _caption(work: Work, attachment: Attachment) -> str:
    """The number and the month as they were typed, for the eye to compare; the rest stands beside it
    in words, and so does a number that is not all ASCII."""
    proof = attachment.proof
    told = [keeping.number_of(work, proof), proof.month]
    return "\n".join(one for one in told if one and one.isascii())
