"""The matrix of proofs: complete or what is missing, whatever the policy says (E5)."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from backend.exam import matrix
from backend.exam.matrix import ProofFacts
from backend.policy.exam import ExamPolicy, Need, ProofType, Way

COURSE = "00015"
GRADES = ("", "2", "3", "4", "6")
LEVELS = ("", "college", "bachelor")

proof = st.builds(
    ProofFacts,
    type=st.sampled_from([str(one) for one in ProofType]),
    grade=st.sampled_from(GRADES),
    level=st.sampled_from(LEVELS),
)
proofs = st.lists(proof, max_size=5)
need = st.builds(
    Need,
    type=st.sampled_from(ProofType),
    grade=st.lists(st.sampled_from(GRADES[1:]), max_size=2).map(tuple),
    level=st.lists(st.sampled_from(LEVELS[1:]), max_size=1).map(tuple),
)
groups = st.lists(
    st.lists(st.sampled_from(ProofType), min_size=1, max_size=2).map(tuple), max_size=2
).map(tuple)


@st.composite
def policies(draw: st.DrawFn) -> ExamPolicy:
    ways = [
        Way(way=f"w{number}", needs=tuple(draw(st.lists(need, min_size=1, max_size=2))), with_any=w)
        for number, w in enumerate(draw(st.lists(groups, min_size=1, max_size=3)))
    ]
    return ExamPolicy(matrix={COURSE: tuple(ways)})


def given_for(wanted: Need) -> ProofFacts:
    """A proof that fulfils a need."""
    return ProofFacts(
        wanted.type,
        grade=wanted.grade[0] if wanted.grade else "",
        level=wanted.level[0] if wanted.level else "",
    )


@given(policies(), proofs)
def test_proofs_are_complete_exactly_when_nothing_is_missing(
    policy: ExamPolicy, given_: list[ProofFacts]
) -> None:
    complete = matrix.way_of(policy, COURSE, given_) is not None
    assert complete == (matrix.missing(policy, COURSE, given_) == [])


@given(policies(), proofs, proof)
def test_a_further_proof_never_makes_complete_ones_incomplete(
    policy: ExamPolicy, given_: list[ProofFacts], more: ProofFacts
) -> None:
    if matrix.way_of(policy, COURSE, given_) is not None:
        assert matrix.way_of(policy, COURSE, [*given_, more]) is not None


@given(policies(), proofs, st.randoms())
def test_the_order_in_which_proofs_are_given_does_not_matter(
    policy: ExamPolicy, given_: list[ProofFacts], random: Random
) -> None:
    shuffled = list(given_)
    random.shuffle(shuffled)
    complete = matrix.way_of(policy, COURSE, given_) is None
    assert (matrix.way_of(policy, COURSE, shuffled) is None) == complete


@given(policies(), proofs, st.data())
def test_whoever_brings_what_is_said_to_be_missing_is_done_in_the_end(
    policy: ExamPolicy, given_: list[ProofFacts], data: st.DataObject
) -> None:
    for _ in range(12):
        missing = matrix.missing(policy, COURSE, given_)
        if not missing:
            return
        chosen = data.draw(st.sampled_from(data.draw(st.sampled_from(missing)).any_of))
        assert chosen, "what is missing names something to bring"
        given_ = [*given_, *map(given_for, chosen)]
    raise AssertionError(f"never complete: {given_}")


def test_a_diploma_never_comes_alone_whatever_the_way_says() -> None:
    policy = ExamPolicy(
        matrix={COURSE: (Way(way="degree", needs=(Need(type=ProofType.DIPLOMA),)),)}
    )
    diploma, record = ProofFacts("diploma"), ProofFacts("registration_record")
    (missing,) = matrix.missing(policy, COURSE, [diploma])
    assert [[need.type for need in one] for one in missing.any_of] == [
        ["registration_record"],
        ["authentication_report"],
    ]
    assert matrix.way_of(policy, COURSE, [diploma, record]) is not None
    assert matrix.way_of(policy, COURSE, [record]) is None


def test_one_diploma_does_not_count_for_two() -> None:
    two = Way(way="two", needs=(Need(type=ProofType.CET, grade=("4",)), Need(type=ProofType.CET)))
    policy = ExamPolicy(matrix={COURSE: (two,)})
    assert matrix.missing(policy, COURSE, [ProofFacts("cet", "4")])
    assert not matrix.missing(policy, COURSE, [ProofFacts("cet", "6"), ProofFacts("cet", "4")])


def test_a_course_the_matrix_does_not_have_cannot_be_exempt_from() -> None:
    (missing,) = matrix.missing(ExamPolicy(), COURSE, [ProofFacts("cet", "4")])
    assert missing.any_of == ()
    assert matrix.way_of(ExamPolicy(), COURSE, [ProofFacts("cet", "4")]) is None
