"""A wrong row is refused with its place and reason, and does no harm to the others."""

import csv
from pathlib import Path

import pytest
from sqlalchemy import func, select

from backend.database import Database
from backend.models import AuditEntry, Grade, Person
from backend.registry.report import WORDS, Problem, Report
from tests.registry.conftest import Import
from tests.registry.files import GRADES, PEOPLE, TABLES, Table, csv_file, xlsx_file
from tests.registry.files_exam import WRONG_EXAM

# What stands in which column of the first row, and the reason that is given
WRONG: list[tuple[str, str, object, str]] = [
    ("units", "培养单位代码", "90 01", "bad_code"),
    ("units", "培养单位代码", "9001.0", "number_as_decimal"),
    ("units", "名称启用日期", "2000-02-30", "bad_date"),
    ("units", "名称启用日期", "1.1.2000", "bad_date"),
    ("units", "单位中文名称", "", "blank"),
    ("units", "单位中文名称", "长" * 101, "too_long"),
    ("units", "单位英文名称", "Institute\nof", "control_character"),
    ("people", "学号或工号", "=1+1", "bad_code"),
    ("people", "学号或工号", "20231.0", "number_as_decimal"),
    ("people", "姓名", "", "blank"),
    ("people", "使用语言", "法文", "unknown_word"),
    ("people", "身份证号", "110105194912310021", "bad_id_number"),
    ("people", "身份证号", "000000199001010000", "bad_id_number"),
    ("students", "学号", "404", "unknown_person"),
    ("students", "培养单位代码", "404", "unknown_unit"),
    ("students", "培养层次", "本科", "unknown_word"),
    ("students", "学位类型", "无", "unknown_word"),
    ("students", "入学日期", "", "blank"),
    ("students", "入学日期", "0023-09-01", "bad_date"),
    ("students", "毕业日期", "2023-08-31", "graduated_before_enrolled"),
    ("students", "毕业日期", "2026-11-23", "in_future"),
    ("students", "参加北京集中教学", "也许", "unknown_word"),
    ("roles", "学号或工号", "404", "unknown_person"),
    ("roles", "角色", "校长", "unknown_word"),
    ("roles", "培养单位代码", "404", "unknown_unit"),
    ("roles", "培养单位代码", "", "unit_needed"),
    ("courses", "课程编号", "量子", "bad_code"),
    ("courses", "学分", "3.25", "bad_credits"),
    ("courses", "学分", "-1", "bad_credits"),
    ("courses", "学时", "6.5", "bad_hours"),
    ("courses", "学时", "99999", "bad_hours"),
    ("grades", "学号", "404", "unknown_person"),
    ("grades", "学号", "S1", "unknown_student"),
    ("grades", "课程编号", "404", "unknown_course"),
    ("grades", "学年学期", "2023-2025-1", "bad_term"),
    ("grades", "学年学期", "2023-2024-4", "bad_term"),
    ("grades", "学年学期", "2027-2028-1", "in_future"),
    ("grades", "成绩", "101", "bad_score"),
    ("grades", "成绩", "100.5", "bad_score"),
    ("grades", "成绩", "-5", "bad_score"),
    ("grades", "成绩", "A++", "bad_score"),
    ("grades", "成绩", "９２", "bad_score"),
    ("grades", "学位课", "", "blank"),
    ("grades", "教学阶段", "暑期", "unknown_word"),
    ("email_requests", "学号", "S1", "unknown_student"),
    ("email_requests", "成绩单语言", "法文", "unknown_word"),
    ("email_requests", "GPA", "4.0", "unknown_word"),
    ("email_requests", "申请日期", "2027-01-01", "in_future"),
    *WRONG_EXAM,
]


@pytest.mark.parametrize("kind", TABLES)
def test_a_wrong_cell_is_named_with_its_line_and_reason(
    filled: Import, tmp_path: Path, kind: str
) -> None:
    for column, value, code in [row[1:] for row in WRONG if row[0] == kind]:
        table = [list(row) for row in TABLES[kind]]
        table[1][table[0].index(column)] = value
        report = filled(csv_file(tmp_path / "wrong.csv", table), kind)
        assert [(p.line, p.column, p.code) for p in report.problems] == [(2, column, code)]
        assert (report.refused, report.unchanged) == (1, len(table) - 2)
        assert report.applied


def test_quantities_and_months_that_a_spreadsheet_has_rewritten_are_understood(
    filled: Import, tmp_path: Path
) -> None:
    for kind, column, value in (
        ("exam_scores", "成绩", "59.0"),
        ("exam_scores", "考次", "2025-10-01"),
        ("courses", "学时", f"{TABLES['courses'][1][TABLES['courses'][0].index('学时')]}.0"),
    ):
        table = [list(row) for row in TABLES[kind]]
        table[1][table[0].index(column)] = value
        report = filled(csv_file(tmp_path / "rewritten.csv", table), kind)
        assert (report.problems, report.added, report.changed) == ([], 0, 0)


def test_codes_without_their_zeros_are_told_what_to_do(filled: Import, tmp_path: Path) -> None:
    table = [list(row) for row in TABLES["exam_scores"]]
    table[1][table[0].index("课程代码")] = 15
    for path in (
        csv_file(tmp_path / "lost.csv", table),
        csv_file(tmp_path / "lost-gb.csv", table, "gb18030"),
        csv_file(tmp_path / "lost-bom.csv", table, "utf-8-sig"),
        xlsx_file(tmp_path / "lost.xlsx", table),
    ):
        (problem,) = filled(path, all_or_nothing=True).problems
        assert (problem.line, problem.column, problem.value) == (2, "课程代码", "15")
        assert "文本" in problem.zh
        assert "text" in problem.en


