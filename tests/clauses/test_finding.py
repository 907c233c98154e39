"""People who ask are told the right clause, and nothing where the documents are silent."""

from datetime import date
from functools import cache
from pathlib import Path

import pytest

from backend.clauses import shooting
from backend.clauses.clause import Document, Misquoted
from backend.clauses.library import Library, read, shipped
from bot.asking import answer
from nlu.answers import finder as finding
from nlu.answers.finder import ClauseFinder
from nlu.answers.model import AnswerModel
from nlu.answers.train import provenance
from nlu.intents.vectors import embedder
from nlu.normalize import normalize
from tests.clauses import measure

# Shares that hold today, less a little.
FIRST, AMONG, ABSTAINED = 0.87, 0.89, 0.91
STRANGERS_AMONG, STRANGERS_ABSTAINED = 0.91, 0.88
LIGHT_AMONG, LIGHT_ABSTAINED = 0.28, 0.75

FOLDER = Path(__file__).parent
needs_vectors = pytest.mark.skipif(embedder() is None, reason="no sentence vectors here")


@cache
def finder() -> ClauseFinder:
    return ClauseFinder.load()


@cache
def shelf() -> Library:
    return measure.library()


def all_of(pattern: str) -> list[measure.Asked]:
    return [one for path in sorted(FOLDER.glob(pattern)) for one in measure.questions(path)]


@needs_vectors
def test_most_questions_get_their_clause_and_most_without_one_get_none() -> None:
    has, _none = measure.measured(all_of("*-test.yml"), finder(), shelf())
    _has, none = measure.measured(all_of("*-unanswered.yml"), finder(), shelf())
    assert has.first >= FIRST
    assert has.among >= AMONG
    assert none.abstained >= ABSTAINED


@needs_vectors
def test_strangers_get_their_clause_or_none_as_well() -> None:
    has, none = measure.measured(
        [*all_of("strangers-*.yml"), *all_of("blind-second.yml")], finder(), shelf()
    )
    assert has.among >= STRANGERS_AMONG
    assert none.abstained >= STRANGERS_ABSTAINED


def test_letters_alone_answer_what_is_plain_and_keep_silent_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(finding, "embedder", lambda: None)
    has, _none = measure.measured(all_of("*-test.yml"), finder(), shelf())
    _has, none = measure.measured(all_of("*-unanswered.yml"), finder(), shelf())
    assert has.among >= LIGHT_AMONG
    assert none.abstained >= LIGHT_ABSTAINED


@needs_vectors
@pytest.mark.parametrize(
    "question", ["成绩但多少钱一份", "成績單多少錢一份", "成绩单多少钱一份", "程绩单多少钱一份"]
)
def test_a_wrong_character_of_the_same_sound_is_understood(question: str) -> None:
    found = finder().find(question, shelf())
    assert {"T2.fee", "T2.second_same_kind"} & set(found.answering)


@needs_vectors
@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("我大专是2000年毕业的，申请本科毕业传什么材料", "E6e.before2002"),
        ("大专2005年毕业，本科申请毕业要交啥证明", "E6e.from2002"),
        ("我是98年入学的能办电子成绩单吗", "T1.before_2001"),
        ("15年入学的，雁栖湖修的课跟所里修的课能打在同一张成绩单上不", "T1.combined"),
    ],
)
def test_nobody_is_told_the_rule_for_another_year(question: str, clause: str) -> None:
    assert finder().find(question, shelf()).answering[:1] == (clause,)


@needs_vectors
def test_a_unit_that_is_named_gets_its_row_and_nobody_else_does() -> None:
    assert finder().find("软件所是24号上午吗", shelf()).answering[:1] == ("P1.own_slot",)
    assert "P1.own_slot" not in finder().find("化学所什么时候批我的成绩单", shelf()).answering


def test_no_question_that_is_measured_with_was_learnt_from() -> None:
    learnt = {normalize(one) for entry in shelf().entries.values() for one in entry.clause.asked}
    learnt |= set(finding.unanswered())
    assert [one.question for one in all_of("*.yml") if normalize(one.question) in learnt] == []


def test_the_numbers_were_made_from_the_clauses_as_they_are() -> None:
    assert AnswerModel.load().fingerprint == provenance()


def test_every_quote_is_kept_with_the_place_where_it_stands() -> None:
    for entry in shelf().entries.values():
        for quote in entry.document.quoted(entry.clause):
            there = entry.document.text[quote.offset : quote.end]
            assert "".join(there.split()) == "".join(quote.text.split())


