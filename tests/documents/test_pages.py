"""What a student or a reader of the transcript would lose if the pages were wrong."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pypdfium2
import pytest
from PIL import Image

from backend.documents import pages, preview
from backend.documents.errors import MissingGlyph
from backend.documents.facts import Coverage, Gpa, Language, TranscriptFacts
from backend.documents.fonts import Fonts
from backend.documents.materials import Issue
from backend.documents.notes import score_in_words
from backend.registry import values
from tests.documents.samples import ISSUE, facts

Program = Callable[..., str]


def texts(pdf: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        return [page.get_textpage().get_text_range() for page in document]
    finally:
        document.close()


def draw(typefaces: Fonts, about: TranscriptFacts, issue: Issue | None = ISSUE) -> list[str]:
    return texts(pages.render(about, fonts=typefaces, issue=issue))


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize(("count", "fewest", "most"), [(1, 1, 1), (60, 2, 3), (200, 4, 7)])
def test_every_course_appears_once_and_pages_are_numbered(
    typefaces: Fonts, language: Language, count: int, fewest: int, most: int
) -> None:
    about = facts(language=language, count=count)
    numbered = tuple(
        replace(line, code=f"C{number:03}X") for number, line in enumerate(about.courses)
    )
    found = draw(typefaces, replace(about, courses=numbered))
    assert fewest <= len(found) <= most
    everything = "".join(found)
    for line in numbered:
        assert everything.count(line.code) == 1
    for number, text in enumerate(found, 1):
        words = (
            f"第 {number} 页 共 {len(found)} 页"
            if language is Language.ZH
            else f"Page {number} of {len(found)}"
        )
        assert words in text


@pytest.mark.parametrize("count", range(1, 75))
def test_totals_never_stand_on_a_page_without_a_course(typefaces: Fonts, count: int) -> None:
    about = facts(count=count)
    lines = tuple(replace(line, code=f"C{n:03}X") for n, line in enumerate(about.courses))
    last = draw(typefaces, replace(about, courses=lines))[-1]
    assert "总学分" in last
    assert lines[-1].code in last


def test_chinese_transcript_says_who_what_and_when(typefaces: Fonts) -> None:
    (text,) = draw(typefaces, facts())
    for words in (
        "中国科学院大学",
        "研究生成绩单",
        "北京集中教学阶段",
        "林知远",
        "2021E8000123456",
        "计算技术研究所",
        "计算机科学与技术",
        "硕士研究生",
        "2021年9月1日",
        "2024年6月30日",
        "2021–2022学年",
        "高级算法设计与分析",
        "81.5",
        "A-",
        "通过",
        "37.5",
        "3.72 / 4.0",
        "按学分加权",
        "K7QM-3XPA-9D2F-H5RT",
        ISSUE.verify_url,
        "2026年11月22日",
        "演示 DEMO",
    ):
        assert words in text, words
    assert "Advanced Algorithm" not in text


def test_english_transcript_has_no_chinese_but_the_demo_mark(typefaces: Fonts) -> None:
    about = facts(language=Language.EN, coverage=Coverage.COMBINED, count=4)
    (text,) = draw(typefaces, about)
    for words in (
        "University of Chinese Academy of Sciences",
        "Official Transcript of Graduate Studies",
        "LIN Zhiyuan",
        "Institute of Computing Technology, Chinese Academy of Sciences",
        "Master's programme",
        "1 September 2021",
        "2021–2022, Autumn term",
        "Reliability Theory and Engineering",
        "22 November 2026",
    ):
        assert words in text, words
    assert not [c for c in text.replace("演示", "") if "\u4e00" <= c <= "\u9fff"]


def scored(*scores: str, language: Language = Language.EN) -> TranscriptFacts:
    about = facts(language=language, count=len(scores))
    courses = [replace(line, score=s) for line, s in zip(about.courses, scores, strict=True)]
    return replace(about, courses=tuple(courses))


def test_words_used_as_scores_are_in_english_and_traced_to_the_register(typefaces: Fonts) -> None:
    text = "".join(draw(typefaces, scored("通过", "优秀", "不及格", "92", "A-")))
    rows, notes = " ".join(text.split()).split("translated from the register:")
    for word in ("Pass", "Excellent", "Fail", "92", "A-"):
        assert word in rows
    for pair in ("Pass = 通过,", "Excellent = 优秀,", "Fail = 不及格."):
        assert pair in notes
    assert "通过" not in rows


def test_a_word_that_has_no_english_is_kept_and_said_to_be(typefaces: Fonts) -> None:
    text = "".join(draw(typefaces, scored("缓考", "92")))
    assert text.count("缓考") == 1
    assert "Scores in Chinese are printed as they stand in the register." in text


def test_chinese_transcripts_print_the_word_of_the_register(typefaces: Fonts) -> None:
    text = "".join(draw(typefaces, scored("通过", "92", language=Language.ZH)))
    assert "通过" in text
    assert "Pass" not in text


def test_every_word_that_can_be_imported_as_a_score_has_its_english() -> None:
    for word in values.WORDS:
        printed = score_in_words(word, Language.EN)
        assert printed.isascii()
        assert score_in_words(word, Language.ZH) == word
        assert ("Fail" in printed) == word.startswith("不")


def test_without_gpa_no_gpa_is_shown(typefaces: Fonts) -> None:
    (text,) = draw(typefaces, facts(gpa=Gpa.WITHOUT))
    assert "GPA" not in text
    assert "3.72" not in text


def test_gpa_that_is_missing_is_refused(typefaces: Fonts) -> None:
    with pytest.raises(ValueError, match="GPA"):
        pages.render(replace(facts(), gpa_value=None), fonts=typefaces, issue=ISSUE)


def test_transcript_without_courses_is_refused(typefaces: Fonts) -> None:
    with pytest.raises(ValueError, match="course"):
        pages.render(replace(facts(), courses=()), fonts=typefaces, issue=ISSUE)


@pytest.mark.parametrize("language", list(Language))
def test_preview_cannot_be_used_as_a_transcript(typefaces: Fonts, language: Language) -> None:
    mark = "预览 · 不作证明使用" if language is Language.ZH else "PREVIEW · NOT VALID"
    found = draw(typefaces, facts(language=language, count=60), issue=None)
    for text in found:
        assert text.count(mark) >= 3
    assert ISSUE.verify_url not in "".join(found)


def test_same_facts_and_issue_give_the_same_bytes(typefaces: Fonts) -> None:
    first = pages.render(facts(), fonts=typefaces, issue=ISSUE)
    pages.render(facts(count=3), fonts=typefaces, issue=None)
    assert pages.render(facts(), fonts=typefaces, issue=ISSUE) == first


@pytest.mark.parametrize(
    "name", ["<b>林</b> & <i>知</i>", "&lt;林&gt;", "(林) \\ 知 %远", "{{ 林 }}", "${林}", "林;--"]
)
def test_names_are_printed_literally(typefaces: Fonts, name: str) -> None:
    assert name in draw(typefaces, facts(name_zh=name))[0]


@pytest.mark.parametrize("bad", ["𠮷", "\x07", "\n", "\u202e", "\u200b", "\ue000", "\U0001f600"])
def test_character_that_would_not_be_seen_is_refused_and_named(typefaces: Fonts, bad: str) -> None:
    with pytest.raises(MissingGlyph) as caught:
        pages.render(facts(name_zh=f"林{bad}远"), fonts=typefaces, issue=ISSUE)
    assert caught.value.characters == (bad,)
    assert f"U+{ord(bad):04X}" in str(caught.value)


@pytest.mark.parametrize("field", ["unit_zh", "major_zh", "student_number", "institution_zh"])
def test_no_field_escapes_the_glyph_check(typefaces: Fonts, field: str) -> None:
    with pytest.raises(MissingGlyph):
        pages.render(replace(facts(), **{field: "学𠮷"}), fonts=typefaces, issue=None)


def test_rare_names_are_drawn_and_can_be_copied(
    typefaces: Fonts, program: Program, tmp_path: Path
) -> None:
    name = "欧阳䶮㛃𬱖·买买提"
    file = tmp_path / "rare.pdf"
    file.write_bytes(pages.render(facts(name_zh=name), fonts=typefaces, issue=ISSUE))
    assert name in draw(typefaces, facts(name_zh=name))[0]
    assert name in program("pdftotext", "-layout", file, "-")


def test_names_of_three_hundred_different_characters_can_be_copied(
    typefaces: Fonts, program: Program, tmp_path: Path
) -> None:
    many = "".join(chr(0x4E00 + n * 7) for n in range(300))
    lines = [
        replace(facts().courses[0], name_zh=many[start : start + 25]) for start in range(0, 300, 25)
    ]
    file = tmp_path / "many.pdf"
    about = replace(facts(), courses=tuple(lines))
    file.write_bytes(pages.render(about, fonts=typefaces, issue=ISSUE))
    text = program("pdftotext", "-raw", file, "-")
    for line in lines:
        assert line.name_zh in text


def test_every_font_is_embedded(typefaces: Fonts, program: Program, tmp_path: Path) -> None:
    file = tmp_path / "fonts.pdf"
    file.write_bytes(pages.render(facts(), fonts=typefaces, issue=ISSUE))
    rows = program("pdffonts", file).splitlines()[2:]
    assert rows
    assert all("NotoSansSC" in row and row.split()[-5] == "yes" for row in rows)


@pytest.mark.parametrize("dpi", [72, 110, 200])
def test_qr_code_on_paper_leads_to_the_verification_page(
    typefaces: Fonts, program: Program, tmp_path: Path, dpi: int
) -> None:
    pdf = pages.render(facts(count=60), fonts=typefaces, issue=ISSUE)
    last = preview.pictures(pdf, dpi=dpi)[-1]
    file = tmp_path / "page.png"
    file.write_bytes(last.png)
    only = ("-Sdisable", "-Sqrcode.enable")  # the seal makes it warn of other kinds of codes
    read = program("zbarimg", "--nodbus", "--raw", "-q", *only, file)
    assert read.strip() == ISSUE.verify_url


def test_preview_has_no_qr_code(typefaces: Fonts, program: Program, tmp_path: Path) -> None:
    (picture,) = preview.pictures(pages.render(facts(), fonts=typefaces, issue=None), dpi=150)
    file = tmp_path / "page.png"
    file.write_bytes(picture.png)
    assert not program("zbarimg", "--nodbus", "--raw", "-q", file, check=False).strip()


def test_preview_pictures_are_small_enough_for_a_chat(typefaces: Fonts) -> None:
    pdf = pages.render(facts(count=60), fonts=typefaces, issue=None)
    found = preview.pictures(pdf)
    assert len(found) == 2
    for picture in found:
        image = Image.open(BytesIO(picture.png))
        assert image.size == (picture.width, picture.height)
        assert picture.width == pytest.approx(8.27 * 110, abs=2)
        assert len(picture.png) < 200_000


def test_something_that_is_no_pdf_gives_no_pictures() -> None:
    with pytest.raises(ValueError, match="PDF"):
        preview.pictures(b"<html>")


def test_very_long_names_stay_on_the_page(typefaces: Fonts) -> None:
    long = "Advanced Seminar on Interdisciplinary Methods " * 12
    about = facts(language=Language.EN, count=5)
    courses = tuple(replace(line, name_en=long, code="X" * 40) for line in about.courses)
    about = replace(about, courses=courses, unit_en=long, name_en="A" * 90)
    found = draw(typefaces, about)
    assert sum(text.count("Interdisciplinary") for text in found) == 12 * 6


def test_name_longer_than_a_page_is_refused(typefaces: Fonts) -> None:
    about = facts(count=1)
    endless = replace(about.courses[0], name_zh="长" * 5000)
    with pytest.raises(ValueError, match="too long"):
        pages.render(replace(about, courses=(endless,)), fonts=typefaces, issue=None)
