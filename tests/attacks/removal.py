"""Universal signature forgery (CCS 2019): the signature is still shown, and nothing is left to check."""

from io import BytesIO

import pikepdf

from tests.attacks.corpus import ANY, ARCHIVED, PLAIN, kind
from tests.attacks.materials import Materials
from tests.attacks.pdf import byte_range, container, with_container, with_hole, with_range

FAMILY = "universal forgery"


@kind("stripped", "no_signature", levels=PLAIN)
def stripped(m: Materials) -> bytes:
    """The same pages, never signed."""
    return m.unsigned


@kind("stripped", "no_signature")
def signature_field_emptied(m: Materials) -> bytes:
    """The field is there and holds nothing."""
    with pikepdf.open(BytesIO(m.genuine)) as pdf:
        for field in pdf.Root.AcroForm.Fields:
            if "/V" in field:
                del field["/V"]
        del pdf.Root["/Perms"]
        out = BytesIO()
        pdf.save(out)
    return out.getvalue()


@kind(FAMILY, "signature_removed", levels=ANY - ARCHIVED)
def range_blank(m: Materials) -> bytes:
    return with_range(m.genuine, b"")


@kind(FAMILY, "signature_removed")
def range_null(m: Materials) -> bytes:
    return with_range(m.genuine, b"/ByteRange null")


@kind(FAMILY, "signature_removed")
def range_empty(m: Materials) -> bytes:
    return with_range(m.genuine, b"/ByteRange []")


@kind(FAMILY, "signature_removed")
def range_renamed(m: Materials) -> bytes:
    return m.genuine.replace(b"/ByteRange", b"/ByteRangX")


@kind(FAMILY, "range_forged")
def range_of_zeros(m: Materials) -> bytes:
    return with_range(m.genuine, b"/ByteRange [0 0 0 0]")


@kind(FAMILY, "range_forged")
def range_negative(m: Materials) -> bytes:
    place = byte_range(m.genuine)
    return with_range(m.genuine, b"/ByteRange [0 -%d %d %d]" % (place.start, place.end, place.rest))


@kind(FAMILY, "range_forged")
def range_of_two(m: Materials) -> bytes:
    return with_range(m.genuine, b"/ByteRange [0 %d]" % len(m.genuine))


@kind(FAMILY, "range_forged")
def range_of_five(m: Materials) -> bytes:
    place = byte_range(m.genuine)
    said = b"/ByteRange [0 %d %d %d 0]" % (place.start, place.end, place.rest)
    return with_range(m.genuine, said)


@kind(FAMILY, "range_forged")
def range_of_six(m: Materials) -> bytes:
    """Three parts with two holes between them."""
    place = byte_range(m.genuine)
    said = b"/ByteRange [0 9 20 %d %d %d]" % (place.start - 20, place.end, place.rest)
    return with_range(m.genuine, said)


@kind(FAMILY, "range_forged")
def range_overlaps(m: Materials) -> bytes:
    place = byte_range(m.genuine)
    said = b"/ByteRange [0 %d %d %d]" % (place.end, place.start, place.rest)
    return with_range(m.genuine, said)


@kind(FAMILY, "range_forged")
def range_begins_later(m: Materials) -> bytes:
    place = byte_range(m.genuine)
    said = b"/ByteRange [9 %d %d %d]" % (place.start - 9, place.end, place.rest)
    return with_range(m.genuine, said)


@kind(FAMILY, "range_forged")
def range_of_huge_numbers(m: Materials) -> bytes:
    return with_range(m.genuine, b"/ByteRange [0 18446744073709551616 18446744073709551617 1]")


@kind(FAMILY, "range_forged")
def range_of_fractions(m: Materials) -> bytes:
    place = byte_range(m.genuine)
    return with_range(
        m.genuine, b"/ByteRange [0 %d.0 %d %d]" % (place.start, place.end, place.rest)
    )


@kind(FAMILY, "range_forged")
def range_elsewhere(m: Materials) -> bytes:
    """A reference instead of numbers: they stand in an object that can be changed."""
    return with_range(m.genuine, b"/ByteRange 1 0 R")


@kind(FAMILY, "range_forged")
def range_name_escaped(m: Materials) -> bytes:
    """The same name in another spelling, beside a false one (ISO 32000-1, 7.3.5)."""
    return with_range(m.genuine, b"/Byte#52ange [0 0 0 0]")


@kind(FAMILY, "range_forged")
def range_twice(m: Materials) -> bytes:
    """Readers differ on which of two entries counts."""
    place = byte_range(m.genuine)
    said = b"/ByteRange[0 %d %d %d]/ByteRange[0 1 2 3]" % (place.start, place.end, place.rest)
    return with_range(m.genuine, said)


@kind(FAMILY, "signature_removed")
def contents_renamed(m: Materials) -> bytes:
    start = byte_range(m.genuine).start
    head = m.genuine[:start].rstrip()
    assert head.endswith(b"/Contents")
    blank = m.genuine[len(head) : start]
    return head[:-1] + b"X" + blank + m.genuine[start:]


@kind(FAMILY, "signature_removed")
def contents_empty(m: Materials) -> bytes:
    return with_hole(m.genuine, b"<>")


@kind(FAMILY, "signature_removed")
def contents_null(m: Materials) -> bytes:
    return with_hole(m.genuine, b"null")


@kind(FAMILY, "invalid_signature")
def contents_of_zeros(m: Materials) -> bytes:
    return with_container(m.genuine, b"")


@kind(FAMILY, "invalid_signature")
def contents_of_another_type(m: Materials) -> bytes:
    """A sequence in DER that is no signature."""
    return with_container(m.genuine, bytes.fromhex("30820003020101"))


@kind(FAMILY, "invalid_signature")
def contents_of_sequences(m: Materials) -> bytes:
    """Each says that it holds all the others."""
    return with_container(m.genuine, b"\x30\x82\x0f\xff" * 600)


@kind(FAMILY, "invalid_signature", levels=PLAIN)
def signature_damaged(m: Materials) -> bytes:
    """The last bits of the signature's value."""
    der = bytearray(container(m.genuine))
    der[-1] ^= 1
    return with_container(m.genuine, bytes(der))


@kind(FAMILY, "altered")
def range_shortened(m: Materials) -> bytes:
    """Only the beginning is said to be signed; the rest could be anything."""
    place = byte_range(m.genuine)
    return with_range(m.genuine, b"/ByteRange [0 %d %d 100]" % (place.start, place.end))


@kind(FAMILY, "foreign", levels=ARCHIVED)
def archive_stamp_alone(m: Materials) -> bytes:
    """The time stamp over everything is true, and what it once was about is gone."""
    return with_range(m.genuine, b"")
