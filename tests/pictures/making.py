"""Pictures of papers for tests: forms of invented people, and everything that can go wrong with them."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageFont
from PIL.PngImagePlugin import PngInfo

from backend.documents import font_files, fonts

FONTS = Path(__file__).parents[2] / "var" / "fonts"
NAME = "林若溪"
Placed = tuple[str, float, int, int, int, int]


@cache
def font(size: int, weight: int = 400) -> ImageFont.FreeTypeFont:
    fonts.prepare(FONTS)
    return ImageFont.truetype(font_files.instance_path(FONTS, weight), size)


@dataclass(frozen=True)
class Sheet:
    """A drawn form and where its lines stand."""

    image: Image.Image
    lines: tuple[Placed, ...]

    def png(self, *, turn: int = 0) -> bytes:
        """With the lines as a scripted reader finds them; turned clockwise."""
        note = PngInfo()
        note.add_text("lines", json.dumps({"turn": turn, "lines": self.lines}))
        kept = BytesIO()
        self.image.rotate(-turn, expand=True).save(kept, "PNG", pnginfo=note, optimize=True)
        return kept.getvalue()


def form(title: str, rows: list[str], size: tuple[int, int] = (1000, 1414)) -> Sheet:
    image = Image.new("RGB", size, (252, 251, 247))
    draw = ImageDraw.Draw(image)
    placed: list[Placed] = []

    def write(words: str, x: int, y: int, points: int, weight: int = 400) -> None:
        draw.text((x, y), words, font=font(points, weight), fill=(25, 25, 30))
        left, top, right, bottom = map(int, draw.textbbox((x, y), words, font=font(points, weight)))
        placed.append((words, 0.98, left, top, right - left, bottom - top))

    wide = int(draw.textlength(title, font=font(46, 700)))
    write(title, (size[0] - wide) // 2, 120, 46, 700)
    draw.rectangle((60, 60, size[0] - 60, size[1] - 60), outline=(120, 40, 40), width=3)
    for number, row in enumerate(rows):
        write(row, 140, 260 + number * 84, 34)
    return Sheet(image, tuple(placed))


def cet(
    name: str = NAME, number: str = "999052312001234", month: str = "2018年6月", level: str = "四"
) -> Sheet:
    return form(
        f"全国大学英语{level}级考试成绩报告单",
        [
            f"姓名：{name}",
            "学校：演示大学",
            f"证书编号：{number}",
            f"考试时间：{month}",
            "总分：512",
            "听力：170  阅读：180  写作和翻译：162",
        ],
    )


def pets(name: str = NAME, number: str = "99931052018001234", month: str = "2017年9月") -> Sheet:
    return form(
        "全国英语等级考试合格证书",
        [f"姓名：{name}", "级别：三级", f"证书编号：{number}", f"考试时间：{month}", "笔试：合格"],
    )


def pets_notice(name: str = NAME) -> Sheet:
    return form(
        "全国英语等级考试成绩通知单",
        [
            f"考生姓名：{name}",
            "准考证号：99931052018005678",
            "考试时间：2017年9月",
            "级别：第三级",
            "笔试成绩：72",
            "口试成绩：4",
        ],
    )


def diploma(
    name: str = NAME, number: str = "999991200505001234", month: str = "2005年7月1日"
) -> Sheet:
    return form(
        "普通高等学校毕业证书",
        [
            f"姓名：{name}  性别：女",
            "专业：行政管理  学制：四年",
            "学历层次：本科",
            f"毕业日期：{month}",
            f"证书编号：{number}",
            "演示大学",
        ],
    )


def record(name: str = NAME, updated: str = "2026年1月15日", code: str = "999912345678") -> Sheet:
    return form(
        "教育部学历证书电子注册备案表",
        [
            f"更新日期：{updated}",
            f"姓名：{name}  性别：女",
            "毕业院校：演示大学",
            "毕业时间：2005年7月1日",
            "证书编号：999991200505001234",
            f"在线验证码：{code[:4]} {code[4:8]} {code[8:]}",
        ],
    )


def report(name: str = NAME) -> Sheet:
    return form(
        "中国高等教育学历认证报告",
        [
            "报告编号：99920061234567",
            "打印日期：2026年2月1日",
            f"姓名：{name}  性别：女",
            "毕业时间：2001年7月",
            "证书编号：999991200105001234",
            "毕业院校：演示大学",
        ],
    )


FORMS: dict[str, tuple[str, Callable[[], Sheet], dict[str, str]]] = {
    "cet": ("cet", cet, {"number": "999052312001234", "name": NAME, "month": "2018-06"}),
    "pets": ("pets", pets, {"number": "99931052018001234", "name": NAME, "month": "2017-09"}),
    "pets_notice": (
        "pets",
        pets_notice,
        {"number": "99931052018005678", "name": NAME, "month": "2017-09"},
    ),
    "diploma": (
        "diploma",
        diploma,
        {"number": "999991200505001234", "name": NAME, "month": "2005-07"},
    ),
    "record": (
        "registration_record",
        record,
        {"number": "999912345678", "name": NAME, "month": "2005-07"},
    ),
    "report": (
        "authentication_report",
        report,
        {"number": "99920061234567", "name": NAME, "month": "2001-07"},
    ),
}


# --- what goes wrong ---------------------------------------------------------------------------


def jpeg(image: Image.Image, *, quality: int = 88, exif: Image.Exif | None = None) -> bytes:
    kept = BytesIO()
    image.save(kept, "JPEG", quality=quality, **({"exif": exif} if exif else {}))
    return kept.getvalue()


def on_a_table(image: Image.Image, *, table: tuple[int, int, int] = (94, 72, 54)) -> Image.Image:
    """A photograph of the sheet: some table around it, a little noise and softness."""
    wide, tall = image.size
    photo = Image.new("RGB", (wide + 240, tall + 240), table)
    photo.paste(image, (120, 120))
    return noisy(photo.filter(ImageFilter.GaussianBlur(0.7)), 4)


def on_a_pattern(image: Image.Image, pattern: str, *, angle: float = 0.0) -> Image.Image:
    """A photograph on "wood", on a "cloth" of checks, or on a "bed", with light from one side."""
    wide, tall = image.width + 300, image.height + 300
    rng = np.random.default_rng(3)
    x, y = np.arange(wide)[None, :], np.arange(tall)[:, None]
    if pattern == "wood":
        grey = 110 + 25 * np.sin((x + 8 * np.sin(y / 90)) / 3.1) + 12 * np.sin(x / 17)
        colour = (1.05, 0.8, 0.6)
    elif pattern == "cloth":
        grey, colour = np.where((x // 25 + y // 25) % 2, 200.0, 60.0), (1.0, 1.0, 1.0)
    else:
        coarse = np.clip(170 + rng.normal(0, 30, (tall // 30, wide // 30)), 0, 255)
        folds = Image.fromarray(coarse.astype(np.uint8)).resize((wide, tall))
        grey, colour = np.asarray(folds, dtype=np.float64), (1.0, 1.0, 1.0)
    pixels = np.stack([grey * share for share in colour], axis=-1)
    photo = Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
    sheet = image.convert("RGBA").rotate(angle, expand=True, resample=Image.Resampling.BICUBIC)
    photo.paste(sheet, ((wide - sheet.width) // 2, (tall - sheet.height) // 2), sheet)
    light = np.linspace(1, 0.7, wide)[None, :, None]
    lit = Image.fromarray((np.asarray(photo) * light).astype(np.uint8))
    return noisy(lit.filter(ImageFilter.GaussianBlur(0.8)), 5)


def noisy(image: Image.Image, sigma: float) -> Image.Image:
    rng = np.random.default_rng(1)
    pixels = np.asarray(image, dtype=np.float32)
    grain = rng.normal(0, sigma, pixels.shape)
    return Image.fromarray(np.clip(pixels + grain, 0, 255).astype(np.uint8))


def blurred(image: Image.Image, radius: float) -> Image.Image:
    return image.filter(ImageFilter.GaussianBlur(radius))


def darker(image: Image.Image, factor: float) -> Image.Image:
    return ImageEnhance.Brightness(image).enhance(factor)


def reflecting(image: Image.Image) -> Image.Image:
    """A grey photograph with a lamp in it."""
    photo = darker(on_a_table(image), 0.75)
    lamp = Image.new("L", photo.size, 0)
    ImageDraw.Draw(lamp).ellipse((350, 400, 900, 900), fill=255)
    glow = lamp.filter(ImageFilter.GaussianBlur(25))
    return Image.composite(Image.new("RGB", photo.size, "white"), photo, glow)


def cut(image: Image.Image) -> Image.Image:
    """The left part is missing: the border runs through the words."""
    return image.crop((160, 0, *image.size))


def two_pages(one: Image.Image, other: Image.Image) -> Image.Image:
    photo = Image.new("RGB", (one.width * 2 + 360, one.height + 200), (40, 36, 34))
    photo.paste(one, (100, 100))
    photo.paste(other, (one.width + 260, 100))
    return photo


def with_place(image: Image.Image) -> bytes:
    """As a telephone does: where and with what it was taken, and that it lies on its side."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0112] = "Telephone", "T 1", 6
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (31.0, 13.0, 49.0), "E", (121.0, 28.0, 25.0)
    return jpeg(image.rotate(90, expand=True), exif=exif)


