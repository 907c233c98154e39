"""Looks through a workbook before it is parsed: how much it holds, and nothing that only swells.

The library that reads workbooks keeps whole parts in memory: every shared string, every row while it
is read, and whatever stands outside the rows. A small file can name gigabytes of each. So every part
is first read as a stream that keeps nothing, and counted.
"""

import zipfile
import zlib
from typing import IO, cast
from xml.parsers import expat

from backend.registry import limits
from backend.registry.limits import MAX_CELL, MEGABYTE, UnreadableFile

MAX_ENTRIES = 1000
MAX_DIRECTORY = MEGABYTE  # bytes that list the entries: fifty and the name for each
MAX_UNPACKED = 320 * MEGABYTE  # a million lines of grades, all parts together
MAX_PART = 256 * MEGABYTE  # a sheet, which is read row by row
MAX_HELD = 48 * MEGABYTE  # any other part, for it is kept in memory
MAX_RATIO = 200  # tables shrink to a tenth or, with much repetition, a hundredth
RATIO_FROM = MEGABYTE  # below it nothing can swell to harm
MAX_STRINGS = 500_000
MAX_OUTSIDE = 200_000  # elements that belong to no row and no string: formats, merged cells
MAX_IN_ROW = 70_000  # elements: the 16,384 cells a spreadsheet has, each with a value
MAX_ROW_TEXT = 4 * MEGABYTE  # characters
MAX_DEPTH = 64
BLOCK = 256 * 1024

_SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main "
_RECORDS = {_SPACE + "worksheet": _SPACE + "row", _SPACE + "sst": _SPACE + "si"}
_CELLS = {_SPACE + "c", _SPACE + "si"}
_STRINGS_TYPE = b"spreadsheetml.sharedStrings+xml"


def check_archive(file: IO[bytes]) -> None:
    """Raises UnreadableFile for what only looks like a workbook or would swell beyond the limits.

    No part ever unpacks to more than it declares: zipfile stops there, here and for the library.
    """
    try:
        check_directory(file)
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
            if "[Content_Types].xml" not in archive.namelist():
                raise UnreadableFile("not_a_table")
            check_sizes(entries)
            roots = {entry.filename: check_part(archive, entry) for entry in entries}
            check_strings(archive.read("[Content_Types].xml"), roots)
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, RuntimeError, zlib.error):
        raise UnreadableFile("damaged_workbook") from None  # RuntimeError: it wants a password


def check_directory(file: IO[bytes]) -> None:
    """The list of entries is read only where it is short. How many it says there are does not count:
    zipfile makes an object of each that it finds, and this sees it find them."""
    with zipfile.ZipFile(cast(IO[bytes], Directory(file))):
        pass


class Directory:
    """A file of which zipfile gets no more at once than a list of entries may be long."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.seek, self.tell = file.seek, file.tell

    def read(self, size: int = -1) -> bytes:
        most = MAX_DIRECTORY + 1
        data = self._file.read(most if size < 0 else min(size, most))
        if len(data) == most:
            raise UnreadableFile("too_many_parts", limit=MAX_ENTRIES)
        return data


def check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_ENTRIES:
        raise UnreadableFile("too_many_parts", limit=MAX_ENTRIES)
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
        raise UnreadableFile("unpacks_too_large", limit=MAX_UNPACKED // MEGABYTE)
    for entry in entries:
        if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise UnreadableFile("damaged_workbook")  # workbooks know no other
        if entry.file_size > MAX_PART:
            raise UnreadableFile("unpacks_too_large", limit=MAX_PART // MEGABYTE)
        if entry.file_size > max(RATIO_FROM, MAX_RATIO * entry.compress_size):
            raise UnreadableFile("swells", part=entry.filename[:60], limit=MAX_RATIO)


def check_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> str:
    """The name of the part's first element, or "" when it is no XML, such as a picture."""
    part = Part(entry)
    with archive.open(entry) as stream:
        try:
            while block := stream.read(BLOCK):
                part.parser.Parse(block, False)
            part.parser.Parse(b"", True)
        except expat.ExpatError:
            if entry.file_size > MAX_HELD:
                raise UnreadableFile("unpacks_too_large", limit=MAX_HELD // MEGABYTE) from None
            return ""
    return part.root


def check_strings(types: bytes, roots: dict[str, str]) -> None:
    """Rows are let go one by one only in a sheet: no sheet may pass itself off as the strings."""
    if _STRINGS_TYPE not in types:
        return
    found: list[str] = []

    def start(_: str, attributes: dict[str, str]) -> None:
        if attributes.get("ContentType", "").encode().endswith(_STRINGS_TYPE):
            found.append(attributes.get("PartName", "").lstrip("/"))

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    try:
        parser.Parse(types, True)
    except expat.ExpatError:
        raise UnreadableFile("damaged_workbook") from None
    if any(roots.get(name, "").endswith(" worksheet") for name in found):
        raise UnreadableFile("damaged_workbook")


class Part:
    """Counts what one part would hold in memory; its parser calls it with every element."""

    def __init__(self, entry: zipfile.ZipInfo) -> None:
        self.size = entry.file_size
        self.root = ""
        self.record = ""  # the element that is let go once it is read
        self.most = 0
        self.depth = self.records = self.outside = 0
        self.inside: int | None = None  # elements of the record that is open
        self.opened = 0  # its depth
        self.row_text = self.cell_text = self.outside_text = 0
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.text

    def doctype(self, *_: object) -> None:
        """Workbooks have none; it is where entities that swell are declared."""
        raise UnreadableFile("damaged_workbook")

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise UnreadableFile("damaged_workbook")
        if not self.root:
            self.begin(name)
        if self.inside is not None:
            self.inside += 1
            if self.inside > MAX_IN_ROW:
                raise UnreadableFile("row_too_large")
        elif name == self.record:
            self.records += 1
            if self.records > self.most:
                code = "too_many_lines" if name.endswith(" row") else "too_many_strings"
                raise UnreadableFile(code, limit=self.most)
            self.inside, self.opened, self.row_text = 0, self.depth, 0
        else:
            self.outside += 1
            if self.outside > MAX_OUTSIDE:
                raise UnreadableFile("too_much_beside_rows", limit=MAX_OUTSIDE)
        if name in _CELLS:
            self.cell_text = 0
        self.text("".join(attributes.values()), cell=False)

    def begin(self, root: str) -> None:
        self.root = root
        self.record = _RECORDS.get(root, "")
        self.most = limits.MAX_LINES if root.endswith(" worksheet") else MAX_STRINGS
        if not root.endswith(" worksheet") and self.size > MAX_HELD:
            raise UnreadableFile("unpacks_too_large", limit=MAX_HELD // MEGABYTE)

    def end(self, _: str) -> None:
        if self.inside is not None and self.depth == self.opened:
            self.inside = None
        self.depth -= 1

    def text(self, data: str, *, cell: bool = True) -> None:
        if self.inside is None:
            self.outside_text += len(data)
            if self.outside_text > MAX_HELD:
                raise UnreadableFile("unpacks_too_large", limit=MAX_HELD // MEGABYTE)
            return
        self.row_text += len(data)
        self.cell_text += len(data) if cell else 0
        if self.cell_text > MAX_CELL:
            raise UnreadableFile("cell_too_long", limit=MAX_CELL)
        if self.row_text > MAX_ROW_TEXT:
            raise UnreadableFile("row_too_large")
