from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Key


class AuditEntry(Base):
    """Who did what to which case, and why. Rows are only ever added."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index(None, "institution_id", "subject"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    at: Mapped[datetime]
    actor_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # null: the program
    subject: Mapped[str]  # number of the application, order, ...
    event: Mapped[str]
    from_state: Mapped[str]
    to_state: Mapped[str]
    why: Mapped[str] = mapped_column(default="")
