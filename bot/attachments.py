"""Files that people send, on whatever channel."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from backend import blobs, media_types
from backend.blobs import NewFile
from backend.identity import confidential
from backend.office import Office
from backend.tasks import written

KEPT = timedelta(days=1)  # unless a dialog keeps it longer for what it is needed for


def received(office: Office, file: NewFile) -> dict[str, Any]:
    """Store it, and return what ``Reception`` is told of it ("attached").

    A name that gives away an ID number or a password is not kept, and a type that is none is not.
    """
    name, kind = confidential.file_name(file.name), media_types.strict(file.media_type)
    file = replace(file, name=name, media_type=kind)
    (blob_id,) = written(office, [file])
    with office.work() as work:
        blobs.keep(work, blob_id, expires_at=work.now + KEPT)
    return {"name": file.name, "type": file.media_type, "size": len(file.data), "blob": blob_id}
