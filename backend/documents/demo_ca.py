"""A demonstration certificate authority: keys that sign like real ones and prove nothing.

P-256: signing takes a twentieth of RSA-2048's time, the file is smaller, and Adobe Reader and
pdfsig both accept it.
"""

import fcntl
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID, ObjectIdentifier

from backend.documents.materials import SigningKey

# Document signing (RFC 9336); Adobe's own for the same purpose.
_DOCUMENT_SIGNING = ObjectIdentifier("1.3.6.1.5.5.7.3.36")
_ADOBE_DOCUMENT_SIGNING = ObjectIdentifier("1.2.840.113583.1.1.5")

_ROOT_YEARS = 10
_SIGNER_YEARS = 5


def demo_signing_key(folder: Path, institution: str, *, now: datetime | None = None) -> SigningKey:
    """The demo key in `folder`, made at the first call; files are readable by their owner only.

    Safe when several processes start together. A key made for another institution stays: use one
    folder for each.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    key = SigningKey(folder / "key.pem", folder / "certificate.pem", folder / "root.pem")
    with (folder / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "certificate.pem").is_file():
            _create(folder, institution, now or datetime.now(UTC))
    return key


def _create(folder: Path, institution: str, now: datetime) -> None:
    root_key = ec.generate_private_key(ec.SECP256R1())
    root_name = _name("演示根证书 DEMO Root CA", institution)
    start = now - timedelta(days=1)  # clocks and time zones differ
    root = (
        x509.CertificateBuilder()
        .subject_name(root_name)
        .issuer_name(root_name)
        .public_key(root_key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=365 * _ROOT_YEARS))
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(ca=True), critical=True)
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(root_key.public_key()), critical=False
        )
        .sign(root_key, hashes.SHA256())
    )
    signer_key = ec.generate_private_key(ec.SECP256R1())
    signer = (
        x509.CertificateBuilder()
        .subject_name(_name(f"{institution}证明专用章（演示 DEMO）", institution))
        .issuer_name(root_name)
        .public_key(signer_key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=365 * _SIGNER_YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(ca=False), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([_DOCUMENT_SIGNING, _ADOBE_DOCUMENT_SIGNING]), critical=False
        )
        .add_extension(
            x509.SubjectKeyIdentifier.from_public_key(signer_key.public_key()), critical=False
        )
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(root_key.public_key()),
            critical=False,
        )
        .sign(root_key, hashes.SHA256())
    )
    # The root's key is not kept: nobody can make further certificates. The certificate comes last,
    # for it is what says that everything is there.
    _write(
        folder / "key.pem",
        signer_key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        ),
    )
    _write(folder / "root.pem", root.public_bytes(serialization.Encoding.PEM))
    _write(folder / "certificate.pem", signer.public_bytes(serialization.Encoding.PEM))


def _name(common: str, institution: str) -> x509.Name:
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, f"{institution}（演示 DEMO）"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "不作证明使用 NOT FOR REAL USE"),
            x509.NameAttribute(NameOID.COMMON_NAME, common),
        ]
    )


def _usage(*, ca: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not ca,
        content_commitment=not ca,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=ca,
        crl_sign=ca,
        encipher_only=False,
        decipher_only=False,
    )


def _write(path: Path, data: bytes) -> None:
    part = path.with_suffix(".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
