"""The words of a DOCX: an archive of XML, of which only the main part is opened (ECMA-376, part 1, 17)."""

from collections.abc import Iterator
from io import BytesIO
from xml.etree.ElementTree import Element, ParseError
from zipfile import BadZipFile, ZipFile
from zlib import error as Damaged

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from backend.publications.limits import MOST_XML, Unreadable

MAIN = "word/document.xml"
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_GONE = frozenset({f"{_W}del", f"{_W}moveFrom", f"{_W}instrText", _FALLBACK})
_PARTS = frozenset(f"{_W}{kind}" for kind in ("p", "tbl", "tr", "tc"))
_BREAKS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}


def text_of(data: bytes) -> str:
    """A line a paragraph, a line a row of a table. Raises :class:`Unreadable`."""
    try:
        root = fromstring(_main(data), forbid_dtd=True)
    except (ParseError, DefusedXmlException) as error:
        raise Unreadable("damaged") from error
    body = root.find(f"{_W}body")
    return "\n".join(_blocks(body)) if body is not None else ""


def _main(data: bytes) -> bytes:
    try:
        with ZipFile(BytesIO(data)) as archive:
            if MAIN not in archive.namelist():
                raise Unreadable("not_a_document")
            with archive.open(MAIN) as part:
                xml = part.read(MOST_XML + 1)
    except (BadZipFile, Damaged, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise Unreadable("damaged") from error
    if len(xml) > MOST_XML:
        raise Unreadable("too_large", MOST_XML)
    return xml


def _blocks(element: Element) -> Iterator[str]:
    """Paragraphs and rows in their order, whatever wraps them (content controls, revisions)."""
    for child in element:
        if child.tag == f"{_W}p":
            yield _words(child)
        elif child.tag == f"{_W}tbl":
            yield from _rows(child)
        elif child.tag not in _GONE:
            yield from _blocks(child)


def _rows(table: Element) -> Iterator[str]:
    """The rows of a table that stands in a cell come after the row of that cell."""
    for row in _parts(table, "tr"):
        cells = list(_parts(row, "tc"))
        yield "\t".join(map(_cell, cells))
        for cell in cells:
            for inner in _parts(cell, "tbl"):
                yield from _rows(inner)


def _cell(cell: Element) -> str:
    return " ".join(" ".join(_words(one).split()) for one in _parts(cell, "p")).strip()


def _parts(element: Element, kind: str) -> Iterator[Element]:
    """Its own of that kind, whatever wraps them, and none of what stands in another part."""
    for child in element:
        if child.tag == f"{_W}{kind}":
            yield child
        elif child.tag not in _GONE and child.tag not in _PARTS:
            yield from _parts(child, kind)


def _words(element: Element) -> str:
    """What is printed of it: nothing deleted, nothing hidden."""
    found = []
    for child in element:
        if child.tag == f"{_W}t":
            found.append(child.text or "")
        elif child.tag in _BREAKS:
            found.append(_BREAKS[child.tag])
        elif child.tag == f"{_W}r" and child.find(f"{_W}rPr/{_W}vanish") is not None:
            continue
        elif child.tag not in _GONE:
            found.append(_words(child))
    return "".join(found)
