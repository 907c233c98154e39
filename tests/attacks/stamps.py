"""Time stamps that are true, of something else or with more behind: anybody can have one made."""

from collections.abc import Callable
from hashlib import sha256
from io import BytesIO

import httpx
from asn1crypto import cms, tsp
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from pyhanko.sign.signers import PdfTimeStamper
from pyhanko.sign.timestamps import HTTPTimeStamper

from backend.documents import archive
from tests.attacks.corpus import ARCHIVED, STAMPED, kind
from tests.attacks.materials import Materials
from tests.attacks.pdf import (
    Update,
    byte_range,
    container,
    covered,
    edited,
    pages,
    put,
    section,
    stream,
)
from tests.attacks.updates import content_of_first_page

STAMP, ARCHIVE = "time stamp", "archive"
ORDER = ec.SECP256R1.group_order


def token(pdf: bytes) -> cms.CMSAttribute:
    """The time stamp of a file's signature."""
    signer = cms.ContentInfo.load(container(pdf))["content"]["signer_infos"][0]
    (found,) = signer["unsigned_attrs"]
    return found


@kind(STAMP, "time_stamp_invalid", levels=STAMPED)
def stamp_of_another_file(m: Materials) -> bytes:
    """A true stamp by the same authority, of the other student's signature."""

    def edit(signed: cms.SignedData) -> None:
        signer = signed["signer_infos"][0]
        signer["unsigned_attrs"] = cms.CMSAttributes([token(m.other).copy()])

    return edited(m.genuine, edit)


def stamped(m: Materials, name: str, of: str = "stamps") -> bytes:
    """The genuine file with a true stamp of its own signature, by another authority."""
    assert m.levels is not None
    signer = cms.ContentInfo.load(container(m.genuine))["content"]["signer_infos"][0]
    imprint = {
        "hash_algorithm": {"algorithm": "sha256"},
        "hashed_message": sha256(signer["signature"].native).digest(),
    }
    asked = tsp.TimeStampReq({"version": "v1", "message_imprint": imprint, "cert_req": True})
    answer = httpx.post(
        m.levels.pki.tsa(name, of),
        content=asked.dump(),
        headers={"Content-Type": "application/timestamp-query"},
        timeout=30,
    )
    made = tsp.TimeStampResp.load(answer.content)["time_stamp_token"]

    def edit(signed: cms.SignedData) -> None:
        note = cms.CMSAttribute({"type": "signature_time_stamp_token", "values": [made]})
        signed["signer_infos"][0]["unsigned_attrs"] = cms.CMSAttributes([note])

    return edited(m.genuine, edit)


@kind(STAMP, "differs_from_issued", levels=STAMPED - ARCHIVED)
def stamp_exchanged_for_a_later_one(m: Materials) -> bytes:
    """As true as the one before, and not what was issued."""
    return stamped(m, "tsa")


@kind(STAMP, "time_stamp_invalid", levels=STAMPED)
def stamp_by_an_unknown_authority(m: Materials) -> bytes:
    """It is about this very signature, and nobody here trusts whoever made it."""
    return stamped(m, "tsa", "neighbour")


@kind(STAMP, "time_stamp_invalid", levels=STAMPED)
def stamp_by_no_stamping_certificate(m: Materials) -> bytes:
    """Under the trusted root, by a certificate that is not for time stamps."""
    return stamped(m, "tsa-plain")


@kind(STAMP, "time_stamp_invalid", levels=STAMPED)
def stamp_by_an_expired_certificate(m: Materials) -> bytes:
    return stamped(m, "tsa-expired")


@kind(STAMP, "altered", levels=STAMPED)
def stamp_removed(m: Materials) -> bytes:
    """Its place is still there, and the evidence too."""

    def edit(signed: cms.SignedData) -> None:
        del signed["signer_infos"][0]["unsigned_attrs"]

    return edited(m.genuine, edit)


@kind(STAMP, "altered", levels=STAMPED)
def stamp_twice(m: Materials) -> bytes:
    def edit(signed: cms.SignedData) -> None:
        once = token(m.genuine)
        signed["signer_infos"][0]["unsigned_attrs"] = cms.CMSAttributes([once, once.copy()])

    return edited(m.genuine, edit)


@kind(STAMP, "time_stamp_invalid", levels=STAMPED)
def other_number_under_a_stamp(m: Materials) -> bytes:
    """s and n - s verify alike, and the stamp is about one of them."""

    def edit(signed: cms.SignedData) -> None:
        signer = signed["signer_infos"][0]
        r, s = decode_dss_signature(signer["signature"].native)
        signer["signature"] = encode_dss_signature(r, ORDER - s)

    return edited(m.genuine, edit)


