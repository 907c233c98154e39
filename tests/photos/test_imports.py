"""Tables of photographs: what is wrong in a row is named, and the others are taken (P1, P2, P5)."""

from pathlib import Path

import pytest
from sqlalchemy import func, select

from backend.models import CollectionCode, Photographed, PhotoRoster, PhotoSlot
from backend.photos import schedule
from backend.registry.importing import import_file
from backend.registry.report import Report
from tests.backend.scene import SEALER, Scene

SLOTS = "届,培养单位代码,拍摄日期,开始时间,结束时间,组,地点"
ROSTER = "届,学号,所在组"
CODES = "届,学号,图像采集码,有效期至"
TAKEN = "学号,拍摄日期,拍摄方式"


def take(scene: Scene, folder: Path, headings: str, *rows: str) -> Report:
    table = folder / "table.csv"
    table.write_text("\n".join((headings, *rows)) + "\n", encoding="utf-8")
    with scene.office.work() as work:
        return import_file(
            work.session, SEALER, "demo", None, table, all_or_nothing=False, now=work.now
        )


def a_season(scene: Scene, folder: Path) -> None:
    take(scene, folder, SLOTS, "2026,80001,2026-03-16,08:30,09:30,1,多功能厅")


REFUSED = {
    "no unit": (SLOTS, "2026,99999,2026-03-16,08:30,,,多功能厅", "unknown_unit"),
    "backwards": (SLOTS, "2026,80001,2026-03-16,09:30,08:30,,多功能厅", "ends_before_start"),
    "no time": (SLOTS, "2026,80001,2026-03-16,25:00,,,多功能厅", "bad_clock"),
    "no group": (SLOTS, "2026,80001,2026-03-16,08:30,,A,多功能厅", "bad_group"),
    "no season": (SLOTS, "26,80001,2026-03-16,08:30,,,多功能厅", "bad_season"),
    "no place": (SLOTS, "2026,80001,2026-03-16,08:30,,,", "blank"),
    "unknown season": (ROSTER, "2031,20210001,", "unknown_season"),
    "unknown student": (ROSTER, "2026,20219999,", "unknown_person"),
    "staff": (ROSTER, "2026,A1,", "unknown_student"),
    "short code": (CODES, "2026,20210001,abc,", "bad_payload"),
    "code with a space": (CODES, "2026,20210001,abc defghij,", "bad_payload"),
    "tomorrow": (TAKEN, "20210001,2026-03-03,集体", "in_future"),
    "other way": (TAKEN, "20210001,2026-03-01,自拍", "unknown_word"),
}


@pytest.mark.parametrize(("headings", "row", "code"), REFUSED.values(), ids=REFUSED)
def test_a_row_that_cannot_be_is_refused_with_its_reason(
    scene: Scene, tmp_path: Path, headings: str, row: str, code: str
) -> None:
    scene.student("20210001")
    a_season(scene, tmp_path)
    report = take(scene, tmp_path, headings, row)
    assert [problem.code for problem in report.problems] == [code]
    assert report.refused == 1


def test_every_kind_is_told_by_its_headings_and_taken_twice_changes_nothing(
    scene: Scene, tmp_path: Path
) -> None:
    scene.student("20210001")
    tables = [
        (SLOTS, "2026,80001,2026-03-16,08:30,09:30,1,多功能厅", "photo_slots", PhotoSlot),
        (ROSTER, "2026届,20210001,第1组", "photo_roster", PhotoRoster),
        (CODES, "2026,20210001,DEMO-NOT-CHSI-1,2026-12-31", "photo_codes", CollectionCode),
        (TAKEN, "20210001,2026-03-01,补拍", "photographed", Photographed),
    ]
    for headings, row, kind, model in tables:
        first, again = (take(scene, tmp_path, headings, row) for _ in range(2))
        assert (first.kind, first.added, again.added, again.unchanged) == (kind, 1, 0, 1)
        with scene.office.read() as work:
            assert work.session.scalar(select(func.count()).select_from(model)) == 1


def test_an_imported_schedule_counts_for_nobody_until_it_is_published(
    scene: Scene, tmp_path: Path
) -> None:
    a_season(scene, tmp_path)
    with scene.office.read() as work:
        assert schedule.current(work) is None
        assert [draft.state for draft in schedule.drafts(work)] == [schedule.State.DRAFT]


def test_a_code_in_the_wrong_column_or_refused_is_not_repeated_in_the_report(
    scene: Scene, tmp_path: Path
) -> None:
    a_season(scene, tmp_path)
    report = take(scene, tmp_path, CODES, "2026,20219999,SECRET-PAYLOAD-1,", "2026,1,SHORT,")
    assert "SECRET" not in repr(report.problems)
    assert "SHORT" not in repr(report.problems)
