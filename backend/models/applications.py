"""What people have asked for. One common row, and one typed detail row for each service."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Key


class Application(Base):
    """State, holder and deadlines of one case, whatever the service.

    ``holder`` is who must act now: "applicant", "unit_officer", "academic_affairs", "system" or ""
    when nobody has to; ``assignee_id`` is the one of several officers who was asked to. The
    deadlines are columns; a scheduled sweep acts on them. ``consent_id`` is null where the program
    itself has filed it, and nobody has asked (a refund of what was paid twice).
    """

    __tablename__ = "application"
    __table_args__ = (
        UniqueConstraint("institution_id", "number"),
        Index(None, "unit_id", "holder"),
        Index(None, "remind_at"),
        Index(None, "escalate_at"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    number: Mapped[str]
    kind: Mapped[str]  # "transcript"
    applicant_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    state: Mapped[str]
    holder: Mapped[str]
    assignee_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    since: Mapped[datetime]
    filed_at: Mapped[datetime]
    policy_version: Mapped[int]
    remind_at: Mapped[datetime | None]
    escalate_at: Mapped[datetime | None]
    consent_id: Mapped[int | None] = mapped_column(ForeignKey("consent.id"))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class TranscriptRequest(Base):
    """What is particular to an application for a transcript (T2, T4)."""

    __tablename__ = "transcript_request"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    language: Mapped[str]
    gpa: Mapped[str]
    coverage: Mapped[str]
    reason: Mapped[str]
    snapshot: Mapped[str]  # digest of the facts the document is made from
    rejected_why: Mapped[str] = mapped_column(default="")


class Question(Base):
    """What somebody who decides asked the applicant, and the answer; open until there is one.

    ``held_by`` is who had to decide when it was asked, as in ``Application.holder``.
    """

    __tablename__ = "question"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    held_by: Mapped[str]
    question: Mapped[str]
    answered_at: Mapped[datetime | None]
    answer: Mapped[str] = mapped_column(default="")


class Snapshot(Base):
    """The facts of one transcript as they stood when it was previewed; never changed."""

    __tablename__ = "snapshot"

    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True)
    student_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    facts: Mapped[str]  # canonical JSON of TranscriptFacts
    undrawable: Mapped[str] = mapped_column(default="")  # characters that no font here had
    undrawable_in: Mapped[str | None]  # the edition of the fonts that was, as in font_files
    taken_at: Mapped[datetime]
    drawing_since: Mapped[datetime | None]  # its preview was ordered then, and has not come yet


class PreviewPage(Base):
    """One watermarked page of a preview, drawn for a snapshot."""

    __tablename__ = "preview_page"

    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True)
    page: Mapped[int] = mapped_column(primary_key=True)
    blob_id: Mapped[str] = mapped_column(ForeignKey("blob.id"))


class PreviewSeen(Base):
    """A person was shown the preview of these facts (T6)."""

    __tablename__ = "preview_seen"

    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    digest: Mapped[str] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime]


class ConsentRecord(Base):
    """The exact words a person agreed to, kept as evidence."""

    __tablename__ = "consent"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    words: Mapped[str]
    language: Mapped[str]
    facts: Mapped[str]
    given_at: Mapped[datetime]
