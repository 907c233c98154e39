"""The port behind which text is read. Whether there is one depends on the extra ``ocr``."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

from backend.pictures.seen import Read

SIDE = 960  # pixels; the numbers of most pages can be read
CLOSER = 1600  # where they could not
CASCADE = "haarcascade_frontalface_alt2.xml"  # of OpenCV


class Reader(Protocol):
    def read(self, picture: bytes, side: int) -> Read:
        """The lines of a picture (PNG, JPEG), and which way up it stands."""
        ...


@cache
def installed() -> bool:
    """Whether the extra ``ocr`` is there; nothing of it is imported."""
    return all(
        find_spec(name) is not None for name in ("rapidocr_onnxruntime", "onnxruntime", "cv2")
    )


@cache
def finds_faces() -> bool:
    """Whether faces are found too: the editions of OpenCV from 5 on come without the cascade."""
    spec = find_spec("cv2") if installed() else None
    if spec is None or spec.origin is None:
        return False
    return (Path(spec.origin).parent / "data" / CASCADE).is_file()
