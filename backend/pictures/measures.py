"""Whether a picture of a paper can be read: sharp, light, whole.

The thresholds were set on generated pages (tests/pictures), not on people's photographs; who doubts
one may have a person look at the picture instead (``findings.DOUBTFUL``). All figures are of the
picture scaled to at most 1000 pixels, in grey from 0 to 255.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from backend.pictures.seen import Measured

Grey = NDArray[np.float32]

SIDE = 1000
TILE = 50
SHORT_SIDE = 500  # pixels of the original
NOTHING = 24  # contrast of a page without anything on it
BLURRED, SOFT = 60.0, 300.0  # sharpness below it
DARK, DIM = 110.0, 150.0  # of the lightest hundredth
GLARE_SHARE = 0.03
PAPER, MOSTLY = 0.88, 0.6  # so light, and so much of a border, is the paper itself
CUT = 0.03  # of a border's length crossed by strokes


def faults(image: Image.Image) -> list[Measured]:
    """What is wrong with an upright picture. Codes that end in ``_a_little`` are warnings."""
    found = []
    short = min(image.size)
    if short < SHORT_SIDE:
        found.append(Measured("too_small", short, SHORT_SIDE))
    small = scaled(image)
    grey: Grey = np.asarray(small, dtype=np.float32)
    light = float(np.percentile(grey, 99))
    contrast = light - float(np.percentile(grey, 1))
    if light < DIM:
        code = "dark" if light < DARK else "dark_a_little"
        found.append(Measured(code, round(light), DARK if light < DARK else DIM))
    if contrast < NOTHING:
        found.append(Measured("empty", round(contrast), NOTHING))
        return found
    sharp = sharpness(small, contrast)
    if sharp < SOFT:
        code = "blurred" if sharp < BLURRED else "blurred_a_little"
        found.append(Measured(code, round(sharp), BLURRED if sharp < BLURRED else SOFT))
    if (share := glare(grey)) > GLARE_SHARE:
        found.append(Measured("glare", round(share, 2), GLARE_SHARE))
    if (cut := cut_off(grey)) > CUT:
        found.append(Measured("cropped", round(cut, 2), CUT))
    if two_pages(grey):
        found.append(Measured("several_pages"))
    return found


def scaled(image: Image.Image) -> Image.Image:
    grey = image.convert("L")
    if max(grey.size) > SIDE:
        grey.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
    return grey


def sharpness(grey: Image.Image, contrast: float) -> float:
    """The variance of the Laplacian in the tiles with the most edges, for full contrast; a median
    filter first, since noise has edges everywhere."""
    calm = np.asarray(grey.filter(ImageFilter.MedianFilter(3)), dtype=np.float32)
    edges = _laplacian(calm)
    tall, wide = (side // TILE * TILE for side in edges.shape)
    if not tall or not wide:
        return 0.0
    tiles = edges[:tall, :wide].reshape(tall // TILE, TILE, wide // TILE, TILE)
    busiest = float(np.percentile(tiles.var(axis=(1, 3)), 95))
    return busiest / (contrast / 255) ** 2


def _laplacian(grey: Grey) -> Grey:
    centre = grey[1:-1, 1:-1]
    return grey[:-2, 1:-1] + grey[2:, 1:-1] + grey[1:-1, :-2] + grey[1:-1, 2:] - 4 * centre


def glare(grey: Grey) -> float:
    """The share of tiles that are burnt out although the paper around them is not: a reflection.

    A scan is white everywhere; then none of it is one.
    """
    tall, wide = (side // TILE * TILE for side in grey.shape)
    if not tall or not wide:
        return 0.0
    tiles = grey[:tall, :wide].reshape(tall // TILE, TILE, wide // TILE, TILE)
    paper = np.percentile(tiles, 90, axis=(1, 3))
    if float(np.median(paper)) > 235:
        return 0.0
    burnt = np.percentile(tiles, 20, axis=(1, 3)) >= 250
    return float(burnt.mean())


def cut_off(grey: Grey) -> float:
    """How much of the worst border is crossed by strokes as dark as the text: words go on outside.

    Only where the border runs through the paper; on what a paper lies on there may be any pattern.
    """
    paper = float(np.percentile(grey, 90))
    line = (paper + float(np.percentile(grey, 1))) / 2
    borders = (grey[:3].mean(0), grey[-3:].mean(0), grey[:, :3].mean(1), grey[:, -3:].mean(1))
    return max(
        _strokes(border < line) if (border > paper * PAPER).mean() > MOSTLY else 0.0
        for border in borders
    )


def _strokes(dark: NDArray[np.bool_]) -> float:
    steps = np.flatnonzero(np.diff(np.concatenate(([False], dark, [False])).astype(np.int8)))
    lengths = steps[1::2] - steps[::2]
    narrow = lengths[lengths <= max(len(dark) // 50, 4)]
    return float(narrow.sum()) / len(dark) if len(narrow) >= 6 else 0.0


def two_pages(grey: Grey) -> bool:
    """Two light papers with a dark gap right across between them."""
    return _gap(np.percentile(grey, 70, axis=0)) or _gap(np.percentile(grey, 70, axis=1))


def _gap(light: NDArray[np.float64]) -> bool:
    length = len(light)
    paper = float(np.percentile(light, 80))
    middle = light[length // 4 : length - length // 4] < paper * 0.6
    if middle.mean() < 0.04:
        return False
    places = np.flatnonzero(middle) + length // 4
    if len(places) > length * 0.3:  # a dark paper, or much table
        return False
    before, after = light[: places[0]], light[places[-1] + 1 :]
    return bool(
        (before > paper * 0.8).sum() > length * 0.25 and (after > paper * 0.8).sum() > length * 0.25
    )
