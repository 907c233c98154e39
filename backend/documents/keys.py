"""Signing keys: where they come from, and whether they fit their certificates.

A key source signs with the one key of one certificate. What it raises holds nothing secret: neither
passphrases nor PINs, nor what a library says of them.
"""

from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Protocol

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import AuthorityInformationAccessOID

from backend.documents.container import CURVES, lower
from backend.documents.errors import SigningRefused
from backend.documents.materials import AnyKey, KeyInfo, SigningKey, TokenKey

SHORTEST_RSA, LONGEST_RSA = 2048, 4096  # bits; the place in the file is no larger
CONFIGURED = "configured"  # the name of the key in the settings


class KeySource(Protocol):
    """A key that can sign. `name` is how administrators call it."""

    name: str
    kind: str  # "files", "pkcs12", "pkcs11"
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]  # intermediate certificates and root

    def sign(self, data: bytes) -> bytes:
        """The signature of the SHA-256 of `data`: RSA PKCS#1 v1.5, or ECDSA in DER with the lower s.

        Raises SigningRefused, and TokenAway when it is worth trying again.
        """
        ...


def load(key: AnyKey, name: str = CONFIGURED, pins: Path | None = None) -> KeySource:
    """The key; one in files is checked against its certificate. Raises SigningRefused, TokenAway.

    ``pins`` is the folder that keeps which PINs were refused.
    """
    if not isinstance(key, TokenKey):
        return FileSource(key, name)
    return _on_token(key, name, pins) if key.certificate is None else LaterSource(key, name, pins)


class FileSource:
    """A key in PEM or PKCS#12, kept parsed."""

    def __init__(self, key: SigningKey, name: str = CONFIGURED) -> None:
        self.name = name
        self.kind = "pkcs12" if key.certificate is None else "files"
        try:
            private, self.certificate, chain = _read(key)
        except OSError as error:
            path = error.filename or key.key
            raise SigningRefused(f"{path} cannot be read", "unreadable", name) from None
        except (ValueError, TypeError, UnsupportedAlgorithm):
            # cryptography tells a wrong passphrase from a damaged file in no dependable way.
            given = "the passphrase does not open it, or " if key.passphrase else ""
            raise SigningRefused(
                f"{key.key}: {given}it is damaged or needs a passphrase", "passphrase", name
            ) from None
        self.chain = tuple(chain)
        fit(self.certificate, private.public_key(), name)
        self._key = private

    def __repr__(self) -> str:
        return f"FileSource({self.name!r})"

    def sign(self, data: bytes) -> bytes:
        digest = hashes.SHA256()
        if isinstance(self._key, ec.EllipticCurvePrivateKey):
            return lower(self._key.sign(data, ec.ECDSA(digest)), self._key.curve.name)
        signature: bytes = self._key.sign(data, padding.PKCS1v15(), digest)
        return signature


class LaterSource:
    """A key on a token whose certificate is a file: the token is needed for signing only."""

    kind = "pkcs11"

    def __init__(self, key: TokenKey, name: str, pins: Path | None) -> None:
        if key.certificate is None:
            raise ValueError("the certificate is on the token too")
        self.name = name
        self.certificate, self.chain = read_public(key.certificate, key.chain, name)
        fit(self.certificate, self.certificate.public_key(), name)
        self._token: KeySource | None = None
        self._open = partial(_on_token, key, name, pins)

    def __repr__(self) -> str:
        return f"LaterSource({self.name!r})"

    def sign(self, data: bytes) -> bytes:
        if self._token is None:
            self._token = self._open()
        return self._token.sign(data)


def _on_token(key: TokenKey, name: str, pins: Path | None) -> KeySource:
    """Raises SigningRefused and TokenAway."""
    try:  # an extra, needed by whoever signs with a token
        from backend.documents.keys_pkcs11 import TokenSource  # noqa: PLC0415
    except ModuleNotFoundError as missing:
        raise SigningRefused(f"{missing.name} is not installed", "no_library", name) from None
    return TokenSource(key, name, pins)


def fit(certificate: x509.Certificate, public: Any, name: str) -> None:
    """Raises SigningRefused when key and certificate cannot sign documents together."""
    if isinstance(public, ec.EllipticCurvePublicKey):
        if public.curve.name not in CURVES:
            raise SigningRefused(
                f"keys of the curve {public.curve.name} cannot sign", "wrong_kind", name
            )
    elif isinstance(public, rsa.RSAPublicKey):
        if not SHORTEST_RSA <= public.key_size <= LONGEST_RSA:
            raise SigningRefused(
                f"RSA keys have {SHORTEST_RSA} to {LONGEST_RSA} bits, not {public.key_size}",
                "wrong_kind",
                name,
            )
    else:
        raise SigningRefused("only elliptic-curve and RSA keys can sign", "wrong_kind", name)
    if _public(public) != _public(certificate.public_key()):
        raise SigningRefused("the certificate does not belong to the key", "wrong_pair", name)
    if not _may_sign(certificate):
        raise SigningRefused("the certificate is not for signing", "not_for_signing", name)


