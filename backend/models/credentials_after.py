"""What comes after issuing: keys, taking back by two people, sharing, and checks by others."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint, false, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Key

PROPOSED = text("state = 'proposed'")


class SigningCertificate(Base):
    """A certificate that documents are signed with here. No row is ever removed: whose certificate
    is here is ours.

    ``status`` is what its authority last said, at ``checked_at``, and counts until ``check_until``.
    ``warned_days`` is how many days were left when administrators were last warned.
    """

    __tablename__ = "signing_certificate"
    __table_args__ = (UniqueConstraint("institution_id", "fingerprint"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    fingerprint: Mapped[str]  # SHA-256, in hexadecimal
    subject: Mapped[str]
    issuer: Mapped[str]
    serial: Mapped[str]  # in hexadecimal
    not_before: Mapped[datetime]
    not_after: Mapped[datetime]
    der: Mapped[bytes] = mapped_column(LargeBinary)
    chain: Mapped[bytes] = mapped_column(LargeBinary)  # PEM: intermediate certificates and root
    source: Mapped[str]  # "files", "pkcs12", "pkcs11"
    name: Mapped[str]  # of the key, as administrators call it
    status: Mapped[str] = mapped_column(server_default="unknown")  # or "good", "revoked"
    revoked_at: Mapped[datetime | None]
    revoked_why: Mapped[str] = mapped_column(server_default="")  # the reason of RFC 5280
    checked_at: Mapped[datetime | None]
    check_until: Mapped[datetime | None]
    first_used_at: Mapped[datetime]  # or when it became known here, before its first document
    retired_at: Mapped[datetime | None]
    warned_days: Mapped[int | None]


class Revocation(Base):
    """A document that one person proposes to revoke and another confirms (T10).

    One at a time for a document. Both consents are kept; a proposal lapses at ``expires_at``.
    """

    __tablename__ = "revocation"
    __table_args__ = (
        UniqueConstraint("institution_id", "number"),
        Index(
            "uq_revocation_proposed",
            "credential_id",
            unique=True,
            sqlite_where=PROPOSED,
            postgresql_where=PROPOSED,
        ),
        Index(None, "institution_id", "state", "expires_at"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    number: Mapped[str]  # "V260302-0001"
    credential_id: Mapped[int] = mapped_column(ForeignKey("credential.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"))
    state: Mapped[str]  # "proposed", "done", "declined", "withdrawn", "lapsed", "settled"
    why: Mapped[str]
    proposed_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    proposed_at: Mapped[datetime]
    consent_id: Mapped[int] = mapped_column(ForeignKey("consent.id"))
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    decision_consent_id: Mapped[int | None] = mapped_column(ForeignKey("consent.id"))
    decided_why: Mapped[str] = mapped_column(server_default="")
    expires_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class Share(Base):
    """A link to the facts of a document, for somebody its owner trusts; never to the file.

    Live while it is neither stopped nor expired and the document stands. ``pin_hash`` is Argon2's,
    None where the link alone opens it. ``fields`` is what is shown: "basic", "courses", "scores",
    "gpa".
    """

    __tablename__ = "share"
    __table_args__ = (Index(None, "owner_id", "expires_at"),)

    id: Mapped[str] = mapped_column(primary_key=True)  # random; the link carries its mark too
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    credential_id: Mapped[int] = mapped_column(ForeignKey("credential.id"), index=True)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    purpose: Mapped[str]
    recipient: Mapped[str] = mapped_column(server_default="")
    fields: Mapped[list[Any]]
    language: Mapped[str]
    pin_hash: Mapped[str | None]
    pin_made_at: Mapped[datetime | None]  # its owner is shown the PIN for a few minutes from then
    wrong_pins: Mapped[int] = mapped_column(server_default="0")  # since its PIN was made
    tell: Mapped[bool]  # its owner, of every view
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    warned_at: Mapped[datetime | None]  # its owner was told that it is about to expire
    stopped_at: Mapped[datetime | None]
    stopped_why: Mapped[str] = mapped_column(server_default="")  # "owner", "locked", "expired"
    views: Mapped[int] = mapped_column(server_default="0")
    last_view_at: Mapped[datetime | None]
    consent_id: Mapped[int] = mapped_column(ForeignKey("consent.id"))


class ShareView(Base):
    """Somebody looked at what was shared. No address is kept: ``visitor`` and ``network`` are keyed
    marks, of a random cookie and of the network it came from."""

    __tablename__ = "share_view"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    share_id: Mapped[str] = mapped_column(ForeignKey("share.id"), index=True)
    at: Mapped[datetime] = mapped_column(index=True)
    visitor: Mapped[str]
    network: Mapped[str]
    said: Mapped[str] = mapped_column(server_default="")  # who they say they are
    told: Mapped[bool] = mapped_column(server_default=false())  # its owner


class DocumentCheck(Base):
    """What the check of a file sent in the chat found, for a day; the file itself is not kept.

    ``key`` is that of the job a conversation waits for: "verify:…".
    """

    __tablename__ = "document_check"

    key: Mapped[str] = mapped_column(primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    findings: Mapped[dict[str, Any]]  # backend.verification.report.Report.to_json
    code: Mapped[str | None]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class DocumentFollow(Base):
    """A conversation in which a document was checked, to be told when it does not stand any more."""

    __tablename__ = "document_follow"
    __table_args__ = (UniqueConstraint("credential_id", "conversation_id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    credential_id: Mapped[int] = mapped_column(ForeignKey("credential.id"))
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("chat_account.id"))
    since: Mapped[datetime]
    until: Mapped[datetime] = mapped_column(index=True)
    stopped: Mapped[bool] = mapped_column(server_default=false())
