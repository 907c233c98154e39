"""What the record says, as the rows of a page, in the language of the document."""

from typing import Any

from backend.documents import words
from backend.documents.facts import Language, TranscriptFacts
from backend.documents.notes import score_in_words
from backend.sealing import masked_number
from backend.sharing.making import COURSES, GPA, SCORES

Row = tuple[str, str, str]  # what it is, in Chinese and in English, and what the document says


def table(facts: TranscriptFacts, fields: tuple[str, ...]) -> dict[str, Any]:
    """What was chosen, and no more."""
    zh = facts.language is Language.ZH
    w = words.words(facts.language)
    shown: dict[str, Any] = {"about": about(facts), "courses": [], "scores": False, "sums": []}
    if COURSES in fields:
        shown["scores"] = SCORES in fields
        shown["courses"] = [
            {
                "code": line.code,
                "name": line.name_zh if zh else line.name_en,
                "term": words.term_in_words(line.term, facts.language),
                "credits": line.credits,
                "score": score_in_words(line.score, facts.language) if SCORES in fields else "",
            }
            for line in facts.courses
        ]
        shown["sums"] += [
            ("课程门数", "Courses", str(len(facts.courses))),
            ("总学分", "Total credits", facts.total_credits),
        ]
    if GPA in fields and facts.gpa_value is not None:
        shown["sums"].append(("GPA", "", words.gpa_in_words(facts.gpa_value, facts.gpa_scale)))
        shown["gpa_note"] = (facts.gpa_note_zh if zh else facts.gpa_note_en) or ""
    shown["coverage"] = w.coverage_note[facts.coverage]
    shown["lang"] = "zh-CN" if zh else "en"
    return shown


def about(facts: TranscriptFacts) -> list[Row]:
    zh = facts.language is Language.ZH
    w = words.words(facts.language)
    if facts.graduated_on:
        ended: Row = ("毕业日期", "Graduated on", day(facts.graduated_on, facts.language))
    else:
        ended = ("状态", "Status", w.not_graduated)
    return [
        ("姓名", "Name", facts.name_zh if zh else facts.name_en),
        ("学号", "Student No.", masked_number(facts.student_number)),
        ("培养单位", "Institute", facts.unit_zh if zh else facts.unit_en),
        ("专业", "Major", facts.major_zh if zh else facts.major_en),
        ("培养层次", "Level", w.levels.get(facts.level, facts.level)),
        ("入学日期", "Enrolled on", day(facts.enrolled_on, facts.language)),
        ended,
    ]


def day(iso: str, language: Language) -> str:
    return words.iso_date_in_words(iso, language)
