"""What the offices export arrives in the registry, once."""

from datetime import date, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select, true

from backend.database import Database
from backend.models import (
    AuditEntry,
    Base,
    Course,
    EmailRequest,
    ExamCandidate,
    ExamCourse,
    ExamCredit,
    ExamMajor,
    ExamOption,
    ExamOptionCourse,
    ExamPlanCourse,
    ExamTicket,
    Grade,
    Person,
    PolicyVersion,
    Role,
    Student,
    TransferIn,
    TransferInCourse,
    Unit,
    UnitName,
)
from backend.registry import taking
from backend.sealing import Sealer
from tests.registry.conftest import NOW, Import
from tests.registry.files import (
    COURSES,
    GRADES,
    PEOPLE,
    STUDENTS,
    TABLES,
    UNITS,
    Table,
    csv_file,
    xlsx_file,
)

MODELS: dict[str, type[Base]] = {
    "units": UnitName,
    "people": Person,
    "students": Student,
    "roles": Role,
    "courses": Course,
    "grades": Grade,
    "email_requests": EmailRequest,
    "exam_courses": ExamCourse,
    "exam_majors": ExamMajor,
    "exam_plans": ExamPlanCourse,
    "exam_options": ExamOption,
    "exam_option_courses": ExamOptionCourse,
    "exam_candidates": ExamCandidate,
    "exam_tickets": ExamTicket,
    "exam_scores": ExamCredit,
    "exam_credits": ExamCredit,
    "transfers_in": TransferInCourse,
}
ONLY = {"exam_scores": ExamCredit.source == "exam", "exam_credits": ExamCredit.source != "exam"}


def rows(database: Database) -> dict[str, int]:
    with database.read() as session:
        return {
            kind: session.scalars(
                select(func.count()).select_from(model).where(ONLY.get(kind, true()))
            ).one()
            for kind, model in MODELS.items()
        }


@pytest.mark.parametrize("form", ["utf-8", "utf-8-sig", "gb18030", "xlsx"])
def test_every_kind_is_recognized_taken_and_taken_again_without_change(
    take: Import, database: Database, tmp_path: Path, form: str
) -> None:
    for kind, table in TABLES.items():
        path = tmp_path / f"{kind}.dat"  # the name says nothing
        if form == "xlsx":
            xlsx_file(path, table)
        else:
            csv_file(path, table, form)
        first = take(path)
        again = take(path)
        count = len(table) - 1
        assert (first.kind, first.added, first.problems) == (kind, count, [])
        assert (again.added, again.changed, again.unchanged) == (0, 0, count)
    assert rows(database) == {kind: len(table) - 1 for kind, table in TABLES.items()}


def test_headings_may_be_english_in_any_order_and_others_are_named(
    take: Import, tmp_path: Path
) -> None:
    table: Table = [
        ["Valid_From", "Unit Name (English)", "memo", "unit code", "unit name（Chinese）"]
    ]
    table.append(["2000-01-01", "Institute of Botany", "x", "9006", "植物研究所"])
    report = take(csv_file(tmp_path / "units.csv", table))
    assert (report.kind, report.added, report.ignored_columns) == ("units", 1, ["memo"])


def test_rows_mean_what_the_office_wrote(filled: Import, database: Database) -> None:
    with database.read() as session:
        enrolled, graduated = session.scalars(
            select(Student).join(Person).order_by(Person.number.desc()).limit(2)
        ).all()
        assert (enrolled.enrolled_on, enrolled.graduated_on) == (date(2023, 9, 1), None)
        assert (enrolled.level, enrolled.kind, enrolled.central_teaching) == (
            "master",
            "academic",
            True,
        )
        assert (graduated.enrolled_on, graduated.graduated_on) == (
            date(2016, 9, 1),
            date(2019, 7, 1),
        )
        assert (graduated.kind, graduated.central_teaching) == ("equivalent", False)
        sport = session.scalars(select(Course).where(Course.code == "GE1")).one()
        assert (sport.credit_tenths, sport.hours) == (5, None)
        grade = session.scalars(select(Grade).where(Grade.score == "A-")).one()
        assert (grade.degree_course, grade.period) == (True, "combined")
        finance = session.scalars(select(Role).where(Role.role == "finance")).one()
        assert finance.unit_id is None
        languages = {
            number: language
            for number, language in session.execute(select(Person.number, Person.language))
        }
        assert languages == {"20231": "zh", "20161": "en", "S1": "zh"}


def test_numbers_and_days_typed_into_a_spreadsheet_are_understood(
    filled: Import, tmp_path: Path, database: Database
) -> None:
    grades: Table = [GRADES[0], [20231, "GE1", "2024-2025-1", 87.0, "是", "集中教学"]]
    report = filled(xlsx_file(tmp_path / "grades.xlsx", grades))
    assert (report.added, report.problems) == (1, [])
    students: Table = [STUDENTS[0], list(STUDENTS[1])]
    students[1][6], students[1][8] = datetime(2023, 9, 1), True  # noqa: DTZ001
    report = filled(xlsx_file(tmp_path / "students.xlsx", students))
    assert (report.unchanged, report.problems) == (1, [])


