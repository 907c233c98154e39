"""Samples say that they are samples, show where to look, and cannot be taken for anybody's paper (E10)."""

import shutil
import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from backend.documents import sample_pages
from backend.documents.fonts import Fonts
from backend.documents.sample_data import LANGUAGES, SAMPLES
from backend.pictures import reader
from backend.pictures.studio import Apart
from backend.proofs import reading
from backend.proofs.reading import plain
from backend.registry import id_numbers

TYPES = {
    "pets3": "pets",
    "pets3_notice": "pets",
    "cet4": "cet",
    "pets2": "pets",
    "registration_record": "registration_record",
    "authentication_report": "authentication_report",
}
each = pytest.mark.parametrize(
    ("name", "language"), [(name, language) for name in SAMPLES for language in LANGUAGES]
)


def test_there_are_the_six_of_the_manual() -> None:
    assert set(SAMPLES) == set(TYPES)


@pytest.mark.parametrize("name", SAMPLES)
def test_every_ring_is_explained_and_every_explanation_has_a_ring(name: str) -> None:
    sample = SAMPLES[name]
    rings = sorted(row.mark for row in sample.rows if row.mark)
    assert rings == list(range(1, len(sample.marks) + 1))
    for row in sample.rows:
        if row.mark:
            zh, en = sample.marks[row.mark - 1]
            label = row.label.removeprefix("考生")
            assert label in zh
            assert label in en


@pytest.mark.parametrize("name", SAMPLES)
def test_nothing_on_a_sample_is_anybodys(name: str) -> None:
    for row in SAMPLES[name].rows:
        digits = "".join(one for one in row.value if one.isdigit())
        if "号" in row.label or "码" in row.label:
            assert not digits or digits.startswith("999")
        assert not id_numbers.valid(digits)
        if "姓名" in row.label:
            assert row.value == "样例（虚构）"


@each
def test_no_character_is_an_empty_box(name: str, language: str, typefaces: Fonts) -> None:
    sample = SAMPLES[name]
    words = [sample.title, sample.subtitle, sample.issuer, *sample_pages.SAID[language]]
    words += [part for row in sample.rows for part in (row.label, row.value)]
    words += [mark for marks in sample.marks for mark in marks]
    assert typefaces.missing("".join(words)) == []


@each
def test_it_is_drawn_with_its_rings_and_without_any_code_to_scan(
    name: str, language: str, fonts_folder: Path, tmp_path: Path
) -> None:
    drawn = sample_pages.draw(fonts_folder, name, language)
    with Image.open(BytesIO(drawn.png)) as image:
        assert image.size == (drawn.width, drawn.height)
        red, green, blue = np.moveaxis(np.asarray(image.convert("RGB")), -1, 0)
    reds = (red > 180) & (green < 60) & (blue < 70)
    assert reds[:84].mean() > 0.5  # the head, and the rings below it
    assert reds[84:].sum() > 5000
    if shutil.which("zbarimg"):
        path = tmp_path / "sample.png"
        path.write_bytes(drawn.png)
        done = subprocess.run(["zbarimg", "-q", path], capture_output=True, check=False)
        assert not done.stdout


@pytest.fixture(scope="module")
def apart() -> Iterator[Apart]:
    studio = Apart()
    yield studio
    studio.close()


@pytest.mark.skipif(not reader.installed(), reason="the extra ocr is not installed (make ocr)")
@pytest.mark.parametrize("name", SAMPLES)
def test_whoever_reads_it_reads_that_it_is_a_sample_and_what_to_copy(
    name: str, fonts_folder: Path, apart: Apart
) -> None:
    found = apart.read(sample_pages.draw(fonts_folder, name, "zh").png)
    assert found is not None
    assert any("样例" in line.text for line in found.lines)
    (number,) = (row.value for row in SAMPLES[name].rows if row.mark == 1)
    assert reading.fields(found.lines, TYPES[name])["number"].text == plain(number)