def test_what_is_printed_for_a_question_holds_its_quotes_and_the_contradiction() -> None:
    found = finding.Found(("E11.phone-login",), (), 0.9)
    told = answer("技术咨询电话是多少", found, shelf())
    assert told["rules"] == ["E11"]
    assert told["conflicts"] == ["E11.phone-preface"]
    quoted = " ".join(one["text"] for one in told["quotes"])
    assert "400-0960-900" in quoted
    assert "400-0960-990" in quoted
    assert all(one["dated"] == "2020-05" for one in told["quotes"])


def test_what_is_printed_for_a_unit_holds_its_row_with_its_place() -> None:
    told = answer("计算所哪天拍", finding.Found(("P1.own_slot",), (), 0.9), shelf())
    assert "10月24日" in told["answer"]
    row = told["quotes"][0]
    photo = next(one for one in shipped() if one.id == shooting.PHOTO_NOTICE)
    assert "计算技术研究所" in photo.text[row["offset"] : row["end"]]


def test_nothing_is_quoted_where_nothing_is_said() -> None:
    told = answer("审核要几天", finding.Found((), ("T4.approval",), 0.8), shelf())
    assert told["abstained"]
    assert told["answer"] == ""
    assert told["quotes"] == []


def notice(**changed: object) -> Document:
    head = {
        "id": "transcript-2027",
        "title": "《关于调整电子成绩单收费的通知》",
        "issuer": "教务部",
        "dated": "2027-01-01",
        "source": "transcript-2027.txt",
        "supersedes": ["transcript-2020"],
    }
    clause = {
        "id": "N1.fee",
        "rule": "T2",
        "quotes": ["每份成绩单收费 6 元"],
        "en": "Each transcript costs 6 yuan",
        "fact": "每份6元。",
        "fact_en": "6 yuan each.",
        "asked": ["新的收费是多少"],
    }
    return read({"document": head | changed, "clauses": [clause]}, "一、每份成绩单\n收费 6 元。")


def test_a_published_document_marks_what_it_replaces_from_its_day_on() -> None:
    documents = (*shipped(), notice())
    assert Library(documents, date(2026, 12, 31))["T2.fee"].superseded_by is None
    later = Library(documents, date(2027, 1, 1))
    assert later["T2.fee"].superseded_by == later["N1.fee"].document
    assert later["R2.window"].superseded_by is None


def test_a_document_that_quotes_what_it_does_not_say_is_refused() -> None:
    with pytest.raises(ValueError, match=r"N1\.fee"):
        read(
            {
                "document": notice().model_dump(exclude={"text", "clauses"}),
                "clauses": [notice().clauses[0].model_dump() | {"quotes": ["每份成绩单收费 7 元"]}],
            },
            notice().text,
        )
    assert issubclass(Misquoted, ValueError)


def test_every_unit_of_the_annex_has_its_row() -> None:
    photo = next(one for one in shipped() if one.id == shooting.PHOTO_NOTICE)
    rows = shooting.shootings(photo)
    assert len(rows) == photo.text.count("组\n") - photo.text.count("拍摄日期及分组\n")
    assert [row.time for row in shooting.named_in(photo, "化学所哪天拍")] == ["09:30～10:30"]
    assert len(shooting.of_unit(photo, ["校部各院系"])) == 2
    assert {row.group for row in shooting.named_in(photo, "高能物理所几点")} == {1}
    for nickname in (
        "计算所",
        "自动化所",
        "国家天文台",
        "空天院",
        "信工所",
        "Institute of Chemistry",
    ):
        assert len(shooting.named_in(photo, f"我是{nickname}的，哪天拍照")) == 1, nickname
    assert len(shooting.named_in(photo, "物理所和化学所哪天拍")) == 2
    assert not shooting.named_in(photo, "addiction 怎么拍")


@needs_vectors
def test_a_clause_of_a_published_document_is_found_at_once() -> None:
    document = notice(supersedes=[])
    clause = document.clauses[0].model_copy(
        update={
            "id": "N1.lounge",
            "fact": "等候室在二楼，有热水。",
            "asked": ("等候室在哪层", "等成绩单的时候有地方坐吗", "等候室有热水吗"),
        }
    )
    library = Library(
        (*shipped(), document.model_copy(update={"clauses": (clause,)})), date(2027, 1, 1)
    )
    assert "N1.lounge" in ClauseFinder.load().find("等候室在几楼", library).answering
