"""Who there is: institutions, units, people, what they may do, and where they chat."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Key


class Institution(Base):
    __tablename__ = "institution"

    id: Mapped[str] = mapped_column(primary_key=True)  # "ucas"
    name_zh: Mapped[str]
    name_en: Mapped[str]


class Unit(Base):
    """A training unit (培养单位). Its names are dated: a case keeps the name of its day."""

    __tablename__ = "unit"
    __table_args__ = (UniqueConstraint("institution_id", "code"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    code: Mapped[str]


class UnitName(Base):
    """What a unit is called from a day on."""

    __tablename__ = "unit_name"

    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    name_zh: Mapped[str]
    name_en: Mapped[str]


class Person(Base):
    """A student or a member of staff, of one institution; people are never joined across them."""

    __tablename__ = "person"
    __table_args__ = (
        UniqueConstraint("institution_id", "number"),
        Index(None, "institution_id", "id_number_index"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    number: Mapped[str]  # student number or staff number
    name: Mapped[str]
    name_en: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="zh")
    id_number_sealed: Mapped[bytes | None] = mapped_column(LargeBinary)  # encrypted
    id_number_index: Mapped[str | None]  # keyed hash, for looking up


class Role(Base):
    """Something a person may do, for one unit or (``unit_id`` null) the whole institution."""

    __tablename__ = "role"
    __table_args__ = (
        UniqueConstraint("person_id", "role", "unit_id"),
        CheckConstraint("role <> 'unit_officer' OR unit_id IS NOT NULL", name="officer_of_a_unit"),
    )

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str]  # backend.authority.Role
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))


class ChatAccount(Base):
    """One address on one channel. Nobody's until it is bound to a person.

    ``blocked_at``: since when messages to it are refused; it is tried again once its owner writes.
    """

    __tablename__ = "chat_account"
    __table_args__ = (UniqueConstraint("institution_id", "channel", "address"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    channel: Mapped[str]  # backend.accounts: WEB, TERMINAL, TELEGRAM, WECOM
    address: Mapped[str]
    name: Mapped[str] = mapped_column(server_default="")  # of its owner, as the channel tells it
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    conversation_id: Mapped[int] = mapped_column(ForeignKey("conversation.id"), index=True)
    last_seen_at: Mapped[datetime]
    bound_at: Mapped[datetime | None]
    blocked_at: Mapped[datetime | None]


class WebSession(Base):
    """Somebody signed in on the web; the row goes when they leave or their time is over."""

    __tablename__ = "web_session"

    token_hash: Mapped[str] = mapped_column(primary_key=True)  # SHA-256 of what the browser holds
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
