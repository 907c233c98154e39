"""What speaks for a clause, and for there being none: a few numbers a question, weighed twice.

First the clauses are put in order; then it is weighed whether the first of them answers at all.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from nlu.answers import neighbours
from nlu.answers.elsewhere import named_elsewhere
from nlu.answers.lexicon import Read, Scores

NONE = ("not stated", "elsewhere", "chat")  # what the vectors also know: three ways of no answer
_LOWEST = -9.0
FEATURES = (
    "share",
    "family",
    "none",
    "elsewhere",
    "chat",
    "lead",
    "letters",
    "sounds",
    "covered",
    "kinds",
    "better covered",
    "named elsewhere",
    "unanswered",
    "length",
    *neighbours.FEATURES,
)


def ranked(weights: Scores, odds: Scores | None, read: Read) -> Scores:
    """A score for each clause. ``odds`` are the vectors' of each; None where there are none."""
    rows = read.rows() if odds is None else (odds, *read.rows())
    return sum((weight * row for weight, row in zip(weights, rows, strict=True)), np.zeros(1))


@dataclass(frozen=True, slots=True)
class Case:
    """One question: its normalized ``text``, the clauses' ``scores``, the log-odds of the ways of no
    answer (``none``, empty without vectors), what was ``read``, and ``families``: for each clause the
    number of the group that rests on the same words."""

    text: str
    scores: Scores
    none: Scores
    read: Read
    families: NDArray[np.int64]
    known: tuple[str, ...]  # words of the clause that came first
    near: Scores = field(default_factory=lambda: neighbours.NOBODY)  # the likest questions

    def evidence(self) -> Scores:
        """In the order of ``FEATURES``."""
        first = int(self.scores.argmax())
        every = np.concatenate([self.scores, self.none])
        shares = every - _log_sum(every)
        family = self.families == self.families[first]
        count = len(self.scores)
        none = shares[count:]
        read = self.read
        others = self.scores[~family]
        lead = self.scores[first] - (others.max() if len(others) else 0.0)
        foreign = [name for name in named_elsewhere(self.text) if name not in self.known[first]]
        plain: Scores = np.array(
            [
                max(shares[first], _LOWEST),
                max(_log_sum(shares[:count][family]), _LOWEST),
                *([max(_log_sum(none), _LOWEST)] if len(none) else [0.0]),
                *([max(none[1], _LOWEST), max(none[2], _LOWEST)] if len(none) else [0.0, 0.0]),
                min(lead, 10.0),
                read.letters[first],
                read.sounds[first],
                read.covered[first],
                read.kinds[first],
                read.covered.max() - read.covered[first],
                float(bool(foreign)),
                read.unanswered,
                min(len(self.text), 30) / 30,
                *self.near,
            ]
        )
        return plain


def _log_sum(values: Scores) -> float:
    most = float(values.max())
    return most + float(np.log(np.exp(values - most).sum()))
