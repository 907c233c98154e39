"""What stands in the signed file is what was looked at, and what the registry says, to the letter."""

from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from sqlalchemy import select

from backend import credentials, transcripts
from backend.models import Course, Grade, Person
from backend.registry.importing import import_file
from bot.play import Stage
from bot.prepare import sealer
from tests.registry.files import Table, csv_file

NewStage = Callable[..., Stage]


def text_of(stage: Stage, number: str) -> str:
    """All words of the document that was issued for this application."""
    with stage.assistant.office.read() as work:
        case = transcripts.find(work, number)
        assert case is not None
    with stage.assistant.office.read(case.applicant_id) as work:
        _credential, blob = credentials.downloadable(work, case)
    document = pypdfium2.PdfDocument(stage.assistant.office.blobs.get(blob.key))
    try:
        return "\n".join(page.get_textpage().get_text_range() for page in document)
    finally:
        document.close()


# --- the very snapshot (T6) -----------------------------------------------------------------

EMAILED_EVERY_KIND = "20141800000002"  # pays for the first copy too
CORRECTED = "41.5"
ORDERED = f"""人物 小唐 = {EMAILED_EVERY_KIND}

小唐 > 因为求职要中文成绩单带GPA，合在一起
小唐 > [确认订单]
"""


def first_course(stage: Stage) -> tuple[str, str]:
    """The course whose score is corrected, and the score it had."""
    with stage.assistant.office.read() as work:
        row = work.session.execute(
            select(Course.name_zh, Grade.score)
            .join(Grade, Grade.course_id == Course.id)
            .join(Person, Person.id == Grade.student_id)
            .where(Person.number == EMAILED_EVERY_KIND)
            .order_by(Grade.term, Course.code)
        ).first()
    assert row is not None
    return row.name_zh, row.score


def line_with(text: str, words: str) -> str:
    return next(line for line in text.splitlines() if words in line)


@pytest.mark.parametrize("when", ["before the payment", "between payment and issue"])
def test_grades_that_change_after_the_order_do_not_change_what_was_looked_at(
    stage: NewStage, when: str
) -> None:
    played = stage()
    played.play(ORDERED)
    course, score = first_course(played)
    if when == "before the payment":
        played.grade(EMAILED_EVERY_KIND, CORRECTED)
        played.pay("D260302-0001")
    else:
        played.pay("D260302-0001")
        assert any(job.startswith("issue_transcript:") for job in played.jobs.enqueued)
        played.grade(EMAILED_EVERY_KIND, CORRECTED)
    assert first_course(played) == (course, CORRECTED)
    played.news()  # the document is made
    text = text_of(played, "T260302-0001")
    assert score in line_with(text, course)
    assert CORRECTED not in text
    played.play("小唐 > 因为求职要中文成绩单带GPA，合在一起\n小唐 > [确认订单]\n")
    played.pay("D260302-0002")
    played.news()
    assert CORRECTED in line_with(text_of(played, "T260302-0002"), course)


# --- words of the registry, to the letter (T8) ----------------------------------------------

NASTY = "'; DROP TABLE grade; -- <b>粗</b> & {name} %s"
NASTY_EN = '"Q" <i>O\'Neill</i> & Sons; -- {0}'
PEOPLE: Table = [
    ["学号或工号", "姓名", "英文姓名"],
    ["20169999", "赵<b>&'{}", "ZHAO <b>&'; --"],
    ["20169998", "钱😀", "QIAN Xiao"],
]
UNITS: Table = [
    ["培养单位代码", "名称启用日期", "单位中文名称", "单位英文名称"],
    ["99998", "2000-01-01", f"研究所 {NASTY}", f"Institute {NASTY_EN}"],
]
COURSES: Table = [
    ["课程编号", "课程名称", "课程英文名称", "学分", "学时"],
    ["XX1", f"课程 {NASTY}", f"Course {NASTY_EN}", "3", "60"],
]
STUDENTS: Table = [
    [
        *("学号", "培养单位代码", "培养层次", "学位类型", "专业", "专业英文名称"),
        *("入学日期", "毕业日期", "参加北京集中教学"),
    ],
    *(
        [
            *(number, "99998", "硕士", "学术学位", f"专业 {NASTY}", f"Major {NASTY_EN}"),
            *("2016-09-01", "2019-07-01", "是"),
        ]
        for number in ("20169999", "20169998")
    ),
]
GRADES: Table = [
    ["学号", "课程编号", "学年学期", "成绩", "学位课", "教学阶段"],
    ["20169999", "XX1", "2016-2017-1", "92", "是", "集中教学"],
    ["20169998", "XX1", "2016-2017-1", "92", "是", "集中教学"],
]
TABLES = {
    "units": UNITS,
    "people": PEOPLE,
    "students": STUDENTS,
    "courses": COURSES,
    "grades": GRADES,
}


@pytest.fixture
def imported(stage: NewStage, tmp_path: Path) -> Stage:
    """The demo, and what an institution imports with marks in every name."""
    played = stage()
    office = played.assistant.office
    for kind, table in TABLES.items():
        with office.work() as work:
            report = import_file(
                work.session,
                sealer(played.assistant.settings),
                office.institution,
                kind,
                csv_file(tmp_path / f"{kind}.csv", table),
                all_or_nothing=True,
                now=work.now,
            )
        assert (report.problems, report.applied) == ([], True), kind
    return played


def plain(text: str) -> str:
    """Without the breaks and blanks that the lines of a table put in."""
    return "".join(text.split())


@pytest.mark.parametrize("language", ["中文", "英文"])
def test_marks_in_names_are_printed_as_the_letters_they_are(imported: Stage, language: str) -> None:
    imported.play(
        f"人物 小赵 = 20169999\n\n小赵 > {language}成绩单不带GPA，合在一起，因为求职\n小赵 > [确认订单]\n"
    )
    text = plain(text_of(imported, "T260302-0001"))
    english = language == "英文"
    name = PEOPLE[1][2] if english else PEOPLE[1][1]
    printed = [name, UNITS[1][3 if english else 2], STUDENTS[1][5 if english else 4]]
    for words in [*printed, COURSES[1][2 if english else 1]]:
        assert plain(str(words)) in text, words
    assert "&lt;" not in text
    assert "&amp;" not in text
    with imported.assistant.office.read() as work:
        assert work.session.scalar(select(Grade.id).limit(1)) is not None


def test_emoji_in_a_name_is_refused_and_named_and_nothing_is_issued(imported: Stage) -> None:
    played = imported.play("人物 小钱 = 20169998\n\n小钱 > 中文成绩单不带GPA，合在一起，因为求职\n")
    assert "成绩单里有字库没有的字：😀" in played
    assert "（依据 T8）" in played
    assert "[确认订单]" not in played
