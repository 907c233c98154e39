"""Draws the samples of proofs: what a paper looks like, with rings around what is to be copied."""

from collections.abc import Callable
from functools import partial
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from backend.documents import font_files
from backend.documents.materials import Picture
from backend.documents.sample_data import SAMPLES, Row, Sample

WIDE, TALL = 1240, 1480
LYING = 1100
MARGIN = 70
RING = (200, 30, 40)
INK = (30, 30, 34)
SAID = {
    "zh": ("样例 · 虚构", "不是任何人的凭证；圈出来的照着抄"),
    "en": ("样例 SAMPLE · invented", "nobody's document; copy what is ringed"),
}
Font = Callable[[int, int], ImageFont.FreeTypeFont]


def draw(fonts: Path, name: str, language: str) -> Picture:
    """A PNG. Raises KeyError for what is no sample."""
    sample = SAMPLES[name]
    font = partial(_font, fonts)
    legend = _legend_height(sample)
    paper = Image.new("RGB", (WIDE, (TALL if sample.tall else LYING) + legend), "white")
    pen = ImageDraw.Draw(paper)
    bottom = paper.height - legend
    _sheet(pen, sample, font, bottom)
    _watermark(paper, font, bottom)
    _head(pen, font, language)
    rings = _rows(pen, sample, font, bottom)
    for mark, box in rings.items():
        _ring(pen, font, mark, box)
    _legend(pen, sample, font, bottom, 0 if language == "zh" else 1)
    kept = BytesIO()
    paper.quantize(64).save(kept, "PNG", optimize=True)
    return Picture(kept.getvalue(), paper.width, paper.height)


def _font(folder: Path, size: int, weight: int = 400) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(font_files.instance_path(folder, weight), size)


def _head(pen: ImageDraw.ImageDraw, font: Font, language: str) -> None:
    title, words = SAID[language]
    pen.rectangle((0, 0, WIDE, 84), fill=RING)
    pen.text((MARGIN, 42), title, font=font(42, 700), fill="white", anchor="lm")
    pen.text((WIDE - MARGIN, 42), words, font=font(28, 400), fill="white", anchor="rm")


def _sheet(pen: ImageDraw.ImageDraw, sample: Sample, font: Font, bottom: int) -> None:
    for inset, width in ((30, 8), (46, 2)):
        box = (inset, 84 + inset, WIDE - inset, bottom - inset)
        pen.rectangle(box, outline=sample.colour, width=width)
    pen.text((WIDE / 2, 210), sample.title, font=font(56, 700), fill=INK, anchor="mm")
    pen.text((WIDE / 2, 272), sample.subtitle, font=font(30, 400), fill=sample.colour, anchor="mm")
    pen.text((WIDE - 120, bottom - 110), sample.issuer, font=font(32, 400), fill=INK, anchor="rm")


def _watermark(paper: Image.Image, font: Font, bottom: int) -> None:
    """Right across, so that no part of it can pass for a document."""
    words = "样例 SAMPLE    样例 SAMPLE"
    layer = Image.new("RGBA", (WIDE + 600, 200), (0, 0, 0, 0))
    pen = ImageDraw.Draw(layer)
    pen.text(
        (layer.width / 2, 100), words, font=font(110, 700), fill=(200, 30, 40, 38), anchor="mm"
    )
    turned = layer.rotate(28, expand=True, resample=Image.Resampling.BICUBIC)
    for height in (0.1, 0.55):
        place = ((WIDE - turned.width) // 2, round(bottom * height) - turned.height // 4)
        paper.paste(turned, place, turned)


def _rows(
    pen: ImageDraw.ImageDraw, sample: Sample, font: Font, bottom: int
) -> dict[int, tuple[int, int, int, int]]:
    """Writes label and value of each row; the boxes of the values to be ringed."""
    top, last = 350, bottom - 170
    step = min((last - top) // max(len(sample.rows) - 1, 1), 104)
    rings = {}
    for number, row in enumerate(sample.rows):
        middle = top + number * step
        _row(pen, row, font, middle)
        if row.mark:
            left, upper, right, lower = pen.textbbox(
                (470, middle), row.value, font=font(40, 400), anchor="lm"
            )
            rings[row.mark] = (int(left) - 18, int(upper) - 16, int(right) + 18, int(lower) + 16)
    return rings


def _row(pen: ImageDraw.ImageDraw, row: Row, font: Font, middle: int) -> None:
    pen.text((420, middle), f"{row.label}：", font=font(40, 400), fill=INK, anchor="rm")
    pen.text((470, middle), row.value, font=font(40, 400), fill=INK, anchor="lm")


def _ring(pen: ImageDraw.ImageDraw, font: Font, mark: int, box: tuple[int, int, int, int]) -> None:
    pen.rounded_rectangle(box, radius=26, outline=RING, width=5)
    middle = (box[1] + box[3]) // 2
    _number(pen, font, mark, (box[2] + 46, middle))


def _number(pen: ImageDraw.ImageDraw, font: Font, mark: int, at: tuple[int, int]) -> None:
    x, y = at
    pen.ellipse((x - 27, y - 27, x + 27, y + 27), fill=RING)
    pen.text((x, y), str(mark), font=font(34, 700), fill="white", anchor="mm")


def _legend(pen: ImageDraw.ImageDraw, sample: Sample, font: Font, top: int, language: int) -> None:
    pen.rectangle((0, top, WIDE, top + _legend_height(sample)), fill=(253, 244, 240))
    for number, words in enumerate(sample.marks, 1):
        middle = top + 64 + (number - 1) * 62
        _number(pen, font, number, (MARGIN + 30, middle))
        text = words[language]
        pen.text((MARGIN + 80, middle), text, font=font(36, 400), fill=INK, anchor="lm")


def _legend_height(sample: Sample) -> int:
    return 66 + 62 * len(sample.marks)