def test_an_exam_ticket_never_goes_to_another_person(filled: Import, tmp_path: Path) -> None:
    table: Table = [["准考证号", "学号或工号"], ["010123456789", "20161"]]
    report = filled(csv_file(tmp_path / "tickets.csv", table))
    assert [(p.column, p.code) for p in report.problems] == [("准考证号", "ticket_of_another")]
    assert (report.changed, report.refused) == (0, 1)


def test_a_role_of_the_whole_institution_takes_no_unit(filled: Import, tmp_path: Path) -> None:
    table: Table = [["学号或工号", "角色", "培养单位代码"], ["S1", "财务处", "9001"]]
    report = filled(csv_file(tmp_path / "roles.csv", table))
    assert [p.code for p in report.problems] == ["unit_not_allowed"]


def test_the_same_thing_twice_is_refused_only_when_it_differs(
    filled: Import, tmp_path: Path
) -> None:
    first: list[object] = ["20231", "CH1", "2024-2025-1", "80", "是", "集中教学"]
    other: list[object] = ["20231", "CH1", "2024-2025-1", "90", "是", "集中教学"]
    report = filled(csv_file(tmp_path / "g.csv", [GRADES[0], first, first, other]))
    assert (report.added, report.unchanged, report.refused) == (1, 1, 1)
    (problem,) = report.problems
    assert (problem.line, problem.code, problem.facts) == (4, "duplicate", {"first": 2})


def test_all_or_nothing_writes_nothing_when_one_row_is_wrong(
    filled: Import, tmp_path: Path, database: Database
) -> None:
    table: Table = [*GRADES, ["20231", "CH1", "2024-2025-1", "80", "是", "集中教学"]]
    table.append(["20231", "GE1", "2024-2025-1", "800", "是", "集中教学"])
    path = csv_file(tmp_path / "g.csv", table)
    with database.read() as session:
        entries = session.scalar(select(func.count(AuditEntry.id)))
    report = filled(path, all_or_nothing=True)
    assert (report.applied, report.added, report.refused) == (False, 1, 1)
    with database.read() as session:
        assert session.scalar(select(func.count(Grade.id))) == 3
        assert session.scalar(select(func.count(AuditEntry.id))) == entries
    assert filled(path).applied
    with database.read() as session:
        assert session.scalar(select(func.count(Grade.id))) == 4


def test_more_cells_than_headings_are_not_dropped_silently(filled: Import, tmp_path: Path) -> None:
    report = filled(csv_file(tmp_path / "g.csv", [GRADES[0], [*GRADES[1], "多"]]))
    assert [p.code for p in report.problems] == ["too_many_cells"]


def test_a_long_number_that_a_spreadsheet_has_rounded_is_refused(
    filled: Import, tmp_path: Path
) -> None:
    people: Table = [PEOPLE[0], ["20231", "林若溪", "", "", 110105194912310020]]
    report = filled(xlsx_file(tmp_path / "p.xlsx", people))
    assert [p.code for p in report.problems] == ["bad_id_number"]


def test_passports_are_taken_when_they_are_allowed(
    filled: Import, tmp_path: Path, database: Database
) -> None:
    people: Table = [PEOPLE[0], ["F1", "Maria", "", "", "pa1234567"]]
    path = csv_file(tmp_path / "p.csv", people)
    assert filled(path).refused == 1
    assert filled(path, strict=False).added == 1
    with database.read() as session:
        assert session.scalars(select(Person).where(Person.number == "F1")).one().id_number_index


@pytest.mark.parametrize("column", [1, 4])
def test_id_numbers_are_masked_in_reports_in_whatever_column(
    filled: Import, tmp_path: Path, column: int
) -> None:
    row: list[object] = ["1 1", "某", "", "", ""]
    row[0] = "11010519491231002X 某"
    row[column] = "110105194912310021"
    report = filled(csv_file(tmp_path / "p.csv", [PEOPLE[0], row]))
    target = tmp_path / "report.csv"
    report.write_csv(target)
    assert report.problems
    assert "19491231" not in target.read_text(encoding="utf-8-sig")
    assert "19491231" not in repr(report)


def test_a_report_is_a_table_that_no_spreadsheet_computes(filled: Import, tmp_path: Path) -> None:
    table = [list(row) for row in GRADES]
    table[1][3] = "=1+1"
    table[2][3] = "101"
    filled(csv_file(tmp_path / "g.csv", table)).write_csv(tmp_path / "report.csv")
    with (tmp_path / "report.csv").open(encoding="utf-8-sig", newline="") as file:
        head, first, second = csv.reader(file)
    assert head[0] == "行 line"
    assert first[:4] == ["2", "成绩", "'=1+1", "bad_score"]
    assert second[4].startswith("不是有效成绩")
    assert second[5].startswith("Not a score")


def test_every_reason_has_words_in_both_languages() -> None:
    facts: dict[str, object] = dict.fromkeys(
        ("limit", "line", "first", "heading", "missing", "kinds", "allowed", "part", "now"), 1
    )
    for code, (zh, en) in WORDS.items():
        problem = Problem(1, "", "", code, facts)
        assert problem.zh
        assert problem.en
        assert problem.en.isascii() or "通过" in en or "–" in en
        assert not zh.isascii()


def test_a_report_counts_every_row() -> None:
    assert Report("grades", added=1, changed=2, unchanged=3, refused=4).rows == 10
