"""Files, and what was issued."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Key


class Blob(Base):
    """A file in the store. The row outlives the bytes, so that a link can say what happened.

    It is there before the bytes, and expires soon until it is kept: what is cut short in between is
    swept. ``deleted_at`` is when it was over, ``erased_at`` when its bytes had been taken away.
    Files with the same bytes share a ``key``, and the bytes go with the last of them. What is
    ``private`` no link alone opens: its owner or whoever decides on it must be signed in.
    """

    __tablename__ = "blob"
    __table_args__ = (
        Index(None, "deleted_at", "expires_at"),
        Index(None, "erased_at", "deleted_at"),
        Index(None, "institution_id", "sha256"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)  # random
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    key: Mapped[str]  # its place in the store
    sha256: Mapped[str]
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    private: Mapped[bool] = mapped_column(server_default=false())
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    erased_at: Mapped[datetime | None]


class Credential(Base):
    """An issued document. It stays verifiable after its file is gone (T7, T8).

    The file is known by ``sha256`` and ``size``: whatever follows so many bytes was added by others.
    ``certificate`` and ``schema`` are None for what was issued before either was kept, and
    ``superseded_by_id`` until the next document of the same application is there. ``totals`` is what
    a page about it shows, so that no snapshot is read for it: "courses", "credits", "gpa", "scale".
    """

    __tablename__ = "credential"
    __table_args__ = (
        UniqueConstraint("code"),
        UniqueConstraint("application_id", "issued_at"),
        Index(None, "institution_id", "sha256"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    code: Mapped[str]
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    holder_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    kind: Mapped[str]  # "transcript"
    language: Mapped[str]
    gpa: Mapped[str]
    coverage: Mapped[str]
    snapshot: Mapped[str]
    sha256: Mapped[str]
    blob_id: Mapped[str] = mapped_column(ForeignKey("blob.id"))
    issued_at: Mapped[datetime]
    download_until: Mapped[datetime]
    status: Mapped[str]  # "issued", "superseded", "revoked"
    status_since: Mapped[datetime]
    status_why: Mapped[str] = mapped_column(default="")
    size: Mapped[int | None]  # bytes of the file
    level: Mapped[str] = mapped_column(server_default="B-B")  # backend.documents.materials.Level
    certificate: Mapped[str | None]  # SHA-256 of the signer's, in hexadecimal; "": not to be told
    schema: Mapped[str | None]  # of the data attached to the file: "transcript-1"
    totals: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    policy_version: Mapped[int | None]  # of the policy on credentials it was issued under
    superseded_by_id: Mapped[int | None] = mapped_column(ForeignKey("credential.id"))
