"""The same signature written otherwise: true to the mathematics, and not the file that was issued."""

import subprocess
from collections.abc import Sequence
from io import BytesIO
from shutil import which

import pikepdf
import pypdfium2
from asn1crypto import algos, cms, core
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from backend.documents.hole import prepare
from tests.attacks.corpus import PLAIN, kind
from tests.attacks.materials import Materials
from tests.attacks.pdf import byte_range, container, edited, with_container

FAMILY, SAVED, CUT = "rewritten signature", "saved anew", "cut or prefixed"
ORDER = ec.SECP256R1.group_order


class Missing(Exception):
    """A program that an attack is made with is not installed."""


def run(m: Materials, program: str, *args: str, data: bytes) -> bytes:
    """``in.pdf`` to ``out.pdf`` by a program."""
    path = which(program)
    if path is None:
        raise Missing(program)
    with m.at_work() as folder:
        (folder / "in.pdf").write_bytes(data)
        subprocess.run([path, *args], cwd=folder, check=True, capture_output=True, timeout=60)
        return (folder / "out.pdf").read_bytes()


@kind(FAMILY, "rewritten_signature", levels=PLAIN)
def other_number(m: Materials) -> bytes:
    """s and n - s verify alike (ECDSA), and only one of them was written."""

    def edit(signed: cms.SignedData) -> None:
        signer = signed["signer_infos"][0]
        r, s = decode_dss_signature(signer["signature"].native)
        signer["signature"] = encode_dss_signature(r, ORDER - s)

    return edited(m.genuine, edit)


@kind(FAMILY, "altered")
def certificates_in_another_order(m: Materials) -> bytes:
    der = container(m.genuine)
    signed = cms.ContentInfo.load(der)["content"]
    first, second, *_ = (one.chosen.dump() for one in signed["certificates"])
    assert der.count(first + second) == 1
    return with_container(m.genuine, der.replace(first + second, second + first))


@kind(FAMILY, "altered")
def certificate_left_out(m: Materials) -> bytes:
    def edit(signed: cms.SignedData) -> None:
        kept = [one.copy() for one in signed["certificates"] if not one.chosen.ca]
        signed["certificates"] = cms.CertificateSet(kept)

    return edited(m.genuine, edit)


@kind(FAMILY, "altered")
def certificate_of_another_added(m: Materials) -> bytes:
    """Who looks into the certificates that came along finds a name that did not sign."""
    key = m.key_of("added", "另一所大学")
    stranger = m.signed_by(key)

    def edit(signed: cms.SignedData) -> None:
        more = [
            one.copy()
            for one in cms.ContentInfo.load(container(stranger))["content"]["certificates"]
        ]
        kept = [one.copy() for one in signed["certificates"]]
        signed["certificates"] = cms.CertificateSet([*kept, *more])

    return edited(m.genuine, edit)


@kind(FAMILY, "invalid_signature")
def attributes_in_another_order(m: Materials) -> bytes:
    signer = cms.ContentInfo.load(container(m.genuine))["content"]["signer_infos"][0]
    parts = [one.dump() for one in signer["signed_attrs"]]
    changed = container(m.genuine).replace(b"".join(parts), b"".join(reversed(parts)))
    return with_container(m.genuine, changed)


@kind(FAMILY, "altered")
def note_beside_the_signature(m: Materials) -> bytes:
    """Attributes that are not signed can be added by anybody."""

    def edit(signed: cms.SignedData) -> None:
        note = cms.CMSAttribute({"type": "1.2.3.4", "values": [core.UTF8String("100")]})
        signer = signed["signer_infos"][0]
        kept = [one.copy() for one in signer["unsigned_attrs"]]
        signer["unsigned_attrs"] = cms.CMSAttributes([*kept, note])

    return edited(m.genuine, edit)


@kind(FAMILY, "invalid_signature")
def digits_in_small_letters(m: Materials) -> bytes:
    place = byte_range(m.genuine)
    start, end = place.start, place.end
    return m.genuine[:start] + m.genuine[start:end].lower() + m.genuine[end:]


