"""The signed file, judged by programs not written here."""

import re
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from PIL import Image

from backend.documents import demo_ca, making, pages, preview, seal
from backend.documents.errors import MissingGlyph, SigningRefused
from backend.documents.facts import Language, TranscriptFacts
from backend.documents.fonts import Fonts
from backend.documents.materials import Seal, SigningKey
from backend.documents.sign import Signer
from tests.documents.samples import ISSUE, SEAL, facts
from tests.verification.asking import verify

Program = Callable[..., str]


def test_pdfsig_finds_one_valid_signature_over_the_whole_file(
    signed: bytes, program: Program, tmp_path: Path
) -> None:
    file = tmp_path / "t.pdf"
    file.write_bytes(signed)
    said = program("pdfsig", file, check=False)
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said
    assert "Signature #2" not in said
    assert "DEMO" in said


def test_openssl_accepts_the_signature_and_its_chain(
    signed: bytes, key_folder: Path, program: Program, tmp_path: Path
) -> None:
    found = re.search(rb"/ByteRange \[(\d+) (\d+) (\d+) (\d+)", signed)
    assert found
    start, length, second, rest = map(int, found.groups())
    raw = bytes.fromhex(signed[length + 1 : second - 1].decode())
    size = 4 + int.from_bytes(raw[2:4])
    (tmp_path / "s.der").write_bytes(raw[:size])
    (tmp_path / "data").write_bytes(signed[start:length] + signed[second : second + rest])
    said = program(
        "openssl",
        *("cms", "-verify", "-cades", "-binary", "-inform", "DER", "-purpose", "any"),
        *("-in", tmp_path / "s.der", "-content", tmp_path / "data"),
        *("-CAfile", key_folder / "root.pem", "-out", tmp_path / "out"),
        *("-attime", str(int(ISSUE.issued_at.timestamp()) + 60)),
    )
    assert "successful" in said


def test_mutool_finds_the_signature(signed: bytes, program: Program, tmp_path: Path) -> None:
    file = tmp_path / "t.pdf"
    file.write_bytes(signed)
    said = program("mutool", "sign", "-v", file, check=False)
    if "usage" in said or "unrecognized" in said.lower():
        pytest.skip("this mutool cannot verify signatures")
    assert "has not been modified" in said or "unchanged" in said, said


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("count", [1, 60])
def test_red_seal_is_on_the_last_page_only(
    make: Callable[[TranscriptFacts], bytes], language: Language, count: int
) -> None:
    *others, last = [
        Image.open(BytesIO(p.png)).convert("RGB")
        for p in preview.pictures(make(facts(language=language, count=count)), dpi=72)
    ]

    def red(image: Image.Image) -> int:
        x1, y1, x2, y2 = pages.SEAL_BOX
        area = image.crop((x1, image.height - y2, x2, image.height - y1))
        return sum(
            n
            for n, (r, g, b) in area.getcolors(100_000) or []  # type: ignore[misc]
            if r > 150 and g < 120 and b < 120
        )

    assert red(last) > 1000
    assert all(red(image) == 0 for image in others)


def test_signature_cannot_be_made_with_an_expired_or_future_certificate(
    signing_key: SigningKey, typefaces: Fonts
) -> None:
    signer = Signer(signing_key)
    for days in (-30, 365 * 6):
        issue = replace(ISSUE, issued_at=ISSUE.issued_at + timedelta(days=days))
        with pytest.raises(SigningRefused, match=r"not yet valid|expired"):
            making.make(facts(), issue, fonts=typefaces, signer=signer, seal=SEAL)


def test_key_of_somebody_else_cannot_be_used_with_our_certificate(
    signing_key: SigningKey, tmp_path: Path
) -> None:
    other = demo_ca.demo_signing_key(tmp_path / "o", "某大学")
    with pytest.raises(SigningRefused, match="does not belong"):
        Signer(replace(signing_key, key=other.key))


def test_key_in_a_pkcs12_file_signs_too(
    signing_key: SigningKey, root: bytes, typefaces: Fonts, tmp_path: Path
) -> None:
    assert signing_key.certificate
    file = tmp_path / "key.p12"
    file.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"seal",
            serialization.load_pem_private_key(signing_key.key.read_bytes(), None),  # type: ignore[arg-type]
            x509.load_pem_x509_certificate(signing_key.certificate.read_bytes()),
            None,
            serialization.BestAvailableEncryption(b"secret"),
        )
    )
    signer = Signer(SigningKey(file, None, signing_key.chain, b"secret"))
    pdf = making.make(facts(), ISSUE, fonts=typefaces, signer=signer, seal=SEAL).pdf
    assert verify(pdf, trust_roots=[root], now=ISSUE.issued_at).genuine
    with pytest.raises(SigningRefused, match="does not open"):
        Signer(SigningKey(file, None, None, b"wrong"))


def test_rsa_key_of_a_commercial_authority_signs_too(typefaces: Fonts, tmp_path: Path) -> None:
    private = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "RSA test")])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(7)
        .not_valid_before(ISSUE.issued_at - timedelta(days=1))
        .not_valid_after(ISSUE.issued_at + timedelta(days=1))
        .add_extension(
            x509.KeyUsage(True, True, False, False, False, False, False, False, False), True
        )
        .sign(private, hashes.SHA256())
    ).public_bytes(serialization.Encoding.PEM)
    (tmp_path / "c.pem").write_bytes(certificate)
    (tmp_path / "k.pem").write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    signer = Signer(SigningKey(tmp_path / "k.pem", tmp_path / "c.pem", None))
    for _ in range(2):
        pdf = making.make(facts(), ISSUE, fonts=typefaces, signer=signer, seal=SEAL).pdf
        assert verify(pdf, trust_roots=[certificate], now=ISSUE.issued_at).genuine


def test_passphrase_is_not_shown_in_logs(tmp_path: Path) -> None:
    assert "hidden" not in repr(SigningKey(tmp_path, None, None, b"hidden"))


def test_demo_key_is_private_and_made_once(tmp_path: Path) -> None:
    key = demo_ca.demo_signing_key(tmp_path / "k", "某大学")
    before = key.key.read_bytes()
    assert demo_ca.demo_signing_key(tmp_path / "k", "某大学") == key
    assert key.key.read_bytes() == before
    for file in (tmp_path / "k").glob("*.pem"):
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert key.certificate
    subject = x509.load_pem_x509_certificate(key.certificate.read_bytes()).subject
    assert "NOT FOR REAL USE" in subject.rfc4514_string()


def test_demo_seal_and_real_pages_cannot_be_mixed(
    signing_key: SigningKey, typefaces: Fonts
) -> None:
    with pytest.raises(ValueError, match="demonstration"):
        making.make(
            facts(),
            replace(ISSUE, demo=False),
            fonts=typefaces,
            signer=Signer(signing_key),
            seal=SEAL,
        )


def test_seal_without_a_glyph_is_refused(fonts_folder: Path) -> None:
    with pytest.raises(MissingGlyph):
        seal.operators(Seal("𠮷大学", "章", demo=False), fonts_folder, 116.0)
