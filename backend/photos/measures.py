"""What can be measured in a picture file, and nothing about what is allowed. The file is only read.

Runs in the studio (``backend.pictures.studio``), in a process of its own: the file may be anything.
"""

import re
import warnings
from dataclasses import dataclass, replace
from hashlib import sha256
from importlib import import_module
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from backend.pictures.kinds import kind_of
from backend.pictures.seen import Box

MOST_PIXELS = 25_000_000  # more is not decoded
LOOKED_AT = (960, 1280)  # larger JPEG files are decoded at a fraction of their size
BITS = {"1": 1, "L": 8, "P": 8, "LA": 16, "RGB": 24, "YCbCr": 24, "LAB": 24, "RGBA": 32, "CMYK": 32}
EDITORS = re.compile(
    rb"Photoshop|Lightroom|GIMP|Meitu|\xe7\xbe\x8e\xe5\x9b\xbe|FaceTune|Snapseed|BeautyPlus|B612"
    rb"|BeautyCam|VSCO|PicsArt|Pixelmator|Camera360|Faceu|AirBrush",
    re.IGNORECASE,
)
HEADER = 65_536  # bytes in which an editor signs
STANDARD = (  # the luminance table of the JPEG standard, annex K.1, of which others are multiples
    *(16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55),
    *(14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62),
    *(18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92),
    *(49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100, 103, 99),
)
SPARSE = 2  # every second pixel of every second row tells as much
SIDE, TOP = 0.12, 0.55  # of width and height: the strips beside a head, above the shoulders
INCH = 2.54  # cm


@dataclass(frozen=True, slots=True)
class Measured:
    """``dpi`` None: the file does not say. ``background`` is a histogram, so that policy decides what
    counts as blue. ``faces`` None: nobody here can look for any."""

    kind: str
    size: int
    sha256: str
    width: int = 0
    height: int = 0
    dpi: float | None = None
    bits: int = 0
    mode: str = ""
    background: tuple[
        tuple[int, int, int], ...
    ] = ()  # hue in steps of 5°, saturation in 5 %, count
    faces: tuple[Box, ...] | None = None
    editor: str = ""
    quality: int | None = None
    damaged: bool = False


def measure(data: bytes, finds_faces: bool = False) -> Measured:
    """Never raises for what the file holds. ``finds_faces``: see ``Studio``."""
    kind = kind_of(data)
    known = Measured(kind=kind, size=len(data), sha256=sha256(data).hexdigest())
    if kind not in ("jpeg", "png"):
        return known
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd metadata; what counts is measured
            return look(data, known, finds_faces)
    except Exception:  # whatever a decoder makes of a file that only looks like a picture
        return replace(known, damaged=True)


def faces_in(data: bytes) -> tuple[Box, ...] | None:
    """None where OpenCV is another than that of the extra ``ocr``, and has no cascades."""
    try:
        faces = import_module("backend.pictures.faces")
        return tuple(faces.boxes(data))
    except (ImportError, AttributeError):
        return None


def look(data: bytes, known: Measured, finds_faces: bool) -> Measured:
    with Image.open(BytesIO(data), formats=("JPEG", "MPO", "PNG")) as image:
        seen = replace(
            known,
            width=image.width,
            height=image.height,
            mode=image.mode,
            bits=bits_of(image),
            dpi=dpi_of(image),
            editor=editor_of(data),
            quality=quality_of(image),
        )
        if image.width * image.height > MOST_PIXELS:
            return seen
        if max(image.size) > max(LOOKED_AT):
            image.draft("RGB", LOOKED_AT)
        pixels = np.asarray(image.convert("RGB"))  # decodes: raises where the file is cut short
    faces = faces_in(data) if finds_faces else None
    return replace(seen, background=background(pixels), faces=faces)


def bits_of(image: Image.Image) -> int:
    return BITS.get(image.mode, 16 if image.mode.startswith("I") else 0)


def dpi_of(image: Image.Image) -> float | None:
    """What the file says, of both directions the smaller. A library's default is no saying."""
    if image.format == "PNG":
        return min(map(float, image.info["dpi"])) if "dpi" in image.info else None
    unit, density = image.info.get("jfif_unit"), image.info.get("jfif_density")
    if unit in (1, 2) and density:
        return float(min(density)) * (INCH if unit == 2 else 1)
    exif = image.getexif()
    if 282 in exif and 283 in exif:
        factor = INCH if exif.get(296) == 3 else 1
        return min(float(exif[282]), float(exif[283])) * factor
    return None


def editor_of(data: bytes) -> str:
    found = EDITORS.search(data[:HEADER])
    return found[0].decode("utf-8", "replace") if found else ""


def quality_of(image: Image.Image) -> int | None:
    """Of a JPEG, on the scale of the reference library; None where it has no usual tables."""
    tables = getattr(image, "quantization", None)
    if not tables or len(tables.get(0, ())) != 64:
        return None
    scale = 100 * float(sum(tables[0])) / sum(STANDARD)
    return max(1, min(100, round((200 - scale) / 2 if scale <= 100 else 5000 / scale)))


def background(pixels: NDArray[np.uint8]) -> tuple[tuple[int, int, int], ...]:
    """How often each hue and saturation occurs beside the head."""
    height, width = pixels.shape[:2]
    rows, columns = max(1, round(height * TOP)), max(1, round(width * SIDE))
    strips = np.concatenate(
        (
            pixels[:rows:SPARSE, :columns:SPARSE].reshape(-1, 3),
            pixels[:rows:SPARSE, width - columns :: SPARSE].reshape(-1, 3),
        )
    ).astype(np.float32)
    high, low = strips.max(axis=1), strips.min(axis=1)
    spread = high - low
    red, green, blue = strips[:, 0], strips[:, 1], strips[:, 2]
    safe = np.where(spread == 0, 1, spread)
    hue = np.select(
        [high == blue, high == green],
        [(red - green) / safe + 4, (blue - red) / safe + 2],
        (green - blue) / safe,
    )
    degrees = (hue * 60) % 360
    saturation = np.divide(spread, high, out=np.zeros_like(high), where=high > 0)
    steps = (degrees // 5).astype(np.int32) * 21 + np.floor(saturation * 20).astype(np.int32)
    counted = np.bincount(steps, minlength=1)
    return tuple(
        (int(step) // 21 * 5, int(step) % 21 * 5, int(counted[step]))
        for step in np.flatnonzero(counted)
    )
