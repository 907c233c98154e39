"""What the provider's bills say, day by day, and where that differs from what is known here."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Key


class DailyBill(Base):
    """A provider's bill of one day (in China's time), expected, fetched, or compared.

    ``fee_fen`` is what the provider has kept, less what it gave back. ``blob_id`` are the bytes as they
    came; null for a day without trade, which has none.
    """

    __tablename__ = "daily_bill"
    __table_args__ = (
        UniqueConstraint("institution_id", "provider", "day"),
        Index(None, "institution_id", "compared_at"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    provider: Mapped[str]
    day: Mapped[date]
    asked_at: Mapped[datetime | None]  # when it was last put in the queue to be fetched
    tried_at: Mapped[datetime | None]
    trouble: Mapped[str] = mapped_column(default="")  # why it was not to be had, the last time
    fetched_at: Mapped[datetime | None]
    blob_id: Mapped[str | None] = mapped_column(ForeignKey("blob.id"))
    sha256: Mapped[str] = mapped_column(default="")  # of the bytes
    payments: Mapped[int] = mapped_column(default=0)
    paid_fen: Mapped[int] = mapped_column(default=0)
    refunds: Mapped[int] = mapped_column(default=0)
    refunded_fen: Mapped[int] = mapped_column(default=0)
    fee_fen: Mapped[int] = mapped_column(default=0)
    compared_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]  # finance knows how it came out
    late_told_at: Mapped[datetime | None]  # finance knows that it does not come


class BillLine(Base):
    """One row of a bill. ``reference`` is the transaction of a payment, our number of a refund."""

    __tablename__ = "bill_line"
    __table_args__ = (Index(None, "institution_id", "about", "reference"),)

    bill_id: Mapped[int] = mapped_column(ForeignKey("daily_bill.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # from 1
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    about: Mapped[str]  # ``reconciliation.comparing.About``
    reference: Mapped[str]
    belongs_to: Mapped[str]  # the charge of a payment, the transaction of a refund
    amount_fen: Mapped[int]
    fee_fen: Mapped[int]  # kept of a payment, given back of a refund
    state: Mapped[str]  # of a refund as the bill has it, which is never written anew
    paid_at: Mapped[datetime | None]  # of a payment


class BillDifference(Base):
    """Where a day's bill and what is known here do not agree; one for each payment or refund.

    ``theirs`` and ``ours`` are whatever differs: a number or a state. ``outcome`` is what became of a
    payment that only the bill told of (``payments.settle.Outcome``).
    """

    __tablename__ = "bill_difference"
    __table_args__ = (
        UniqueConstraint("institution_id", "number"),
        UniqueConstraint("bill_id", "about", "reference"),
        Index(None, "institution_id", "state"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    number: Mapped[str]  # "L261123-0001"
    bill_id: Mapped[int] = mapped_column(ForeignKey("daily_bill.id"))
    about: Mapped[str]
    reference: Mapped[str]
    kind: Mapped[str]  # ``reconciliation.comparing.Kind``
    their_fen: Mapped[int | None]
    our_fen: Mapped[int | None]
    theirs: Mapped[str] = mapped_column(default="")
    ours: Mapped[str] = mapped_column(default="")
    outcome: Mapped[str] = mapped_column(default="")
    state: Mapped[str]
    found_at: Mapped[datetime]
    told_at: Mapped[datetime | None]  # finance knows of it as it is
    closed_at: Mapped[datetime | None]
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    settled_why: Mapped[str] = mapped_column(default="")
    consent_id: Mapped[int | None] = mapped_column(ForeignKey("consent.id"))
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}
