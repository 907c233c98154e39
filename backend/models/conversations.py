"""What was said, by whom, in which order; and where a conversation stands."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Key


class Conversation(Base):
    """One per person, on whatever channels; ``state`` is the stack of open dialogs."""

    __tablename__ = "conversation"
    __table_args__ = (UniqueConstraint("institution_id", "person_id"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    language: Mapped[str]
    state: Mapped[dict[str, Any]]
    next_seq: Mapped[int]
    waiting_for: Mapped[str | None] = mapped_column(index=True)  # key of the job its dialog awaits


class Inbound(Base):
    """Something a turn is made of: words, a press, a file, or an event from inside.

    Turns are taken in the order of ``id``. Only what a person sent has a ``seq``, its place in the
    history. ``message_key`` is the channel's own id of the message, so that a repeat counts once.
    """

    __tablename__ = "inbound"
    __table_args__ = (
        UniqueConstraint("account_id", "message_key"),
        Index(None, "conversation_id", "done_at", "id"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("chat_account.id"))
    message_key: Mapped[str | None]
    seq: Mapped[int | None]
    kind: Mapped[str]  # bot/taking.py: FROM_PEOPLE, or from inside
    body: Mapped[dict[str, Any]]
    parse: Mapped[dict[str, Any] | None]
    received_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(server_default="0")
    try_after: Mapped[datetime | None]  # a notice that failed is taken again then
    failed: Mapped[str | None]  # reference of the logged error


class Outbound(Base):
    """Something said to a person: the history. ``Delivery`` rows bring it to channels one pushes to.

    ``about`` names the case a prompt asks about; when that is decided, ``closed`` says so in place of
    the buttons.
    """

    __tablename__ = "outbound"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        UniqueConstraint("token"),
        Index(None, "about"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"))
    account_id: Mapped[int | None] = mapped_column(ForeignKey("chat_account.id"))
    seq: Mapped[int]
    body: Mapped[dict[str, Any]]
    actions: Mapped[list[Any]]  # what each button means; never leaves the server
    token: Mapped[str]  # opaque name of the message in its button ids
    pressed_at: Mapped[datetime | None]
    about: Mapped[str | None]
    closed: Mapped[str | None]
    created_at: Mapped[datetime]
