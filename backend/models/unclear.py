"""What was not understood, kept with consent and masked, for staff to say what was meant."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Key


class LearningConsent(Base):
    """Whether a person lets their unclear messages be kept; they are asked once (``asked_at``)."""

    __tablename__ = "learning_consent"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    state: Mapped[str]  # backend.unclear.Standing
    asked_at: Mapped[datetime]
    consent_id: Mapped[int | None] = mapped_column(ForeignKey("consent.id"))


class UnclearMessage(Base):
    """``giver`` is a keyed hash of the person, by which withdrawing finds it; nothing else tells whose
    words they are. ``alike`` is one of the words, so that the same ones are kept once.

    ``held_by`` looks at it until ``held_until``; ``place`` is where it stands in the queue.
    """

    __tablename__ = "unclear_message"
    __table_args__ = (
        UniqueConstraint("institution_id", "number"),
        UniqueConstraint("institution_id", "alike"),
        Index(None, "institution_id", "label", "place"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    number: Mapped[str]  # "U260302-0001": never given twice, whatever has been erased
    giver: Mapped[str] = mapped_column(index=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)  # the masked words, encrypted
    alike: Mapped[str]
    ranking: Mapped[list[str]] = mapped_column(JSON)  # likely intents, the likeliest first
    suggested: Mapped[str] = mapped_column(server_default="")  # what its author did next
    expires_at: Mapped[datetime] = mapped_column(index=True)
    place: Mapped[datetime]
    held_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    held_until: Mapped[datetime | None]
    label: Mapped[str] = mapped_column(server_default="")  # an intent, or backend.unclear.DISCARDED
    labelled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    labelled_at: Mapped[datetime | None]