def try_out(source: KeySource) -> None:
    """Sign something that means nothing. Raises SigningRefused and TokenAway."""
    source.sign(b"whether this key can sign")


def check_time(source: KeySource, when: datetime) -> None:
    """Raises SigningRefused when the certificate is not valid at `when` (aware)."""
    if when.tzinfo is None:
        raise ValueError("the time of signing has no time zone")
    start, end = source.certificate.not_valid_before_utc, source.certificate.not_valid_after_utc
    if when < start:
        raise SigningRefused(
            f"the signing certificate is not yet valid: from {start}", "not_yet_valid", source.name
        )
    if when > end:
        raise SigningRefused(
            f"the signing certificate is expired: since {end}", "expired", source.name
        )


def fingerprint(certificate: x509.Certificate) -> str:
    """SHA-256 of the certificate, in hexadecimal."""
    return certificate.fingerprint(hashes.SHA256()).hex()


def info(source: KeySource, starts: datetime) -> KeyInfo:
    """What can be told of a key that works."""
    return told(source.name, source.kind, starts, source.certificate, source.chain)


def told(
    name: str,
    kind: str,
    starts: datetime | None,
    certificate: x509.Certificate,
    chain: tuple[x509.Certificate, ...],
) -> KeyInfo:
    der = certificate.public_bytes(serialization.Encoding.DER)
    return KeyInfo(
        name=name,
        source=kind,
        starts=starts,
        fingerprint=fingerprint(certificate),
        subject=certificate.subject.rfc4514_string(),
        issuer=certificate.issuer.rfc4514_string(),
        serial=f"{certificate.serial_number:x}",
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        der=der,
        chain=b"".join(one.public_bytes(serialization.Encoding.PEM) for one in chain),
        authorities=names_authorities(certificate),
    )


def told_of(der: bytes) -> KeyInfo:
    """What can be told of a certificate alone. Raises ValueError."""
    return info_of(x509.load_der_x509_certificate(der))


def info_of(certificate: x509.Certificate) -> KeyInfo:
    return told("", "", None, certificate, ())


def names_authorities(certificate: x509.Certificate) -> bool:
    """Whether it says where to ask if it was revoked: an OCSP responder or a list (RFC 5280)."""
    try:
        certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints)
    except x509.ExtensionNotFound:
        pass
    else:
        return True
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess)
    except x509.ExtensionNotFound:
        return False
    ocsp = AuthorityInformationAccessOID.OCSP
    return any(one.access_method == ocsp for one in access.value)


def read_public(
    certificate: Path, chain: Path | None, name: str
) -> tuple[x509.Certificate, tuple[x509.Certificate, ...]]:
    """A certificate and those above it, in PEM. Raises SigningRefused."""
    try:
        return read_certificate(certificate), tuple(read_chain(chain))
    except OSError as error:
        raise SigningRefused(f"{error.filename} cannot be read", "unreadable", name) from None
    except ValueError:
        raise SigningRefused(
            f"{certificate} or its chain is no certificate in PEM", "unreadable", name
        ) from None


def read_certificate(path: Path) -> x509.Certificate:
    """Raises OSError, ValueError."""
    return x509.load_pem_x509_certificate(path.read_bytes())


def read_chain(path: Path | None) -> list[x509.Certificate]:
    """Raises OSError, ValueError."""
    return x509.load_pem_x509_certificates(path.read_bytes()) if path else []


def _read(key: SigningKey) -> tuple[Any, x509.Certificate, list[x509.Certificate]]:
    data = key.key.read_bytes()
    if key.certificate is None:
        private, certificate, others = pkcs12.load_key_and_certificates(data, key.passphrase)
        if private is None or certificate is None:
            raise SigningRefused(f"{key.key} holds no key with its certificate", "unreadable", "")
        return private, certificate, others + read_chain(key.chain)
    return (
        serialization.load_pem_private_key(data, key.passphrase),
        read_certificate(key.certificate),
        read_chain(key.chain),
    )


def _may_sign(certificate: x509.Certificate) -> bool:
    """Its usage, where it says any, is signatures or commitments (RFC 5280, 4.2.1.3)."""
    try:
        usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return usage.digital_signature or usage.content_commitment


def _public(key: Any) -> bytes:
    encoded: bytes = key.public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return encoded
