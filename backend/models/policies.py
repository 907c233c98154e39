"""Rules as data: dated versions that staff publish."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base


class PolicyVersion(Base):
    """One version of one policy. The one whose day came last counts; of two of a day, the later."""

    __tablename__ = "policy_version"

    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)  # "transcript"
    version: Mapped[int] = mapped_column(primary_key=True)
    valid_from: Mapped[date]
    body: Mapped[dict[str, Any]]
    published_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    published_at: Mapped[datetime]
    note: Mapped[str] = mapped_column(default="")
