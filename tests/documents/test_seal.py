"""The seal says whose it is and that it is a demonstration, in outlines and not in a picture (T8)."""

import re
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont
from pyhanko.pdf_utils.reader import PdfFileReader

from backend.documents import font_files, seal
from backend.documents.facts import Language, TranscriptFacts
from tests.documents import samples

RIM = "中国科学院大学证明专用章"
MARK = "演示DEMO"
CLOSE = 0.02  # of a seal's radius in points: its numbers are written with two decimals
NUMBER = re.compile(r"-?\d+(\.\d+)?")

Point = tuple[float, float]


def forms(pdf: bytes) -> list[Any]:
    """The appearance of the signature, with everything that is drawn from inside it."""
    reader = PdfFileReader(BytesIO(pdf))
    found: list[Any] = []

    def look(form: Any) -> None:
        found.append(form)
        resources = form.get("/Resources", {})
        for name in resources.get("/XObject", {}):
            look(resources["/XObject"][name])

    for page in pages_of(reader.root["/Pages"]):
        for reference in page.get("/Annots", ()):
            annotation = reference.get_object()
            if annotation.get("/FT") == "/Sig":
                look(annotation["/AP"]["/N"])
    return found


def pages_of(node: Any) -> Iterator[Any]:
    if node["/Type"] == "/Page":
        yield node
    for kid in node.get("/Kids", ()):
        yield from pages_of(kid.get_object())


class Outline(BasePen):  # type: ignore[misc]
    """The operators and the points of a glyph, by a pen of the test's own."""

    def __init__(self, glyphs: Any) -> None:
        super().__init__(glyphs)
        self.operators = ""
        self.points: list[Point] = []

    def _moveTo(self, pt: Point) -> None:
        self.operators += "m"
        self.points += [pt]

    def _lineTo(self, pt: Point) -> None:
        self.operators += "l"
        self.points += [pt]

    def _curveToOne(self, pt1: Point, pt2: Point, pt3: Point) -> None:
        self.operators += "c"
        self.points += [pt1, pt2, pt3]

    def _closePath(self) -> None:
        self.operators += "h"


def path_of(stream: bytes) -> tuple[str, list[list[Point]]]:
    """The path operators of a content stream in a row, and the points of each."""
    operators, points = "", []
    numbers: list[float] = []
    for word in stream.decode("ascii").split():
        if word in ("m", "l", "c", "h"):
            operators += word
            points.append(list(zip(numbers[::2], numbers[1::2], strict=True)))
            numbers = []
        elif NUMBER.fullmatch(word):
            numbers.append(float(word))
        else:  # colours, widths, states
            numbers = []
    return operators, points


def read(stream: bytes, text: str, fonts_folder: Path) -> str:
    """The characters of ``text`` that are drawn, one after the other, wherever and however turned."""
    operators, points = path_of(stream)
    said, place = "", 0
    with TTFont(font_files.instance_path(fonts_folder, 700)) as font:
        glyphs, names = font.getGlyphSet(), font.getBestCmap()
        for character in text:
            pen = Outline(glyphs)
            glyphs[names[ord(character)]].draw(pen)
            while (place := operators.find(pen.operators, place)) >= 0:
                end = place + len(pen.operators)
                drawn = [point for part in points[place:end] for point in part]
                if is_moved(pen.points, drawn):
                    said, place = said + character, end
                    break
                place += 1
            else:
                return said
    return said


def is_moved(glyph: list[Point], drawn: list[Point]) -> bool:
    """Whether an affine map takes one outline to the other."""
    source = np.column_stack([np.array(glyph), np.ones(len(glyph))])
    target = np.array(drawn)
    mapping, *_ = np.linalg.lstsq(source, target, rcond=None)
    return bool(np.abs(source @ mapping - target).max() < CLOSE)


@pytest.mark.parametrize("language", list(Language))
def test_seal_of_an_issued_file_is_drawn_and_no_picture(
    make: Callable[[TranscriptFacts], bytes], language: Language
) -> None:
    found = forms(make(samples.facts(language=language)))
    assert found, "the signature is not to be seen"
    for form in found:
        assert form["/Subtype"] == "/Form", "a picture is drawn"
        assert b"BI" not in form.data.split(), "a picture stands in the drawing itself"
        assert not form.get("/Resources", {}).get("/Pattern")
        assert not form.get("/Resources", {}).get("/Font"), "letters need a font"


@pytest.mark.parametrize("language", list(Language))
def test_seal_of_an_issued_file_names_the_university_and_says_that_it_is_a_demonstration(
    make: Callable[[TranscriptFacts], bytes], fonts_folder: Path, language: Language
) -> None:
    drawing = max((form.data for form in forms(make(samples.facts(language=language)))), key=len)
    assert read(drawing, RIM + MARK, fonts_folder) == RIM + MARK


def test_other_words_are_not_read_in_it(fonts_folder: Path) -> None:
    drawing = seal.operators(samples.SEAL, fonts_folder, 100.0)
    assert read(drawing, RIM + MARK, fonts_folder) == RIM + MARK
    assert read(drawing, "北京大学", fonts_folder) == ""
    assert read(drawing, "中国人民大学", fonts_folder) == "中国"


def test_only_the_demonstration_says_that_it_is_one(fonts_folder: Path) -> None:
    real = seal.operators(
        type(samples.SEAL)("中国科学院大学", "证明专用章", False), fonts_folder, 100
    )
    assert read(real, RIM, fonts_folder) == RIM
    assert read(real, "演", fonts_folder) == read(real, "D", fonts_folder) == ""
