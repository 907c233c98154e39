"""How people show who they are: links that bind, sign-ins under way, exam accounts, step-ups.

No row is worth anything to whoever reads the database: tokens are kept as hashes, or are made from
an id with a key that is not in it; passwords are kept as Argon2 hashes.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from backend.models.base import Base, Key


class AccountLink(Base):
    """A link that is good once, for one chat account or one person, and not for long.

    ``purpose`` "bind": ``account_id`` becomes somebody's on a page; "start": an account in Telegram
    becomes that of ``person_id`` by a press there; "step_up": ``account_id`` signs in anew;
    "upload": a file comes into the conversation of ``account_id``.
    """

    __tablename__ = "account_link"

    id: Mapped[str] = mapped_column(primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    purpose: Mapped[str]
    account_id: Mapped[int | None] = mapped_column(ForeignKey("chat_account.id"), index=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    wish: Mapped[str] = mapped_column(default="")  # the dialog that was wanted
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class SignIn(Base):
    """A sign-in under way in one browser, which holds the token in a cookie."""

    __tablename__ = "sign_in"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    link_id: Mapped[str | None] = mapped_column(ForeignKey("account_link.id"))  # null: the web chat
    provider: Mapped[str]
    state_hash: Mapped[str | None]  # of the answer that is awaited; null: none is
    kept: Mapped[dict[str, Any]]  # what the provider needs to check the answer
    captcha: Mapped[str | None]  # mark of the right answer, good for one try
    pending_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # owes a new password
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))  # who it has turned out
    expires_at: Mapped[datetime] = mapped_column(index=True)


class SignInTry(Base):
    """Wrong passwords in a row, for one account or from one address."""

    __tablename__ = "sign_in_try"

    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"), primary_key=True)
    who: Mapped[str] = mapped_column(primary_key=True)  # "account:…", "address:…", keyed hashes
    failures: Mapped[int]
    until: Mapped[datetime | None]  # no further try before
    last_at: Mapped[datetime] = mapped_column(index=True)


class ExamAccount(Base):
    """The exam office's own account of a candidate (E1), from the first change of password on."""

    __tablename__ = "exam_account"

    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"), primary_key=True)
    id_number_index: Mapped[str] = mapped_column(primary_key=True)
    password_hash: Mapped[str]  # Argon2id
    changed_at: Mapped[datetime]


class ExamTicket(Base):
    """An exam ticket (准考证, E2), for one major. The active, linked one chosen last is in use."""

    __tablename__ = "exam_ticket"
    __table_args__ = (UniqueConstraint("institution_id", "number"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    number: Mapped[str]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    active: Mapped[bool]
    linked_at: Mapped[datetime | None]
    chosen_at: Mapped[datetime | None]
    major_id: Mapped[int | None] = mapped_column(ForeignKey("exam_major.id"))
    registered_on: Mapped[date | None]


class StepUp(Base):
    """Somebody has shown once more, for one chat account, that they are who they are.

    On the web, for one session of it: others may be open on machines of strangers.
    """

    __tablename__ = "step_up"
    __table_args__ = (Index(None, "account_id", "at"),)

    id: Mapped[int] = mapped_column(Key, primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("chat_account.id"))
    way: Mapped[str]  # "code", "sign_in", "binding"
    at: Mapped[datetime]
    browser: Mapped[str] = mapped_column(server_default="")  # hash of the web session's token


class StepUpCode(Base):
    """A code that is shown on a second channel; it is made from ``id`` with a key not kept here."""

    __tablename__ = "step_up_code"

    id: Mapped[str] = mapped_column(primary_key=True)
    institution_id: Mapped[str] = mapped_column(ForeignKey("institution.id"))
    account_id: Mapped[int] = mapped_column(ForeignKey("chat_account.id"), index=True)
    shown_to: Mapped[int] = mapped_column(ForeignKey("chat_account.id"))
    tries: Mapped[int]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
