"""Clauses are what a person would cite: by the document's own structure, in its exact words."""

from datetime import date
from pathlib import Path

import pytest

from backend.clauses.library import FOLDER
from backend.publications.heading import heading
from backend.publications.limits import Unreadable
from backend.publications.reading import read
from backend.publications.splitting import Part, first_sentence, split
from backend.publications.suggesting import MOST, questions
from tests.publications import making
from tests.publications.making import NOTICE

SOURCES = {path.name[0]: path for path in sorted((FOLDER / "documents").glob("*.txt"))}


def squeezed(text: str) -> str:
    return "".join(text.split())


def parts_of(text: str) -> list[Part]:
    return split(text, heading(text))


def clause(parts: list[Part], words: str) -> Part:
    (found,) = [one for one in parts if words in squeezed(one.words)]
    return found


@pytest.mark.parametrize("path", SOURCES.values(), ids=lambda path: path.name)
def test_every_clause_of_the_real_documents_stands_in_them_word_for_word(path: Path) -> None:
    text = path.read_text("utf-8")
    parts = parts_of(text)
    assert 20 <= len(parts) <= 250
    whole = squeezed(text)
    assert all(squeezed(quote) in whole for one in parts for quote in one.quotes)
    assert all(first_sentence(one.words) for one in parts)
    assert all(1 <= len(questions(one.words, one.subject, "")) <= MOST for one in parts)


def test_the_transcript_notice_falls_into_the_clauses_people_cite() -> None:
    parts = parts_of(SOURCES["1"].read_text("utf-8"))
    assert clause(parts, "每份需缴费5元").subject == "收费标准"
    assert (
        clause(parts, "每份需缴费5元").words
        == "2.免费份额下载完之后，如还需下载成绩单，每份需缴费 5元。"
    )
    assert clause(parts, "2013年及以后入学").subject == "服务对象"
    assert clause(parts, "须先预览成绩单").subject == "缴费"
    finance = clause(parts, "010-88256213")
    assert finance.subject == "财务处联系人及联系方式"
    assert "陈老师" in finance.words


def test_the_photo_notice_falls_into_the_clauses_people_cite() -> None:
    parts = parts_of(SOURCES["5"].read_text("utf-8"))
    assert clause(parts, "照片摄制费用为20元").subject == "有关事项及要求"
    card = clause(parts, "学校代码：14430")
    assert card.subject == "图像采集卡填写内容"
    assert "院系代码" in card.words


def test_what_the_documents_say_of_themselves_is_read() -> None:
    notice = heading(SOURCES["1"].read_text("utf-8"))
    assert (notice.title, notice.issuer) == ("关于启用研究生电子成绩单办理系统的通知", "教务部")
    assert notice.dated == date(2020, 4, 30)
    registration = heading(SOURCES["2"].read_text("utf-8"))
    assert registration.title == "关于做好 2022 年第三批次毕业研究生学历证书电子注册工作的通知"
    photo = heading(SOURCES["5"].read_text("utf-8"))
    assert photo.title == "关于京区2025届（预）毕业生图像信息采集工作的通知"
    assert (photo.issuer, photo.dated) == ("中国科学院大学学生处", date(2024, 10, 10))
    assert heading(SOURCES["3"].read_text("utf-8")).dated is None


@pytest.mark.parametrize(
    ("top", "title"),
    [
        ("中国科学院大学\n教务部\n关于调整收费的通知\n", "关于调整收费的通知"),
        (
            "关于调整研究生电子成绩单收费\n和办理时限的通知\n",
            "关于调整研究生电子成绩单收费和办理时限的通知",
        ),
        (f"关于{'很长' * 20}\n的通知\n", f"关于{'很长' * 20}的通知"),
        ("教字〔2026〕1号\n研究生\n学生证管理办法\n", "研究生学生证管理办法"),
        ("一、本通知自即日起实行的通知\n", ""),
    ],
)
def test_a_title_is_neither_the_letterhead_nor_half_of_itself(top: str, title: str) -> None:
    assert heading(f"{top}一、每份8元。\n").title == title


