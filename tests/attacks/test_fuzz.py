"""Files that nobody thought of: flipped, spliced, cut. None is genuine but the one that was issued."""

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.verification import judge
from tests.attacks.materials import Materials, record
from tests.attacks.pdf import byte_range, with_range

EXAMPLES = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def genuine(m: Materials, data: bytes) -> bool:
    """Even if nothing on record could be compared."""
    findings = judge.judge(data, m.question)
    verdict = findings.against(record(data)).verdict
    assert verdict.reasons
    return verdict.genuine


@EXAMPLES
@given(data=st.data())
def test_no_bytes_can_be_changed(materials: Materials, data: st.DataObject) -> None:
    changed = bytearray(materials.genuine)
    for _ in range(data.draw(st.integers(1, 4))):
        changed[data.draw(st.integers(0, len(changed) - 1))] ^= data.draw(st.integers(1, 255))
    if bytes(changed) != materials.genuine:
        assert not genuine(materials, bytes(changed))


@EXAMPLES
@given(data=st.data())
def test_nothing_can_be_put_in_taken_out_or_repeated(
    materials: Materials, data: st.DataObject
) -> None:
    whole = materials.genuine
    at = data.draw(st.integers(0, len(whole)))
    to = min(at + data.draw(st.integers(0, 400)), len(whole))
    put = data.draw(st.sampled_from([b"", whole[at:to] * 2, bytes(to - at), b"%%EOF\n", b" "]))
    changed = whole[:at] + put + whole[to:]
    if changed != whole:
        assert not genuine(materials, changed)


@EXAMPLES
@given(data=st.data())
def test_two_genuine_files_make_no_third(materials: Materials, data: st.DataObject) -> None:
    one, two = materials.genuine, materials.other
    here = data.draw(st.integers(1, len(one)))
    there = data.draw(st.integers(0, len(two) - 1))
    spliced = one[:here] + two[there:]
    if spliced not in (one, two):
        assert not genuine(materials, spliced)


@EXAMPLES
@given(data=st.data())
def test_no_part_of_a_file_is_one(materials: Materials, data: st.DataObject) -> None:
    whole = materials.genuine
    size = data.draw(st.integers(0, len(whole) - 1))
    signed = byte_range(whole)
    if size != signed.end + signed.rest:  # an archive's file without its stamp was genuine before
        assert not genuine(materials, whole[:size])
    assert not genuine(materials, whole[size + 1 :])


@EXAMPLES
@given(numbers=st.lists(st.integers(0, 200_000), min_size=4, max_size=4))
def test_no_other_range_covers_it(materials: Materials, numbers: list[int]) -> None:
    said = b"/ByteRange [%d %d %d %d]" % tuple(numbers)
    changed = with_range(materials.genuine, said)
    if changed != materials.genuine:
        assert not genuine(materials, changed)


@settings(EXAMPLES, max_examples=30)
@given(data=st.binary(max_size=2000))
def test_nothing_made_of_chance_is_one(materials: Materials, data: bytes) -> None:
    for made in (data, b"%PDF-1.7\n" + data, materials.genuine + data):
        if made != materials.genuine:
            assert not genuine(materials, made)