def test_what_has_changed_is_renewed_and_counted(
    filled: Import, tmp_path: Path, database: Database
) -> None:
    corrected: Table = [list(row) for row in GRADES]
    corrected[1][3] = "95"
    report = filled(csv_file(tmp_path / "grades.csv", corrected))
    assert (report.added, report.changed, report.unchanged) == (0, 1, 2)
    graduating: Table = [list(row) for row in STUDENTS]
    graduating[1][7] = "2026-07-01"
    assert filled(csv_file(tmp_path / "students.csv", graduating)).changed == 1
    with database.read() as session:
        scores = set(session.scalars(select(Grade.score)))
        assert scores == {"95", "通过", "A-"}
        graduated = session.scalars(select(Student.graduated_on).order_by(Student.graduated_on))
        assert list(graduated) == [date(2019, 7, 1), date(2026, 7, 1)]


def test_a_new_name_of_a_unit_leaves_the_old_one(
    filled: Import, tmp_path: Path, database: Database
) -> None:
    renamed: Table = [UNITS[0], ["9001", "2024-01-01", "化学研究院", "Academy of Chemistry"]]
    assert filled(csv_file(tmp_path / "units.csv", renamed)).added == 1
    with database.read() as session:
        names = session.scalars(
            select(UnitName.name_zh)
            .join(Unit)
            .where(Unit.code == "9001")
            .order_by(UnitName.valid_from)
        )
        assert list(names) == ["化学研究所", "化学研究院"]


def test_id_numbers_are_sealed_found_and_never_lost_by_a_blank(
    filled: Import, tmp_path: Path, database: Database, sealer: Sealer
) -> None:
    number = str(PEOPLE[1][4])
    blank: Table = [list(row) for row in PEOPLE]
    blank[1][4] = ""
    assert filled(csv_file(tmp_path / "people.csv", blank)).unchanged == 3
    with database.read() as session:
        person = session.scalars(
            select(Person).where(Person.id_number_index == sealer.index(number.lower()))
        ).one()
        assert person.number == "20231"
        assert person.id_number_sealed is not None
        assert number.encode() not in person.id_number_sealed
        assert sealer.open(person.id_number_sealed) == number


def test_a_column_that_is_not_in_the_file_is_left_as_it_was(
    filled: Import, tmp_path: Path, database: Database
) -> None:
    assert (
        filled(csv_file(tmp_path / "p.csv", [["学号或工号", "姓名"], ["20231", "林若汐"]])).changed
        == 1
    )
    with database.read() as session:
        person = session.scalars(select(Person).where(Person.number == "20231")).one()
    assert (person.name, person.name_en) == ("林若汐", "LIN Ruoxi")
    assert person.id_number_sealed


def test_institutions_do_not_see_each_other(filled: Import, tmp_path: Path) -> None:
    grades = filled(csv_file(tmp_path / "grades.csv", GRADES), institution="other")
    assert {problem.code for problem in grades.problems} == {"unknown_person"}
    courses = filled(csv_file(tmp_path / "courses.csv", COURSES), institution="other")
    assert courses.added == 2


def test_what_looks_like_a_formula_stays_text(
    take: Import, tmp_path: Path, database: Database
) -> None:
    name = '=HYPERLINK("http://example.org","x")'
    people: Table = [PEOPLE[0][:2], ["1", name], ["2", "=1+1"]]
    assert take(xlsx_file(tmp_path / "people.xlsx", people)).added == 2
    with database.read() as session:
        assert set(session.scalars(select(Person.name))) == {name, "=1+1"}


def test_progress_is_told_and_batches_do_not_lose_rows(
    filled: Import, tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "BATCH", 2000)
    people: Table = [["学号或工号", "姓名"]]
    people += [[f"P{n}", f"演示{n}"] for n in range(4500)]
    told: list[int] = []
    report = filled(csv_file(tmp_path / "people.csv", people), progress=told.append)
    assert (report.added, told) == (4500, [2000, 4000, 4500])
    assert rows(database)["people"] == 4503


def test_every_import_that_wrote_is_on_record(filled: Import, database: Database) -> None:
    with database.read() as session:
        entries = session.scalars(select(AuditEntry).order_by(AuditEntry.id)).all()
    imports = [entry.subject for entry in entries if entry.event == "imported"]
    assert imports == [f"import:{kind}" for kind in TABLES]
    assert entries[0].why.startswith("added 2, changed 0, unchanged 0, ended 0, refused 0, sha256 ")


TRANSFERS = TABLES["transfers_in"]


def transfers(database: Database) -> dict[str, tuple[str, bool]]:
    """Each by the province it comes from: its state, and whether it is yet to be told."""
    with database.read() as session:
        found = session.scalars(select(TransferIn)).all()
        return {one.from_province: (one.state, one.told_at is None) for one in found}


