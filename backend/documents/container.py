"""The CMS object of a signature (RFC 5652), written in one way only.

Little of it is protected by the signature itself: certificates could be left out, repeated or put
in another order, algorithms and names written differently, and the file would have another hash and
still verify. So whoever checks a file writes the object again from what matters and compares.
pyHanko would also build every part anew for every signature, which takes longer than drawing a
transcript; here only the digest and the signature value change.
"""

from collections.abc import Iterable

from asn1crypto import x509  # type: ignore[import-untyped]
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)
from pyhanko.sign.general import as_signing_certificate_v2

_SEQUENCE, _SET, _OCTETS, _TAGGED = 0x30, 0x31, 0x04, 0xA0
_VERSION_1 = bytes.fromhex("020101")
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_DATA = bytes.fromhex("06092a864886f70d010701")
_CONTENT_TYPE = bytes.fromhex("06092a864886f70d010903")
_DIGEST = bytes.fromhex("06092a864886f70d010904")
_CERTIFICATE = bytes.fromhex("060b2a864886f70d010910022f")
_SHA256 = bytes.fromhex("300d06096086480165030402010500")
_ALGORITHMS = {
    "ec": bytes.fromhex("300a06082a8648ce3d040302"),  # ecdsa-with-SHA256
    "rsa": bytes.fromhex("300d06092a864886f70d01010b0500"),  # sha256WithRSAEncryption
}
# Orders of the curves (SEC 2): s and n - s verify alike, and the lower one is written.
_ORDERS = {
    "secp256r1": 2**256 - 0xFFFFFFFF00000000000000004319055258E8617B0C46353D039CDAAF,
    "secp384r1": 2**384 - 0x389CB27E0BC8D220A7E5F24DB74F58851313E695333AD68D,
    "secp521r1": 2**521 - 0x5AE79787C40D069948033FEB708F65A2FC44A36477663B851449048E16EC79BF7,
}
CURVES = frozenset(_ORDERS)

# Hexadecimal digits for the object beyond the certificates: room for a signature of RSA-4096 and the
# signed attributes. Reserving it spares a trial signature.
_RESERVED = 6144


class Container:
    """How the object is written for one signer, with the certificates that come along."""

    def __init__(self, signer: x509.Certificate, others: Iterable[x509.Certificate]) -> None:
        """Raises KeyError for a key that can not sign."""
        certificates = sorted({signer.dump(), *(one.dump() for one in others)})
        self.digits = _RESERVED + 2 * sum(map(len, certificates))  # a lost certificate shows in it
        self._head = (
            _VERSION_1
            + _tlv(_SET, _SHA256)
            + _tlv(_SEQUENCE, _DATA)
            + _tlv(_TAGGED, b"".join(certificates))
        )
        serial: bytes = signer["tbs_certificate"]["serial_number"].dump()
        self._before = _VERSION_1 + _tlv(_SEQUENCE, signer.issuer.dump() + serial) + _SHA256
        self._algorithm = _ALGORITHMS[signer.public_key.algorithm]
        named = as_signing_certificate_v2(signer)
        self._certificate = _tlv(_SEQUENCE, _CERTIFICATE + _tlv(_SET, named.dump()))

    def attributes(self, digest: bytes) -> bytes:
        """What is signed for a file with this SHA-256: what PAdES wants (ETSI EN 319 142-1).

        The time of signing is in the PDF.
        """
        found = [
            _tlv(_SEQUENCE, _CONTENT_TYPE + _tlv(_SET, _DATA)),
            _tlv(_SEQUENCE, _DIGEST + _tlv(_SET, _tlv(_OCTETS, digest))),
            self._certificate,
        ]
        return _tlv(_SET, b"".join(sorted(found)))

    def fill(self, digest: bytes, signature: bytes) -> bytes:
        """The whole object in DER, with the signature of ``attributes(digest)``."""
        signer = _tlv(
            _SEQUENCE,
            self._before
            + bytes([_TAGGED])
            + self.attributes(digest)[1:]
            + self._algorithm
            + _tlv(_OCTETS, signature),
        )
        signed = _tlv(_SEQUENCE, self._head + _tlv(_SET, signer))
        return _tlv(_SEQUENCE, _SIGNED_DATA + _tlv(_TAGGED, signed))


def lower(signature: bytes, curve: str) -> bytes:
    """The same ECDSA signature in the form that is written. Raises ValueError for none."""
    order = _ORDERS[curve]
    r, s = decode_dss_signature(signature)
    return encode_dss_signature(r, min(s, order - s))


def _tlv(tag: int, content: bytes) -> bytes:
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    size = (length.bit_length() + 7) // 8
    return bytes([tag, 0x80 | size]) + length.to_bytes(size) + content
