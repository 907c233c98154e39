"""What is found out about a picture. Plain values, which pass between processes."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Measured:
    """A check that has not been passed: its code, what was measured and what it should have been."""

    code: str
    measured: float | None = None
    limit: float | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """A picture once it was decoded.

    ``shown`` is a copy upright and without what a camera adds, ``thumb`` a small one (JPEG);
    ``likeness`` is for ``alike.distance``. All of them are empty where nothing could be decoded.
    ``kind`` is what the bytes are, "" for nothing known.
    """

    kind: str
    width: int = 0
    height: int = 0
    faults: tuple[Measured, ...] = ()
    shown: bytes = b""
    shown_type: str = ""
    shown_size: tuple[int, int] = (0, 0)
    thumb: bytes = b""
    thumb_size: tuple[int, int] = (0, 0)
    likeness: bytes = b""


@dataclass(frozen=True, slots=True)
class Box:
    """In pixels of the picture, from its upper left corner."""

    x: int
    y: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Line:
    """Words in one place of a picture; ``confidence`` from 0 to 1."""

    text: str
    confidence: float
    box: Box


@dataclass(frozen=True, slots=True)
class Read:
    """``turn`` is by how many degrees the picture stands turned clockwise from upright (0, 90, 180,
    270), None where there is too little text to tell. ``lines`` are of the picture set upright,
    ``size`` is its size then."""

    lines: tuple[Line, ...] = ()
    turn: int | None = None
    size: tuple[int, int] = field(default=(0, 0))
