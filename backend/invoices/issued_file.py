"""A file that is said to be an issued invoice: what it is, and the text in it.

Runs in a process of the studio, which has bounds of time and memory, and is imported nowhere else:
files are hostile until read. Nothing in them is parsed as XML; words between tags are words.
"""

import re
import zipfile
import zlib
from collections.abc import Sequence
from html import unescape
from io import BytesIO
from unicodedata import normalize

import pypdfium2

from backend.invoices.issued_seen import OFD, PDF, XML, Seen, Unpacked
from backend.photos.archive import LOCKED, UNREADABLE, check_directory, name_of, wanted
from backend.registry.limits import MEGABYTE

MOST_FILES = 200
MOST_FILE = 5 * MEGABYTE  # an invoice has about 0.1 MB
MOST_UNPACKED = 64 * MEGABYTE
MOST_PAGES = 10
MOST_TEXT = 20_000  # characters
MOST_PARTS = 60  # of an OFD file
MOST_PART = 2 * MEGABYTE
ARCHIVE = "zip"
_TAGS = re.compile(r"<[^<>]{0,2000}>")


def unpacked(data: bytes, name: str) -> Unpacked:
    """The files of a ZIP archive, or the one that this is."""
    if kind_of(data) != ARCHIVE:
        return Unpacked(((name, data if len(data) <= MOST_FILE else None),))
    try:
        check_directory(BytesIO(data))
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = list(wanted(archive.infolist()))
            if not entries:
                return Unpacked(refused="empty")
            if len(entries) > MOST_FILES:
                return Unpacked(refused="too_many_files")
            if sum(min(entry.file_size, MOST_FILE) for entry in entries) > MOST_UNPACKED:
                return Unpacked(refused="too_large")
            return Unpacked(tuple((_base(name_of(one)), _read(archive, one)) for one in entries))
    except UNREADABLE:
        return Unpacked(refused="damaged")


def seen(data: bytes) -> Seen:
    """Never raises for what is in the file, but MemoryError."""
    kind = kind_of(data)
    if kind == PDF:
        text = _of_pdf(data)
    elif kind == OFD:
        text = _of_ofd(data)
    elif kind == XML:
        text = _words([data])
    else:
        return Seen()
    return Seen(kind, " ".join(normalize("NFKC", text[:MOST_TEXT]).split()))


def kind_of(data: bytes) -> str:
    """By what it is, whatever it is called."""
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return PDF
    if data.startswith(b"PK\x03\x04"):
        return OFD if _has_ofd(data) else ARCHIVE
    return XML if data[:200].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<?xml") else ""


def _has_ofd(data: bytes) -> bool:
    try:
        check_directory(BytesIO(data))
        with zipfile.ZipFile(BytesIO(data)) as archive:
            return any(one.filename.lstrip("/") == "OFD.xml" for one in archive.infolist())
    except UNREADABLE:
        return False


def _of_pdf(data: bytes) -> str:
    pages: list[str] = []
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError:
        return ""
    try:
        for place in range(min(len(document), MOST_PAGES)):
            words = document[place].get_textpage()
            if 0 < words.count_chars() <= MOST_TEXT:
                pages.append(words.get_text_range())
    except pypdfium2.PdfiumError:
        return " ".join(pages)
    finally:
        document.close()
    return " ".join(pages)


def _of_ofd(data: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            parts = [one for one in archive.infolist() if one.filename.lower().endswith(".xml")]
            if len(parts) > MOST_PARTS:
                return ""
            contents = [_read(archive, one, MOST_PART) for one in parts]
    except UNREADABLE:
        return ""
    return _words([one for one in contents if one is not None])


def _words(documents: Sequence[bytes]) -> str:
    """What stands between the tags. Pieces of a line of OFD are elements of their own."""
    texts = (one[:MOST_PART].decode("utf-8", "replace") for one in documents)
    return " ".join(unescape(_TAGS.sub(" ", text)) for text in texts)


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int = MOST_FILE) -> bytes | None:
    """None where it is locked, damaged, or more than it may be."""
    if entry.file_size > most or entry.flag_bits & LOCKED:
        return None
    try:
        with archive.open(entry) as file:
            data = file.read(most + 1)
    except (*UNREADABLE, RuntimeError, zlib.error):
        return None
    return data if len(data) <= most else None


def _base(name: str) -> str:
    return name.replace("\\", "/").rsplit("/", 1)[-1]
