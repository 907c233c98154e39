"""Files that people send, on whatever channel."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from backend import blobs, file_names, media_types
from backend.blobs import NewFile
from backend.files import written
from backend.identity import confidential
from backend.office import Office
from backend.registry.limits import MEGABYTE
from backend.work import Work

UNCLAIMED_MOST = 100 * MEGABYTE  # of one person, of what no dialog has taken
HELD_MOST = 500 * MEGABYTE  # of one person in all
PERIOD, IN_PERIOD = timedelta(minutes=10), 60  # files of one person, also what is taken


class TooManyFiles(Exception):
    """Nobody sends so many: the disk is for everybody."""


def received(office: Office, file: NewFile, *, recompressed: bool = False) -> dict[str, Any]:
    """Store it, and return what ``Reception`` is told of it ("attached"). Raises TooManyFiles.

    ``recompressed``: the channel has changed the picture. What the name says is found out before
    what must not be kept of it is gone.

    Unless a dialog takes it within ``blobs.RESERVED``, it is erased; that of somebody unknown is not
    stored. A name that gives away an ID number or a password is not kept, nor a type that is none.
    """
    name, kind = confidential.file_name(file.name), media_types.strict(file.media_type)
    named = file_names.facts(file.name, office.sealer).to_json()
    file = replace(file, name=name, media_type=kind)
    body = {"name": name, "type": kind, "size": len(file.data)}
    body |= {"named": named, "recompressed": recompressed}
    if file.owner is None:
        return body
    (blob_id,) = written(office, [file], admit=lambda work: admit(work, file))
    return body | {"blob": blob_id}


def admit(work: Work, file: NewFile) -> None:
    """Raises TooManyFiles where the sender has sent their share."""
    held = blobs.held(work, file.owner or 0)
    size = len(file.data)
    unclaimed = sum(one.size for one in held if one.unclaimed)
    lately = sum(one.created_at > work.now - PERIOD for one in held)
    if (
        unclaimed + size > UNCLAIMED_MOST
        or sum(one.size for one in held) + size > HELD_MOST
        or lately >= IN_PERIOD
    ):
        raise TooManyFiles
