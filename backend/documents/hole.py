"""The place that is left for a signature, and filling it: what is signed is all the rest.

A file is written with an empty place (ISO 32000-2, 12.8.1): `/Contents <000…>` and, before it, a
`/ByteRange` that does not yet say what is covered. Writing both in changes no other byte.
"""

import re
from dataclasses import dataclass
from hashlib import sha256

_RANGE_SIZE = 73  # bytes from "/ByteRange" on, blanks included
_UNSET = b"/ByteRange [0 0 0 0]".ljust(_RANGE_SIZE)
_EMPTY = re.compile(re.escape(_UNSET) + rb"\s*/Contents (<0+>)")


@dataclass(frozen=True, slots=True)
class Hole:
    """Where the signature stands: from "<" to past ">"."""

    start: int
    end: int


def entries(digits: int) -> bytes:
    """The two entries of a signature's dictionary, with room for hexadecimal `digits`."""
    return _UNSET + b" /Contents <" + b"0" * digits + b">"


def byte_range(hole: Hole, size: int) -> bytes:
    """The entry that says that all is covered but the hole, in a file of `size` bytes."""
    said = b"/ByteRange [0 %d %d %d]" % (hole.start, hole.end, size - hole.end)
    return said.ljust(_RANGE_SIZE)


def prepare(pdf: bytes) -> tuple[bytearray, Hole, bytes]:
    """The file with its byte range written, the hole, and the SHA-256 of what it leaves.

    Raises ValueError when there is no empty place, or more than one.
    """
    if pdf.count(b"/ByteRange") != 1:
        raise ValueError("a file to be signed has one place for a signature")
    found = _EMPTY.search(pdf)
    if found is None:
        raise ValueError("the place for the signature is not empty")
    hole = Hole(*found.span(1))
    prepared = bytearray(pdf)
    prepared[found.start() : found.start() + _RANGE_SIZE] = byte_range(hole, len(pdf))
    view = memoryview(prepared)
    digest = sha256(view[: hole.start])
    digest.update(view[hole.end :])
    return prepared, hole, digest.digest()


def fill(pdf: bytearray, hole: Hole, cms: bytes) -> bytes:
    """Write the object into its place. Raises ValueError when it does not fit."""
    room = hole.end - hole.start - 2
    digits = cms.hex().upper().encode()
    if len(digits) > room:
        raise ValueError(f"the signature needs {len(digits)} digits and has room for {room}")
    pdf[hole.start + 1 : hole.end - 1] = digits.ljust(room, b"0")
    return bytes(pdf)
