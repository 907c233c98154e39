"""Writing files without letting any transaction wait for the store."""

from collections.abc import Callable

from backend import blobs
from backend.blobs import NewFile
from backend.office import Office
from backend.work import Work


def written(
    office: Office, files: list[NewFile], *, admit: Callable[[Work], None] | None = None
) -> list[str]:
    """Ids of new files whose bytes are in the store. No transaction waits for the writing.

    ``admit`` may raise, in the transaction that reserves their places; then there are none.
    """
    if not files:
        return []
    with office.work() as work:
        if admit is not None:
            admit(work)
        places = [(blob.id, blob.key) for blob in (blobs.reserve(work, one) for one in files)]
    for (_, key), file in zip(places, files, strict=True):
        office.blobs.put(key, file.data)
    return [blob_id for blob_id, _ in places]


def drop(office: Office, ids: list[str]) -> None:
    """New files that nothing needs after all are deleted at once; their bytes follow."""
    with office.work() as work:
        blobs.delete(work, ids)
