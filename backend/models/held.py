"""What finance do by hand with money that came in."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Key


class Disposal(Base):
    """Held money that settles an order or was handed over, or money that went back in the provider's
    own pages (``held/states.py``). What goes back from here is a ``Refund``.

    ``target_order_id`` is the order that it settles; ``how`` and ``given_to`` say how it was handed over
    and to whom; ``difference_id`` is where the provider's bill names the refund.
    """

    __tablename__ = "disposal"
    __table_args__ = (
        UniqueConstraint("institution_id", "number"),
        Index(None, "institution_id", "state"),
        CheckConstraint("amount_fen > 0", name="amount"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    number: Mapped[str]  # "Q261123-0001"
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), index=True)
    way: Mapped[str]
    amount_fen: Mapped[int]
    target_order_id: Mapped[int | None] = mapped_column(ForeignKey("order_.id"), index=True)
    how: Mapped[str] = mapped_column(default="")
    given_to: Mapped[str] = mapped_column(default="")
    difference_id: Mapped[int | None] = mapped_column(ForeignKey("bill_difference.id"), index=True)
    why: Mapped[str]
    state: Mapped[str]
    decided_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime]
    consent_id: Mapped[int] = mapped_column(ForeignKey("consent.id"))
    second_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # null: one is enough
    second_consent_id: Mapped[int | None] = mapped_column(ForeignKey("consent.id"))
    done_at: Mapped[datetime | None]
    refused_why: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class DisposalPart(Base):
    """What of it is of which order's share of the payment; of no order, where the payment fits none."""

    __tablename__ = "disposal_part"

    disposal_id: Mapped[int] = mapped_column(ForeignKey("disposal.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # from 1
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    order_id: Mapped[int | None] = mapped_column(ForeignKey("order_.id"), index=True)
    amount_fen: Mapped[int]
