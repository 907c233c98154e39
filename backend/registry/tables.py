"""Reading a table from CSV or XLSX, whatever somebody has put into the file.

What a file is, its content decides and not its name. Every way in which a file can be wrong ends in
``UnreadableFile`` with a code of ``backend.registry.report``; nothing else is raised for content.
"""

import codecs
import csv
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time
from itertools import islice
from pathlib import Path
from typing import IO, TextIO

from openpyxl import load_workbook

from backend.registry import limits
from backend.registry.archive import check_archive
from backend.registry.limits import MEGABYTE, UnreadableFile

EXACT = 10**15  # spreadsheets keep 15 digits; of longer numbers the end is lost

MARK = "\ufeff"  # at the beginning of a file, to tell its encoding
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a table. ``number`` counts as the spreadsheet or the editor does, from 1."""

    number: int
    cells: list[str]


@contextmanager
def lines(path: Path) -> Iterator[Iterator[Line]]:
    """The lines that are not blank, each cell as text without space around it.

    Formulas are given as they are written, never computed. Raises UnreadableFile, also later while
    the lines are read.
    """
    size = path.stat().st_size
    if size > limits.MAX_FILE:
        raise UnreadableFile("file_too_large", limit=limits.MAX_FILE // MEGABYTE)
    with path.open("rb") as file:
        start = file.read(8)
        file.seek(0)
        if start.startswith(ZIP):
            check_archive(file)
            yield filled(worksheet(file))
        elif start.startswith(OLE):
            raise UnreadableFile("old_or_protected_workbook")
        else:
            yield filled(comma_separated(path, encoding_of(file)))


def filled(source: Iterator[Line]) -> Iterator[Line]:
    empty = True
    for line in source:
        if line.number > limits.MAX_LINES:
            raise UnreadableFile("too_many_lines", limit=limits.MAX_LINES)
        if any(line.cells[limits.MAX_COLUMNS :]):
            raise UnreadableFile("too_many_columns", line=line.number, limit=limits.MAX_COLUMNS)
        if any(len(cell) > limits.MAX_CELL for cell in line.cells):
            raise UnreadableFile("cell_too_long", limit=limits.MAX_CELL)
        if any(line.cells):
            empty = False
            yield line
    if empty:
        raise UnreadableFile("empty_file")


def encoding_of(file: IO[bytes]) -> str:
    """UTF-8, with or without a mark, or else GB18030; the entire file has to be it."""
    for encoding in ("utf-8-sig", "gb18030"):
        file.seek(0)
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            while block := file.read(MEGABYTE):
                if b"\0" in block:
                    raise UnreadableFile("not_a_table")
                decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise UnreadableFile("not_a_table")


class Measured:
    """The lines of a text file, none longer than it may be; a row can have several by quoting."""

    def __init__(self, file: TextIO) -> None:
        self.file = file
        self.number = self.taken = 0  # characters since the row began

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = self.file.readline(limits.MAX_LINE_TEXT + 1 - self.taken)
        if not line:
            raise StopIteration
        self.number += 1
        self.taken += len(line)
        if self.taken > limits.MAX_LINE_TEXT:
            raise UnreadableFile("line_too_long", line=self.number, limit=limits.MAX_LINE_TEXT)
        return line


def comma_separated(path: Path, encoding: str) -> Iterator[Line]:
    with path.open(encoding=encoding, newline="") as file:
        source = Measured(file)
        reader = csv.reader(source, strict=True)
        while True:
            first = reader.line_num + 1
            source.taken = 0
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                if "field larger" in str(error):  # nothing else tells the two apart
                    raise UnreadableFile("cell_too_long", limit=limits.MAX_CELL) from None
                raise UnreadableFile("malformed_csv", line=first) from None
            # GB18030 files can have the mark too, and its decoder leaves it there.
            yield Line(first, [cell.removeprefix(MARK).strip() for cell in cells])


def worksheet(file: IO[bytes]) -> Iterator[Line]:
    """The first sheet. Whatever the library raises on a damaged file means the same."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = load_workbook(file, read_only=True, keep_links=False)
            sheets = book.worksheets
            if not sheets:
                raise UnreadableFile("not_a_table")
            sheets[0].reset_dimensions()  # some programs write them wrong
            rows = sheets[0].iter_rows(max_row=limits.MAX_LINES + 1, values_only=True)
    except UnreadableFile:
        raise
    except Exception:
        raise UnreadableFile("damaged_workbook") from None
    number = 0
    while block := taken(rows):
        for row in block:
            number += 1
            if row.count(None) == len(row) and number <= limits.MAX_LINES:
                continue  # spreadsheets can have a million of them
            yield Line(number, trimmed(["" if cell is None else text(cell) for cell in row]))


def taken(rows: Iterator[tuple[object, ...]]) -> list[tuple[object, ...]]:
    """The next thousand rows, so that warnings are not switched for each single one."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return list(islice(rows, 1000))
    except Exception:
        raise UnreadableFile("damaged_workbook") from None


def trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


def text(value: object) -> str:
    """A cell as it would be typed: 92.0 is "92", a day is "2023-09-01".

    A number too long for a spreadsheet comes out as ``1.1E+17``, which no column of numbers takes:
    its last digits are lost, and a guess at an ID number is worse than none.
    """
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, datetime) and value.time() == time.min:
        value = value.date()
    return str(getattr(value, "text", value)).strip()  # array formulas have a text


def number(value: float) -> str:
    if abs(value) >= EXACT:
        return f"{value:.1E}"
    return str(int(value)) if value == int(value) else str(value)
