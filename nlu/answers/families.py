"""Which clauses stand for one another: those that rest on the same words, or answer the same."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from backend.clauses.clause import Clause


def families(clauses: Sequence[Clause]) -> NDArray[np.int64]:
    """For each clause the number of its family."""
    place = {clause.id: at for at, clause in enumerate(clauses)}
    family = np.arange(len(clauses))
    first: dict[str, int] = {}
    for at, clause in enumerate(clauses):
        related = [first.setdefault(clause.quotes[0], at)]
        related += [place[other] for other in clause.same if other in place]
        for other in related:
            family[family == family[at]] = family[other]
    return family
