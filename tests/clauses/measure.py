"""How often the right clause is found and the right silence kept: ``python -m tests.clauses.measure``.

Over the questions in this folder, none of which were learnt from; file by file, and the time a question.
"""

import argparse
import sys
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from backend.clauses.finding import Finder, Found
from backend.clauses.library import Library, shipped
from nlu.answers.finder import ClauseFinder

FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Asked:
    """A question and the clauses that answer it, any of which will do; none: nothing may be said."""

    question: str
    clauses: frozenset[str]


@dataclass(frozen=True, slots=True)
class Measured:
    """Shares: the ``first`` clause is right; a right one is ``among`` those told; nothing was said
    though there was an answer (``silent``); the right silence (``abstained``)."""

    count: int
    first: float = 0.0
    among: float = 0.0
    silent: float = 0.0
    abstained: float = 0.0


def questions(path: Path) -> list[Asked]:
    """Of a file of questions with clauses, without them, or of both."""
    body = yaml.safe_load(path.read_text("utf-8"))
    listed = body if isinstance(body, list) else [*body["answered"], *body["unanswered"]]
    return [
        Asked(one["q"], frozenset(one["ids"]))
        if isinstance(one, dict)
        else Asked(str(one), frozenset())
        for one in listed
    ]


def library() -> Library:
    return Library(shipped(), date(2026, 3, 2))


def measured(asked: Iterable[Asked], finder: Finder, shelf: Library) -> tuple[Measured, Measured]:
    """Over those with an answer, and over those without."""
    found = [(one, finder.find(one.question, shelf)) for one in asked]
    answered = [(one.clauses, told) for one, told in found if one.clauses]
    unanswered = [told for one, told in found if not one.clauses]
    return (
        Measured(
            len(answered),
            first=share(
                bool(told.answering) and told.answering[0] in ids for ids, told in answered
            ),
            among=share(bool(ids & set(told.answering)) for ids, told in answered),
            silent=share(not told.answering for _ids, told in answered),
        ),
        Measured(len(unanswered), abstained=share(not told.answering for told in unanswered)),
    )


def share(hits: Iterable[bool]) -> float:
    all_of = list(hits)
    return sum(all_of) / len(all_of) if all_of else 0.0


def wrong(one: Asked, told: Found) -> bool:
    return bool(told.answering) if not one.clauses else not set(told.answering) & one.clauses


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.clauses.measure", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, default=sorted(FOLDER.glob("*.yml")))
    parser.add_argument("--wrong", action="store_true", help="show what went wrong")
    options = parser.parse_args()
    finder, shelf = ClauseFinder.load(), library()
    finder.find("收费", shelf)
    print(f"{'':28} {'n':>4} first among silent | {'n':>4} abstained")
    count, began = 0, time.perf_counter()
    for path in options.files:
        asked = questions(path)
        has, none = measured(asked, finder, shelf)
        count += len(asked)
        print(
            f"{path.stem:28} {has.count:4} {has.first:5.3f} {has.among:5.3f} {has.silent:6.3f} |"
            f" {none.count:4} {none.abstained:5.3f}"
        )
        for one in asked if options.wrong else ():
            told = finder.find(one.question, shelf)
            if wrong(one, told):
                print(
                    "   ",
                    one.question,
                    sorted(one.clauses),
                    told.answering or told.near[:2],
                    f"{told.confidence:.2f}",
                )
    print(f"{(time.perf_counter() - began) / max(count, 1) * 1e3:.1f} ms a question")
    return 0


if __name__ == "__main__":
    sys.exit(main())
