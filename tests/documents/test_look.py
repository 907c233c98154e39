"""The sheets by which people judge the pages can be drawn."""

from pathlib import Path

import pytest
from PIL import Image

from tools import look


@pytest.mark.parametrize("name", ["zh-1", "preview-en", "scores-zh"])
def test_a_sheet_shows_every_page_of_its_kind(
    fonts_folder: Path, tmp_path: Path, name: str
) -> None:
    look.main(tmp_path, name)
    assert sorted(file.name for file in tmp_path.iterdir()) == [f"{name}.pdf", f"{name}.png"]
    with Image.open(tmp_path / f"{name}.png") as sheet:
        assert sheet.width >= 800
