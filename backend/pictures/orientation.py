"""Which way up a picture of a paper stands, told by its text."""

from collections.abc import Sequence

FEWEST = 3  # boxes of text
SHARE = 0.7  # of them must say the same


def by_votes(tall: Sequence[bool], flipped: Sequence[bool]) -> int | None:
    """From boxes of text: which are taller than wide, and which stand on their heads (tall ones
    after being laid on their left). Degrees clockwise from upright; None: too few, or they differ.
    """
    count = len(tall)
    if count < FEWEST:
        return None
    lying, heads = sum(tall) / count, sum(flipped) / count
    if SHARE > lying > 1 - SHARE or SHARE > heads > 1 - SHARE:
        return None
    if lying >= SHARE:
        return 270 if heads >= SHARE else 90
    return 180 if heads >= SHARE else 0
