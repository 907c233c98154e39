"""Whether two pictures show the same paper, however often they were saved again.

Sheets of one form differ by a few characters only, so that common 64-bit hashes take the sheets of
two people for one. Here 64 × 64 slopes of brightness are compared, without those that are level in
both pictures (docs/decisions/0019). Whoever crops or turns a picture escapes: it can only warn.
"""

import numpy as np
from PIL import Image

CELLS = 64
LEVEL = 4  # steps of grey; less is noise of saving
ALIKE = 0.006  # of the slopes differ at most: the same sheet saved again, up to 0.005; another's, from 0.011
FEWEST = 64  # slopes; with fewer there is nothing to compare
SIZE = CELLS * CELLS // 8 * 2


def likeness(image: Image.Image) -> bytes:
    """``SIZE`` bytes: which way the brightness slopes, and where it slopes at all."""
    small = image.convert("L").resize((CELLS + 1, CELLS), Image.Resampling.LANCZOS)
    slopes = np.diff(np.asarray(small, dtype=np.int16), axis=1)
    return np.packbits(slopes > 0).tobytes() + np.packbits(np.abs(slopes) > LEVEL).tobytes()


def distance(one: bytes, other: bytes) -> float:
    """The share of slopes that differ, from 0; 1 where there is too little to compare."""
    if len(one) != SIZE or len(other) != SIZE:
        return 1.0
    a, b = (np.frombuffer(it, dtype=np.uint8) for it in (one, other))
    half = SIZE // 2
    matters = a[half:] | b[half:]
    count = int(np.bitwise_count(matters).sum())
    if count < FEWEST:
        return 1.0
    return float(np.bitwise_count((a[:half] ^ b[:half]) & matters).sum()) / count
