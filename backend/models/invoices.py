"""Invoices (发票): what is asked for, which orders it is for, what finance exports and gets back.

Titles and tax numbers are sealed, whosever they are. Amounts are integer fen and never negative:
what a red letter takes back is its own row.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Key

LIVE = text("released_at IS NULL")


class InvoiceRequest(Base):
    """What is particular to an application for an invoice.

    ``invoice_number`` is the tax bureau's (发票号码), "" where it could not be read from the file.
    """

    __tablename__ = "invoice_request"

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    buyer: Mapped[str]  # "person", "company"
    title_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    tax_number_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    rejected_why: Mapped[str] = mapped_column(server_default="")
    invoice_number: Mapped[str] = mapped_column(server_default="")
    due_at: Mapped[datetime | None]  # until when the applicant was told that it is issued
    issued_at: Mapped[datetime | None]


class InvoiceOrder(Base):
    """A paid order on an invoice, and how much of it. An order is on one invoice at a time.

    ``released_at``: from then on it may be asked for again (the invoice was cancelled before it was
    issued), or nothing of it is left (its money was paid back).
    """

    __tablename__ = "invoice_order"
    __table_args__ = (
        Index(
            "uq_invoice_order_live",
            "order_id",
            unique=True,
            sqlite_where=LIVE,
            postgresql_where=LIVE,
        ),
        CheckConstraint("amount_fen >= 0", name="amount"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order_.id"), index=True)
    amount_fen: Mapped[int]
    released_at: Mapped[datetime | None]


class InvoiceRed(Base):
    """A red letter (红字发票): how much of which order an issued invoice must give back."""

    __tablename__ = "invoice_red"
    __table_args__ = (
        UniqueConstraint("institution_id", "number"),
        CheckConstraint("amount_fen > 0", name="amount"),
        Index(None, "institution_id", "state"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    number: Mapped[str]  # the invoice's and a place: "K261123-0001-R1"
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order_.id"))
    amount_fen: Mapped[int]
    why: Mapped[str]
    state: Mapped[str]  # backend.invoices.states.RedState
    asked_at: Mapped[datetime]
    invoice_number: Mapped[str] = mapped_column(server_default="")
    issued_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class InvoiceBatch(Base):
    """What one officer exported at once. Its files can be made again from its rows."""

    __tablename__ = "invoice_batch"
    __table_args__ = (UniqueConstraint("institution_id", "number"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    number: Mapped[str]  # "Y261123-0001"
    made_by: Mapped[int] = mapped_column(ForeignKey("person.id"))
    made_at: Mapped[datetime]
    consent_id: Mapped[int] = mapped_column(ForeignKey("consent.id"))
    policy_version: Mapped[int]


class InvoiceBatchRow(Base):
    """One row of an export, as it was: an invoice, or (``red_id``) a red letter."""

    __tablename__ = "invoice_batch_row"

    batch_id: Mapped[int] = mapped_column(ForeignKey("invoice_batch.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)  # from 1
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    red_id: Mapped[int | None] = mapped_column(ForeignKey("invoice_red.id"))
    buyer: Mapped[str]
    title_sealed: Mapped[bytes] = mapped_column(LargeBinary)
    tax_number_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    amount_fen: Mapped[int]
    orders: Mapped[list[Any]]  # their numbers


class InvoiceFile(Base):
    """A file of an issued invoice or red letter: the person's, as it came from the tax bureau."""

    __tablename__ = "invoice_file"
    __table_args__ = (UniqueConstraint("application_id", "sha256"),)

    blob_id: Mapped[str] = mapped_column(ForeignKey("blob.id"), primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), index=True)
    red_id: Mapped[int | None] = mapped_column(ForeignKey("invoice_red.id"))
    kind: Mapped[str]  # "pdf", "ofd", "xml"
    sha256: Mapped[str]


class InvoiceUpload(Base):
    """Issued files that finance sent (one, or a ZIP), and what became of each."""

    __tablename__ = "invoice_upload"

    blob_id: Mapped[str] = mapped_column(ForeignKey("blob.id"), primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    asked_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    refused: Mapped[str] = mapped_column(server_default="")  # why none of it was looked at
    matched: Mapped[int] = mapped_column(server_default="0")
    told: Mapped[list[Any]]  # of each file: its name, what became of it, the number it is for
