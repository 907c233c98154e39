"""The questions that are most like one: of which clauses they are, or known to have no answer.

A linear model knows each clause by one direction; its questions lie on many sides of it, and so do
those that come near it and are not answered.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from nlu.answers.lexicon import Scores
from nlu.intents.vectors import Vectors

Places = NDArray[np.int32]
SILENCE, CHAT, NOT_HERE = -1, -2, -3  # instead of a clause's place
NEAREST = 10
FEATURES = (
    *("own nearest", "own three", "unanswered nearest", "unanswered three", "own less unanswered"),
    *("own less other", "chat nearest", "unanswered of ten", "own of ten"),
)
NOBODY: Scores = np.zeros(len(FEATURES))


@dataclass(frozen=True, slots=True)
class Neighbours:
    """``questions`` are centred vectors of unit length, a row each; ``of`` is the place of the clause
    that answers it, or why none does."""

    questions: Vectors
    of: Places

    def near(
        self, vector: Vectors, of: Places, family: NDArray[np.bool_], but: NDArray[np.bool_]
    ) -> Scores:
        """In the order of ``FEATURES``. ``of`` gives the places on the shelf at hand, ``family`` which
        of its clauses rest on the same words as the first; rows of ``but`` do not count."""
        likeness = np.where(but | (of == NOT_HERE), -1.0, self.questions @ vector)
        answered = of >= 0
        own = answered & family[np.maximum(of, 0)]
        unanswered = of == SILENCE
        ours, none = _three(likeness, own), _three(likeness, unanswered)
        other = _three(likeness, answered & ~own)[0]
        ten = np.argpartition(-likeness, NEAREST)[:NEAREST]
        return np.array(
            [
                ours[0],
                ours.mean(),
                none[0],
                none.mean(),
                ours[0] - none[0],
                ours[0] - other,
                _three(likeness, of == CHAT)[0],
                unanswered[ten].mean(),
                own[ten].mean(),
            ]
        )


def _three(likeness: Scores, among: NDArray[np.bool_]) -> Scores:
    """The three likest, the likest first."""
    found = likeness[among]
    if len(found) < 3:
        found = np.append(found, [-1.0] * (3 - len(found)))
    return -np.sort(-np.partition(found, -3)[-3:])
