"""A photographed page leads to its record, and is never taken for the document itself."""

import random
import time
import zlib
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageFilter
from qrcode.main import QRCode

from backend.documents import fonts, pages
from backend.verification import pages_read
from backend.verification.pages_read import MOST_PIXELS, Paper
from tests.documents import samples

BASE = "https://registrar.example.edu"
CODE = samples.ISSUE.code
OURS = f"{BASE}/v/{CODE}"
ROOT = Path(__file__).parents[2]


@cache
def printed() -> bytes:
    folder = ROOT / "var" / "fonts"
    fonts.prepare(folder)
    return pages.render(samples.facts(), fonts=fonts.Fonts(folder), issue=samples.ISSUE)


@cache
def page(dpi: int = 200) -> Image.Image:
    document = pypdfium2.PdfDocument(printed())
    return document[0].render(scale=dpi / 72).to_pil().convert("L")


def saved(image: Image.Image, kind: str = "PNG", **how: object) -> bytes:
    out = BytesIO()
    image.save(out, kind, **how)
    return out.getvalue()


def code(text: str) -> Image.Image:
    made = QRCode(box_size=8)
    made.add_data(text)
    return made.make_image().get_image().convert("L")


def side_by_side(*texts: str) -> Image.Image:
    images = [code(text) for text in texts]
    width = sum(one.width for one in images)
    whole = Image.new("L", (width, max(one.height for one in images)), 255)
    left = 0
    for one in images:
        whole.paste(one, (left, 0))
        left += one.width
    return whole


def read(data: bytes) -> Paper:
    return pages_read.of_picture(data, BASE)


def told(paper: Paper | None) -> tuple[str, str | None]:
    assert paper is not None
    return paper.reason.code, paper.code


def turned(angle: float) -> Callable[[], bytes]:
    return lambda: saved(page().rotate(angle, expand=True, fillcolor=255))


def at(dpi: int) -> Callable[[], bytes]:
    return lambda: saved(page(dpi))


def blurred() -> bytes:
    return saved(page().filter(ImageFilter.GaussianBlur(2)))


def noisy() -> bytes:
    noise = Image.effect_noise(page().size, 80)
    return saved(ImageChops.add(page(), noise, scale=1, offset=-128))


def sent_by_chat() -> bytes:
    """Chat services make pictures small."""
    return saved(page().resize((800, 1131)), "JPEG", quality=25)


def on_a_desk() -> bytes:
    desk = Image.new("L", (3000, 4000), 90)
    leaf = page().resize((1500, 2121)).rotate(7, expand=True, fillcolor=90)
    desk.paste(leaf, (500, 700))
    return saved(desk, "JPEG", quality=80)


def from_the_side() -> bytes:
    tilt = (1.05, 0.1, -250, 0.03, 1.1, -150, 0.00003, 0.00006)
    how = Image.Transform.PERSPECTIVE
    return saved(page().transform(page().size, how, tilt, fillcolor=255))


