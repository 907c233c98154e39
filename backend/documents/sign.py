"""Signing a transcript: one certification signature, PAdES, no changes allowed, visible seal."""

from datetime import datetime
from hashlib import sha256

from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import serialization

from backend.documents import keys
from backend.documents.container import Container
from backend.documents.hole import fill, prepare
from backend.documents.keys import KeySource
from backend.documents.materials import AnyKey, Level, Made, SigningKey, TokenKey


class Signer:
    """One signing key, loaded once in a process."""

    def __init__(self, source: KeySource | AnyKey) -> None:
        """Raises SigningRefused and TokenAway for a key that cannot be loaded."""
        if isinstance(source, SigningKey | TokenKey):
            source = keys.load(source)
        self.source = source
        encoded = [_asn1(certificate) for certificate in (source.certificate, *source.chain)]
        self.certificate = source.certificate
        self.container = Container(encoded[0], encoded[1:])
        self.der: bytes = encoded[0].dump()
        self.fingerprint = sha256(self.der).hexdigest()

    def check(self, when: datetime) -> None:
        """Raises SigningRefused when the certificate is not valid at `when` (aware)."""
        keys.check_time(self.source, when)

    def sign(self, unsigned: bytes, *, level: Level, when: datetime) -> Made:
        """Fill the empty place of a file that was rendered for this signer and level.

        Raises SigningRefused as `check`, ValueError when there is no such place.
        """
        self.check(when)
        prepared, hole, digest = prepare(unsigned)
        signature = self.signature(self.container.attributes(digest))
        return Made(
            pdf=fill(prepared, hole, self.container.fill(digest, signature)),
            level=level,
            certificate=self.fingerprint,
            hole=(hole.start, hole.end),
            digest=digest,
            signature=signature,
            finished=level is Level.B_B,
        )

    def signature(self, data: bytes) -> bytes:
        """The value alone, of the SHA-256 of `data`. Raises SigningRefused and TokenAway."""
        return self.source.sign(data)


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER))
