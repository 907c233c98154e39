"""A contact sheet: all pictures of a case on one, each under its number and what was typed for it."""

from collections.abc import Sequence
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont, UnidentifiedImageError

GAP = 24
WIDE, NARROW = 720, 480  # pixels of one picture, in two columns and in three
FEW = 6  # so many at most stand in two columns
TALLEST = 1.4  # of its width: a page of A4
INK, PAPER, FRAME, MARK = (28, 28, 30), (255, 255, 255), (196, 196, 200), (22, 93, 175)


def draw(files: Sequence[bytes], captions: Sequence[str]) -> tuple[bytes, tuple[int, int]]:
    """A JPEG and its size. Captions are lines of ASCII; a file that is not there is an empty frame."""
    columns, width = (2, WIDE) if len(files) <= FEW else (3, NARROW)
    tiles = [_picture(data, width) for data in files]
    label = _Label(width)
    rows = [range(at, min(at + columns, len(tiles))) for at in range(0, len(tiles), columns)]
    heights = [max(tiles[one].height for one in row) for row in rows]
    across = GAP + min(columns, len(tiles)) * (width + GAP)
    down = GAP + sum(label.height + height + GAP for height in heights)
    sheet = Image.new("RGB", (across, down), PAPER)
    pen = ImageDraw.Draw(sheet)
    top = GAP
    for row, height in zip(rows, heights, strict=True):
        for column, one in enumerate(row):
            left = GAP + column * (width + GAP)
            label.write(pen, left, top, one + 1, captions[one])
            at = (left, top + label.height)
            sheet.paste(tiles[one], at)
            far = (at[0] + tiles[one].width - 1, at[1] + tiles[one].height - 1)
            pen.rectangle((at, far), outline=FRAME, width=2)
        top += label.height + height + GAP
    kept = BytesIO()
    sheet.save(kept, "JPEG", quality=85)
    return kept.getvalue(), sheet.size


def _picture(data: bytes, width: int) -> Image.Image:
    try:
        with Image.open(BytesIO(data), formats=("PNG", "JPEG")) as file:
            image = file.convert("RGB")
    except (UnidentifiedImageError, OSError):
        return Image.new("RGB", (width, width // 2), FRAME)
    scale = min(width / image.width, width * TALLEST / image.height)
    size = max(1, round(image.width * scale)), max(1, round(image.height * scale))
    return image.resize(size, Image.Resampling.LANCZOS)


class _Label:
    """The number large enough to be found on a phone, with two lines beside it."""

    def __init__(self, width: int) -> None:
        self.width = width
        self.badge = width // 8
        self.height = self.badge + GAP // 2

    def write(self, pen: ImageDraw.ImageDraw, left: int, top: int, place: int, words: str) -> None:
        side = self.badge
        pen.rounded_rectangle((left, top, left + side, top + side), side // 6, fill=MARK)
        middle = left + side / 2, top + side / 2
        font = ImageFont.load_default(side * 0.62)
        pen.text(middle, str(place), fill=PAPER, font=font, anchor="mm")
        lines = [line for line in words.split("\n") if line]
        for number, line in enumerate(lines):
            room = self.width - side - GAP / 2
            size = side * (0.62 if len(lines) == 1 else 0.46)
            font = ImageFont.load_default(size)
            if (long := font.getlength(line)) > room:
                font = ImageFont.load_default(size * room / long)
            y = top + side * (2 * number + 1) / (2 * len(lines))
            pen.text((left + side + GAP / 2, y), line, fill=INK, font=font, anchor="lm")
