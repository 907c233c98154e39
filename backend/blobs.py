"""Files: a local folder or an S3-compatible store, the same calls for both (obstore)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from secrets import token_urlsafe
from typing import Any, cast

import obstore
from obstore.store import LocalStore, from_url
from sqlalchemy import CursorResult, select, update

from backend.models import Blob, Person
from backend.sealing import Sealer
from backend.work import Work

RESERVED = timedelta(hours=1)  # for writing the bytes and for what they are needed for
AT_ONCE = 500


class Swept(Exception):
    """The file was reserved so long ago that it has been deleted; write it again."""


class BlobStore:
    """Bytes under keys, sealed. Rows (``Blob``) say whose they are and until when."""

    def __init__(self, where: str, sealer: Sealer) -> None:
        """``where`` is a folder, or the URL of a bucket such as ``s3://transcripts``."""
        self._sealer = sealer
        self._store: Any
        if "://" in where:
            self._store = from_url(where)
        else:
            Path(where).mkdir(parents=True, exist_ok=True)
            self._store = LocalStore(where)

    def put(self, key: str, data: bytes) -> None:
        obstore.put(self._store, key, self._sealer.seal_bytes(data, key))

    def get(self, key: str) -> bytes:
        """The bytes; raises FileNotFoundError when they are gone.

        Files from before they were sealed are read as they are (docs/decisions/0021).
        """
        return self._sealer.open_bytes(bytes(obstore.get(self._store, key).bytes()), key)

    def delete(self, key: str) -> None:
        try:
            obstore.delete(self._store, key)
        except FileNotFoundError:
            return


@dataclass(frozen=True, slots=True)
class NewFile:
    data: bytes
    owner: int | None
    name: str
    media_type: str
    size: tuple[int, int] | None = None  # width and height of a picture
    private: bool = False  # see ``Blob.private``


def reserve(work: Work, file: NewFile) -> Blob:
    """A row for a file whose bytes are written under its key once this work is committed.

    Unless it is kept within ``RESERVED`` it expires: a crash leaves nothing that is not swept.
    """
    digest = sha256(file.data).hexdigest()
    width, height = file.size or (None, None)
    blob = Blob(
        id=token_urlsafe(16),
        institution_id=work.institution,
        owner_id=file.owner,
        key=_place(work, digest),
        sha256=digest,
        name=file.name,
        media_type=file.media_type,
        size=len(file.data),
        width=width,
        height=height,
        private=file.private,
        created_at=work.now,
        expires_at=work.now + RESERVED,
    )
    work.session.add(blob)
    work.session.flush()
    return blob


def _place(work: Work, digest: str) -> str:
    """Where the same content is already, or else a new place (docs/decisions/0012).

    The row that is there is locked until this work is committed, so that it does not end meanwhile.
    A place whose rows have all ended is never used again: whoever erases it has time to.
    """
    there = (
        select(Blob.key)
        .where(
            Blob.institution_id == work.institution,
            Blob.deleted_at.is_(None),
            Blob.sha256 == digest,
        )
        .limit(1)
        .with_for_update()
    )
    new = f"{work.institution}/{digest[:2]}/{digest}-{token_urlsafe(6)}"
    return work.session.scalar(there) or new


@dataclass(frozen=True, slots=True)
class Held:
    """A file of somebody's that is there. ``unclaimed``: nothing needs it yet."""

    size: int
    created_at: datetime
    unclaimed: bool


def held(work: Work, owner: int) -> list[Held]:
    """What somebody has here. Whoever asks at the same time waits, so that two do not both fit."""
    work.session.get(Person, owner, with_for_update={"key_share": True})
    rows = work.session.execute(
        select(Blob.size, Blob.created_at, Blob.expires_at).where(
            Blob.institution_id == work.institution,
            Blob.owner_id == owner,
            Blob.deleted_at.is_(None),
        )
    )
    return [
        Held(size, created, until is not None and until <= created + RESERVED)
        for size, created, until in rows
    ]


def keep(work: Work, blob_id: str, *, expires_at: datetime | None) -> Blob:
    """The file belongs to what this work does. Raises Swept when that comes too late."""
    blob = work.session.get_one(Blob, blob_id, with_for_update=True)
    if blob.deleted_at is not None:
        raise Swept(blob_id)
    blob.expires_at = expires_at
    work.session.flush()
    return blob


def delete(work: Work, ids: list[str]) -> None:
    """They are from now on deleted. Their bytes follow."""
    there = update(Blob).where(Blob.id.in_(ids), Blob.deleted_at.is_(None))
    work.session.execute(there.values(deleted_at=work.now))


def expire_due(work: Work) -> int:
    """Every file whose time is over is from now on deleted; how many. Its bytes follow."""
    due = (
        update(Blob)
        .where(
            Blob.institution_id == work.institution,
            Blob.deleted_at.is_(None),
            Blob.expires_at <= work.now,
        )
        .values(deleted_at=work.now)
    )
    return cast(CursorResult[Any], work.session.execute(due)).rowcount


def deleted(work: Work) -> list[tuple[str, str]]:
    """Ids and keys of deleted files whose bytes may still be there, at most ``AT_ONCE``."""
    query = (
        select(Blob.id, Blob.key)
        .where(
            Blob.institution_id == work.institution,
            Blob.deleted_at.is_not(None),
            Blob.erased_at.is_(None),
        )
        .order_by(Blob.deleted_at)
        .limit(AT_ONCE)
    )
    return [(blob_id, key) for blob_id, key in work.session.execute(query)]


def in_use(work: Work, keys: set[str]) -> set[str]:
    """Which of these places hold the bytes of a file that is there."""
    query = select(Blob.key).where(
        Blob.institution_id == work.institution, Blob.deleted_at.is_(None), Blob.key.in_(keys)
    )
    return set(work.session.scalars(query))


def note_erased(work: Work, ids: list[str]) -> None:
    work.session.execute(update(Blob).where(Blob.id.in_(ids)).values(erased_at=work.now))
