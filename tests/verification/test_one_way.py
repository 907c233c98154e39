"""Without the record a file is known by its signature alone: it can be written in one way only.

Every change here leaves the signature true to the mathematics, so that a reader of PDFs accepts it.
"""

import re
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from itertools import permutations
from pathlib import Path

import pytest
from asn1crypto import algos, cms, core
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from cryptography.x509.oid import NameOID
from hypothesis import given, settings
from hypothesis import strategies as st

from backend.documents import container, making
from backend.documents.facts import TranscriptFacts
from backend.documents.fonts import Fonts
from backend.documents.materials import SigningKey
from backend.documents.sign import Signer
from backend.documents.verdict import Verdict
from tests.documents.samples import ISSUE, SEAL, facts
from tests.verification.asking import verify

NOW = ISSUE.issued_at + timedelta(days=30)
ORDER = ec.SECP256R1.group_order


def place(pdf: bytes) -> tuple[int, int]:
    """Where the hexadecimal digits of the container are."""
    found = re.search(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)", pdf)
    assert found
    return int(found[2]) + 1, int(found[3]) - 1


def raw(pdf: bytes) -> bytes:
    start, end = place(pdf)
    data = bytes.fromhex(pdf[start:end].decode())
    return data[: 4 + int.from_bytes(data[2:4])]


def put(pdf: bytes, data: bytes) -> bytes:
    start, end = place(pdf)
    digits = data.hex().upper().encode().ljust(end - start, b"0")
    assert len(digits) == end - start
    return pdf[:start] + digits + pdf[end:]


def edited(pdf: bytes, edit: Callable[[cms.SignedData], None]) -> bytes:
    content = cms.ContentInfo.load(raw(pdf))
    edit(content["content"])
    return put(pdf, content.dump(force=True))


def swapped(pdf: bytes, first: bytes, second: bytes) -> bytes:
    assert raw(pdf).count(first + second) == 1
    return put(pdf, raw(pdf).replace(first + second, second + first))


def judged(pdf: bytes, root: bytes, known: str | None = None) -> Verdict:
    record = (lambda code: known) if known else None
    return verify(pdf, trust_roots=[root], now=NOW, known=record)


def codes(verdict: Verdict) -> list[str]:
    return [reason.code for reason in verdict.reasons]


def certificates(pdf: bytes) -> list[bytes]:
    signed = cms.ContentInfo.load(raw(pdf))["content"]
    return [one.chosen.dump() for one in signed["certificates"]]


def with_value(pdf: bytes, change: Callable[[int, int], bytes]) -> bytes:
    def edit(signed: cms.SignedData) -> None:
        signer = signed["signer_infos"][0]
        signer["signature"] = change(*decode_dss_signature(signer["signature"].native))

    return edited(pdf, edit)


def negated(pdf: bytes) -> bytes:
    return with_value(pdf, lambda r, s: encode_dss_signature(r, ORDER - s))


def test_the_other_number_of_the_signature_needs_the_record(signed: bytes, root: bytes) -> None:
    other = negated(signed)
    assert other != signed
    assert codes(judged(other, root)) == ["rewritten_signature"]
    assert codes(judged(other, root, known=sha256(signed).hexdigest())) == [
        "rewritten_signature",
        "differs_from_issued",
    ]


def test_a_file_that_was_issued_so_stays_genuine_by_the_record(signed: bytes, root: bytes) -> None:
    other = negated(signed)
    assert judged(other, root, known=sha256(other).hexdigest()).genuine


def test_we_always_write_the_lower_number(
    make: Callable[[TranscriptFacts], bytes], root: bytes
) -> None:
    for _ in range(12):
        pdf = make(facts(count=1))
        value = cms.ContentInfo.load(raw(pdf))["content"]["signer_infos"][0]["signature"].native
        assert decode_dss_signature(value)[1] <= ORDER // 2
        assert judged(pdf, root).genuine


@pytest.mark.parametrize("curve", [ec.SECP256R1, ec.SECP384R1, ec.SECP521R1])
def test_the_lower_number_verifies_on_every_curve_that_signs(curve: type) -> None:
    assert curve.name in container.CURVES  # type: ignore[attr-defined]
    key = ec.generate_private_key(curve())
    for _ in range(8):
        value = container.lower(key.sign(b"x", ec.ECDSA(hashes.SHA256())), key.curve.name)
        key.public_key().verify(value, b"x", ec.ECDSA(hashes.SHA256()))
        assert container.lower(value, key.curve.name) == value
        assert decode_dss_signature(value)[1] <= curve.group_order // 2  # type: ignore[attr-defined]


