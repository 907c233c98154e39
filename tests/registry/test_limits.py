"""A small file cannot make the program hold a large one; a large table is still taken."""

import struct
import tracemalloc
import zipfile
from pathlib import Path
from typing import IO, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.registry import archive, limits
from backend.registry.limits import MEGABYTE, UnreadableFile
from backend.registry.report import Problem
from backend.registry.tables import lines
from tests.registry.conftest import Import
from tests.registry.files import GRADES, PEOPLE, Table, csv_file, xlsx_file

SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
STRINGS_HERE = (
    b'<Override PartName="/xl/sharedStrings.xml" ContentType="application/'
    b'vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'
)


def reworked(folder: Path, parts: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> Path:
    """A workbook of grades, some of its parts exchanged."""
    source, path = xlsx_file(folder / "source.xlsx", GRADES), folder / "reworked.xlsx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(path, "w", packing) as new:
        for name in {**dict.fromkeys(old.namelist()), **parts}:
            content = parts[name] if name in parts else old.read(name)
            if name == "[Content_Types].xml":
                content = content.replace(b"</Types>", STRINGS_HERE)
            new.writestr(name, content)
    return path


def refusal(path: Path) -> Problem | None:
    try:
        with lines(path) as found:
            for _ in found:
                pass
    except UnreadableFile as unreadable:
        problem = Problem(0, "", "", unreadable.code, unreadable.facts)
        assert problem.zh
        assert problem.en
        return problem
    return None


def code(path: Path) -> str:
    problem = refusal(path)
    return problem.code if problem else ""


def sheet(rows: str) -> bytes:
    return f'<worksheet xmlns="{SPACE}"><sheetData>{rows}</sheetData></worksheet>'.encode()


def strings(items: str) -> bytes:
    return f'<sst xmlns="{SPACE}">{items}</sst>'.encode()


LAUGHS = (
    '<!DOCTYPE sst [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]>'
    f'<sst xmlns="{SPACE}"><si><t>&b;</t></si></sst>'
).encode()


class Counted:
    """A file that knows the most it was asked for and gave at once."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self.seek, self.tell, self.close = self._file.seek, self._file.tell, self._file.close
        self.most = 0

    def read(self, size: int = -1) -> bytes:
        data = self._file.read(size)
        self.most = max(self.most, len(data))
        return data


@pytest.mark.parametrize("said", [30_000, 3])
def test_archive_of_a_million_entries_is_refused_before_they_are_listed(
    tmp_path: Path, said: int
) -> None:
    """Whatever its end says about how many there are."""
    entry = struct.pack("<4s6H3L5H2L", b"PK\1\2", *[0] * 9, 4, *[0] * 6)
    listed = b"".join(entry + f"{n:04x}".encode() for n in range(30_000))
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, said, said, len(listed), 0, 0)
    path = tmp_path / "many.xlsx"
    path.write_bytes(listed + end)
    with zipfile.ZipFile(path) as whole:
        assert len(whole.infolist()) == 30_000
    file = Counted(path)
    with pytest.raises(UnreadableFile, match="too_many_parts"):
        archive.check_archive(cast(IO[bytes], file))
    file.close()
    assert file.most <= archive.MAX_DIRECTORY + 1


BOMBS: dict[str, tuple[dict[str, bytes], str]] = {
    "one text of many megabytes": (
        {STRINGS: strings(f"<si><t>{'x' * 900_000}</t></si>")},
        "cell_too_long",
    ),
    "strings without end": (
        {STRINGS: strings("<si/>" * (archive.MAX_STRINGS + 1))},
        "swells",
    ),
    "one cell of many megabytes": (
        {SHEET: sheet(f'<row r="1"><c t="inlineStr"><is><t>{"x" * 40_000}</t></is></c></row>')},
        "cell_too_long",
    ),
    "one row of many cells": (
        {SHEET: sheet(f'<row r="1">{"<c/>" * 80_000}</row>')},
        "row_too_large",
    ),
    "attributes of many megabytes": (
        {SHEET: sheet("<row>" + f'<c r="{"A" * 1000}"/>' * 4500 + "</row>")},
        "swells",
    ),
    "elements that are no rows": ({SHEET: sheet("<x/>" * 210_000)}, "too_much_beside_rows"),
    "an entity that swells": ({STRINGS: LAUGHS}, "damaged_workbook"),
    "elements in one another": ({SHEET: sheet("<x>" * 100 + "</x>" * 100)}, "damaged_workbook"),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_workbook_that_only_swells_is_refused_before_it_is_parsed(
    tmp_path: Path, bomb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def parsed(*_: object, **__: object) -> None:
        pytest.fail("it was parsed")

    monkeypatch.setattr("backend.registry.tables.load_workbook", parsed)
    parts, wanted = BOMBS[bomb]
    path = reworked(tmp_path, parts)
    tracemalloc.start()
    try:
        assert code(path) == wanted
        assert tracemalloc.get_traced_memory()[1] < 8 * MEGABYTE
    finally:
        tracemalloc.stop()


def test_what_hardly_shrinks_is_counted_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Stored without compression the ratio says nothing."""
    monkeypatch.setattr(archive, "MAX_STRINGS", 1000)
    path = reworked(tmp_path, {STRINGS: strings("<si/>" * 1001)}, zipfile.ZIP_STORED)
    assert code(path) == "too_many_strings"
    monkeypatch.setattr(archive, "MAX_HELD", MEGABYTE)
    path = reworked(tmp_path, {"xl/styles.xml": b"<a>" + b"x" * MEGABYTE + b"</a>"}, 0)
    assert code(path) == "unpacks_too_large"
    path = reworked(tmp_path, {"xl/media/a.png": b"\x89PNG" + bytes(MEGABYTE)}, 0)
    assert code(path) == "unpacks_too_large"


def test_rows_that_repeat_one_number_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MAX_LINES", 1000)
    path = reworked(tmp_path, {SHEET: sheet('<row r="1"/>' * 1001), STRINGS: strings("")})
    assert code(path) == "too_many_lines"


def test_a_sheet_cannot_pass_itself_off_as_the_strings(tmp_path: Path) -> None:
    path = reworked(tmp_path, {STRINGS: sheet('<row r="1"><c/></row>')})
    assert code(path) == "damaged_workbook"


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packings_that_workbooks_do_not_have_are_refused(tmp_path: Path, packing: int) -> None:
    assert code(reworked(tmp_path, {}, packing)) == "damaged_workbook"


def test_the_refusal_names_the_part_and_the_limit(tmp_path: Path) -> None:
    problem = refusal(reworked(tmp_path, {STRINGS: strings(" " * 3 * MEGABYTE)}))
    assert problem
    assert problem.code == "swells"
    assert STRINGS in problem.en
    assert str(archive.MAX_RATIO) in problem.zh


def test_the_largest_tables_that_offices_have_are_taken(tmp_path: Path) -> None:
    """Repetitive as grades are, with columns that are formatted and empty."""
    row = ["20231800000001", "CH6027", "2023-2024-1", "92", "是", "集中教学"]
    table: Table = [GRADES[0], *([row] * 20_000)]
    with lines(xlsx_file(tmp_path / "g.xlsx", table)) as found:
        assert sum(1 for _ in found) == 20_001
    for text in ("甲", "甲</t></si><si><t>乙"):
        path = reworked(tmp_path, {STRINGS: strings(f"<si><t>{text}</t></si>")})
        assert code(path) == ""
    wide = sheet('<row r="1"><c r="A1" t="inlineStr"><is><t>学号</t></is></c><c r="XFD1"/></row>')
    with lines(reworked(tmp_path, {SHEET: wide, STRINGS: strings("")})) as found:
        assert [line.cells for line in found] == [["学号"]]


@pytest.mark.parametrize("form", [csv_file, xlsx_file])
def test_a_column_too_far_right_is_said_and_not_left_out(tmp_path: Path, form: object) -> None:
    table: Table = [[*PEOPLE[0], *[""] * 50, "备注"], PEOPLE[1]]
    problem = refusal(form(tmp_path / "p", table))  # type: ignore[operator]
    assert problem
    assert (problem.code, problem.facts["line"]) == ("too_many_columns", 1)


def test_a_csv_without_line_breaks_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_bytes(b"a," * (4 * MEGABYTE))
    tracemalloc.start()
    try:
        problem = refusal(path)
        assert tracemalloc.get_traced_memory()[1] < 16 * MEGABYTE
    finally:
        tracemalloc.stop()
    assert problem
    assert (problem.code, problem.facts["line"]) == ("line_too_long", 1)


def test_a_csv_whose_quotation_never_ends_is_not_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text('学号或工号,姓名\n1,"' + '甲\n"",""' * MEGABYTE)
    problem = refusal(path)
    assert problem
    assert problem.code in ("line_too_long", "cell_too_long")


def test_a_cell_of_a_csv_may_be_as_long_as_one_of_a_spreadsheet(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text("a,b\n1," + "x" * limits.MAX_CELL)
    assert code(path) == ""
    path.write_text("a,b\n1," + "x" * (limits.MAX_CELL + 1))
    assert code(path) == "cell_too_long"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("marked", [False, True])
def test_names_arrive_in_every_encoding_with_and_without_the_mark(
    take: Import, tmp_path: Path, encoding: str, marked: bool
) -> None:
    path = csv_file(tmp_path / "p.csv", PEOPLE, encoding)
    if marked and encoding == "gb18030":
        path.write_bytes("\ufeff".encode("gb18030") + path.read_bytes())
    assert take(path).added == 3


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_other_encodings_are_refused_in_words(tmp_path: Path, encoding: str) -> None:
    assert code(csv_file(tmp_path / "p.csv", PEOPLE, encoding)) == "not_a_table"


@given(st.lists(st.sampled_from(['"', ",", "\n", "\r", "甲", "x" * 60_000]), max_size=60))
@settings(max_examples=100, deadline=None)
def test_no_row_is_larger_than_the_limits_whatever_is_quoted(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[str]
) -> None:
    path = tmp_path_factory.mktemp("csv") / "p.csv"
    path.write_text("".join(pieces), newline="")
    try:
        with lines(path) as found:
            for line in found:
                assert sum(map(len, line.cells)) <= limits.MAX_LINE_TEXT
    except UnreadableFile:
        pass