def in_a_dark_room() -> bytes:
    return saved(page().point(lambda tone: tone // 4), "JPEG", quality=60)


def see_through() -> bytes:
    """Black on nothing, as screen shots of some programs are."""
    empty = Image.new("RGBA", page().size, (0, 0, 0, 0))
    empty.putalpha(ImageChops.invert(page()))
    return saved(empty)


@pytest.mark.parametrize(
    "made",
    [
        *(at(dpi) for dpi in (72, 100, 150, 300)),
        *(turned(angle) for angle in (3, 17, 90, 180)),
        blurred,
        noisy,
        sent_by_chat,
        on_a_desk,
        from_the_side,
        in_a_dark_room,
        see_through,
    ],
)
def test_a_photographed_page_leads_to_its_record(made: Callable[[], bytes]) -> None:
    assert told(read(made())) == ("picture_only", CODE)


def test_a_picture_without_a_code_asks_for_a_better_one() -> None:
    assert told(read(saved(Image.new("L", (900, 1200), 200)))) == ("no_qr", None)


def test_two_documents_on_one_picture_are_not_mixed_up() -> None:
    other = f"{BASE}/v/{CODE[::-1]}"
    assert told(read(saved(side_by_side(OURS, other)))) == ("several_qr", None)


def test_a_code_of_ours_beside_a_foreign_one_is_not_chosen() -> None:
    both = side_by_side(OURS, "https://example.com/v/" + CODE)
    assert told(read(saved(both))) == ("several_qr", None)


def test_the_same_code_twice_is_one() -> None:
    assert told(read(saved(side_by_side(OURS, OURS)))) == ("picture_only", CODE)


def test_a_link_of_ours_to_something_else_does_not_disturb() -> None:
    both = side_by_side(OURS, f"{BASE}/chat")
    assert told(read(saved(both))) == ("picture_only", CODE)
    assert told(read(saved(code(f"{BASE}/s/{CODE}")))) == ("no_qr", None)


def test_the_code_alone_is_enough() -> None:
    assert told(read(saved(code(CODE)))) == ("picture_only", CODE)


@pytest.mark.parametrize(
    ("text", "host"),
    [
        (
            "https://registrar.example.edu.evil.example/v/" + CODE,
            "registrar.example.edu.evil.example",
        ),
        ("https://registrar-example.edu/v/" + CODE, "registrar-example.edu"),
        ("https://registrar.example.edu@evil.example/v/" + CODE, "evil.example"),
        ("https://registrar.example.edu:8443/v/" + CODE, "registrar.example.edu:8443"),
        ("https://evil.example/https://registrar.example.edu/v/" + CODE, "evil.example"),
        ("https://evil.example/?registrar.example.edu/v/" + CODE, "evil.example"),
        ("HTTPS://EVIL.EXAMPLE/v/" + CODE, "evil.example"),
    ],
)
def test_an_address_that_only_looks_like_ours_is_named(text: str, host: str) -> None:
    found = read(saved(code(text)))
    assert told(found) == ("foreign_qr", None)
    assert host in found.reason.zh
    assert host in found.reason.en


@pytest.mark.parametrize(
    "text",
    [
        "此文件真实有效，请放心采信",
        "https://此文件真实有效.example/v/" + CODE,
        "https://" + "genuine-document." * 6 + "example/v/" + CODE,
        "https://evil.example<b>genuine</b>/v/" + CODE,
        "https://[::1/v/" + CODE,
        "javascript:alert(1)",
        "WIFI:S:genuine;T:WPA;P:genuine;;",
        "https:///v/" + CODE,
    ],
)
def test_words_in_a_foreign_code_are_never_shown(text: str) -> None:
    found = read(saved(code(text)))
    assert told(found) == ("foreign_qr", None)
    assert "genuine" not in found.reason.en
    assert "真实" not in found.reason.zh
    assert "别处" in found.reason.zh
    assert "somewhere else" in found.reason.en


def test_a_host_is_the_same_in_capitals_but_not_with_another_path() -> None:
    assert told(read(saved(code(OURS.replace("registrar", "REGISTRAR"))))) == ("picture_only", CODE)
    below = pages_read.told([f"{BASE}/registrar/v/{CODE}"], f"{BASE}/registrar/")
    assert told(below) == ("picture_only", CODE)
    assert told(pages_read.told([OURS], f"{BASE}/registrar")) == ("no_qr", None)


@pytest.mark.parametrize("tail", ["", "?x=1", "#x"])
def test_what_stands_behind_the_code_does_not_matter(tail: str) -> None:
    assert told(read(saved(code(OURS + tail)))) == ("picture_only", CODE)


@pytest.mark.parametrize("tail", ["/x", "%20", "A" * 20, "!"])
def test_a_longer_code_is_another_one(tail: str) -> None:
    assert told(read(saved(code(OURS + tail)))) == ("no_qr", None)


def test_a_picture_of_too_many_pixels_is_not_decoded() -> None:
    side = int(MOST_PIXELS**0.5) + 1
    bomb = saved(Image.new("1", (side, side)))
    assert len(bomb) < 100_000
    assert told(read(bomb)) == ("too_costly", None)


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_damaged_pictures_are_told_as_such(kind: str) -> None:
    whole = saved(page(72), kind)
    chance = random.Random(kind)
    for _ in range(40):
        data = bytearray(whole[: chance.randrange(8, len(whole))])
        for _ in range(6):
            data[chance.randrange(8, len(data))] = chance.randrange(256)
        found = read(bytes(data))
        assert found.reason.code in ("unreadable", "no_qr", "picture_only", "too_costly")


def test_only_png_and_jpeg_are_pictures() -> None:
    assert pages_read.is_picture(saved(page(72)))
    assert pages_read.is_picture(saved(page(72), "JPEG"))
    for other in (saved(page(72), "GIF"), saved(page(72), "WEBP"), printed(), b"", b"PK\3\4"):
        assert not pages_read.is_picture(other)


def scan(*images: Image.Image) -> bytes:
    first, *others = (one.copy() for one in images)  # Pillow leaves notes on what it has saved
    return saved(first, "PDF", save_all=True, append_images=others, resolution=200)


def test_a_scanned_page_leads_to_its_record() -> None:
    assert told(pages_read.of_scan(scan(page()), BASE)) == ("picture_only", CODE)
    blank = Image.new("L", page().size, 255)
    assert told(pages_read.of_scan(scan(blank, page()), BASE)) == ("picture_only", CODE)


def test_scans_of_two_documents_are_not_mixed_up() -> None:
    other = Image.new("L", page().size, 255)
    other.paste(code(f"{BASE}/v/{CODE[::-1]}"), (300, 300))
    assert told(pages_read.of_scan(scan(page(), other), BASE)) == ("several_qr", None)


def test_a_page_that_is_drawn_is_no_scan() -> None:
    """It could have been signed, and was not: the code on it must not speak for it."""
    assert pages_read.of_scan(printed(), BASE) is None


def test_a_scan_without_a_code_and_no_pdf_at_all_say_nothing() -> None:
    assert pages_read.of_scan(scan(Image.new("L", (600, 900), 255)), BASE) is None
    assert pages_read.of_scan(b"%PDF-1.7\nnothing", BASE) is None


def test_a_page_of_any_size_is_read_in_bounds(monkeypatch: pytest.MonkeyPatch) -> None:
    huge = saved(page(), "PDF", resolution=3)  # fourteen metres high
    taken: list[int] = []
    reading = pages_read.zxingcpp.read_barcodes

    def counted(image: Image.Image, **how: object) -> object:
        taken.append(image.width * image.height)
        return reading(image, **how)

    monkeypatch.setattr(pages_read.zxingcpp, "read_barcodes", counted)
    assert told(pages_read.of_scan(huge, BASE)) == ("picture_only", CODE)
    assert max(taken) < 9_100_000


def test_a_scan_that_unpacks_to_gigabytes_is_left_alone() -> None:
    once = zlib.compress(bytes(200 << 20), 9)
    stream = b"<< /Length %d >>\nstream\n%s\nendstream"
    for data in (once, zlib.compress(once)):
        assert pages_read.of_scan(scan(page()) + stream % (len(data), data), BASE) is None


def test_counting_what_a_scan_unpacks_to_takes_no_time_itself() -> None:
    many = b"stream\n\x78\x9c" * 500_000
    began = time.process_time()
    assert pages_read.of_scan(b"%PDF-1.7\n" + many, BASE) is None
    assert time.process_time() - began < 5
