"""Who is away, and who stands in."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Key


class Absence(Base):
    """The deputy decides in the officer's stead from ``begins_at`` until before ``ends_at``."""

    __tablename__ = "absence"
    __table_args__ = (
        UniqueConstraint("institution_id", "number"),
        Index(None, "deputy_id", "ends_at"),
        Index(None, "person_id", "ends_at"),
        CheckConstraint("deputy_id <> person_id", name="deputy"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    number: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    deputy_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    state: Mapped[str]
    consent_id: Mapped[int] = mapped_column(ForeignKey("consent.id"))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}
