"""The exam office's own sign-in: ID number and password; the first password must be changed (E1).

Whoever has no account, no ticket or a wrong password gets the same answer after the same work.
"""

import hmac
import re
from dataclasses import dataclass
from threading import BoundedSemaphore
from unicodedata import normalize

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend import audit
from backend.identity import bindings, sign_out
from backend.models import ExamAccount, ExamTicket, Person
from backend.sealing import Sealer
from backend.work import Work

INITIAL = 6  # the last so many characters of the ID number, letters in upper case (E1)
SHORTEST, LONGEST = 8, 128  # characters of a password
AT_ONCE = BoundedSemaphore(2)  # each check takes 64 MiB, on purpose
HASHER = PasswordHasher()
NOBODY = HASHER.hash("nobody has this password")


@dataclass(frozen=True, slots=True)
class Claim:
    """Somebody says they are this person; ``right`` is checked with no transaction open."""

    index: str
    person: int | None
    password_hash: str | None  # None: the initial password stands
    initial: str


@dataclass(frozen=True, slots=True)
class Proved:
    person: int
    must_change: bool


def normal_id_number(typed: str) -> str:
    """Full-width digits, blanks and a small x are the same number."""
    return re.sub(r"\s", "", normalize("NFKC", typed[:64])).upper()


def claim(work: Work, sealer: Sealer, id_number: str) -> Claim:
    """The holder of an active exam ticket with this ID number, or nobody."""
    index = sealer.index(id_number)
    person = work.session.scalar(
        select(Person)
        .join(ExamTicket, ExamTicket.person_id == Person.id)
        .where(
            Person.institution_id == work.institution,
            Person.id_number_index == index,
            ExamTicket.active.is_(True),
        )
        .order_by(Person.id)
        .limit(1)
    )
    account = _account(work.session, work.institution, index)
    return Claim(
        index,
        person.id if person else None,
        account.password_hash if account else None,
        id_number[-INITIAL:],
    )


def prove(one: Claim, password: str) -> Proved | None:
    """Takes as long for nobody as for somebody: an Argon2 check is made in any case."""
    with AT_ONCE:
        hashed = _matches(one.password_hash or NOBODY, password)
    initial = one.password_hash is None and hmac.compare_digest(
        password.upper().encode(), one.initial.encode()
    )
    if one.person is None or not (initial or (one.password_hash and hashed)):
        return None
    return Proved(one.person, must_change=bool(initial))


def weakness_for(work: Work, sealer: Sealer, person_id: int, password: str) -> str:
    """As ``weakness``, with the person's own ID number."""
    sealed = work.session.get_one(Person, person_id).id_number_sealed
    return weakness(password, sealer.open(sealed) if sealed else "")


def hash_password(password: str) -> str:
    """Takes its time: call it with no transaction open."""
    with AT_ONCE:
        return HASHER.hash(password)


def keep_first_password(work: Work, person_id: int, hashed: str) -> bool:
    """In place of the initial one. False, and nothing is kept, where another one stands by now:
    whoever knows the initial password, which many may know, could else put theirs over it."""
    index = work.session.get_one(Person, person_id).id_number_index
    if index is None:
        raise LookupError(f"person {person_id} has no ID number")
    account = ExamAccount(
        institution_id=work.institution,
        id_number_index=index,
        password_hash=hashed,
        changed_at=work.now,
    )
    try:
        with work.session.begin_nested():
            work.session.add(account)
    except IntegrityError:
        return False
    audit.record(work, f"person:{person_id}", "set_password", "", "")
    return True


def reset_password(work: Work, person_id: int) -> None:
    """The initial password stands again; for the office, when somebody has forgotten theirs.

    Whoever is signed in as this person is signed out, and the person is told on all their accounts.
    """
    person = work.session.get_one(Person, person_id)
    account = _account(work.session, work.institution, person.id_number_index or "")
    if account is not None:
        work.session.delete(account)
    sign_out.everywhere(work, person_id)
    audit.record(work, f"person:{person_id}", "reset_password", "", "")
    for told in bindings.pushed_to(work, person_id) or bindings.web_of(work, person_id):
        work.emit("password.reset", f"person:{person_id}", person=person_id, told=told)


def weakness(password: str, id_number: str) -> str:
    """Why it cannot be a password: "short", "long", "simple", "id_number", or nothing."""
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    plain = password.upper()
    if id_number and (id_number[-INITIAL:] in plain or id_number[6:14] in plain):
        return "id_number"
    kinds = [re.search(kind, password) for kind in (r"[A-Za-z]", r"[0-9]", r"[^A-Za-z0-9]")]
    if len(set(plain)) < 5 or sum(map(bool, kinds)) < 2:
        return "simple"
    return ""


def _matches(hashed: str, password: str) -> bool:
    try:
        return HASHER.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


def _account(session: Session, institution: str, index: str) -> ExamAccount | None:
    return session.get(ExamAccount, (institution, index))
