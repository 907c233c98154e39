"""What was read of a file that staff have sent, until it is published or given up."""

from datetime import timedelta

from pydantic import TypeAdapter
from sqlalchemy import delete

from backend import blobs
from backend.errors import NotAllowed, Refused
from backend.models import Blob, DocumentDraft
from backend.office import Office
from backend.publications.heading import Heading
from backend.publications.offices import office_of
from backend.publications.reading import Read, read_apart
from backend.publications.splitting import Part
from backend.work import Work

KEPT = timedelta(days=30)  # to check its clauses in; whoever takes longer sends it again
READING = timedelta(minutes=5)  # after which it is asked for once more

_HEADING = TypeAdapter(Heading)
_PARTS = TypeAdapter(tuple[Part, ...])


def ask(work: Work, blob_id: str) -> DocumentDraft:
    """The draft of one's own file, which a job reads; ``read_at`` is None until it has.

    ``key(blob_id)`` is under which that is announced. Raises NotAllowed for whoever may not publish,
    Refused ``file_gone``.
    """
    if work.actor is None or office_of(work, work.actor) is None:
        raise NotAllowed
    draft = work.session.get(DocumentDraft, blob_id)
    if draft is None:
        blob = work.session.get(Blob, blob_id)
        gone = blob is None or blob.deleted_at is not None or blob.owner_id != work.actor
        if gone or (blob is not None and blob.expires_at is None):  # a published document's
            raise Refused("file_gone")
        blobs.keep(work, blob_id, expires_at=work.now + KEPT)
        draft = DocumentDraft(
            blob_id=blob_id,
            institution_id=work.institution,
            owner_id=work.actor,
            asked_at=work.now,
            expires_at=work.now + KEPT,
            text="",
            heading={},
            parts=[],
            refused="",
            refused_limit=0,
        )
        work.session.add(draft)
        work.enqueue("read_document", key(blob_id), blob=blob_id)
    elif draft.owner_id != work.actor or draft.institution_id != work.institution:
        raise NotAllowed
    elif draft.read_at is None and work.now - draft.asked_at > READING:  # the job was lost
        draft.asked_at = work.now
        work.enqueue("read_document", f"{key(blob_id)}:{work.now:%H%M}", blob=blob_id)
    work.session.flush()
    return draft


def found(draft: DocumentDraft) -> tuple[Heading, tuple[Part, ...]]:
    """What the document says of itself, and its clauses; none where it was refused."""
    return _HEADING.validate_python(draft.heading), _PARTS.validate_python(draft.parts)


def key(blob_id: str) -> str:
    return f"document:{blob_id}"


def read(office: Office, blob: str) -> None:
    """The job. No transaction waits while the file is read."""
    with office.read() as work:
        draft = work.session.get(DocumentDraft, blob)
        if draft is None or draft.read_at is not None:
            return
        file = work.session.get_one(Blob, blob)
        place, name = file.key, file.name
    try:
        found = read_apart(office.blobs.get(place), name)
    except FileNotFoundError:
        found = Read(refused="damaged")
    with office.work() as work:
        draft = work.session.get(DocumentDraft, blob, with_for_update=True)
        if draft is None or draft.read_at is not None:
            return  # another run has done it
        draft.text, draft.refused, draft.refused_limit = found.text, found.refused, found.limit
        draft.heading = _HEADING.dump_python(found.heading, mode="json")
        draft.parts = _PARTS.dump_python(found.parts, mode="json")
        draft.read_at = work.now
        work.emit("job.done", key(blob))


def expire_due(work: Work) -> None:
    """What nobody has published in its time is forgotten; its file ends by itself."""
    work.session.execute(delete(DocumentDraft).where(DocumentDraft.expires_at <= work.now))
