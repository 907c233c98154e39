"""Signing keys of every kind for tests, with certificates of an authority of their own."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
PASSPHRASE = b"a passphrase nobody may see"


def _name(common: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


@dataclass
class Given:
    """A key in files: ``folder`` holds key.pem, certificate.pem and root.pem."""

    folder: Path
    certificate: x509.Certificate

    @property
    def key(self) -> Path:
        return self.folder / "key.pem"

    @property
    def certificate_file(self) -> Path:
        return self.folder / "certificate.pem"

    @property
    def chain(self) -> Path:
        return self.folder / "root.pem"

    @property
    def fingerprint(self) -> str:
        return self.certificate.fingerprint(hashes.SHA256()).hex()


class Issuer:
    """A root that certifies whatever it is given."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self.root = self._issue("Test root", self._key.public_key(), NOW, 5000, ca=True)

    def certify(
        self,
        public: Any,
        *,
        common: str = "Seal",
        begins: datetime = NOW - timedelta(days=10),
        days: int = 365,
        signs: bool = True,
        commits: bool = True,
        ocsp: str = "",
    ) -> x509.Certificate:
        return self._issue(
            common, public, begins, days, ca=False, signs=signs, commits=commits, ocsp=ocsp
        )

    def files(
        self, folder: Path, private: Any = None, *, passphrase: bytes | None = None, **how: Any
    ) -> Given:
        """A key with its certificate; P-256 unless another is given."""
        folder.mkdir(parents=True)
        private = private or ec.generate_private_key(ec.SECP256R1())
        given = Given(folder, self.certify(private.public_key(), **how))
        protection = BestAvailableEncryption(passphrase) if passphrase else NoEncryption()
        given.key.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, protection))
        given.certificate_file.write_bytes(given.certificate.public_bytes(Encoding.PEM))
        given.chain.write_bytes(self.root.public_bytes(Encoding.PEM))
        return given

    def _issue(
        self,
        common: str,
        public: Any,
        begins: datetime,
        days: int,
        *,
        ca: bool,
        signs: bool = True,
        commits: bool = True,
        ocsp: str = "",
    ) -> x509.Certificate:
        builder = (
            x509.CertificateBuilder()
            .subject_name(_name(common))
            .issuer_name(_name("Test root"))
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins)
            .not_valid_after(begins + timedelta(days=days))
            .add_extension(x509.BasicConstraints(ca, None), critical=True)
            .add_extension(
                x509.KeyUsage(
                    signs and not ca,
                    signs and commits and not ca,
                    not signs,
                    False,
                    False,
                    ca,
                    ca,
                    False,
                    False,
                ),
                critical=True,
            )
        )
        if ocsp:
            where = x509.UniformResourceIdentifier(ocsp)
            access = x509.AccessDescription(AuthorityInformationAccessOID.OCSP, where)
            builder = builder.add_extension(
                x509.AuthorityInformationAccess([access]), critical=False
            )
        return builder.sign(self._key, hashes.SHA256())
