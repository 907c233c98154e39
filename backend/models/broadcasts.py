"""What staff say to many people at once."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Key


class Broadcast(Base):
    """One announcement. ``reached`` is the last person (by id) it has been put to so far."""

    __tablename__ = "broadcast"
    __table_args__ = (UniqueConstraint("institution_id", "number"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    number: Mapped[str]
    words_zh: Mapped[str]
    words_en: Mapped[str]  # empty: the Chinese words are shown to everybody
    audience: Mapped[str]  # backend.broadcasts.Audience
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    people: Mapped[int]  # how many it is for
    told: Mapped[int]  # how many it has been put to
    reached: Mapped[int]
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    consent_id: Mapped[int] = mapped_column(ForeignKey("consent.id"))
    ended_at: Mapped[datetime | None]
    stopped_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