def by_stock(m: Materials, pdf: bytes, change: Callable[[Update], None] | None = None) -> bytes:
    """A time stamp over the whole file by another program and a true authority."""
    assert m.levels is not None
    writer = Update(BytesIO(pdf), strict=False)
    if change is not None:
        change(writer)
    out = PdfTimeStamper(HTTPTimeStamper(m.levels.pki.tsa())).timestamp_pdf(writer, "sha256")
    data: bytes = out.getvalue()
    return data


@kind(STAMP, "appended", "archive_added", levels=STAMPED)
def stamped_by_another_program(m: Materials) -> bytes:
    """As archives do with what they keep. Nothing is forged; and what follows is not ours."""
    return by_stock(m, m.genuine)


@kind(STAMP, "appended", "archive_added", "content_replaced", levels=STAMPED)
def page_changed_and_stamped(m: Materials) -> bytes:
    """The true authority stamps whatever it is given."""

    def change(writer: Update) -> None:
        put(writer, pages(writer)[0], "/Contents", writer.add_object(stream(b"0 0 9 9 re f")))

    return by_stock(m, m.genuine, change)


def _archived(m: Materials) -> tuple[bytes, bytes]:
    """The signed part, and the token of the stamp over it."""
    signed, stamp = archive.without(m.genuine)
    assert stamp is not None
    return signed, stamp


@kind(ARCHIVE, "archive_invalid", levels=ARCHIVED)
def archive_stamp_of_another_file(m: Materials) -> bytes:
    signed, _stamp = _archived(m)
    _other, stamp = archive.without(m.other)
    assert stamp is not None
    return signed + archive.tail(signed, stamp)


@kind(ARCHIVE, "archive_invalid", "archive_added", levels=ARCHIVED)
def archive_field_filled_otherwise(m: Materials) -> bytes:
    """The field that waits for a stamp holds something else."""
    signed, _stamp = _archived(m)
    field, body = _field(m)
    value = b"<< /Type /DocTimeStamp /Contents <00> >>"
    return section(signed, [(field, body + b" /V 9001 0 R >>"), (9001, value)])


@kind(ARCHIVE, "archive_invalid", "archive_added", "content_replaced", levels=ARCHIVED)
def page_changed_under_the_stamp(m: Materials) -> bytes:
    """Stamped by the true authority, over a section that exchanges a page as well."""
    signed, _stamp = _archived(m)
    field, body = _field(m)
    value = b"<< /Type /DocTimeStamp /Contents <00> >>"
    drawn = b"<< /Length 12 >>\nstream\n0 0 9 9 re f\nendstream"
    objects = [
        (field, body + b" /V 9001 0 R >>"),
        (9001, value),
        (content_of_first_page(signed), drawn),
    ]
    return section(signed, objects)


@kind(ARCHIVE, "altered", levels=ARCHIVED)
def signature_exchanged_under_the_stamp(m: Materials) -> bytes:
    """The stamp over everything cannot make a signature true."""
    place = byte_range(m.genuine)
    data = bytearray(m.genuine)
    data[place.start // 2] ^= 1
    return bytes(data)


@kind(ARCHIVE, "truncated", levels=ARCHIVED)
def cut_within_the_archive_stamp(m: Materials) -> bytes:
    return m.genuine[: len(covered(m.genuine)) + 3000]


@kind(ARCHIVE, "differs_from_issued", levels=ARCHIVED)
def without_the_archive_stamp(m: Materials) -> bytes:
    """The signed part alone is true, and not what was issued."""
    return covered(m.genuine)


@kind(ARCHIVE, "appended", "second_signature", levels=ARCHIVED)
def archive_stamp_twice(m: Materials) -> bytes:
    signed, stamp = _archived(m)
    return m.genuine + archive.tail(signed, stamp)


def _field(m: Materials) -> tuple[int, bytes]:
    """The number of the archive's field, and its entries as they are, not yet closed."""
    signed, _stamp = _archived(m)
    at = signed.index(b"/T (Archive)")
    begin = signed.rindex(b" 0 obj", 0, at)
    number = int(signed[:begin].split()[-1])
    body = signed[begin + 6 : signed.index(b"endobj", at)].strip()
    return number, body.removesuffix(b">>").rstrip()
