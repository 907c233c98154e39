"""The data attached to a transcript: as published, and never other than what is printed."""

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import jsonschema
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyhanko.pdf_utils.reader import PdfFileReader

from backend.documents import notes, pages, record
from backend.documents.facts import Coverage, Gpa, Language, TranscriptFacts
from backend.documents.fonts import Fonts
from backend.documents.words import EN
from tests.documents.samples import ISSUE, facts

SCHEMA = Path(__file__).parents[2] / "bot" / "static" / "schemas" / f"{record.SCHEMA}.json"
Data = dict[str, Any]


@pytest.fixture(scope="module")
def schema() -> jsonschema.Draft202012Validator:
    published = json.loads(SCHEMA.read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(published)
    return jsonschema.Draft202012Validator(published)


def drawn(typefaces: Fonts, about: TranscriptFacts) -> tuple[Data, list[str]]:
    """What is attached to the file, and the text that another program finds on its pages."""
    pdf = pages.render(about, fonts=typefaces, issue=ISSUE)
    names = PdfFileReader(BytesIO(pdf)).root["/Names"]["/EmbeddedFiles"]["/Names"]
    attached = names[1].get_object()["/EF"]["/F"].get_object().data
    document = pypdfium2.PdfDocument(pdf)
    try:
        return json.loads(attached), [p.get_textpage().get_text_range() for p in document]
    finally:
        document.close()


WIDE = facts(language=Language.EN, count=24, coverage=Coverage.COMBINED)
KINDS = {
    "zh": facts(),
    "en": facts(language=Language.EN),
    "zh-without": facts(gpa=Gpa.WITHOUT, graduated_on=None),
    "en-without": facts(language=Language.EN, gpa=Gpa.WITHOUT, graduated_on=None),
    "zh-1": facts(count=1),
    "zh-60": facts(count=60, coverage=Coverage.COMBINED),
    "en-60": facts(language=Language.EN, count=60),
    "zh-200": facts(count=200, name_zh="买买提·艾力"),
    "en-200": facts(language=Language.EN, count=200, coverage=Coverage.COMBINED),
    "rare": facts(name_zh="欧阳䶮㛃𬱖𬭎"),
    "long": replace(
        WIDE,
        name_en="Abudurexiti-Maimaiti " * 4 + "O’Neill “Ann”",
        unit_en="Institute of Very Long Names and Hyphen-Broken Words, " * 4,
        courses=(
            replace(WIDE.courses[0], name_en="Self-Organizing Large-Scale Systems " * 5),
            *WIDE.courses[1:],
        ),
    ),
    "odd": facts(name_zh="(林) \\ 知 %远 {{x}} <b>&amp;"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_data_are_as_published_and_stand_on_the_pages(
    typefaces: Fonts, schema: jsonschema.Draft202012Validator, kind: str
) -> None:
    data, text = drawn(typefaces, KINDS[kind])
    schema.validate(data)
    assert record.unprinted(data, text) == []
    assert data == record.record(KINDS[kind], ISSUE)


def test_the_data_are_the_facts(typefaces: Fonts) -> None:
    about = KINDS["zh-60"]
    data, _ = drawn(typefaces, about)
    assert data["holder"] == {"name": about.name_zh, "student_number": about.student_number}
    assert data["programme"]["graduated_on"] == "2024-06-30"
    assert data["totals"]["gpa"]["value"] == "3.72"
    assert data["issue"]["issued_on"] == "2026-11-22"
    assert data["$schema"] == "https://registrar.example.edu/schemas/transcript-1.json"
    assert len(data["courses"]) == 60
    for line, given_ in zip(data["courses"], about.courses, strict=True):
        assert (line["code"], line["credits"], line["score"], line["hours"]) == (
            given_.code,
            given_.credits,
            given_.score,
            given_.hours,
        )
        assert line["period_text"] in ("集中", "所级")


def test_terms_that_are_called_alike_do_not_stop_a_transcript(typefaces: Fonts) -> None:
    """The register may hold one term in two spellings; each stands under its own heading."""
    about = facts(count=4)
    terms = ("第一学期", "第一学期", "第一 学期", "第一 学期")
    courses = [replace(line, term=term) for line, term in zip(about.courses, terms, strict=True)]
    data, text = drawn(typefaces, replace(about, courses=tuple(courses)))
    assert record.unprinted(data, text) == []


def changed(data: Data, change: Callable[[Data], object]) -> Data:
    other = deepcopy(data)
    change(other)
    assert other != data
    return other


CHANGES: dict[str, Callable[[Data], object]] = {
    "courses/3": lambda data: data["courses"][3].update(score_text="100"),
    "courses/2": lambda data: data["courses"][2].update(credits="9"),
    "courses/5": lambda data: data["courses"][5].update(degree_course=True),
    "courses/1": lambda data: data["courses"][1].update(name="机器 学习基础"),
    "courses/0": lambda data: data["courses"][0].update(hours=None),
    "courses/6": lambda data: data["courses"][6].update(mark="①"),
    "courses/10": lambda data: data["courses"].reverse(),
    "courses/14": lambda data: data["courses"].pop(),
    "courses/4": lambda data: data["courses"].pop(4),
    "courses/12": lambda data: data["courses"].insert(11, data["courses"][11]),
    "courses/9": lambda data: data["courses"][8].update(score_text="9"),
    "courses/8": lambda data: data["courses"][7].update(degree_course=False),
    "totals/courses": lambda data: data["totals"].update(courses="1"),
    "totals/credits": lambda data: data["totals"].update(credits="38.5"),
    "totals/gpa": lambda data: data["totals"]["gpa"].update(value="3.92"),
    "holder/name": lambda data: data["holder"].update(name="林知"),
    "holder/student_number": lambda data: data["holder"].update(student_number="2021E80001"),
    "programme/level_text": lambda data: data["programme"].update(level_text="博士研究生"),
    "programme/graduated_on": lambda data: data["programme"].update(graduated_on="2023-06-30"),
    "programme/enrolled_on": lambda data: data["programme"].update(enrolled_on="2021-09-02"),
    "issue/code": lambda data: data["issue"].update(code="K7QM3XPA9D2FH5RX"),
    "issue/issued_on": lambda data: data["issue"].update(issued_on="2026-11-23"),
    "notes/1": lambda data: data["notes"].__setitem__(1, "数字成绩为五分制。"),
    "institution/name": lambda data: data["institution"].update(name="科学院大学分校"),
}


@pytest.mark.parametrize("part", CHANGES)
def test_data_that_say_something_else_than_the_page_are_noticed(
    typefaces: Fonts, part: str
) -> None:
    data, text = drawn(typefaces, facts())
    assert part in record.unprinted(changed(data, CHANGES[part]), text)


def test_a_part_of_a_name_or_a_number_is_not_taken_for_the_whole(typefaces: Fonts) -> None:
    """The page says more than the data: «林知远» is not «林知»."""
    data, text = drawn(typefaces, facts())
    for path, value in (("name", "林知"), ("student_number", "2021E80001234")):
        other = deepcopy(data)
        other["holder"][path] = value
        assert record.unprinted(other, text) == [f"holder/{path}"]


@pytest.mark.parametrize("what", ["score", "credits", "name_zh", "code"])
def test_a_page_that_says_something_else_than_the_data_is_not_made(
    typefaces: Fonts, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    about = facts()
    lines = (replace(about.courses[0], **{what: "7"}), *about.courses[1:])
    other = replace(about, courses=lines)
    wrong = record.record(other, ISSUE)
    monkeypatch.setattr(record, "record", lambda *_: wrong)
    with pytest.raises(ValueError, match="courses/0"):
        pages.render(about, fonts=typefaces, issue=ISSUE)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_score_can_be_another_in_the_data(typefaces: Fonts, data: st.DataObject) -> None:
    attached, text = _sixteen(typefaces)
    number = data.draw(st.integers(0, 15))
    score = data.draw(st.sampled_from(["0", "1", "59", "99", "100", "A", "A+", "通过", "优秀"]))
    other = deepcopy(attached)
    if other["courses"][number]["score_text"] != score:
        other["courses"][number]["score_text"] = score
        assert record.unprinted(other, text)


_kept: list[tuple[Data, list[str]]] = []


def _sixteen(typefaces: Fonts) -> tuple[Data, list[str]]:
    if not _kept:
        _kept.append(drawn(typefaces, facts()))
    return _kept[0]


def test_the_same_data_give_the_same_bytes_with_a_line_for_each_part() -> None:
    data = record.record(facts(), ISSUE)
    written = record.as_json(data)
    assert written == record.as_json(dict(reversed(data.items())))
    assert len(written.decode().splitlines()) == len(data) + 2
    assert json.loads(written) == data


def scored(*scores: str, language: Language = Language.ZH) -> TranscriptFacts:
    about = facts(language=language, count=len(scores))
    courses = [replace(line, score=s) for line, s in zip(about.courses, scores, strict=True)]
    return replace(about, courses=tuple(courses))


@pytest.mark.parametrize("language", list(Language))
def test_a_score_that_needs_a_note_leads_to_it(typefaces: Fonts, language: Language) -> None:
    data, text = drawn(typefaces, scored("92", "A-", "通过", "B", language=language))
    letter, word = ("①", "②") if language is Language.ZH else ("¹", "²")
    assert [course.get("mark") for course in data["courses"]] == [None, letter, word, letter]
    page = "".join(text)
    assert page.count(letter) == 3  # twice in the table, once in the notes
    assert page.count(word) == 2
    (scale,) = [note for note in data["notes"] if letter in note]
    assert word in scale


def test_figures_alone_carry_no_marks(typefaces: Fonts) -> None:
    data, text = drawn(typefaces, scored("92", "88.5"))
    assert not any("mark" in course for course in data["courses"])
    assert not set("①②") & set("".join(text))


def test_words_alone_carry_the_first_mark() -> None:
    assert notes.marks(scored("92", "通过")) == {"通过": "①"}


@pytest.mark.parametrize("language", list(Language))
def test_the_institution_says_itself_what_its_letters_mean(
    typefaces: Fonts, language: Language
) -> None:
    about = replace(
        scored("A-", "92", language=language),
        scale_note_zh="字母成绩：A 为 90–100 分。",
        scale_note_en="Letters: A is 90–100.",
    )
    data, _ = drawn(typefaces, about)
    own = about.scale_note_zh if language is Language.ZH else about.scale_note_en
    assert any(own and own in note for note in data["notes"])
    assert not any(EN.letter_note in note for note in data["notes"])


def test_facts_from_before_there_were_notes_on_scales_keep_their_hash() -> None:
    plain = facts()
    assert "scale_note" not in plain.to_json()
    assert TranscriptFacts.from_json(plain.to_json()) == plain
    noted = replace(plain, scale_note_zh="甲", scale_note_en="a")
    assert noted.digest != plain.digest
    assert TranscriptFacts.from_json(noted.to_json()) == noted


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="zone"):
        record.record(facts(), replace(ISSUE, issued_at=ISSUE.issued_at.replace(tzinfo=None)))
