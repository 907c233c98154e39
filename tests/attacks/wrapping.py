"""Signature wrapping (CCS 2019): what was signed is moved, and something else stands in the gap."""

from tests.attacks.corpus import kind
from tests.attacks.materials import Materials
from tests.attacks.pdf import byte_range, container, with_hole, with_range

FAMILY = "signature wrapping"
OBJECTS = b"\n" + b"9 0 obj << /Length 12 >> stream\n0 0 9 9 re f\nendstream endobj\n" * 20


def moved(pdf: bytes, between: bytes) -> bytes:
    """The second signed part is moved back, and the range with it."""
    place = byte_range(pdf)
    said = b"/ByteRange [0 %d %d %d]" % (place.start, place.end + len(between), place.rest)
    wider = pdf[: place.end] + between + pdf[place.end :]
    return with_range(wider, said)


@kind(FAMILY, "gap")
def objects_in_the_gap(m: Materials) -> bytes:
    return moved(m.genuine, OBJECTS)


@kind(FAMILY, "gap")
def table_in_the_gap(m: Materials) -> bytes:
    """With a table and a trailer of their own, which a reader that looks for the first one takes."""
    table = (
        b"xref\n9 1\n%010d 00000 n \ntrailer << /Size 99 /Root 9 0 R >>\nstartxref\n%d\n%%%%EOF\n"
    )
    at = byte_range(m.genuine).end
    return moved(m.genuine, OBJECTS + table % (at, at + len(OBJECTS)))


@kind(FAMILY, "gap")
def objects_in_the_hole(m: Materials) -> bytes:
    """The place of the signature is larger than the signature, and the range stays true."""
    digits = container(m.genuine).hex().upper().encode()
    return with_hole(m.genuine, b"<" + digits + b">" + OBJECTS[:500])


@kind(FAMILY, "gap")
def digits_in_the_hole(m: Materials) -> bytes:
    """Meaningless to a reader, and yet another file."""
    place = byte_range(m.genuine)
    return m.genuine[: place.end - 2] + b"1" + m.genuine[place.end - 1 :]


@kind(FAMILY, "gap")
def blanks_in_the_hole(m: Materials) -> bytes:
    """Readers pass over blanks between digits, and an odd digit is completed."""
    place = byte_range(m.genuine)
    return m.genuine[: place.end - 2] + b" " + m.genuine[place.end - 1 :]


@kind(FAMILY, "range_forged")
def second_range_in_the_hole(m: Materials) -> bytes:
    """The later of two entries counts for many readers, and this one is in no signed part."""
    place = byte_range(m.genuine)
    digits = container(m.genuine).hex().upper().encode()
    said = b"/ByteRange [0 %d %d %d]" % (place.start, place.end, place.rest)
    return with_hole(m.genuine, b"<" + digits + b">" + said)


@kind(FAMILY, "range_forged")
def whole_signature_in_the_hole(m: Materials) -> bytes:
    """Both entries once more, so that the true ones are passed over."""
    place = byte_range(m.genuine)
    digits = container(m.genuine).hex().upper().encode()
    said = b"/Contents <00> /ByteRange [0 %d %d %d]" % (place.start, place.end, place.rest)
    return with_hole(m.genuine, b"<" + digits + b">" + said)


@kind(FAMILY, "altered")
def hole_widened(m: Materials) -> bytes:
    """More zeros than we leave: room for whatever comes later."""
    place = byte_range(m.genuine)
    said = b"/ByteRange [0 %d %d %d]" % (place.start, place.end + 4000, place.rest)
    wider = m.genuine[: place.end - 1] + b"0" * 4000 + m.genuine[place.end - 1 :]
    return with_range(wider, said)


@kind(FAMILY, "altered")
def parts_exchanged(m: Materials) -> bytes:
    """The signed end of another student's file behind the beginning of this one."""
    here, there = byte_range(m.genuine), byte_range(m.other)
    spliced = m.genuine[: here.end] + m.other[there.end :]
    return with_range(spliced, b"/ByteRange [0 %d %d %d]" % (here.start, here.end, there.rest))


@kind(FAMILY, "altered")
def signature_of_another_file(m: Materials) -> bytes:
    """A true signature by us, of the other student's file."""
    digits = container(m.other).hex().upper().encode()
    place = byte_range(m.genuine)
    return with_hole(m.genuine, b"<" + digits.ljust(place.end - place.start - 2, b"0") + b">")
