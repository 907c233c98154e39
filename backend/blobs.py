"""Files: a local folder or an S3-compatible store, the same calls for both (obstore)."""

from datetime import datetime
from hashlib import sha256
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

import obstore
from obstore.store import LocalStore, from_url
from sqlalchemy import select

from backend.models import Blob
from backend.work import Work


class BlobStore:
    """Bytes under keys. Rows (``Blob``) say whose they are and until when."""

    def __init__(self, where: str) -> None:
        """``where`` is a folder, or the URL of a bucket such as ``s3://transcripts``."""
        self._store: Any
        if "://" in where:
            self._store = from_url(where)
        else:
            Path(where).mkdir(parents=True, exist_ok=True)
            self._store = LocalStore(where)

    def put(self, key: str, data: bytes) -> None:
        obstore.put(self._store, key, data)

    def get(self, key: str) -> bytes:
        """The bytes; raises FileNotFoundError when they are gone."""
        return bytes(obstore.get(self._store, key).bytes())

    def delete(self, key: str) -> None:
        try:
            obstore.delete(self._store, key)
        except FileNotFoundError:
            return


def keep(
    work: Work,
    store: BlobStore,
    data: bytes,
    *,
    owner: int | None,
    name: str,
    media_type: str,
    expires_at: datetime | None,
    size: tuple[int, int] | None = None,
) -> Blob:
    """Store a file. The bytes are written first: a row never points at nothing."""
    digest = sha256(data).hexdigest()
    blob_id = token_urlsafe(16)
    key = f"{work.institution}/{digest[:2]}/{blob_id}"
    store.put(key, data)
    blob = Blob(
        id=blob_id,
        institution_id=work.institution,
        owner_id=owner,
        key=key,
        sha256=digest,
        name=name,
        media_type=media_type,
        size=len(data),
        width=size[0] if size else None,
        height=size[1] if size else None,
        created_at=work.now,
        expires_at=expires_at,
    )
    work.session.add(blob)
    work.session.flush()
    return blob


def delete_expired(work: Work, store: BlobStore) -> list[str]:
    """Delete the bytes of every file whose time is over; returns the ids. Safe to repeat."""
    due = work.session.scalars(
        select(Blob).where(
            Blob.institution_id == work.institution,
            Blob.deleted_at.is_(None),
            Blob.expires_at <= work.now,
        )
    ).all()
    for blob in due:
        store.delete(blob.key)
        blob.deleted_at = work.now
    work.session.flush()
    return [blob.id for blob in due]
