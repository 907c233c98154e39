"""QR codes for paying that were asked for in a chat."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Key


class PaymentCode(Base):
    """The one for an order, or for several together; the next takes the place of the last.

    While the provider is away it is tried again; ``over_at`` is when it was shown, or not wanted
    any more.
    """

    __tablename__ = "payment_code"
    __table_args__ = (
        UniqueConstraint("institution_id", "orders"),
        Index(None, "institution_id", "over_at", "try_after"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    orders: Mapped[str]  # "D260302-0001", or several joined by "+"
    account_id: Mapped[int] = mapped_column(ForeignKey("chat_account.id"), index=True)
    try_after: Mapped[datetime]
    times: Mapped[int]  # how often it was asked for
    tries: Mapped[int]  # since then
    told_at: Mapped[datetime | None]  # that the provider is away
    over_at: Mapped[datetime | None]
    blob_id: Mapped[str | None] = mapped_column(ForeignKey("blob.id"))  # the picture shown last
