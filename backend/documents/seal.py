"""The round red seal, as vector drawing operators with outlined glyphs.

It is the appearance of the signature itself (T8): a reader that clicks on it is shown the status
of the signature. Outlines need no font inside the appearance and look the same everywhere.
"""

from functools import lru_cache
from math import cos, pi, radians, sin
from pathlib import Path
from typing import Any

from fontTools.misc.transform import Transform
from fontTools.pens.basePen import BasePen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont

from backend.documents.errors import MissingGlyph
from backend.documents.font_files import instance_path
from backend.documents.materials import Seal

_RED = "0.83 0.07 0.09"
_CIRCLE = 0.5522847498  # control points of a quarter circle
_DEMO = ("演示", "DEMO")

Point = tuple[float, float]


class _PathPen(BasePen):  # type: ignore[misc]
    """Writes an outline as PDF path operators; quadratic curves arrive here as cubic ones."""

    def __init__(self, glyphs: Any) -> None:
        super().__init__(glyphs)
        self.parts: list[str] = []

    def _moveTo(self, pt: Point) -> None:
        self.parts.append(f"{_numbers(pt)} m")

    def _lineTo(self, pt: Point) -> None:
        self.parts.append(f"{_numbers(pt)} l")

    def _curveToOne(self, pt1: Point, pt2: Point, pt3: Point) -> None:
        self.parts.append(f"{_numbers(pt1, pt2, pt3)} c")

    def _closePath(self) -> None:
        self.parts.append("h")


class _Letters:
    """Outlines of the bold weight."""

    def __init__(self, font: TTFont) -> None:
        self._glyphs = font.getGlyphSet()
        self._names = font.getBestCmap()
        self._em = font["head"].unitsPerEm

    def check(self, text: str) -> None:
        missing = [character for character in text if ord(character) not in self._names]
        if missing:
            raise MissingGlyph(missing)

    def advance(self, character: str) -> float:
        """Width in ems."""
        width: float = self._glyphs[self._names[ord(character)]].width / self._em
        return width

    def outline(self, character: str, place: Transform) -> str:
        """The character with its baseline's start at the origin of `place`, one em being 1."""
        pen = _PathPen(self._glyphs)
        scaled = place.scale(1 / self._em)
        self._glyphs[self._names[ord(character)]].draw(TransformPen(pen, scaled))
        return " ".join(pen.parts)


@lru_cache(maxsize=16)
def operators(seal: Seal, fonts_folder: Path, size: float) -> bytes:
    """The seal in a square of `size` points whose lower left corner is the origin.

    Raises MissingGlyph, and ValueError when there are no words.
    """
    if not seal.institution + seal.purpose:
        raise ValueError("a seal needs words")
    with TTFont(instance_path(fonts_folder, 700), lazy=True) as font:
        return _drawn(_Letters(font), seal, size).encode()


def _drawn(letters: _Letters, seal: Seal, size: float) -> str:
    rim = seal.institution + seal.purpose
    letters.check(rim + "".join(_DEMO))
    radius = size / 2
    middle = Transform(1, 0, 0, 1, radius, radius)
    width = size * 0.026
    parts = [f"{_RED} rg {_RED} RG {width:.2f} w", _circle(radius, radius - width / 2 - 0.4), "S"]
    parts += _around(letters, rim, middle, radius)
    if seal.demo:
        parts += [_star(middle, radius * 0.23, radius * 0.29), "f"]
        parts += _straight(letters, _DEMO[0], middle, radius * 0.27, -radius * 0.19)
        parts += _straight(letters, _DEMO[1], middle, radius * 0.23, -radius * 0.47)
    else:
        parts += [_star(middle, radius * 0.34, 0.0), "f"]
    return " ".join(parts)


def _around(letters: _Letters, text: str, middle: Transform, radius: float) -> list[str]:
    """Upright on the inside of the rim, clockwise, with the gap at the foot."""
    span = min(290.0, 30.0 * (len(text) - 1))
    step = span / max(len(text) - 1, 1)
    height = min(radius * 0.30, radius * 0.66 * radians(step) * 1.5)
    wide = min(height * 0.86, radius * 0.66 * radians(step) * 0.98)
    parts: list[str] = []
    for index, character in enumerate(text):
        turn = radians(span / 2 - index * step)
        place = middle.rotate(turn).translate(0, radius * 0.90 - height * 0.90)
        place = place.scale(wide, height).translate(-letters.advance(character) / 2, 0)
        parts.append(letters.outline(character, place))
    return [*parts, "f"]


def _straight(
    letters: _Letters, text: str, middle: Transform, size: float, baseline: float
) -> list[str]:
    total = sum(letters.advance(character) for character in text)
    place = middle.translate(0, baseline).scale(size).translate(-total / 2, 0)
    parts: list[str] = []
    for character in text:
        parts.append(letters.outline(character, place))
        place = place.translate(letters.advance(character), 0)
    return [*parts, "f"]


def _star(middle: Transform, radius: float, raised: float) -> str:
    inner = radius * sin(pi / 10) / sin(7 * pi / 10)
    points = [
        middle.transformPoint(
            (
                (radius if corner % 2 == 0 else inner) * sin(corner * pi / 5),
                raised + (radius if corner % 2 == 0 else inner) * cos(corner * pi / 5),
            )
        )
        for corner in range(10)
    ]
    lines = " ".join(f"{_numbers(point)} l" for point in points[1:])
    return f"{_numbers(points[0])} m {lines} h"


def _circle(center: float, radius: float) -> str:
    c, r, k = center, radius, radius * _CIRCLE
    return " ".join(
        (
            f"{_numbers((c + r, c))} m",
            f"{_numbers((c + r, c + k), (c + k, c + r), (c, c + r))} c",
            f"{_numbers((c - k, c + r), (c - r, c + k), (c - r, c))} c",
            f"{_numbers((c - r, c - k), (c - k, c - r), (c, c - r))} c",
            f"{_numbers((c + k, c - r), (c + r, c - k), (c + r, c))} c h",
        )
    )


def _numbers(*points: Point) -> str:
    return " ".join(f"{x:.2f} {y:.2f}" for x, y in points)