@kind(FAMILY, "weak_algorithm", levels=PLAIN)
def weak_digest(m: Materials) -> bytes:
    """SHA-1, by our own key: two files with one digest can be made."""
    prepared, hole, _digest = prepare(m.empty_place())
    covered = bytes(prepared[: hole.start] + prepared[hole.end :])
    sha1 = algos.DigestAlgorithm({"algorithm": "sha1"})
    digest = hashes.Hash(hashes.SHA1())
    digest.update(covered)
    content = cms.ContentInfo.load(container(m.signed_here(m.empty_place())))
    signed = content["content"]
    signed["digest_algorithms"] = cms.DigestAlgorithms([sha1])
    signer = signed["signer_infos"][0]
    signer["digest_algorithm"] = sha1.copy()
    signer["signature_algorithm"] = algos.SignedDigestAlgorithm({"algorithm": "sha1_ecdsa"})
    for one in signer["signed_attrs"]:
        if one["type"].native == "message_digest":
            one["values"] = [core.OctetString(digest.finalize())]
    key = load_pem_private_key(m.key.key.read_bytes(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    said = signer["signed_attrs"].untag().dump(force=True)
    signer["signature"] = key.sign(said, ec.ECDSA(hashes.SHA1()))
    return with_container(bytes(prepared), content.dump(force=True))


def saved(data: bytes, **how: object) -> bytes:
    with pikepdf.open(BytesIO(data)) as pdf:
        out = BytesIO()
        pdf.save(out, **how)  # type: ignore[arg-type]
    return out.getvalue()


@kind(SAVED, "resaved")
def saved_anew(m: Materials) -> bytes:
    """Nothing is forged; and nothing can be checked any more."""
    return saved(m.genuine)


@kind(SAVED, "resaved")
def saved_with_object_streams(m: Materials) -> bytes:
    return saved(m.genuine, object_stream_mode=pikepdf.ObjectStreamMode.generate)


@kind(SAVED, "resaved")
def saved_for_the_web(m: Materials) -> bytes:
    return saved(m.genuine, linearize=True)


@kind(SAVED, "resaved")
def saved_by_mutool(m: Materials) -> bytes:
    return run(m, "mutool", "clean", "in.pdf", "out.pdf", data=m.genuine)


@kind(SAVED, "resaved")
def saved_by_pdfium(m: Materials) -> bytes:
    """As browsers save a form."""
    out = BytesIO()
    document = pypdfium2.PdfDocument(m.genuine)
    document.save(out)
    document.close()
    return out.getvalue()


@kind(SAVED, "no_signature")
def printed_to_a_file(m: Materials) -> bytes:
    return run(m, "pdftocairo", "-pdf", "in.pdf", "out.pdf", data=m.genuine)


@kind(SAVED, "no_signature")
def printed_by_ghostscript(m: Materials) -> bytes:
    how = ("-q", "-sDEVICE=pdfwrite", "-o", "out.pdf", "in.pdf")
    return run(m, "gs", *how, data=m.genuine)


@kind(SAVED, "encrypted")
def locked_with_a_password(m: Materials) -> bytes:
    return saved(m.genuine, encryption=pikepdf.Encryption(owner="o", user="u"))


@kind(SAVED, "encrypted")
def locked_against_copying(m: Materials) -> bytes:
    """It opens without a password."""
    return saved(m.genuine, encryption=pikepdf.Encryption(owner="o", user=""))


def _cut(m: Materials, parts: Sequence[int]) -> bytes:
    part, of = parts
    return m.genuine[: len(m.genuine) * part // of]


@kind(CUT, "truncated")
def first_quarter(m: Materials) -> bytes:
    return _cut(m, (1, 4))


@kind(CUT, "truncated")
def first_half(m: Materials) -> bytes:
    return _cut(m, (2, 4))


@kind(CUT, "truncated")
def three_quarters(m: Materials) -> bytes:
    return _cut(m, (3, 4))


@kind(CUT, "truncated")
def without_its_last_byte(m: Materials) -> bytes:
    return m.genuine[:-1]


@kind(CUT, "truncated")
def cut_within_the_signature(m: Materials) -> bytes:
    return m.genuine[: byte_range(m.genuine).start + 900]


@kind(CUT, "prepended")
def blanks_before(m: Materials) -> bytes:
    return b"\r\n" + m.genuine


@kind(CUT, "prepended")
def picture_before(m: Materials) -> bytes:
    """A PDF that is a picture too."""
    return b"GIF89a\n" + m.genuine


@kind(CUT, "prepended")
def web_page_before(m: Materials) -> bytes:
    return b"<html><script>1</script>\n" + m.genuine


@kind(CUT, "prepended")
def another_header_before(m: Materials) -> bytes:
    """Offsets are counted from the second header by some readers."""
    return b"\xef\xbb\xbf%PDF-1.4\n" + m.genuine


@kind(CUT, "not_pdf")
def far_behind_the_beginning(m: Materials) -> bytes:
    return bytes(4096) + m.genuine
