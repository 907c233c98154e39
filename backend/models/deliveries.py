"""What is on its way to people on channels that are pushed to."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Key


class Delivery(Base):
    """One message (or the end of its buttons) on its way to one account.

    Of one account, what has the lower ``rank`` goes first, then what was made first. A message may
    need several calls of the platform; ``remote`` keeps the platform's name of each that is done, so
    that a repeat after a crash goes on there.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("outbound_id", "account_id", "kind"),
        Index(None, "state", "channel", "account_id"),
        Index(None, "account_id", "ended_at"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("chat_account.id"))
    channel: Mapped[str]
    outbound_id: Mapped[int] = mapped_column(ForeignKey("outbound.id"))
    kind: Mapped[str]  # "say"; "close": its buttons are done with
    rank: Mapped[int]  # 0 answers, 1 notices, 2 to everybody
    state: Mapped[str]  # "waiting", "sent", "failed", "expired", "replaced" (by another channel)
    remote: Mapped[list[Any]]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    attempts: Mapped[int]
    try_after: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    why: Mapped[str] = mapped_column(default="")  # code of what went wrong


class PlatformToken(Base):
    """A token that a platform has lent us, shared by all processes; sealed."""

    __tablename__ = "platform_token"

    name: Mapped[str] = mapped_column(primary_key=True)  # "wecom:CORP:AGENT"
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime]


class Lease(Base):
    """What only one process may do at a time (sending on a channel), and until when it has it."""

    __tablename__ = "lease"

    name: Mapped[str] = mapped_column(primary_key=True)
    holder: Mapped[str]
    until: Mapped[datetime]
