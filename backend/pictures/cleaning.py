"""Copies of a picture that may be shown: upright, and without place, time and device."""

from io import BytesIO

from PIL import Image, ImageOps

SHOWN_SIDE = 2400
THUMB_SIDE = 480


def plain(image: Image.Image) -> Image.Image:
    """In colour, as its camera says that it stands, and with nothing but its pixels."""
    upright = ImageOps.exif_transpose(image)
    if upright.mode.startswith("I") or upright.mode == "F":  # 16 bits of grey
        upright = upright.point(lambda value: value / 257).convert("L")
    if "A" in upright.getbands() or "transparency" in upright.info:
        paper = Image.new("RGBA", upright.size, "white")
        upright = Image.alpha_composite(paper, upright.convert("RGBA"))
    pixels = Image.new("RGB", upright.size)
    pixels.paste(upright.convert("RGB"))
    return pixels


def shown(image: Image.Image, kind: str) -> tuple[bytes, str, tuple[int, int]]:
    """The copy that people look at: its bytes, type and size."""
    copy = image.copy()
    copy.thumbnail((SHOWN_SIDE, SHOWN_SIDE), Image.Resampling.LANCZOS)
    kept = BytesIO()
    if kind == "png":
        copy.save(kept, "PNG", optimize=False)
    else:
        copy.save(kept, "JPEG", quality=88)
    return kept.getvalue(), f"image/{kind}", copy.size


def thumb(image: Image.Image) -> tuple[bytes, tuple[int, int]]:
    small = image.copy()
    small.thumbnail((THUMB_SIDE, THUMB_SIDE), Image.Resampling.LANCZOS)
    kept = BytesIO()
    small.save(kept, "JPEG", quality=80)
    return kept.getvalue(), small.size
