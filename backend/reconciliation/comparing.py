"""A day's bill against what is known here: what differs, each payment or refund at most once.

Nothing is looked up here and nothing changed: ``ours.py`` reads, ``differences.py`` keeps.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from backend.payments.provider import RefundState
from backend.refunds.states import State


class About(StrEnum):
    PAYMENT = "payment"
    REFUND = "refund"
    FEE = "fee"  # of the whole day


class Kind(StrEnum):
    """In which way a day's bill and what is known here do not agree."""

    ONLY_BILLED = "only_billed"  # in the bill and not here
    ONLY_HERE = "only_here"  # here and not in the bill
    OTHER_AMOUNT = "other_amount"
    OTHER_NUMBER = "other_number"  # another charge, or a refund of another payment
    OTHER_STATE = "other_state"  # of a refund
    BILLED_TWICE = "billed_twice"


Key = tuple[str, str]  # About, and the transaction of a payment or our number of a refund


@dataclass(frozen=True, slots=True)
class Billed:
    """A row of the bill. ``belongs_to``: the charge of a payment, the transaction of a refund."""

    about: str
    reference: str
    belongs_to: str
    amount_fen: int
    state: str = ""  # of a refund, ``RefundState``

    @property
    def key(self) -> Key:
        return self.about, self.reference


@dataclass(frozen=True, slots=True)
class Known:
    """The same as it is known here; ``state`` is that of the refund's application."""

    belongs_to: str
    amount_fen: int
    state: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """``theirs`` and ``ours`` are whatever differs beside the amount: a number or a state."""

    about: str
    reference: str
    kind: Kind
    their_fen: int | None
    our_fen: int | None
    theirs: str = ""
    ours: str = ""

    @property
    def key(self) -> Key:
        return self.about, self.reference


# How our refund may stand when the bill has it so. What the bill says is as old as the bill: a refund
# that was under way then may have ended in any way since. That it ended does not change any more.
_TAKEN_ON = frozenset({State.APPROVED, State.SENT, State.ABNORMAL, State.REFUNDED, State.BY_HAND})
STANDS: Mapping[str, frozenset[State]] = {
    RefundState.PROCESSING: _TAKEN_ON,
    RefundState.ABNORMAL: _TAKEN_ON,
    RefundState.SUCCESS: frozenset({State.APPROVED, State.SENT, State.ABNORMAL, State.REFUNDED}),
    RefundState.CLOSED: frozenset({State.APPROVED, State.SENT, State.ABNORMAL, State.BY_HAND}),
}


def compare(
    billed: Sequence[Billed],
    known: Mapping[Key, Known],
    expected: Collection[Key],
    elsewhere: Mapping[Key, bool],
) -> Iterator[Finding]:
    """What differs, in the order of the bill, then what the bill lacks.

    ``known`` holds whatever the bill names and is known here, and whatever is ``expected`` in this bill.
    ``elsewhere`` is what other days' bills name; True where that day is before this one.
    """
    times = Counter(row.key for row in billed)
    seen: set[Key] = set()
    for row in billed:
        if row.key in seen:
            continue
        seen.add(row.key)
        found = _judged(
            row, known.get(row.key), times[row.key] > 1 or elsewhere.get(row.key, False)
        )
        if found is not None:
            yield found
    for key in sorted(set(expected) - seen - elsewhere.keys()):
        about, reference = key
        yield Finding(about, reference, Kind.ONLY_HERE, None, known[key].amount_fen)


def _judged(row: Billed, ours: Known | None, twice: bool) -> Finding | None:
    if ours is None:
        return _found(row, None, Kind.ONLY_BILLED, row.belongs_to)
    if twice:
        return _found(row, ours, Kind.BILLED_TWICE)
    if row.amount_fen != ours.amount_fen:
        return _found(row, ours, Kind.OTHER_AMOUNT)
    if row.belongs_to != ours.belongs_to:
        return _found(row, ours, Kind.OTHER_NUMBER, row.belongs_to, ours.belongs_to)
    if row.about == About.REFUND and ours.state not in STANDS[row.state]:
        return _found(row, ours, Kind.OTHER_STATE, row.state, ours.state)
    return None


def _found(
    row: Billed, ours: Known | None, kind: Kind, theirs: str = "", mine: str = ""
) -> Finding:
    our_fen = None if ours is None else ours.amount_fen
    return Finding(row.about, row.reference, kind, row.amount_fen, our_fen, theirs, mine)
