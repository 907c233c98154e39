"""Drawn portraits: files that pass the check, and one for each way of failing it. Nobody is shown."""

import io
import zipfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

BLUE = (67, 142, 219)
SIZE = (480, 640)
FOLDER = Path(__file__).parents[1] / "conversations" / "files"
Colour = tuple[int, int, int]


@cache
def portrait(
    background: Colour = BLUE, size: tuple[int, int] = SIZE, scale: float = 1.0, seed: int = 1
) -> Image.Image:
    """A face from the front, drawn four times as large; the grain gives the file its weight."""
    times = 4
    width, height = size[0] * times, size[1] * times
    image = Image.new("RGB", (width, height), background)
    draw = ImageDraw.Draw(image)

    def oval(x: float, y: float, across: float, along: float, colour: Colour) -> None:
        middle = (width / 2 + x * scale * times, height * 0.45 + y * scale * times)
        across, along = across * scale * times, along * scale * times
        draw.ellipse(
            (middle[0] - across, middle[1] - along, middle[0] + across, middle[1] + along),
            fill=colour,
        )

    skin, dark = (224, 180, 150), (30, 25, 25)
    oval(0, 330, 230, 170, (40, 40, 60))
    oval(0, 160, 52, 70, (205, 160, 130))
    oval(0, -10, 118, 150, dark)
    oval(0, 20, 100, 135, skin)
    oval(0, -95, 95, 45, dark)
    for side in (-1, 1):
        oval(side * 42, -18, 26, 6, (60, 45, 40))
        oval(side * 42, 0, 22, 15, (196, 150, 122))
        oval(side * 42, 2, 18, 8, (240, 240, 240))
        oval(side * 42, 2, 8, 8, dark)
        oval(side * 60, 55, 22, 18, (216, 168, 140))
    oval(0, 35, 10, 34, (236, 196, 168))
    oval(0, 62, 19, 9, (200, 150, 124))
    oval(0, 96, 34, 9, (170, 80, 80))
    image = image.resize(size, Image.Resampling.LANCZOS).filter(ImageFilter.GaussianBlur(1.2))
    grain = np.random.default_rng(seed).normal(0, 2.2, (size[1], size[0], 3))
    return Image.fromarray(np.clip(np.asarray(image) + grain, 0, 255).astype(np.uint8))


def jpeg(
    image: Image.Image | None = None,
    *,
    quality: int = 90,
    dpi: tuple[int, int] | None = (300, 300),
    mode: str = "RGB",
    software: str = "",
) -> bytes:
    into = io.BytesIO()
    options: dict[str, object] = {"quality": quality}
    if dpi:
        options["dpi"] = dpi
    if software:
        exif = Image.Exif()
        exif[305] = software
        options["exif"] = exif
    (image or portrait()).convert(mode).save(into, "JPEG", **options)
    return into.getvalue()


def png(image: Image.Image | None = None) -> bytes:
    into = io.BytesIO()
    (image or portrait()).save(into, "PNG", dpi=(300, 300))
    return into.getvalue()


def archive(files: Mapping[str, bytes]) -> bytes:
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_STORED) as packed:
        for name, data in files.items():
            packed.writestr(zipfile.ZipInfo(name), data)  # of the same day each time
    return into.getvalue()


def for_scripts() -> dict[str, bytes]:
    """What people send in the conversation scripts."""
    good = jpeg()
    return {
        "20231800000001.jpg": good,
        "微信图片_20260302.jpg": jpeg(portrait(size=(413, 626)), quality=55, dpi=None),
        "20231800000006.jpg": jpeg(portrait(background=(235, 235, 235))),
        "毕业照.zip": archive(
            {
                "毕业照/20231800000001.jpg": good,
                "毕业照/20231800000005.jpg": jpeg(portrait(seed=2)),
                "毕业照/刘思源.jpg": jpeg(portrait(seed=3)),
                "毕业照/20231800000006.jpg": jpeg(portrait(background=(250, 250, 250))),
                "毕业照/20231800000003.jpg": jpeg(portrait(seed=4)),
                "毕业照/20231800000099.png": png(portrait(size=(120, 160))),
                "毕业照/说明.txt": "这不是照片".encode(),
                "__MACOSX/._20231800000001.jpg": b"",
            }
        ),
        "坏的.zip": b"PK\x03\x04 this is no archive",
    }


if __name__ == "__main__":
    for name, data in for_scripts().items():
        (FOLDER / name).write_bytes(data)
        print(f"{len(data):>8} {name}")
