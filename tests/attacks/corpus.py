"""Every way known to make a false document of a true one, generated from files as they are issued.

The classes are those of Mladenov et al., "1 Trillion Dollar Refund" (CCS 2019): universal forgery,
incremental saving, signature wrapping; Mainka et al., "Shadow Attacks" (NDSS 2021); Rohlmann et al.,
"Breaking the Specification" (S&P 2021): evil annotations and sneaky signatures on certified
documents (pdf-insecurity.org); and what registrars and readers of transcripts meet beside.
"""

from collections.abc import Callable
from dataclasses import dataclass

from backend.documents.materials import Level
from backend.documents.verdict import Issued
from backend.verification.findings import Question
from tests.attacks.materials import Materials

Attack = Callable[[Materials], bytes]
Asked = Callable[[Materials], Question]
Recorded = Callable[[Materials, bytes], Issued | None]

ANY = frozenset(Level)
STAMPED = frozenset({Level.B_T, Level.B_LT, Level.B_LTA})
ARCHIVED = frozenset({Level.B_LTA})
PLAIN = frozenset({Level.B_B})  # what has nothing to do with the level, and is tried once


def as_asked(m: Materials) -> Question:
    return m.question


def as_recorded(m: Materials, _data: bytes) -> Issued | None:
    """On record is the file that was attacked, under its code."""
    return m.issued


@dataclass(frozen=True, slots=True)
class Kind:
    """``reason`` is the first that must be given, ``details`` what must be told to be added."""

    name: str
    family: str
    reason: str
    details: frozenset[str]
    made: Attack
    about: str
    levels: frozenset[Level]
    question: Asked
    record: Recorded
    elsewhere: bool  # these very bytes are on record under another code


KINDS: dict[str, Kind] = {}


def kind(
    family: str,
    reason: str,
    *details: str,
    levels: frozenset[Level] = ANY,
    question: Asked = as_asked,
    record: Recorded = as_recorded,
    elsewhere: bool = False,
) -> Callable[[Attack], Attack]:
    """Take an attack into the corpus; it is called as its function."""

    def taken(made: Attack) -> Attack:
        name = made.__name__
        assert name not in KINDS, name
        KINDS[name] = Kind(
            name,
            family,
            reason,
            frozenset(details),
            made,
            (made.__doc__ or "").strip(),
            levels,
            question,
            record,
            elsewhere,
        )
        return made

    return taken
