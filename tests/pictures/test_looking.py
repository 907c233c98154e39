"""What is wrong with a picture is found, and what is right is let through."""

import json
from io import BytesIO

import pytest
from PIL import Image

from backend.pictures import alike, worker
from backend.pictures.kinds import kind_of
from backend.pictures.seen import Looked
from tests.pictures import making
from tests.pictures.making import FORMS, cet, jpeg, on_a_table, pets

MOST = 40_000_000
SHEET = cet().image
PHOTO = on_a_table(SHEET)


def look(data: bytes) -> Looked:
    return worker.look(data, MOST)


def codes(data: bytes) -> set[str]:
    return {fault.code for fault in look(data).faults}


@pytest.mark.parametrize("name", FORMS)
def test_a_good_scan_and_a_good_photograph_of_any_form_pass(name: str) -> None:
    image = FORMS[name][1]().image
    assert codes(jpeg(image)) == set()
    assert codes(jpeg(on_a_table(image))) == set()
    white = on_a_table(image, table=(226, 222, 216))
    assert codes(jpeg(white, quality=70)) == set()


@pytest.mark.parametrize("pattern", ["wood", "cloth", "bed"])
@pytest.mark.parametrize("angle", [0, 4, -9])
def test_what_a_paper_lies_on_does_not_matter(pattern: str, angle: int) -> None:
    for name in ("cet", "record"):
        photo = making.on_a_pattern(FORMS[name][1]().image, pattern, angle=angle)
        assert codes(jpeg(photo, quality=60)) == set()


@pytest.mark.parametrize(
    ("code", "data"),
    [
        ("not_a_picture", b"%PDF-1.7 and so on"),
        ("not_a_picture", b"\x00\x00\x00\x18ftypheic" + bytes(40)),
        ("not_a_picture", b"RIFF\x00\x00\x00\x00WEBPVP8 "),
        ("not_a_picture", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>"),
        ("not_a_picture", b""),
        ("damaged", jpeg(SHEET)[:20_000]),
        ("damaged", b"\x89PNG\r\n\x1a\n" + bytes(300)),
        ("damaged", b"\xff\xd8\xff" + b"PK\x03\x04 not a picture at all" * 40),
        ("too_many_pixels", making.bomb()),
        ("too_small", jpeg(SHEET.resize((400, 566)))),
        ("empty", jpeg(Image.new("RGB", (900, 900), (250, 250, 250)))),
        ("blurred", jpeg(making.blurred(SHEET, 4))),
        ("blurred", jpeg(making.noisy(making.blurred(PHOTO, 4), 6))),
        ("blurred_a_little", jpeg(making.blurred(SHEET, 3))),
        ("dark", jpeg(making.darker(PHOTO, 0.3))),
        ("dark_a_little", jpeg(making.darker(PHOTO, 0.5))),
        ("glare", jpeg(making.reflecting(SHEET))),
        ("cropped", jpeg(making.cut(SHEET))),
        ("several_pages", jpeg(making.two_pages(SHEET, pets().image))),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_fault_is_named(code: str, data: bytes) -> None:
    assert code in codes(data)


def test_what_is_measured_is_told_with_its_limit() -> None:
    (fault,) = look(jpeg(SHEET.resize((400, 566)))).faults
    assert (fault.measured, fault.limit) == (400, 500)


def test_a_name_does_not_make_a_picture_and_a_tail_does_not_get_through() -> None:
    polyglot = jpeg(SHEET) + b"PK\x03\x04<script>alert(1)</script>"
    looked = look(polyglot)
    assert looked.kind == "jpeg"
    assert b"script" not in looked.shown
    assert kind_of(b"MZ" + jpeg(SHEET)) == ""


def test_nobody_learns_where_a_picture_was_taken() -> None:
    data = making.with_place(SHEET)
    with Image.open(BytesIO(data)) as original:
        assert original.getexif().get_ifd(0x8825)
    looked = look(data)
    for copy in (looked.shown, looked.thumb):
        with Image.open(BytesIO(copy)) as image:
            assert not image.getexif()
            assert not {"exif", "xmp", "icc_profile", "comment"} & image.info.keys()
        assert b"Telephone" not in copy
    assert looked.width < looked.height  # and it stands upright


def test_a_note_in_a_png_is_gone_too() -> None:
    looked = look(cet().png())
    with Image.open(BytesIO(looked.shown)) as image:
        assert "lines" not in image.info


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_every_way_of_storing_colours_is_read(mode: str) -> None:
    image = SHEET.convert("L") if mode == "I;16" else SHEET.convert(mode)
    if mode == "I;16":
        image = image.point(lambda value: value * 257, "I").convert("I;16")
    kept = BytesIO()
    image.save(kept, "JPEG" if mode == "CMYK" else "PNG")
    looked = look(kept.getvalue())
    assert looked.shown
    assert not looked.faults


def test_the_same_sheet_saved_again_is_found_and_another_persons_is_not() -> None:
    mine = alike.likeness(SHEET)
    again = Image.open(BytesIO(jpeg(SHEET.resize((700, 990)), quality=55)))
    darker = making.darker(SHEET, 0.6)
    for same in (again, darker):
        assert alike.distance(mine, alike.likeness(same)) <= alike.ALIKE
    for other in (cet("周明远", "999191052312004").image, pets().image):
        assert alike.distance(mine, alike.likeness(other)) > alike.ALIKE


def test_two_blank_pictures_are_not_alike() -> None:
    blank = alike.likeness(Image.new("RGB", (900, 900), "white"))
    assert alike.distance(blank, blank) == 1


def test_the_lines_of_a_drawn_form_are_where_it_says(tmp_path: object) -> None:
    with Image.open(BytesIO(cet().png())) as image:
        lines = json.loads(image.info["lines"])["lines"]
    assert [text for text, *_ in lines][1] == "姓名：林若溪"
