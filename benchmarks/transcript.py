"""A transcript from facts to signed file, in one process whose fonts and key are loaded."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID
from pyhanko.sign import signers

from backend.documents import demo_ca, font_files, fonts, making, pages
from backend.documents.materials import SigningKey
from backend.documents.sign import Signer
from benchmarks import plain_pdf
from benchmarks.measure import Section, cpu_row, interleaved
from bot.settings import Settings
from tests.documents import samples

ROUNDS = 20


def rsa_key(folder: Path) -> SigningKey:
    """An RSA-2048 key with a certificate of its own."""
    folder.mkdir()
    key = rsa.generate_private_key(65537, 2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Benchmark")])
    since = samples.ISSUE.issued_at - timedelta(days=400)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(since + timedelta(days=3650))
        .add_extension(
            x509.KeyUsage(True, True, False, False, False, False, False, False, False),
            critical=True,
        )
        .sign(key, hashes.SHA256())
    )
    (folder / "key.pem").write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    return SigningKey(folder / "key.pem", folder / "certificate.pem", None)


def raw(key: SigningKey) -> Any:
    """Signs bytes with the bare key."""
    private = load_pem_private_key(key.key.read_bytes(), None)
    if isinstance(private, ec.EllipticCurvePrivateKey):
        return lambda data: private.sign(data, ec.ECDSA(hashes.SHA256()))
    assert isinstance(private, rsa.RSAPrivateKey)
    return lambda data: private.sign(data, padding.PKCS1v15(), hashes.SHA256())


def stock(key: SigningKey) -> signers.SimpleSigner:
    """pyHanko's own signer."""
    chain = (str(key.chain),) if key.chain else ()
    found = signers.SimpleSigner.load(  # type: ignore[no-untyped-call]
        str(key.key), str(key.certificate), ca_chain_files=chain
    )
    if not isinstance(found, signers.SimpleSigner):
        raise RuntimeError(f"pyHanko cannot load {key}")
    return found


def measure(original: Settings, folder: Path) -> Iterator[Section]:
    facts, issue, seal = samples.facts(), samples.ISSUE, samples.SEAL
    faces = fonts.Fonts(original.data / "fonts")
    plain_pdf.register(font_files.instance_path(faces.folder, 400))
    curve = demo_ca.demo_signing_key(folder / "p256", "中国科学院大学", now=issue.issued_at)
    big = rsa_key(folder / "rsa")
    signer, big_signer = Signer(curve), Signer(big)
    raw_curve, raw_big = raw(curve), raw(big)
    stock_curve, stock_big = stock(curve), stock(big)
    drawn = pages.render(facts, fonts=faces, issue=issue)

    def make(with_: Signer) -> bytes:
        return making.make(facts, issue, fonts=faces, signer=with_, seal=seal)

    found = interleaved(
        {
            "p256": lambda: make(signer),
            "rsa": lambda: make(big_signer),
            "floor p256": lambda: raw_curve(pages.render(facts, fonts=faces, issue=issue)),
            "floor rsa": lambda: raw_big(pages.render(facts, fonts=faces, issue=issue)),
            "raw p256": lambda: raw_curve(drawn),
            "raw rsa": lambda: raw_big(drawn),
            "peer p256": lambda: plain_pdf.sign(plain_pdf.draw(facts, issue), stock_curve),
            "peer rsa": lambda: plain_pdf.sign(plain_pdf.draw(facts, issue), stock_big),
        },
        rounds=ROUNDS,
    )
    peer = "reportlab tables + stock pyHanko"
    yield Section(
        "Transcript: draw and sign one file",
        [
            cpu_row(
                "P-256 (the demo's key)", found["p256"], "draw + raw P-256", found["floor p256"]
            ),
            cpu_row("P-256 (the demo's key)", found["p256"], "raw RSA-2048", found["raw rsa"]),
            cpu_row("P-256 (the demo's key)", found["p256"], f"{peer}, P-256", found["peer p256"]),
            cpu_row("RSA-2048", found["rsa"], "draw + raw RSA-2048", found["floor rsa"]),
            cpu_row("RSA-2048", found["rsa"], f"{peer}, RSA-2048", found["peer rsa"]),
            cpu_row("drawing + raw P-256", found["floor p256"], "raw P-256", found["raw p256"]),
        ],
        f"Medians of {ROUNDS}, interleaved, in one process; {len(facts.courses)} courses, one page.",
    )