def test_longer_ways_to_write_the_numbers_are_refused(signed: bytes, root: bytes) -> None:
    def padded(r: int, s: int) -> bytes:
        r_, s_ = (b"\0" + core.Integer(n).contents for n in (r, s))
        inner = b"\x02" + bytes([len(r_)]) + r_ + b"\x02" + bytes([len(s_)]) + s_
        return b"\x30" + bytes([len(inner)]) + inner

    def long_length(r: int, s: int) -> bytes:
        value = encode_dss_signature(r, s)
        return value[:1] + b"\x81" + value[1:]

    for change in (padded, long_length, lambda r, s: encode_dss_signature(r, s) + b"\0"):
        assert not judged(with_value(signed, change), root).genuine


@pytest.mark.parametrize("rewrite", [bytes.lower, bytes.swapcase, bytes.title])
def test_digits_in_another_case_are_refused(
    signed: bytes, root: bytes, rewrite: Callable[[bytes], bytes]
) -> None:
    start, end = place(signed)
    other = signed[:start] + rewrite(signed[start:end]) + signed[end:]
    assert other != signed
    assert codes(judged(other, root)) == ["invalid_signature"]


def test_filling_that_is_not_zeros_is_refused(signed: bytes, root: bytes) -> None:
    _, end = place(signed)
    for filling in (b"1", b"F", b" ", b"\n", b"\0", b"O"):
        for at in (end - 1, end - 2, end - 101):
            other = signed[:at] + filling + signed[at + 1 :]
            assert codes(judged(other, root)) == ["gap"]


def test_certificates_in_another_order_are_refused(signed: bytes, root: bytes) -> None:
    assert codes(judged(swapped(signed, *certificates(signed)), root)) == ["altered"]


@pytest.mark.parametrize("kept", [[0], [1], [0, 0, 1], [0, 1, 1]])
def test_certificates_left_out_or_repeated_are_refused(
    signed: bytes, root: bytes, kept: list[int]
) -> None:
    def edit(signed_data: cms.SignedData) -> None:
        all_ = list(signed_data["certificates"])
        signed_data["certificates"] = cms.CertificateSet([all_[index].copy() for index in kept])

    assert not judged(edited(signed, edit), root).genuine


def test_attributes_in_another_order_are_refused(signed: bytes, root: bytes) -> None:
    signer = cms.ContentInfo.load(raw(signed))["content"]["signer_infos"][0]
    parts = [one.dump() for one in signer["signed_attrs"]]
    assert b"".join(parts) in raw(signed)
    for order in list(permutations(parts))[1:]:
        other = put(signed, raw(signed).replace(b"".join(parts), b"".join(order)))
        assert not judged(other, root).genuine


def without_null(signed: cms.SignedData) -> None:
    algorithm = algos.DigestAlgorithm.load(bytes.fromhex("300b0609608648016503040201"))
    signed["digest_algorithms"] = cms.DigestAlgorithms([algorithm])
    signed["signer_infos"][0]["digest_algorithm"] = algorithm.copy()


def with_null(signed: cms.SignedData) -> None:
    signed["signer_infos"][0]["signature_algorithm"] = algos.SignedDigestAlgorithm(
        {"algorithm": "sha256_ecdsa", "parameters": core.Null()}
    )


def twice_the_digest(signed: cms.SignedData) -> None:
    algorithms = [
        algos.DigestAlgorithm({"algorithm": name, "parameters": core.Null()})
        for name in ("sha256", "sha512")
    ]
    signed["digest_algorithms"] = cms.DigestAlgorithms(algorithms)


def other_version(signed: cms.SignedData) -> None:
    signed["version"] = "v3"


def other_signer_version(signed: cms.SignedData) -> None:
    signed["signer_infos"][0]["version"] = "v3"


def named_by_key(signed: cms.SignedData) -> None:
    for one in signed["certificates"]:
        if not one.chosen.ca:
            key = one.chosen.key_identifier_value.native
            signed["signer_infos"][0]["sid"] = cms.SignerIdentifier({"subject_key_identifier": key})


