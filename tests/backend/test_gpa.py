"""The grade point average: whatever the grades, it is a mean, and only what counts is counted."""

from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from backend.policy.notices import TRANSCRIPT_DEMO
from backend.policy.transcript import GpaFormula
from backend.registry.students import credits_text, gpa_value, points_of

FORMULA = GpaFormula.model_validate(TRANSCRIPT_DEMO["gpa"])


@dataclass
class Result:
    score: str
    credit_tenths: int


SCORES = st.one_of(
    st.integers(0, 100).map(str),
    st.decimals(0, 100, places=1).map(str),
    st.sampled_from([*FORMULA.letters, "通过", "合格", "P", ""]),
)
RESULTS = st.lists(st.tuples(SCORES, st.integers(1, 80)), max_size=30)


def rows(results: list[tuple[str, int]]) -> list[Result]:
    return [Result(score, tenths) for score, tenths in results]


def value(results: list[tuple[str, int]]) -> str | None:
    return gpa_value(FORMULA, rows(results))


@pytest.mark.parametrize(
    ("score", "points"),
    [
        ("100", "4.0"),
        ("90", "4.0"),
        ("89.9", "3.7"),
        ("85", "3.7"),
        ("84", "3.3"),
        ("60", "1.0"),
        ("59", "0"),
        ("0", "0"),
        ("A-", "3.7"),
        ("F", "0"),
        ("通过", None),
        ("", None),
        ("-5", None),
    ],
)
def test_a_score_gives_the_points_of_its_band(score: str, points: str | None) -> None:
    assert points_of(FORMULA, score) == points


def test_credits_weigh() -> None:
    assert value([("95", 30), ("65", 10)]) == "3.38"  # (4.0 * 3 + 1.5) / 4, half up
    assert value([("95", 10), ("65", 30)]) == "2.13"


def test_halves_are_rounded_up() -> None:
    assert value([("90", 1), ("0", 799)]) == "0.01"  # 0.005


@given(RESULTS)
def test_an_average_lies_between_the_worst_and_the_best(results: list[tuple[str, int]]) -> None:
    points = [Decimal(p) for score, _ in results if (p := points_of(FORMULA, score)) is not None]
    average = value(results)
    assert (average is None) == (not points)
    if average is not None:
        assert min(points) <= Decimal(average) <= max(points)
        assert -Decimal(average).as_tuple().exponent == 2  # type: ignore[operator]


@given(RESULTS, st.randoms(use_true_random=False))
def test_the_order_of_courses_does_not_matter(
    results: list[tuple[str, int]], random: object
) -> None:
    shuffled = list(results)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert value(shuffled) == value(results)


@given(RESULTS, st.lists(st.tuples(st.sampled_from(["通过", "合格", "P"]), st.integers(1, 80))))
def test_a_pass_changes_nothing(
    results: list[tuple[str, int]], passed: list[tuple[str, int]]
) -> None:
    assert value(results + passed) == value(results)


@given(RESULTS, st.integers(1, 80))
def test_a_better_score_never_lowers_it(results: list[tuple[str, int]], tenths: int) -> None:
    lower, higher = value([*results, ("70", tenths)]), value([*results, ("71", tenths)])
    best = value([*results, ("95", tenths)])
    assert lower is not None
    assert higher is not None
    assert best is not None
    assert Decimal(lower) <= Decimal(higher) <= Decimal(best)


@given(RESULTS, st.integers(1, 9))
def test_the_same_grades_with_all_credits_multiplied_are_the_same_average(
    results: list[tuple[str, int]], times: int
) -> None:
    assert value([(score, tenths * times) for score, tenths in results]) == value(results)


@given(st.lists(st.integers(0, 2000), min_size=1, max_size=40))
def test_total_credits_add_up_exactly(tenths: list[int]) -> None:
    assume(sum(tenths))
    assert Decimal(credits_text(sum(tenths))) == sum(Decimal(one) / 10 for one in tenths)
