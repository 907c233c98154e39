"""Whatever a bill and our rows say: what differs is named exactly once, and what agrees never."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from backend.payments.provider import RefundState
from backend.reconciliation.comparing import STANDS, About, Billed, Key, Kind, Known, compare
from backend.refunds.states import State

NAMES = st.sampled_from([f"N{n}" for n in range(6)])
FEN = st.sampled_from([500, 700])
BELONGS = st.sampled_from(["C1", "C2"])
PAID = st.builds(Billed, st.just(About.PAYMENT), NAMES, BELONGS, FEN)
BACK = st.builds(
    Billed, st.just(About.REFUND), NAMES, BELONGS, FEN, st.sampled_from([*map(str, RefundState)])
)
KEYS = st.tuples(st.sampled_from([About.PAYMENT, About.REFUND]), NAMES)
KNOWN = st.dictionaries(KEYS, st.builds(Known, BELONGS, FEN, st.sampled_from([*map(str, State)])))


def agrees(row: Billed, ours: Known) -> bool:
    same = (row.amount_fen, row.belongs_to) == (ours.amount_fen, ours.belongs_to)
    return same and (row.about == About.PAYMENT or ours.state in STANDS[row.state])


@given(
    billed=st.lists(st.one_of(PAID, BACK), max_size=10),
    known=KNOWN,
    elsewhere=st.dictionaries(KEYS, st.booleans(), max_size=4),
    data=st.data(),
)
def test_every_difference_is_named_once_and_an_equal_pair_never(
    billed: list[Billed], known: dict[Key, Known], elsewhere: dict[Key, bool], data: st.DataObject
) -> None:
    expected = data.draw(st.sets(st.sampled_from(sorted(known)))) if known else set()
    found = list(compare(billed, known, expected, elsewhere))
    named = Counter(one.key for one in found)
    assert set(named.values()) <= {1}
    rows = Counter(row.key for row in billed)
    first = {row.key: row for row in reversed(billed)}
    for key, row in first.items():
        once = rows[key] == 1 and not elsewhere.get(key, False)
        equal = key in known and agrees(row, known[key])
        assert (key in named) == (not (once and equal)), row
    lacking = {key for key in expected if key not in rows and key not in elsewhere}
    assert {one.key for one in found if one.kind is Kind.ONLY_HERE} == lacking
    assert named.keys() <= rows.keys() | lacking


@given(known=KNOWN)
def test_a_bill_that_says_what_is_known_here_differs_in_nothing(known: dict[Key, Known]) -> None:
    standing = {
        key: one
        for key, one in known.items()
        if key[0] == About.PAYMENT or one.state in STANDS[RefundState.PROCESSING]
    }
    billed = [
        Billed(about, reference, one.belongs_to, one.amount_fen, RefundState.PROCESSING)
        for (about, reference), one in standing.items()
    ]
    assert list(compare(billed, standing, standing.keys(), {})) == []


def test_what_a_bill_says_of_a_refund_may_be_older_than_what_is_known_here() -> None:
    assert STANDS[RefundState.PROCESSING] >= {State.SENT, State.REFUNDED, State.BY_HAND}
    assert State.REFUNDED not in STANDS[RefundState.CLOSED]
    assert State.BY_HAND not in STANDS[RefundState.SUCCESS], "paid back twice, and nobody told"
    assert all(State.ASKED not in ours and State.REFUSED not in ours for ours in STANDS.values())
    assert STANDS.keys() == {*RefundState}