def unsigned_note(signed: cms.SignedData) -> None:
    note = cms.CMSAttribute({"type": "1.2.3.4", "values": [core.UTF8String("note")]})
    signed["signer_infos"][0]["unsigned_attrs"] = cms.CMSAttributes([note])


def name_in_other_letters(signed: cms.SignedData) -> None:
    """The same name by the rules for comparing names (RFC 5280, 7.1)."""
    sid = signed["signer_infos"][0]["sid"].chosen
    before = sid.dump()
    country = bytes.fromhex("0603550406") + b"\x13\x02CN"
    assert country in before
    after = cms.IssuerAndSerialNumber.load(
        before.replace(country, bytes.fromhex("0603550406") + b"\x0c\x02CN")
    )
    signed["signer_infos"][0]["sid"] = cms.SignerIdentifier({"issuer_and_serial_number": after})


@pytest.mark.parametrize(
    "edit",
    [
        without_null,
        with_null,
        twice_the_digest,
        other_version,
        other_signer_version,
        named_by_key,
        unsigned_note,
        name_in_other_letters,
    ],
)
def test_what_the_signature_does_not_protect_cannot_be_written_otherwise(
    signed: bytes, root: bytes, edit: Callable[[cms.SignedData], None]
) -> None:
    other = edited(signed, edit)
    assert raw(other) != raw(signed)
    verdict = judged(other, root)
    assert not verdict.genuine
    assert codes(verdict)[0] in ("altered", "invalid_signature")


def test_editing_as_these_tests_do_changes_nothing_by_itself(signed: bytes, root: bytes) -> None:
    assert edited(signed, lambda _: None) == signed
    assert judged(signed, root).genuine


@settings(max_examples=150, deadline=None)
@given(place=st.floats(0, 1, exclude_max=True))
def test_no_bit_of_the_container_can_be_flipped(signed: bytes, root: bytes, place: float) -> None:
    content = bytearray(raw(signed))
    bit = int(place * 8 * len(content))
    content[bit // 8] ^= 1 << bit % 8
    verdict = judged(put(signed, bytes(content)), root)
    assert not verdict.genuine
    assert verdict.reasons


Maker = tuple[ec.EllipticCurvePrivateKey, x509.Certificate]


def certificate(name: str, by: Maker | None, *, ca: bool) -> Maker:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    issuer_key, issuer = (by[0], by[1].subject) if by else (key, subject)
    return key, (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(ISSUE.issued_at - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=100))
        .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
        .add_extension(
            x509.KeyUsage(not ca, not ca, False, False, False, ca, ca, False, False), True
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), False
        )
        .sign(issuer_key, hashes.SHA256())
    )


@pytest.mark.parametrize("with_root", [True, False])
def test_a_chain_with_an_authority_in_between_is_genuine_and_stays_whole(
    typefaces: Fonts, tmp_path: Path, with_root: bool
) -> None:
    top = certificate("root", None, ca=True)
    middle = certificate("middle", top, ca=True)
    own = certificate("own", middle, ca=False)
    root, between, leaf = (
        one[1].public_bytes(serialization.Encoding.PEM) for one in (top, middle, own)
    )
    (tmp_path / "k.pem").write_bytes(
        own[0].private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    (tmp_path / "c.pem").write_bytes(leaf)
    # With what people put there: the own certificate once more.
    (tmp_path / "chain.pem").write_bytes(between + leaf + (root if with_root else b""))
    key = SigningKey(tmp_path / "k.pem", tmp_path / "c.pem", tmp_path / "chain.pem")
    pdf = making.make(facts(), ISSUE, fonts=typefaces, signer=Signer(key), seal=SEAL).pdf
    assert len(certificates(pdf)) == (3 if with_root else 2)
    for trusted in ([root], [between + root], [(tmp_path / "chain.pem").read_bytes() + root]):
        verdict = verify(pdf, trust_roots=trusted, now=NOW)
        assert codes(verdict) == ["genuine"]
    lost = edited(pdf, lambda signed: lose(signed, "middle"))
    assert not verify(lost, trust_roots=[between + root], now=NOW).genuine


def lose(signed: cms.SignedData, name: str) -> None:
    kept = [
        one.copy()
        for one in signed["certificates"]
        if one.chosen.subject.native["common_name"] != name
    ]
    signed["certificates"] = cms.CertificateSet(kept)
