"""The digits that some links ask for besides. Nobody can read them from the database.

They are made with the installation's own key, so that their owner can be shown them on a page for a
few minutes and no message ever holds them. What is kept is Argon2 of a keyed mark of them: a million
tries with a copied database find nothing.
"""

from datetime import datetime, timedelta
from hashlib import sha256
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from backend.models import Share
from backend.work import Work

SHOWN_FOR = timedelta(minutes=10)
MOST_DIGITS = 8
AT_ONCE = BoundedSemaphore(2)  # each check takes 64 MiB, on purpose
HASHER = PasswordHasher()


def make(work: Work, share: Share, digits: int) -> None:
    """A new PIN, and no try against it yet. Not behind ``AT_ONCE``: a turn must not wait for
    strangers, and turns are few at once."""
    share.pin_made_at = work.now
    share.wrong_pins = 0
    share.pin_hash = HASHER.hash(marked(work, share.id, made(work, share.id, work.now, digits)))


def made(work: Work, share_id: str, at: datetime, digits: int) -> str:
    """Another one each time; only our own key makes it."""
    mark = work.identity.mark("share-pin", f"{share_id}:{at.isoformat()}")
    return f"{int(sha256(mark.encode()).hexdigest(), 16) % 10**digits:0{digits}d}"


def marked(work: Work, share_id: str, pin: str) -> str:
    """What is compared instead of the digits: useless without our key."""
    return work.identity.mark("share-pin typed", f"{share_id}:{pin}")


def normal(typed: str) -> str:
    """As people type digits: in groups, or in full width."""
    return "".join(str(int(one)) for one in typed[:64] if one.isdecimal())[: MOST_DIGITS + 1]


def right(pin_hash: str, mark: str) -> bool:
    """Takes its time: call it with no transaction open."""
    with AT_ONCE:
        try:
            return HASHER.verify(pin_hash, mark)
        except (VerificationError, InvalidHashError):
            return False


def key(share: Share) -> str:
    """What an opened page was opened with: a new PIN closes it."""
    return share.pin_made_at.isoformat() if share.pin_hash and share.pin_made_at else ""
