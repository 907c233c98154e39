"""Working on files as attackers do: on their bytes, and by updates that leave every byte before."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from asn1crypto import cms
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

_RANGE = re.compile(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)\] *")
_STARTXREF = re.compile(rb"startxref\s+(\d+)")


@dataclass(frozen=True, slots=True)
class Range:
    """The first byte range of a file: ``first`` to ``past`` is how it is written."""

    first: int
    past: int
    start: int  # of "<"
    end: int  # past ">"
    rest: int


def byte_range(pdf: bytes) -> Range:
    found = _RANGE.search(pdf)
    assert found
    _zero, start, end, rest = map(int, found.groups())
    return Range(*found.span(), start, end, rest)


def covered(pdf: bytes) -> bytes:
    """The part of a file that its first signature is in, the whole of it where nothing follows."""
    place = byte_range(pdf)
    return pdf[: place.end + place.rest]


def with_range(pdf: bytes, said: bytes) -> bytes:
    """Write something else where the byte range is said, and move nothing."""
    place = byte_range(pdf)
    room = place.past - place.first
    assert len(said) <= room
    return pdf[: place.first] + said.ljust(room) + pdf[place.past :]


def with_hole(pdf: bytes, put: bytes) -> bytes:
    """Put something in the place of "<…>", and move nothing."""
    place = byte_range(pdf)
    room = place.end - place.start
    assert len(put) <= room
    return pdf[: place.start] + put.ljust(room) + pdf[place.end :]


def container(pdf: bytes) -> bytes:
    """The CMS object in DER."""
    place = byte_range(pdf)
    data = bytes.fromhex(pdf[place.start + 1 : place.end - 1].decode())
    return data[: 4 + int.from_bytes(data[2:4])]


def with_container(pdf: bytes, der: bytes) -> bytes:
    place = byte_range(pdf)
    digits = der.hex().upper().encode().ljust(place.end - place.start - 2, b"0")
    return with_hole(pdf, b"<" + digits + b">")


def edited(pdf: bytes, edit: Callable[[cms.SignedData], None]) -> bytes:
    """With other things said in the CMS object."""
    content = cms.ContentInfo.load(container(pdf))
    edit(content["content"])
    return with_container(pdf, content.dump(force=True))


class Update(IncrementalPdfFileWriter):
    """Changes what it is told to, and leaves dates and names of programs alone."""

    def _update_meta(self) -> None:
        pass


def updated(pdf: bytes, change: Callable[[Update], None]) -> bytes:
    writer = Update(BytesIO(pdf), strict=False)
    change(writer)
    out = BytesIO()
    writer.write(out)
    data = out.getvalue()
    assert data.startswith(pdf)
    assert len(data) > len(pdf)
    return data


def dictionary(**entries: Any) -> generic.DictionaryObject:
    """``Type="/Page"``: words with a slash are names."""
    return generic.DictionaryObject(
        {pdf_name(f"/{name}"): _value(value) for name, value in entries.items()}
    )


def _value(value: Any) -> Any:
    if isinstance(value, str):
        return pdf_name(value) if value.startswith("/") else generic.pdf_string(value)
    if isinstance(value, bool):
        return generic.BooleanObject(value)
    if isinstance(value, int | float):
        return generic.NumberObject(value)
    if isinstance(value, list | tuple):
        return generic.ArrayObject(map(_value, value))
    return value


def stream(data: bytes, **entries: Any) -> generic.StreamObject:
    return generic.StreamObject(dictionary(**entries), stream_data=data)


def pages(writer: Update | PdfFileReader) -> generic.ArrayObject:
    found = writer.root["/Pages"]["/Kids"]
    assert isinstance(found, generic.ArrayObject)
    return found


def put(writer: Update, holder: Any, key: str, value: Any) -> None:
    holder[pdf_name(key)] = value
    writer.update_container(holder)


def add_to(writer: Update, holder: Any, key: str, value: Any) -> None:
    """To an array, which is made where there is none."""
    if key not in holder:
        holder[pdf_name(key)] = generic.ArrayObject()
        writer.update_container(holder)
    holder[key].append(value)
    writer.update_container(holder[key])
    writer.update_container(holder)


def number_of(pdf: bytes, found: Callable[[PdfFileReader], Any]) -> int:
    """Of the object that a reference leads to."""
    reference = found(PdfFileReader(BytesIO(pdf), strict=False))
    assert isinstance(reference, generic.IndirectObject)
    return reference.idnum


def last_xref(pdf: bytes) -> int:
    return int(_STARTXREF.findall(pdf)[-1])


def section(
    pdf: bytes,
    objects: Iterable[tuple[int, bytes]],
    *,
    prev: int | None = None,
    root: int | None = None,
    extra: bytes = b"",
) -> bytes:
    """An update written by hand: the objects, their table, a trailer."""
    reader = PdfFileReader(BytesIO(pdf), strict=False)
    trailer = reader.trailer
    catalog = root or trailer.raw_get("/Root").idnum
    size = int(trailer["/Size"])
    out, table = bytearray(pdf), bytearray(b"xref\n")
    for number, body in objects:
        table += b"%d 1\n%010d 00000 n \n" % (number, len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
        size = max(size, number + 1)
    at = len(out)
    before = last_xref(pdf) if prev is None else prev
    out += table
    out += b"trailer\n<< /Size %d /Root %d 0 R /Prev %d %s >>\n" % (
        *(size, catalog, before, extra),
    )
    return bytes(out) + b"startxref\n%d\n%%%%EOF\n" % at
