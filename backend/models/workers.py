from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base


class Worker(Base):
    """A process that runs jobs. Who has not been seen for a while is dead; others take over."""

    __tablename__ = "worker"

    id: Mapped[str] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime]
