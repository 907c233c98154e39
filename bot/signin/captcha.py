"""Is somebody there? A picture to read, or a sum in words for whoever cannot see it.

Drawn here; it only slows programs down. What keeps passwords from being guessed is the throttle.
"""

from dataclasses import dataclass
from io import BytesIO
from secrets import SystemRandom, choice, randbelow

from PIL import Image, ImageDraw, ImageFilter, ImageFont

LETTERS = "ACDEFHJKLMNPRTUVWXY34679"  # none that passes for another
LENGTH = 5
SIZE = (220, 72)
DIGITS = "零一二三四五六七八九"
ENGLISH = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
random = SystemRandom()


@dataclass(frozen=True, slots=True)
class Sum:
    """``三加五`` and ``three plus five``."""

    zh: str
    en: str
    answer: str


def new_text() -> str:
    return "".join(choice(LETTERS) for _ in range(LENGTH))


def new_sum() -> Sum:
    first, second = 1 + randbelow(9), 1 + randbelow(9)
    return Sum(
        f"{DIGITS[first]}加{DIGITS[second]}",
        f"{ENGLISH[first]} plus {ENGLISH[second]}",
        str(first + second),
    )


def normal(typed: str) -> str:
    """As it is compared: no blanks, no case."""
    return "".join(typed[:32].split()).upper()


def picture(text: str) -> bytes:
    """A PNG of the letters, each turned and moved, under lines and dots."""
    width, height = SIZE
    image = Image.new("L", SIZE, 250)
    place = 14
    for letter in text:
        image.paste(0, (place, random.randint(2, 12)), turned(letter))
        place += random.randint(36, 41)
    draw = ImageDraw.Draw(image)
    for _ in range(5):
        ends = [(random.randint(0, width), random.randint(0, height)) for _ in range(2)]
        draw.line(ends, fill=random.randint(60, 150), width=2)
    for _ in range(260):
        draw.point((randbelow(width), randbelow(height)), fill=random.randint(40, 180))
    file = BytesIO()
    image.filter(ImageFilter.SMOOTH).save(file, "PNG")
    return file.getvalue()


def turned(letter: str) -> Image.Image:
    """The letter alone, as a mask."""
    font = ImageFont.load_default(random.randint(38, 46))
    mask = Image.new("L", (52, 56), 0)
    ImageDraw.Draw(mask).text((26, 28), letter, font=font, fill=255, anchor="mm")
    return mask.rotate(random.randint(-24, 24), resample=Image.Resampling.BICUBIC)
