from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base


class Counter(Base):
    """The last number given out under a name, such as "T260302"."""

    __tablename__ = "counter"

    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[int]
