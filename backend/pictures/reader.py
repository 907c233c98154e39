"""The port behind which text is read. Whether there is one depends on the extra ``ocr``."""

from functools import cache
from importlib.util import find_spec
from typing import Protocol

from backend.pictures.seen import Read

SIDE = 960  # pixels; the numbers of most pages can be read
CLOSER = 1600  # where they could not


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
