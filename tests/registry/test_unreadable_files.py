"""Whatever somebody sends instead of a table gets a clear answer and changes nothing."""

import io
import zipfile
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from backend.registry import archive, limits, taking
from backend.registry.columns import kind_of
from backend.registry.limits import UnreadableFile
from backend.registry.report import Problem
from backend.registry.tables import lines
from tests.registry.conftest import Import
from tests.registry.files import GRADES, TABLES, Table, csv_file, xlsx_file

BYTES = {
    "empty_file": [b"", b"\xef\xbb\xbf", b"\n\n,,\n", " \u3000,\n".encode()],
    "not_a_table": [b"%PDF-1.7\n\xff\xfe\x00", b"\x89PNG\r\n\x1a\n\x00", "a,b".encode("utf-16")],
    "old_or_protected_workbook": [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512)],
    "damaged_workbook": [b"PK\x03\x04 and then nothing of a workbook"],
    "malformed_csv": ['学号,"课程编号\n1,2'.encode(), '学号,"课"程\n'.encode()],
    "unknown_kind": ["甲,乙\n1,2\n".encode(), "学号或工号\n".encode()],
    "heading_twice": ["学号或工号,姓名,name\n1,2,3\n".encode()],
    "missing_columns": ["学号,课程编号\n1,2\n".encode()],
}


@pytest.mark.parametrize(("code", "content"), [(c, b) for c, all_ in BYTES.items() for b in all_])
def test_a_file_that_is_no_table_is_refused_as_a_whole(
    take: Import, tmp_path: Path, code: str, content: bytes
) -> None:
    path = tmp_path / "file.csv"
    path.write_bytes(content)
    kind = {"missing_columns": "grades", "heading_twice": "people"}.get(code)
    report = take(path, kind)
    assert not report.applied
    assert [(p.line, p.code) for p in report.problems] == [(0, code)]
    assert report.problems[0].zh


def test_missing_columns_are_named(take: Import, tmp_path: Path) -> None:
    path = csv_file(tmp_path / "g.csv", [row[:4] for row in GRADES])
    assert "学位课、教学阶段" in take(path, "grades").problems[0].zh


def test_a_file_that_breaks_off_leaves_nothing_half_imported(
    filled: Import, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taking, "BATCH", 1000)  # some of them are written when it breaks off
    path = tmp_path / "people.csv"
    rows = "".join(f"P{n},演示\n" for n in range(2500))
    path.write_text(f'学号或工号,姓名\n{rows}X,"broken', encoding="utf-8")
    report = filled(path)
    assert [p.code for p in report.problems] == ["malformed_csv"]
    path.write_text(f"学号或工号,姓名\n{rows}", encoding="utf-8")
    assert filled(path).added == 2500


def test_an_unknown_institution_is_refused(take: Import, tmp_path: Path) -> None:
    report = take(csv_file(tmp_path / "g.csv", GRADES), institution="nowhere")
    assert [p.code for p in report.problems] == ["unknown_institution"]


def test_files_that_unpack_to_something_huge_are_not_unpacked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MAX_UNPACKED", 4 * limits.MEGABYTE)
    path = xlsx_file(tmp_path / "bomb.xlsx", GRADES)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as added:
        added.writestr("xl/sharedStrings2.xml", bytes(5 * limits.MEGABYTE))
    assert path.stat().st_size < limits.MEGABYTE
    assert code_of(path) == "unpacks_too_large"


def test_files_that_are_too_large_are_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_FILE", 10)
    assert code_of(csv_file(tmp_path / "g.csv", GRADES)) == "file_too_large"


def test_a_sheet_that_claims_a_row_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_LINES", 1000)
    source, path = xlsx_file(tmp_path / "a.xlsx", GRADES), tmp_path / "b.xlsx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name.endswith("sheet1.xml"):
                content = content.replace(b'<row r="4"', b'<row r="9999999999"')
            new.writestr(name, content)
    assert code_of(path) == "too_many_lines"


def test_a_workbook_of_another_sort_of_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "archive.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "学号")
    assert code_of(path) == "not_a_table"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
    assert code_of(path) == "damaged_workbook"


def test_an_empty_workbook_is_called_empty(tmp_path: Path) -> None:
    book = Workbook()
    book.save(tmp_path / "empty.xlsx")
    book.close()
    assert code_of(tmp_path / "empty.xlsx") == "empty_file"


def test_lines_are_counted_as_the_spreadsheet_counts_them(tmp_path: Path) -> None:
    spaced: Table = [[""], *GRADES[:2], [""], [""], *GRADES[2:]]
    for path in (csv_file(tmp_path / "g.csv", spaced), xlsx_file(tmp_path / "g.xlsx", spaced)):
        with lines(path) as found:
            assert [line.number for line in found] == [2, 3, 6, 7]


@pytest.mark.parametrize("kind", TABLES)
def test_headings_alone_tell_the_kind(kind: str) -> None:
    assert kind_of([str(cell) for cell in TABLES[kind][0]]) == kind


def code_of(path: Path) -> str | None:
    """Reads to the end; None when nothing was wrong. Any other error fails the test."""
    try:
        with lines(path) as found:
            for line in found:
                assert all(isinstance(cell, str) for cell in line.cells)
    except UnreadableFile as unreadable:
        problem = Problem(0, "", "", unreadable.code, unreadable.facts)
        return problem.code if problem.zh and problem.en else "without words"
    return None


@given(st.binary(max_size=2000) | st.text(max_size=500).map(lambda t: t.encode("utf-8", "ignore")))
@settings(max_examples=300, deadline=None)
def test_no_bytes_whatsoever_cause_a_crash(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "file")
        path.write_bytes(content)
        assert code_of(path) != "without words"


@cache
def workbook() -> bytes:
    """Always the same bytes; a workbook holds the time at which it was made."""
    with TemporaryDirectory() as folder:
        return xlsx_file(Path(folder, "file.xlsx"), GRADES).read_bytes()


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_no_damage_to_a_workbook_causes_a_crash(data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "file.xlsx")
        content = bytearray(workbook())
        for _ in range(data.draw(st.integers(1, 8))):
            place = data.draw(st.integers(0, len(content) - 1))
            content[place] = data.draw(st.integers(0, 255))
        path.write_bytes(content[: data.draw(st.integers(4, len(content)))])
        assert code_of(path) != "without words"


@given(st.data())
@settings(max_examples=100, deadline=None)
def test_no_damage_inside_a_sheet_causes_a_crash(data: st.DataObject) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder, "file.xlsx")
        with zipfile.ZipFile(io.BytesIO(workbook())) as old, zipfile.ZipFile(path, "w") as new:
            spoiled = data.draw(st.sampled_from(old.namelist()))
            for name in old.namelist():
                content = bytearray(old.read(name))
                if name == spoiled:
                    place = data.draw(st.integers(0, len(content) - 1))
                    content[place : place + data.draw(st.integers(0, 9))] = data.draw(
                        st.binary(max_size=9)
                    )
                new.writestr(name, bytes(content))
        assert code_of(path) != "without words"
