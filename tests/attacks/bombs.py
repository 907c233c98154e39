"""Files that are to cost whoever checks them more than they cost whoever sends them."""

import zlib
from functools import cache
from io import BytesIO
from zipfile import ZipFile

import pikepdf

from backend.verification.inspector import MAX_BYTES
from tests.attacks.corpus import PLAIN, kind
from tests.attacks.materials import Materials
from tests.attacks.pdf import byte_range, container, section, with_range

FAMILY, OTHER = "bomb", "no document"
ZEROS = 64 << 20
MILLION = 1_000_000


@cache
def _packed() -> bytes:
    """A gigabyte of zeros, packed twice."""
    once = zlib.compressobj(1)
    data = b"".join(once.compress(bytes(ZEROS)) for _ in range(16)) + once.flush()
    return zlib.compress(data, 9)


def document(*objects: bytes) -> bytes:
    """A file without a signature whose first object is the catalog."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    at = len(out)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n%s" % (size, table)
    out += b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, at)
    return bytes(out)


CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"


@kind(FAMILY, "no_signature", levels=PLAIN)
def packed_gigabyte(m: Materials) -> bytes:
    data = _packed()
    stream = b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n%s\nendstream"
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>"
    tree = b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>"
    return document(CATALOG, tree, page, stream % (len(data), data))


@kind(FAMILY, "appended")
def packed_gigabyte_behind(m: Materials) -> bytes:
    """In the content of a page, behind a true signature."""
    data = _packed()
    number = 9001
    body = b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n%s\nendstream"
    return section(m.genuine, [(number, body % (len(data), data))])


@kind(FAMILY, "appended")
def packed_table_behind(m: Materials) -> bytes:
    """The table of the update itself unpacks to a gigabyte."""
    data = _packed()
    head = b"9001 0 obj\n<< /Type /XRef /Size 9002 /W [1 8 2] /Root 1 0 R /Length %d" % len(data)
    body = head + b" /Filter [/FlateDecode /FlateDecode] >>\nstream\n%s\nendstream\nendobj\n" % data
    return m.genuine + body + b"startxref\n%d\n%%%%EOF\n" % len(m.genuine)


@kind(FAMILY, "no_signature", levels=PLAIN)
def deep_arrays(m: Materials) -> bytes:
    tree = b"<< /Type /Pages /Count 0 /Kids " + b"[" * MILLION + b"]" * MILLION + b" >>"
    return document(CATALOG, tree)


@kind(FAMILY, "appended")
def deep_arrays_behind(m: Materials) -> bytes:
    return section(m.genuine, [(9001, b"[" * 200_000 + b"]" * 200_000)], root=9001)


@kind(FAMILY, "no_signature", levels=PLAIN)
def page_tree_in_a_circle(m: Materials) -> bytes:
    return document(CATALOG, b"<< /Type /Pages /Count 9 /Kids [2 0 R 2 0 R] >>")


@kind(FAMILY, "appended")
def page_tree_in_a_circle_behind(m: Materials) -> bytes:
    """Each page tree holds itself twice: two to the power of its depth."""
    objects = [
        (9001, b"<< /Type /Catalog /Pages 9002 0 R >>"),
        (9002, b"<< /Type /Pages /Count 9 /Kids [9002 0 R 9002 0 R] >>"),
    ]
    return section(m.genuine, objects, root=9001)


@kind(FAMILY, "appended")
def doubling_tree_behind(m: Materials) -> bytes:
    """No circle: sixty levels that each hold the next twice."""
    tree = [
        (9100 + n, b"<< /Type /Pages /Count 9 /Kids [%d 0 R %d 0 R] >>" % (9101 + n, 9101 + n))
        for n in range(60)
    ]
    last = (9160, b"<< /Type /Page /MediaBox [0 0 9 9] >>")
    catalog = (9001, b"<< /Type /Catalog /Pages 9100 0 R >>")
    return section(m.genuine, [catalog, *tree, last], root=9001)


@kind(FAMILY, "no_signature", levels=PLAIN)
def million_objects(m: Materials) -> bytes:
    body = b"".join(b"%d 0 obj 0 endobj\n" % number for number in range(3, 400_000))
    return b"%PDF-1.7\n" + body + b"startxref\n0\n%%EOF\n"


@kind(FAMILY, "appended")
def many_objects_behind(m: Materials) -> bytes:
    return section(m.genuine, ((number, b"0") for number in range(9000, 109_000)))


@kind(FAMILY, "appended")
def many_updates_behind(m: Materials) -> bytes:
    """Each of them a revision of its own, as many as there is room for."""
    data, parts = m.genuine, []
    at = len(data)
    prev = int(data[data.rfind(b"startxref") + 9 :].split()[0])
    for _ in range(20_000):
        one = b"xref\n0 0\ntrailer\n<< /Size 9 /Root 1 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n"
        part = one % (prev, at)
        parts.append(part)
        prev, at = at, at + len(part)
    return data + b"".join(parts)


@kind(FAMILY, "range_forged", levels=PLAIN)
def range_of_a_million(m: Materials) -> bytes:
    said = b"/ByteRange [" + b"0 1 " * MILLION + b"]"
    return document(b"<< /Type /Sig %s /Contents <00> >>" % said)


@kind(FAMILY, "range_forged", levels=PLAIN)
def range_of_blanks(m: Materials) -> bytes:
    """For searches that go back over what they have passed."""
    return document(b"<< /Type /Sig /ByteRange [0 1" + b" " * (8 << 20) + b"] /Contents <00> >>")


@kind(FAMILY, "resaved", levels=PLAIN)
def many_ranges(m: Materials) -> bytes:
    """As many signatures as there is room for, none of them anywhere."""
    one = b"1 0 obj << /Type /Sig /ByteRange [0 9 12 9] /Contents <00> >> endobj\n"
    return b"%PDF-1.7\n" + one * (MAX_BYTES // len(one) - 10) + b"startxref\n0\n%%EOF\n"


@kind(FAMILY, "appended", "second_signature")
def many_ranges_behind(m: Materials) -> bytes:
    """Behind a true signature: comparing each of them with the first takes for ever."""
    one = b"1 0 obj << /ByteRange [0 9 12 9] >> endobj\n"
    room = MAX_BYTES - len(m.genuine)
    return m.genuine + one * (room // len(one) - 1)


@kind(FAMILY, "no_signature", levels=PLAIN)
def many_openings(m: Materials) -> bytes:
    """For searches that look for an end behind each of them."""
    return b"%PDF-1.7\n" + b"/Type /Si <" * (9 * MILLION // 11) + b"%%EOF\n"


@kind(FAMILY, "invalid_signature")
def many_certificates(m: Materials) -> bytes:
    """More in the signature than any chain has."""
    der = container(m.genuine)
    filled = der + der[:1000] * 3000
    return _with_room_for(m.genuine, b"\x30\x83\x40\x00\x00" + filled)


@kind(FAMILY, "invalid_signature")
def deep_container(m: Materials) -> bytes:
    """A hundred thousand sequences, each in the one before."""
    return _with_room_for(m.genuine, b"\x30\x80" * 500_000)


def _with_room_for(pdf: bytes, der: bytes) -> bytes:
    place = byte_range(pdf)
    digits = der.hex().upper().encode()
    wider = pdf[: place.start] + b"<" + digits + b">" + pdf[place.end :]
    end = place.start + len(digits) + 2
    return with_range(wider, b"/ByteRange [0 %d %d %d]" % (place.start, end, place.rest))


@kind(FAMILY, "too_large")
def larger_than_any_document(m: Materials) -> bytes:
    return m.genuine + bytes(MAX_BYTES)


@kind(OTHER, "empty", levels=PLAIN)
def nothing_at_all(m: Materials) -> bytes:
    return b""


@kind(OTHER, "not_pdf", levels=PLAIN)
def archive_of_files(m: Materials) -> bytes:
    """An office document is one too."""
    out = BytesIO()
    with ZipFile(out, "w") as file:
        file.writestr("word/document.xml", "<w:t>genuine</w:t>")
    return out.getvalue()


@kind(OTHER, "not_pdf", levels=PLAIN)
def web_page(m: Materials) -> bytes:
    return b"<html><title>transcript.pdf</title>" + bytes(2000) + b"</html>"


@kind(OTHER, "truncated", levels=PLAIN)
def header_alone(m: Materials) -> bytes:
    return b"%PDF-1.7\n"


@kind(OTHER, "no_signature", levels=PLAIN)
def empty_document(m: Materials) -> bytes:
    out = BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(out)
    return out.getvalue()
