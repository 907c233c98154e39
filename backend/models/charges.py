"""Money on its way: what a provider was asked for, what came in, and what became of it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Key


class Charge(Base):
    """One request for money at the provider, for one or several orders of one buyer.

    ``link`` is what the provider gave to pay it by, good until ``link_until``; "" until it has answered.
    ``merchant`` and ``app`` are as whom it was opened; "" where the provider knows us as one only.
    """

    __tablename__ = "charge"
    __table_args__ = (
        UniqueConstraint("institution_id", "number"),
        Index(None, "institution_id", "state", "expires_at"),
        CheckConstraint("total_fen > 0", name="total"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    number: Mapped[str]  # the provider's "out_trade_no"
    provider: Mapped[str]
    merchant: Mapped[str] = mapped_column(default="", server_default="")
    app: Mapped[str] = mapped_column(default="", server_default="")
    way: Mapped[str]  # ``payments.provider.Way``
    buyer_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    title: Mapped[str]  # what the payer reads at the provider
    total_fen: Mapped[int]
    state: Mapped[str]
    opened_at: Mapped[datetime]
    expires_at: Mapped[datetime]  # the earliest of its orders'
    link: Mapped[str]
    link_until: Mapped[datetime | None]
    opening_at: Mapped[datetime]  # when the provider was last asked to open it
    asked_at: Mapped[datetime | None]  # when the provider was last asked how it stands
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}


class ChargeOrder(Base):
    """An order that a charge is to pay."""

    __tablename__ = "charge_order"

    charge_id: Mapped[int] = mapped_column(ForeignKey("charge.id"), primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order_.id"), primary_key=True, index=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    amount_fen: Mapped[int]


class Payment(Base):
    """Money that a provider says has come in, once for each transaction, whatever it was for.

    ``charge_id`` is null where nothing here asked for it. ``state`` sums up the shares: "settled", or
    "late", "double", "mismatch", "unknown" where some of it waits for finance.
    """

    __tablename__ = "payment"
    __table_args__ = (UniqueConstraint("institution_id", "provider", "transaction_id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    charge_id: Mapped[int | None] = mapped_column(ForeignKey("charge.id"), index=True)
    charge_number: Mapped[str]  # as the provider names it
    provider: Mapped[str]
    transaction_id: Mapped[str]
    amount_fen: Mapped[int]  # hundredths of the currency
    currency: Mapped[str]  # "CNY"; anything else is a mismatch
    paid_at: Mapped[datetime]
    received_at: Mapped[datetime]
    state: Mapped[str]


class PaymentShare(Base):
    """What of a payment is for one order. One that matches nothing has no shares: all of it is held."""

    __tablename__ = "payment_share"

    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), primary_key=True)
    order_id: Mapped[int] = mapped_column(ForeignKey("order_.id"), primary_key=True, index=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    amount_fen: Mapped[int]
    # "settled", "late" (nothing waits for it any more), "double", "moved" (it settled another order)
    state: Mapped[str]
