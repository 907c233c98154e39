"""Waivers (减免): that somebody pays nothing, or less, for something, as staff have decided."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Key


class Waiver(Base):
    """``times`` things of one kind cost ``off_fen`` less (null: nothing at all), the last on ``until``.

    Where the policy asks for a second person it only counts once they have confirmed it.
    """

    __tablename__ = "waiver"
    __table_args__ = (
        UniqueConstraint("institution_id", "number"),
        Index(None, "person_id", "kind"),
        CheckConstraint("times > 0", name="times"),
        CheckConstraint("off_fen > 0", name="off"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    number: Mapped[str]  # "J260302-0001"
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    kind: Mapped[str]  # of application: "transcript"
    times: Mapped[int]
    off_fen: Mapped[int | None]
    until: Mapped[date]
    why: Mapped[str]
    state: Mapped[str]  # "proposed", "granted", "declined", "withdrawn"
    given_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    given_at: Mapped[datetime]
    consent_id: Mapped[int] = mapped_column(ForeignKey("consent.id"))
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    decision_consent_id: Mapped[int | None] = mapped_column(ForeignKey("consent.id"))
    decided_why: Mapped[str] = mapped_column(server_default="")
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class WaiverUse(Base):
    """The n-th time a waiver is used, by an order line. The key makes overspending impossible."""

    __tablename__ = "waiver_use"

    waiver_id: Mapped[int] = mapped_column(ForeignKey("waiver.id"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_line.id"), unique=True)
