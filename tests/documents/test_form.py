"""The place of a signature, and what a file says about its own signature."""

from datetime import timedelta
from io import BytesIO

import pytest
from asn1crypto import cms, core, x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.fields import MDPPerm
from pyhanko.sign.general import as_signing_certificate_v2

from backend.documents import hole, making
from backend.documents.container import Container
from backend.documents.errors import SigningRefused
from backend.documents.fonts import Fonts
from backend.documents.materials import Evidence, Level, SigningKey
from backend.documents.sign import Signer
from tests.documents.samples import ISSUE, SEAL, facts

EVIDENCE = Evidence(
    certificates=(b"first", b"second"), ocsps=(b"answer",), crls=(), until=ISSUE.issued_at
)


@pytest.fixture(scope="module")
def signer(signing_key: SigningKey) -> Signer:
    return Signer(signing_key)


def unsigned(fonts: Fonts, signer: Signer, level: Level) -> bytes:
    return making.render_unsigned(
        facts(),
        ISSUE,
        fonts=fonts,
        container=signer.container,
        seal=SEAL,
        level=level,
        evidence=EVIDENCE if level in (Level.B_LT, Level.B_LTA) else None,
    )


@pytest.mark.parametrize("level", list(Level))
def test_a_file_has_one_revision_and_allows_no_changes(
    typefaces: Fonts, signer: Signer, level: Level
) -> None:
    pdf = signer.sign(unsigned(typefaces, signer, level), level=level, when=ISSUE.issued_at).pdf
    assert pdf.count(b"%%EOF") == pdf.count(b"startxref") == pdf.count(b"\nxref\n") == 1
    reader = PdfFileReader(BytesIO(pdf), strict=True)
    (found,) = reader.embedded_signatures
    found.compute_integrity_info()
    assert found.coverage.name == "ENTIRE_FILE"
    assert found.docmdp_level is MDPPerm.NO_CHANGES
    assert found.self_reported_timestamp == ISSUE.issued_at
    assert found.sig_object["/Name"] == signer.container.name
    fields = [str(one.get_object()["/T"]) for one in reader.root["/AcroForm"]["/Fields"]]
    assert fields == ["Seal", "Archive"] if level is Level.B_LTA else ["Seal"]


def test_evidence_is_inside_what_is_signed(typefaces: Fonts, signer: Signer) -> None:
    plain = PdfFileReader(BytesIO(unsigned(typefaces, signer, Level.B_T)))
    assert "/DSS" not in plain.root
    store = PdfFileReader(BytesIO(unsigned(typefaces, signer, Level.B_LT))).root["/DSS"]
    kept = {
        str(name): [one.get_object().data for one in store[name]] for name in ("/Certs", "/OCSPs")
    }
    assert kept == {"/Certs": [b"first", b"second"], "/OCSPs": [b"answer"]}
    assert "/CRLs" not in store


def test_a_level_without_its_evidence_is_refused(typefaces: Fonts, signer: Signer) -> None:
    for level, evidence in ((Level.B_LT, None), (Level.B_B, EVIDENCE)):
        with pytest.raises(ValueError, match="evidence"):
            making.make(
                facts(),
                ISSUE,
                fonts=typefaces,
                signer=signer,
                seal=SEAL,
                level=level,
                evidence=evidence,
            )


def test_signing_changes_nothing_but_the_range_and_the_hole(
    typefaces: Fonts, signer: Signer
) -> None:
    before = unsigned(typefaces, signer, Level.B_B)
    made = signer.sign(before, level=Level.B_B, when=ISSUE.issued_at)
    start, end = made.hole
    at = before.index(b"/ByteRange")
    assert made.pdf[:at] == before[:at]
    assert made.pdf[at + 73 : start] == before[at + 73 : start]
    assert made.pdf[end:] == before[end:]
    said = b"/ByteRange [0 %d %d %d]" % (start, end, len(before) - end)
    assert made.pdf[at : at + 73] == said.ljust(73)
    assert (made.pdf[start : start + 1], made.pdf[end - 1 : end]) == (b"<", b">")


def test_a_file_is_signed_once_and_only_where_there_is_room(
    typefaces: Fonts, signer: Signer
) -> None:
    before = unsigned(typefaces, signer, Level.B_B)
    prepared, place, _ = hole.prepare(before)
    with pytest.raises(ValueError, match="room"):
        hole.fill(prepared, place, bytes(place.end - place.start))
    for pdf in (bytes(prepared), before + before, b"%PDF-1.7\n", before.replace(b"<0", b"<1", 1)):
        with pytest.raises(ValueError, match="place"):
            hole.prepare(pdf)


def test_words_cannot_be_taken_for_the_place_of_a_signature(
    typefaces: Fonts, signing_key: SigningKey, root: bytes
) -> None:
    """Whatever a person or a course is called."""
    name = "/ByteRange [0 0 0 0] /Contents <00>"
    made = making.make(
        facts(name_zh=name), ISSUE, fonts=typefaces, signer=Signer(signing_key), seal=SEAL
    )
    assert made.pdf.count(b"/ByteRange") == 1


def test_a_time_stamp_has_room_and_stands_outside_what_is_signed(signer: Signer) -> None:
    container: Container = signer.container
    digest, token = b"\x01" * 32, cms.ContentInfo({"content_type": "data"}).dump()
    value = signer.signature(container.attributes(digest))
    stamped = cms.ContentInfo.load(container.fill(digest, value, token))["content"]
    (info,) = stamped["signer_infos"]
    (attribute,) = info["unsigned_attrs"]
    assert attribute["type"].native == "signature_time_stamp_token"
    assert attribute["values"][0].dump() == token
    plain = cms.ContentInfo.load(container.fill(digest, value))["content"]["signer_infos"][0]
    assert plain["signed_attrs"].dump() == info["signed_attrs"].dump()
    assert isinstance(plain["unsigned_attrs"], core.Void) or not plain["unsigned_attrs"]
    assert container.digits(Level.B_T) - container.digits(Level.B_B) >= 12_000


def test_signed_attributes_name_the_certificate_as_other_programs_do(signer: Signer) -> None:
    own = x509.Certificate.load(signer.certificate.public_bytes(Encoding.DER))
    assert as_signing_certificate_v2(own).dump() in signer.container.attributes(bytes(32))


def test_an_expired_certificate_is_noticed_before_anything_is_drawn(
    typefaces: Fonts, signer: Signer
) -> None:
    late = ISSUE.issued_at + timedelta(days=365 * 6)
    with pytest.raises(SigningRefused, match="expired"):
        signer.check(late)
