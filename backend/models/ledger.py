"""The ledger, whose rows are never changed and never go (``ledger/guard.py``), and what is made of it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Key


class LedgerEntry(Base):
    """One fact about money. Numbers run from 1 without gaps in each institution.

    ``key`` names the fact, so that it is booked once. ``subject`` is what it is about:
    "payment:wechat:4200…", "refund:R2611-0003", "bill:wechat:2026-11-22".
    """

    __tablename__ = "ledger_entry"
    __table_args__ = (
        UniqueConstraint("institution_id", "key"),
        Index(None, "institution_id", "booked_at"),
        Index("ix_ledger_entry_subject", "institution_id", "subject"),
        CheckConstraint("number > 0", name="number"),
    )

    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[str]
    kind: Mapped[str]
    subject: Mapped[str]
    booked_at: Mapped[datetime]  # when it was entered here; months are cut by it
    happened_at: Mapped[datetime]  # when it was so, as whoever told us says


class LedgerLine(Base):
    """One side of an entry: debits positive, credits negative.

    Lines are written before their entry, which closes them: from then on there is none to add.
    """

    __tablename__ = "ledger_line"
    __table_args__ = (
        ForeignKeyConstraint(
            ["institution_id", "number"],
            ["ledger_entry.institution_id", "ledger_entry.number"],
            deferrable=True,
            initially="DEFERRED",
        ),
        Index("ix_ledger_line_payment", "institution_id", "payment"),
        CheckConstraint("amount_fen <> 0", name="amount"),
    )

    institution_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    account: Mapped[str]
    amount_fen: Mapped[int]
    order_id: Mapped[int | None] = mapped_column(ForeignKey("order_.id"), index=True)
    payment: Mapped[str | None]  # "wechat:4200…": the provider's name and its number
    why: Mapped[str]  # "late": for what reason it is held; "" elsewhere


class LedgerExport(Base):
    """A month's statement that somebody asked for; it stays as the record of who has it.

    ``last`` is the newest entry that it covers. ``written`` of ``lines`` lines are done so far.
    """

    __tablename__ = "ledger_export"
    __table_args__ = (UniqueConstraint("institution_id", "number"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    number: Mapped[str]
    month: Mapped[str]  # "2026-11"
    language: Mapped[str]
    asked_by: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    asked_at: Mapped[datetime]
    last: Mapped[int]
    lines: Mapped[int]
    written: Mapped[int] = mapped_column(default=0)
    failed: Mapped[bool] = mapped_column(default=False)
    table_id: Mapped[str | None] = mapped_column(ForeignKey("blob.id"))  # XLSX
    plain_id: Mapped[str | None] = mapped_column(ForeignKey("blob.id"))  # CSV


class LedgerFault(Base):
    """What did not add up, told to finance once for as long as it stays so."""

    __tablename__ = "ledger_fault"

    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"), primary_key=True)
    fault: Mapped[str] = mapped_column(primary_key=True)  # "entry_unbalanced:7"
    found_at: Mapped[datetime]