def test_a_transfer_follows_the_files_and_its_scores_count_once_it_is_accepted(
    filled: Import, tmp_path: Path, database: Database
) -> None:
    assert transfers(database) == {"江苏": ("invited", True), "浙江": ("reviewing", True)}
    table: Table = [list(row) for row in TRANSFERS]
    state, at, place, reason = 7, 8, 9, 10
    table[1][state] = "已转入"
    table[2][state], table[2][reason] = "未通过", "成绩不符"
    report = filled(csv_file(tmp_path / "t.csv", table))
    assert (report.changed, report.problems) == (2, [])
    assert transfers(database) == {"江苏": ("accepted", True), "浙江": ("rejected", True)}
    with database.read() as session:
        counted = session.scalars(
            select(ExamCredit).where(ExamCredit.source == "transfer_in")
        ).all()
        assert [(one.score, one.passed_month, one.passed) for one in counted] == [
            (70, "2024-10", True)
        ]
        steps = session.scalars(
            select(AuditEntry.event)
            .where(AuditEntry.subject.startswith("W"))
            .order_by(AuditEntry.id)
        ).all()
    assert steps == ["receive", "invite", "receive", "attend", "accept", "reject"]
    table[1][state], table[1][at], table[1][place] = "待现场确认", "2026-12-02 09:00", "2 号楼"
    refused = filled(csv_file(tmp_path / "t.csv", table))
    assert [(p.line, p.code, p.facts) for p in refused.problems] == [
        (2, "bad_state_step", {"now": "accepted"})
    ]


def test_another_appointment_is_another_step_and_the_same_one_is_none(
    filled: Import, tmp_path: Path, database: Database
) -> None:
    table: Table = [list(row) for row in TRANSFERS]
    table[1][8] = "2026-12-03 14:00"
    assert filled(csv_file(tmp_path / "t.csv", table)).changed == 1
    assert filled(csv_file(tmp_path / "t.csv", table)).changed == 0
    with database.read() as session:
        events = session.scalars(
            select(AuditEntry.event).where(AuditEntry.subject.startswith("W"))
        ).all()
    assert events.count("reschedule") == 1


def test_lines_of_one_transfer_that_say_different_things_are_not_guessed_at(
    filled: Import, tmp_path: Path
) -> None:
    table: Table = [list(row) for row in TRANSFERS[:2]]
    table.append([*table[1][:3], "00015", *table[1][4:]])
    table.append([*table[1][:3], "00018", *table[1][4:7], "已确认", *table[1][8:]])
    report = filled(csv_file(tmp_path / "t.csv", table))
    assert {(p.line, p.code) for p in report.problems} == {
        (4, "transfer_contradicts"),
        (2, "with_refused_line"),
        (3, "with_refused_line"),
    }
    assert (report.added, report.unchanged, report.refused) == (0, 0, 3)


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        (3, "99999", "unknown_exam_course"),
        (4, "101", "bad_exam_score"),
        (9, "", "appointment_incomplete"),
    ],
)
def test_no_transfer_comes_in_by_halves(
    filled: Import, tmp_path: Path, database: Database, column: int, value: str, code: str
) -> None:
    table: Table = [list(row) for row in TRANSFERS[:2]]
    table[1][2] = "3201999"
    table.append([*table[1][:3], "00015", *table[1][4:]])
    table[1][column] = value
    if code == "appointment_incomplete":
        table[2][column] = value
    report = filled(csv_file(tmp_path / "half.csv", table))
    assert {(p.line, p.code) for p in report.problems} == {(2, code), (3, "with_refused_line")}
    assert (report.refused, report.added, report.changed) == (2, 0, 0)
    with database.read() as session:
        known = select(func.count()).where(TransferIn.from_ticket == "3201999")
        assert session.scalar(known) == 0


def test_personal_data_of_a_candidate_change_and_are_not_deleted_by_a_blank(
    filled: Import, tmp_path: Path, database: Database, sealer: Sealer
) -> None:
    table: Table = [list(row) for row in TABLES["exam_candidates"]]
    table[1][5], table[1][6] = "15400000009", ""
    assert filled(csv_file(tmp_path / "c.csv", table)).changed == 1
    with database.read() as session:
        one = session.scalars(select(ExamCandidate).where(ExamCandidate.gender == "female")).one()
        assert one.mobile_sealed
        assert one.email_sealed
        assert sealer.open(one.mobile_sealed) == "15400000009"
        assert sealer.open(one.email_sealed) == "a@example.cn"


def test_a_score_passes_by_the_mark_that_the_exam_office_has_published(
    filled: Import, tmp_path: Path, database: Database
) -> None:
    scores = TABLES["exam_scores"][0]
    row = ["010123456789", "00261", "理论", "2026-04", "57", ""]

    def passes() -> bool:
        filled(csv_file(tmp_path / "mark.csv", [scores, row]), "exam_scores")
        with database.read() as session:
            return session.scalars(select(ExamCredit.passed).where(ExamCredit.score == 57)).one()

    assert not passes()
    with database.write() as session:
        session.add(
            PolicyVersion(
                institution_id="ucas",
                name="exam",
                version=1,
                valid_from=date(2026, 1, 1),
                body={"scores": {"pass_mark": 55}},
                published_at=NOW,
            )
        )
    assert passes()
