"""The README's tour is a conversation that is played as a test."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
TOUR = (ROOT / "tests/conversations/tour.md").read_text()


def rows() -> list[tuple[str, str, list[str]]]:
    """Who, what they type or press, and what is quoted of the answer."""
    table = re.findall(
        r"^\| (student|officer) \| `(.+?)` \| (.+) \|$", (ROOT / "README.md").read_text(), re.M
    )
    return [(who, what, re.findall(r"`(.+?)`", seen)) for who, what, seen in table]


def test_the_tour_of_the_readme_is_what_really_happens() -> None:
    said = [(who, what) for who, what, _ in rows()]
    played = re.findall(r"^(\S+) > (.+)$", TOUR, re.M)
    assert said == played


def test_the_tour_promises_only_answers_that_are_given() -> None:
    after = TOUR
    for who, what, quotes in rows():
        _, _, after = after.partition(f"{who} > {what}\n")
        for quote in quotes:
            start = quote.removesuffix("…")
            assert start in after, f"{what}: {quote}"
