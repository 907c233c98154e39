"""Files that people send, on whatever channel."""

from datetime import timedelta
from typing import Any

from backend import blobs
from backend.blobs import NewFile
from backend.office import Office
from backend.tasks import written

KEPT = timedelta(days=1)  # unless a dialog keeps it longer for what it is needed for


def received(office: Office, file: NewFile) -> dict[str, Any]:
    """Store it, and return what ``Reception`` is told of it ("attached")."""
    (blob_id,) = written(office, [file])
    with office.work() as work:
        blobs.keep(work, blob_id, expires_at=work.now + KEPT)
    return {"name": file.name, "type": file.media_type, "size": len(file.data), "blob": blob_id}
