"""Money that goes back to whoever paid it."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base


class Refund(Base):
    """What is particular to an application for money back.

    ``asked_as`` is its number at the provider: its own with a random end, so that no number comes
    again after a restored backup; and another one only after the provider has closed that for good.
    ``order_id`` is null where the money fits no order: then all of the payment is meant. Whoever
    decided first and second are of finance; ``second_by`` is null where one person is enough.
    """

    __tablename__ = "refund"
    __table_args__ = (
        CheckConstraint("amount_fen > 0", name="amount"),
        Index(None, "institution_id", "next_try_at"),
    )

    application_id: Mapped[int] = mapped_column(ForeignKey("application.id"), primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), index=True)
    order_id: Mapped[int | None] = mapped_column(ForeignKey("order_.id"), index=True)
    amount_fen: Mapped[int]
    reason: Mapped[str]  # ``refunds.states.Reason``
    words: Mapped[str] = mapped_column(default="")  # the asker's own
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    decided_at: Mapped[datetime | None]
    decision_consent_id: Mapped[int | None] = mapped_column(ForeignKey("consent.id"))
    second_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    second_consent_id: Mapped[int | None] = mapped_column(ForeignKey("consent.id"))
    refused_why: Mapped[str] = mapped_column(default="")
    document_kept_why: Mapped[str] = mapped_column(default="")  # academic affairs do not revoke it
    asked_as: Mapped[str]
    refund_id: Mapped[str] = mapped_column(default="")  # the provider's own
    tries: Mapped[int] = mapped_column(
        default=0
    )  # to have the provider take it on, without an answer
    tried_at: Mapped[datetime | None]
    next_try_at: Mapped[datetime | None]  # when the provider is asked (again), or asked about it
    trouble: Mapped[str] = mapped_column(
        default=""
    )  # the provider's code for why it does not go on
    heard: Mapped[str] = mapped_column(default="")  # ``refunds.states.Heard``: what it said last
    heard_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]  # the money is back
    bank_reference: Mapped[str] = mapped_column(default="")  # paid back by hand, under this number
    paid_back_on: Mapped[date | None]  # and on this day


class PaidBack(Base):
    """How much of a payment was paid back, or may be: the sum of its refunds that are not over.

    The check holds whatever the program believes: never more than was paid.
    """

    __tablename__ = "paid_back"
    __table_args__ = (
        CheckConstraint("taken_fen >= 0 AND taken_fen <= paid_fen", name="no_more_than_was_paid"),
    )

    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    paid_fen: Mapped[int]
    taken_fen: Mapped[int]