@pytest.mark.parametrize("data", [NOTICE.encode(), making.docx(), making.pdf()])
def test_a_notice_falls_into_the_same_clauses_in_every_format(data: bytes) -> None:
    text = read(data)
    found = heading(text)
    assert found.title == "关于调整研究生电子成绩单收费和办理时限的通知"
    assert found.number == "教字〔2026〕12号"
    assert found.issuer == "中国科学院大学教务部"
    assert (found.dated, found.begins) == (date(2026, 3, 2), date(2026, 4, 1))
    parts = parts_of(text)
    assert [one.subject for one in parts] == [
        "",
        "收费标准",
        "收费标准",
        "培养单位审批",
        "加急办理",
        "窗口服务",
    ]
    assert squeezed(parts[2].words) == "2.免费份额用完之后，每份需缴费8元，退学学生减半收取。"
    assert not any("教务部" in one.words for one in parts)  # the signature is no clause


def test_a_row_of_a_table_is_a_clause() -> None:
    parts = parts_of(read(making.docx(extra=making.table())))
    row = clause(parts, "化学研究所")
    assert row.words == "化学研究所\t4月8日上午\t玉泉路校区"
    assert first_sentence(row.words) == "化学研究所，4月8日上午，玉泉路校区"


def test_articles_and_chapters_of_a_regulation_are_told_apart() -> None:
    text = (
        "学生证管理办法\n第一章 总则\n第一条 为规范学生证管理，制定本办法。\n"
        "第二章 补办\n第二条 遗失学生证的，应当登报声明。\n补办每证收费10元。\n"
        "第三条 补办需提交：\n1.申请表\n2.一寸照片\n第四条 本办法自2026年9月1日起施行。\n"
    )
    parts = parts_of(text)
    assert [squeezed(one.words) for one in parts] == [
        "第一条为规范学生证管理，制定本办法。",
        "第二条遗失学生证的，应当登报声明。",
        "补办每证收费10元。",
        "第三条补办需提交：1.申请表2.一寸照片",
        "第四条本办法自2026年9月1日起施行。",
    ]
    assert [one.subject for one in parts[:3]] == ["总则", "补办", "补办"]
    assert heading(text).begins == date(2026, 9, 1)


def test_a_page_number_in_the_middle_of_a_sentence_is_not_quoted() -> None:
    line = "本通知所称的培养单位是指承担研究生培养任务的研究所和学院以及各个研究中心等"
    text = f"{line}\n- 3 -\n{line}，由教务部解释。\n"
    (only,) = parts_of(text)
    assert only.quotes == (line, f"{line}，由教务部解释。")


def test_words_that_end_in_a_number_after_an_ellipsis_are_a_clause_all_the_same() -> None:
    """Only the leaders of a table of contents are dropped; and nothing of a clause ends its reading."""
    text = (
        "总则…………………… 3\n附则......... 12\n"
        "依次为甲、乙……等若干材料，共计若干项需要提交到教务部的窗口办理的份数一般为\n"
        "本通知所说的其余事项由各培养单位自行决定并报教务部备案其份数一般为不少于2\n"
        "办理时请先致电……联系电话是 010-00000000\n"
    )
    words = [squeezed(one.words) for one in parts_of(text)]
    assert any(one.startswith("依次为甲") and "不少于2" in one for one in words)
    assert any("010-00000000" in one for one in words)
    assert not any("总则" in one or "附则" in one for one in words)


def test_a_document_with_more_clauses_than_anybody_checks_is_refused() -> None:
    with pytest.raises(Unreadable, match="too_many_clauses"):
        parts_of(
            "".join(f"{place % 90 + 1}.这是其中一条，内容各不相同。\n" for place in range(500))
        )


def test_suggested_questions_ask_for_what_the_clause_tells() -> None:
    asked = questions("每份需缴费8元。", "补办学生证", "")
    assert "补办学生证多少钱" in asked
    asked = questions("请于4月8日到玉泉路校区教学楼办理。", "补办学生证", "")
    assert {"补办学生证什么时候", "补办学生证在哪里办"} <= set(asked)
