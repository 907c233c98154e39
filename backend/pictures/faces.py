"""Faces, found by OpenCV's own cascade, in the studio's process only; upright ones."""

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from PIL import Image

from backend.pictures.reader import CASCADE
from backend.pictures.seen import Box

SMALLEST = 60  # pixels
STEP, NEIGHBOURS = 1.1, 5


@cache
def _cascade() -> Any:
    cv2.setNumThreads(1)
    return cv2.CascadeClassifier(str(Path(cv2.data.haarcascades) / CASCADE))


def boxes(data: bytes) -> list[Box]:
    """Half the size is enough, and four times as fast."""
    with Image.open(BytesIO(data)) as file:
        grey = np.asarray(file.convert("L"))
    half = np.ascontiguousarray(grey[::2, ::2])
    found = _cascade().detectMultiScale(
        half, STEP, NEIGHBOURS, minSize=(SMALLEST // 2, SMALLEST // 2)
    )
    return [Box(*(int(it) * 2 for it in box)) for box in found]
