"""The table of exam scores shows every line, on as many pages as it takes (E3)."""

import pypdfium2
import pytest

from backend.documents import scores
from backend.documents.errors import MissingGlyph
from backend.documents.fonts import Fonts
from backend.documents.preview import pictures
from backend.documents.score_facts import ScoreFacts, ScoreLine

LINE = ScoreLine("2025-10", "英语（二）(00015)", "理论", "71", "14", "")


def facts(count: int, language: str = "zh", name: str = "温若溪") -> ScoreFacts:
    lines = tuple(
        ScoreLine(f"20{place:02}-04", f"课程{place}(000{place:02})", "理论", "60", "4", "缺考")
        for place in range(count)
    )
    return ScoreFacts(language, name, "990000100001", "行政管理（专升本）", (LINE, *lines))


def pages(pdf: bytes) -> list[str]:
    return [page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)]


@pytest.mark.parametrize("count", [0, 20, 33, 70])
def test_no_line_is_lost_however_many_there_are(typefaces: Fonts, count: int) -> None:
    shown = facts(count)
    found = pages(scores.render(shown, "2026-03-02 09:00", fonts=typefaces))
    whole = "".join(found)
    assert all(one.course in whole for one in shown.lines)
    assert len(found) == (1 if count < 33 else 3 if count == 70 else 2)
    for number, page in enumerate(found, 1):
        assert "990000100001" in page
        assert "不作证明" in page
        assert f"第 {number} 页，共 {len(found)} 页" in page


def test_other_scores_are_another_table_and_the_same_ones_the_same() -> None:
    assert facts(3).digest == facts(3).digest
    assert len({facts(3).digest, facts(4).digest, facts(3, "en").digest}) == 3


def test_a_name_no_font_here_has_is_refused_and_not_drawn_as_a_box(typefaces: Fonts) -> None:
    with pytest.raises(MissingGlyph):
        scores.render(facts(1, name="\U000323af"), "2026-03-02 09:00", fonts=typefaces)


def test_the_picture_has_a_page_for_each_of_the_pdf(typefaces: Fonts) -> None:
    drawn = pictures(scores.render(facts(70), "2026-03-02 09:00", fonts=typefaces))
    assert len(drawn) == 3
    assert all(one.width > 800 and one.png.startswith(b"\x89PNG") for one in drawn)
