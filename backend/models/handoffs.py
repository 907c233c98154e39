"""Conversations of a student with a person of an office, through the assistant."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Key


class Handoff(Base):
    """``office`` is that of the contacts ("finance"); ``officer_id`` is whoever took it first.

    ``last_at`` is when either side last said something; ``closes_at`` when it ends by itself.
    """

    __tablename__ = "handoff"
    __table_args__ = (
        UniqueConstraint("institution_id", "number"),
        Index(None, "student_id", "state"),
        Index(None, "officer_id", "state"),
        Index(None, "state", "closes_at"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    number: Mapped[str]
    student_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    office: Mapped[str]
    question: Mapped[str]
    state: Mapped[str]
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    last_at: Mapped[datetime]
    closes_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class HandoffLine(Base):
    """Something one side said to the other."""

    __tablename__ = "handoff_line"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    handoff_id: Mapped[int] = mapped_column(ForeignKey("handoff.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    at: Mapped[datetime]
    text: Mapped[str]
    blob_id: Mapped[str | None] = mapped_column(ForeignKey("blob.id"))


class Digest(Base):
    """The morning's list of what waits went out on this day; once."""

    __tablename__ = "digest"

    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    sent_at: Mapped[datetime]
