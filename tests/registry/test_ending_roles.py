"""Who leaves an office can do nothing more in it, from the moment the file is imported."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from backend.authority import Role, holds, people, units
from backend.clock import SystemClock
from backend.database import Database
from backend.models import AuditEntry, Person
from backend.models import Role as RoleRow
from backend.work import Work
from tests.registry.conftest import NOW, Import
from tests.registry.files import ROLES, Table, csv_file, xlsx_file

HEADINGS = ["学号或工号", "角色", "培养单位代码", "撤销"]
OFFICER = ["S1", "培养单位教育管理干部", "9001"]
FINANCE = ["S1", "财务处", ""]


def held(database: Database) -> set[str]:
    with database.read() as session:
        return set(session.scalars(select(RoleRow.role)))


def work_of(session: Any) -> Work:
    nobody: Any = None
    return Work(session, institution="ucas", actor=None, clock=SystemClock(), jobs=nobody)


@pytest.mark.parametrize("form", [csv_file, xlsx_file])
def test_a_role_that_is_revoked_ends_at_once_and_the_others_stay(
    filled: Import, tmp_path: Path, database: Database, form: Any
) -> None:
    path = form(tmp_path / "roles", [HEADINGS, [*OFFICER, "是"], [*FINANCE, "否"]])
    report = filled(path)
    assert (report.kind, report.ended, report.unchanged, report.rows) == ("roles", 1, 1, 2)
    with database.read() as session:
        work = work_of(session)
        (person,) = session.scalars(select(Person.id).where(Person.number == "S1"))
        assert not holds(work, person, Role.UNIT_OFFICER)
        assert units(work, person, Role.UNIT_OFFICER) == []
        assert people(work, Role.UNIT_OFFICER) == []
        assert holds(work, person, Role.FINANCE)


def test_revoking_again_changes_nothing_and_a_role_can_be_given_again(
    filled: Import, tmp_path: Path, database: Database
) -> None:
    revoking = csv_file(tmp_path / "r.csv", [HEADINGS, [*OFFICER, "是"]])
    giving = csv_file(tmp_path / "g.csv", [HEADINGS, [*OFFICER, ""]])
    assert (filled(revoking).ended, filled(revoking).ended) == (1, 0)
    assert filled(revoking).unchanged == 1
    assert held(database) == {"finance"}
    assert (filled(giving).added, filled(giving).unchanged) == (1, 1)
    assert held(database) == {"finance", "unit_officer"}
    assert filled(revoking).ended == 1


def test_every_role_taken_away_is_on_record_with_who_did_it(
    filled: Import, tmp_path: Path, database: Database
) -> None:
    with database.read() as session:
        (person,) = session.scalars(select(Person.id).where(Person.number == "S1"))
    path = csv_file(tmp_path / "r.csv", [HEADINGS, [*OFFICER, "是"], [*FINANCE, "yes"]])
    filled(path, actor=person)
    filled(path, actor=person)
    with database.read() as session:
        entries = session.scalars(select(AuditEntry).where(AuditEntry.event == "end_role")).all()
        (said, again) = session.scalars(
            select(AuditEntry.why)
            .where(AuditEntry.subject == "import:roles", AuditEntry.actor_id == person)
            .order_by(AuditEntry.id)
        )
    assert [(e.subject, e.from_state, e.to_state, e.why) for e in entries] == [
        (f"person:{person}", "unit_officer", "", "unit 9001"),
        (f"person:{person}", "finance", "", ""),
    ]
    assert {(e.actor_id, e.at) for e in entries} == {(person, NOW)}
    assert "ended 2" in said
    assert "ended 0" in again


def test_a_file_without_the_column_takes_nothing_away(
    filled: Import, tmp_path: Path, database: Database
) -> None:
    filled(csv_file(tmp_path / "r.csv", ROLES[:2]))
    assert held(database) == {"unit_officer", "finance"}


def test_what_is_not_understood_takes_nothing_away(
    filled: Import, tmp_path: Path, database: Database
) -> None:
    table: Table = [
        HEADINGS,
        [*FINANCE, "也许"],
        ["S1", "培养单位教育管理干部", "", "是"],
        ["S1", "培养单位教育管理干部", "9999", "是"],
        ["S9", "财务处", "", "是"],
    ]
    report = filled(csv_file(tmp_path / "r.csv", table))
    assert (report.ended, [p.code for p in report.problems]) == (
        0,
        ["unknown_word", "unit_needed", "unknown_unit", "unknown_person"],
    )
    assert held(database) == {"unit_officer", "finance"}


def test_a_file_that_gives_and_takes_the_same_role_is_refused_there(
    filled: Import, tmp_path: Path, database: Database
) -> None:
    path = csv_file(tmp_path / "r.csv", [HEADINGS, [*FINANCE, "否"], [*FINANCE, "是"]])
    report = filled(path, all_or_nothing=True)
    assert [p.code for p in report.problems] == ["duplicate"]
    assert held(database) == {"unit_officer", "finance"}


def test_all_or_nothing_keeps_every_role_when_a_line_is_wrong(
    filled: Import, tmp_path: Path, database: Database
) -> None:
    path = csv_file(tmp_path / "r.csv", [HEADINGS, [*OFFICER, "是"], ["S9", "财务处", "", "是"]])
    assert not filled(path, all_or_nothing=True).applied
    assert held(database) == {"unit_officer", "finance"}
    with database.read() as session:
        assert not session.scalars(select(AuditEntry).where(AuditEntry.event == "end_role")).all()


def test_nothing_is_taken_away_at_another_institution(
    filled: Import, tmp_path: Path, database: Database
) -> None:
    report = filled(csv_file(tmp_path / "r.csv", [HEADINGS, [*FINANCE, "是"]]), institution="other")
    assert [p.code for p in report.problems] == ["unknown_person"]
    assert held(database) == {"unit_officer", "finance"}
