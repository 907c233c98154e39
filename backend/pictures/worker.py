"""What runs in a process of the studio: decoding, measuring, reading. Heavy imports stay here."""

import resource
import signal
import struct
import zlib
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib import import_module
from io import BytesIO
from multiprocessing.connection import Connection
from typing import Any

from backend.pictures.seen import Looked, Measured, Read


def serve(there: Connection, memory: int, idle: float) -> None:
    """Do what is asked until nothing has been for a while, or whoever asks is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server, which ends this
    with suppress(ValueError, OSError):  # not every system bounds it
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    with suppress(EOFError, OSError):
        while there.poll(idle):
            task, arguments = there.recv()
            try:
                answer = ("done", call(task, *arguments))
            except MemoryError:
                answer = ("failed", "out of memory")
            except Exception as error:  # a damaged file can raise nearly anything
                answer = ("failed", f"{type(error).__name__}: {error}"[:300])
            there.send(answer)


def call(task: str, *arguments: object) -> Any:
    """``task`` is "module:function"."""
    module, _colon, name = task.partition(":")
    function: Callable[..., Any] = getattr(import_module(module), name)
    return function(*arguments)


def look(data: bytes, most_pixels: int) -> Looked:
    """Decode a PNG or JPEG and measure it; whatever is wrong with it is a fault, never an error."""
    from PIL import Image, UnidentifiedImageError  # noqa: PLC0415 - the server need not have it

    from backend.pictures import (  # noqa: PLC0415
        alike,
        cleaning,
        kinds,
        measures,
    )

    kind = kinds.kind_of(data)
    if kind not in kinds.TAKEN:
        return Looked(kind, faults=(Measured("not_a_picture"),))
    Image.MAX_IMAGE_PIXELS = None  # judged here, before anything is decoded
    try:
        with Image.open(BytesIO(data), formats=("PNG", "JPEG", "MPO")) as file:
            width, height = file.size
            if width * height > most_pixels:
                fault = Measured("too_many_pixels", width * height, most_pixels)
                return Looked(kind, width, height, (fault,))
            file.load()
            image = cleaning.plain(file)
    except (
        UnidentifiedImageError,
        OSError,
        SyntaxError,
        ValueError,
        IndexError,
        KeyError,
        TypeError,
        MemoryError,
        struct.error,
        zlib.error,
        Image.DecompressionBombError,
    ):
        return Looked(kind, faults=(Measured("damaged"),))
    faults = measures.faults(image)
    shown, shown_type, shown_size = cleaning.shown(image, kind)
    thumb, thumb_size = cleaning.thumb(image)
    return Looked(
        kind,
        image.width,
        image.height,
        tuple(faults),
        shown,
        shown_type,
        shown_size,
        thumb,
        thumb_size,
        alike.likeness(image),
    )


def read(data: bytes, side: int) -> Read:
    """Read the text of a picture, scaled so that its longer side has at most so many pixels."""
    found: Read = _reader().read(data, side)
    return found


@cache
def _reader() -> Any:
    from backend.pictures.rapid import Rapid  # noqa: PLC0415 - loads its models

    return Rapid()