def bomb() -> bytes:
    """A few kilobytes that become 400 million pixels."""
    kept = BytesIO()
    Image.new("1", (20_000, 20_000)).save(kept, "PNG", optimize=True)
    return kept.getvalue()


def files() -> dict[str, bytes]:
    """What is sent in conversation scripts, by its name."""
    sheet = cet().image
    return {
        "四级.png": cet().png(),
        "四级别人的.png": cet("周明远").png(),
        "四级倒着.png": cet().png(turn=180),
        "四级模糊.jpg": jpeg(blurred(sheet, 4)),
        "四级更模糊.jpg": jpeg(blurred(sheet, 6)),
        "四级太大.jpg": jpeg(sheet) + bytes(1_100_000),
        "四级.pdf": b"%PDF-1.7\n" + bytes(600),
        "四级有地点.jpg": with_place(sheet),
        "毕业证.png": diploma().png(),
        "毕业证背面.jpg": jpeg(cut(on_a_table(diploma().image).crop((0, 0, 900, 1600)))),
        "备案表.png": record().png(),
        "旧备案表.png": record(updated="2025年3月1日").png(),
    }


SAID = {"one_proof": re.compile("^交四六级$"), "diploma": re.compile("^交毕业证$")}
"""What opens the dialogs of the scripts about proofs."""
