"""Which proofs exempt from which course: the institution's matrix, and what a set of them lacks (E5).

Pure: the policy and the facts of the proofs in, an answer out. The manual names no course; a course
that the matrix does not have cannot be exempt from.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from backend.policy.exam import ExamPolicy, Need, ProofType, Way


@dataclass(frozen=True, slots=True)
class ProofFacts:
    """What is known of a proof. "" is what nobody has said: a reviewer reads it off the picture."""

    type: str
    grade: str = ""  # "4", "6" of CET; "1" to "5" of PETS
    paper: str = ""  # "certificate", "score_notice"
    level: str = ""  # of a diploma: "college", "bachelor"
    score: int | None = None  # as its owner tells it, where a least one is demanded


@dataclass(frozen=True, slots=True)
class Missing:
    """One thing that is lacking; any of these sets of proofs would do."""

    any_of: tuple[tuple[Need, ...], ...]


def ways(policy: ExamPolicy, course_code: str) -> tuple[Way, ...]:
    """All the ways to be exempt from a course; none where the institution has set none."""
    return policy.matrix.get(course_code, ())


def least_score(policy: ExamPolicy, course_code: str, type_: str, grade: str) -> int | None:
    """The score that such a proof must have for this course; None where any will do."""
    fitting = [
        need.least_score
        for way in ways(policy, course_code)
        for need in way.needs
        if accepts(need, ProofFacts(type_, grade))
    ]
    demanded = [one for one in fitting if one is not None]
    return min(demanded) if demanded and len(demanded) == len(fitting) else None


def accepts(need: Need, proof: ProofFacts) -> bool:
    """Whether this proof is one that is asked for. The grade must be known, the rest not differ."""
    return (
        proof.type == need.type
        and (not need.grade or proof.grade in need.grade)
        and (not need.paper or not proof.paper or proof.paper in need.paper)
        and (not need.level or not proof.level or proof.level in need.level)
    )


def useful(policy: ExamPolicy, course_code: str) -> tuple[Need, ...]:
    """Every proof that some way to be exempt from the course begins with, each once."""
    needs = [need for way in ways(policy, course_code) for need in way.needs]
    return tuple(dict.fromkeys(needs))


def companions(policy: ExamPolicy, way: Way) -> tuple[tuple[Need, ...], ...]:
    """What has to come with the proofs of a way: one of these sets; a diploma never comes alone."""
    groups = way.with_any
    if not groups and any(need.type == ProofType.DIPLOMA for need in way.needs):
        groups = policy.exemption.diploma_with
    return tuple(tuple(Need(type=one) for one in group) for group in groups)


def way_of(policy: ExamPolicy, course_code: str, proofs: Sequence[ProofFacts]) -> Way | None:
    """The first way that these proofs complete."""
    for way in ways(policy, course_code):
        if not lacking(policy, way, proofs):
            return way
    return None


def missing(policy: ExamPolicy, course_code: str, proofs: Sequence[ProofFacts]) -> list[Missing]:
    """What these proofs lack, by the way they come closest to; empty: they are complete.

    While none of them is of use, any way will do; a course without any way lacks what nobody can
    give, a ``Missing`` of nothing.
    """
    possible = ways(policy, course_code)
    if not possible:
        return [Missing(())]
    begun = [way for way in possible if _left(way.needs, proofs)[1] < len(way.needs)]
    if not begun:
        return [Missing(tuple(way.needs for way in possible))]
    return min((lacking(policy, way, proofs) for way in begun), key=len)


def lacking(policy: ExamPolicy, way: Way, proofs: Sequence[ProofFacts]) -> list[Missing]:
    """What these proofs lack for one way; a proof counts for one thing only."""
    needs, _count = _left(way.needs, proofs)
    open_needs = [Missing(((need,),)) for need in needs]
    together = companions(policy, way)
    if together:
        rest = [_left(way.needs + group, proofs)[0][len(needs) :] for group in together]
        if all(rest):
            open_needs.append(Missing(tuple(dict.fromkeys(rest))))
    return open_needs


def _left(needs: Sequence[Need], proofs: Sequence[ProofFacts]) -> tuple[tuple[Need, ...], int]:
    """The needs for which no proof is left over, as few as can be, and how many they are."""
    of_proof: dict[int, int] = {}  # which need each proof counts for

    def place(need: int, tried: set[int]) -> bool:
        for number, proof in enumerate(proofs):
            if number in tried or not accepts(needs[need], proof):
                continue
            tried.add(number)
            if number not in of_proof or place(of_proof[number], tried):
                of_proof[number] = need
                return True
        return False

    for need in range(len(needs)):
        place(need, set())
    met = set(of_proof.values())
    left = tuple(one for number, one in enumerate(needs) if number not in met)
    return left, len(left)
