"""Documents that staff publish by sending them, and what is kept of them until they do."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Key


class DocumentDraft(Base):
    """What was read of a file. ``refused`` says why nothing was (``backend.publications.limits``).

    ``heading`` and ``parts`` are ``Heading`` and ``Part`` of ``backend.publications`` (``drafts.found``).
    """

    __tablename__ = "document_draft"

    blob_id: Mapped[str] = mapped_column(ForeignKey("blob.id"), primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    read_at: Mapped[datetime | None]
    text: Mapped[str] = mapped_column(server_default="")
    heading: Mapped[dict[str, Any]] = mapped_column(server_default="{}")
    parts: Mapped[list[Any]] = mapped_column(server_default="[]")
    refused: Mapped[str] = mapped_column(server_default="")
    refused_limit: Mapped[int] = mapped_column(server_default="0")


class PublishedDocument(Base):
    """A document with its clauses: ``body`` and ``text`` are what ``library.read`` takes.

    Rows are never deleted and ``body`` never changes. ``office`` is the role that published it.
    ``consent_id`` is by what it was published. Withdrawn, it counts no more from then on.
    """

    __tablename__ = "published_document"
    __table_args__ = (
        UniqueConstraint("institution_id", "number"),
        UniqueConstraint("institution_id", "code"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    number: Mapped[str]  # "N260302-0001"
    code: Mapped[str]  # the document's id among all documents
    title: Mapped[str]
    begins: Mapped[date]
    body: Mapped[dict[str, Any]]
    text: Mapped[str]
    text_sha256: Mapped[str]
    blob_id: Mapped[str] = mapped_column(ForeignKey("blob.id"))
    office: Mapped[str]
    published_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime]
    consent_id: Mapped[int] = mapped_column(ForeignKey("consent.id"))
    withdrawn_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    withdrawn_at: Mapped[datetime | None]
    withdrawn_why: Mapped[str] = mapped_column(server_default="")
