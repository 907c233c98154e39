"""What is to be paid. Amounts are integer fen."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Key


class Order(Base):
    """``title_zh`` and ``title_en`` are what the payment page calls it."""

    __tablename__ = "order_"
    __table_args__ = (
        UniqueConstraint("institution_id", "number"),
        Index(None, "state", "expires_at"),
        CheckConstraint("total_fen >= 0", name="total"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    number: Mapped[str]
    buyer_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    title_zh: Mapped[str]
    title_en: Mapped[str]
    state: Mapped[str]
    total_fen: Mapped[int]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    paid_at: Mapped[datetime | None]
    consent_id: Mapped[int | None] = mapped_column(ForeignKey("consent.id"))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class OrderLine(Base):
    """``price_fen`` is to be paid: ``list_fen``, as version ``policy_version`` of its policy publishes
    it, less what a waiver takes off; nothing where it is ``free``.

    Both are null in lines from before prices were kept with where they come from.
    """

    __tablename__ = "order_line"

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    order_id: Mapped[int] = mapped_column(ForeignKey("order_.id"), index=True)
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    price_fen: Mapped[int]
    free: Mapped[bool]
    list_fen: Mapped[int | None]
    policy_version: Mapped[int | None]
    waiver_id: Mapped[int | None] = mapped_column(ForeignKey("waiver.id"), index=True)
    waived_fen: Mapped[int] = mapped_column(default=0, server_default="0")


class FreeCopy(Base):
    """The n-th free copy of a kind, taken (T2). The key makes overspending impossible."""

    __tablename__ = "free_copy"

    student_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)  # "zh+with"
    ordinal: Mapped[int] = mapped_column(primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    order_line_id: Mapped[int] = mapped_column(ForeignKey("order_line.id"), index=True)
