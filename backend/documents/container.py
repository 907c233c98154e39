"""The CMS object of a signature (RFC 5652), written in one way only.

Little of it is protected by the signature itself: certificates could be left out, repeated or put
in another order, algorithms and names written differently, and the file would have another hash and
still verify. So whoever checks a file writes the object again from what matters and compares.
Only the digest, the signature value and the time stamp change from one to the next.
"""

from collections.abc import Iterable

from asn1crypto import cms, parser, tsp, x509
from cryptography.hazmat.primitives.asymmetric.utils import (
    decode_dss_signature,
    encode_dss_signature,
)

from backend.documents.materials import Level

_SEQUENCE, _SET, _OCTETS, _TAGGED, _UNSIGNED = 0x30, 0x31, 0x04, 0xA0, 0xA1
_VERSION_1 = bytes.fromhex("020101")
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_DATA = bytes.fromhex("06092a864886f70d010701")
_CONTENT_TYPE = bytes.fromhex("06092a864886f70d010903")
_DIGEST = bytes.fromhex("06092a864886f70d010904")
_CERTIFICATE = bytes.fromhex("060b2a864886f70d010910022f")
_TIME_STAMP = bytes.fromhex("060b2a864886f70d010910020e")  # id-aa-timeStampToken, RFC 3161
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
# And for a time stamp with the certificates of its authority; commercial ones take 8,000 to 12,000.
_STAMPED = 16384


class Container:
    """How the object is written for one signer, with the certificates that come along."""

    def __init__(self, signer: x509.Certificate, others: Iterable[x509.Certificate]) -> None:
        """Raises KeyError for a key that can not sign."""
        certificates = sorted({signer.dump(), *(one.dump() for one in others)})
        self.name = str(signer.subject.native.get("common_name") or signer.subject.human_friendly)
        self._certificates = 2 * sum(map(len, certificates))
        self._head = (
            _VERSION_1
            + tlv(_SET, _SHA256)
            + tlv(_SEQUENCE, _DATA)
            + tlv(_TAGGED, b"".join(certificates))
        )
        serial: bytes = signer["tbs_certificate"]["serial_number"].dump()
        self._before = _VERSION_1 + tlv(_SEQUENCE, signer.issuer.dump() + serial) + _SHA256
        self._algorithm = _ALGORITHMS[signer.public_key.algorithm]
        self._certificate = tlv(_SEQUENCE, _CERTIFICATE + tlv(_SET, _named(signer)))

    def digits(self, level: Level) -> int:
        """How long the place of the object is in the file; a lost certificate shows in it."""
        stamped = 0 if level is Level.B_B else _STAMPED
        return _RESERVED + self._certificates + stamped

    def attributes(self, digest: bytes) -> bytes:
        """What is signed for a file with this SHA-256: what PAdES wants (ETSI EN 319 142-1).

        The time of signing is in the PDF.
        """
        found = [
            tlv(_SEQUENCE, _CONTENT_TYPE + tlv(_SET, _DATA)),
            tlv(_SEQUENCE, _DIGEST + tlv(_SET, tlv(_OCTETS, digest))),
            self._certificate,
        ]
        return tlv(_SET, b"".join(sorted(found)))

    def fill(self, digest: bytes, signature: bytes, token: bytes | None = None) -> bytes:
        """The whole object in DER, with the signature of ``attributes(digest)``.

        ``token`` is a time stamp of the signature value, in DER; it is not signed itself.
        """
        stamp = tlv(_SEQUENCE, _TIME_STAMP + tlv(_SET, token)) if token else b""
        signer = tlv(
            _SEQUENCE,
            self._before
            + bytes([_TAGGED])
            + self.attributes(digest)[1:]
            + self._algorithm
            + tlv(_OCTETS, signature)
            + (tlv(_UNSIGNED, stamp) if stamp else b""),
        )
        signed = tlv(_SEQUENCE, self._head + tlv(_SET, signer))
        return tlv(_SEQUENCE, _SIGNED_DATA + tlv(_TAGGED, signed))


def named(sid: cms.SignerIdentifier, among: Iterable[x509.Certificate]) -> x509.Certificate | None:
    """The certificate that a signer is called by; whether they signed is not checked."""
    for one in among:
        if sid.name == "issuer_and_serial_number":
            asked = sid.chosen
            if one.issuer == asked["issuer"] and one.serial_number == asked["serial_number"].native:
                return one
        elif one.key_identifier == sid.chosen.native:
            return one
    return None


def stamped(container: bytes, token: bytes) -> bytes:
    """The same object with a time stamp, as ``Container.fill`` writes it with a token."""
    # What is known of the signer comes last, four values deep.
    return _grown(container, 4, tlv(_UNSIGNED, tlv(_SEQUENCE, _TIME_STAMP + tlv(_SET, token))))


def _grown(value: bytes, depth: int, more: bytes) -> bytes:
    """The value with ``more`` at the end of its last child of that depth."""
    content: bytes = parser.parse(value, strict=True)[4]
    if depth == 0:
        return tlv(value[0], content + more)
    last = at = 0
    while at < len(content):
        last, at = at, at + parser.peek(content[at:])
    return tlv(value[0], content[:last] + _grown(content[last:], depth - 1, more))


def lower(signature: bytes, curve: str) -> bytes:
    """The same ECDSA signature in the form that is written. Raises ValueError for none."""
    order = _ORDERS[curve]
    r, s = decode_dss_signature(signature)
    return encode_dss_signature(r, min(s, order - s))


def _named(certificate: x509.Certificate) -> bytes:
    """Which certificate it is, inside what is signed (signing-certificate-v2, RFC 5035)."""
    issuer = x509.GeneralName("directory_name", certificate.issuer)
    named = tsp.ESSCertIDv2(
        {
            "cert_hash": certificate.sha256,
            "issuer_serial": {"issuer": [issuer], "serial_number": certificate.serial_number},
        }
    )
    found: bytes = tsp.SigningCertificateV2({"certs": [named]}).dump()
    return found


def tlv(tag: int, content: bytes) -> bytes:
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    size = (length.bit_length() + 7) // 8
    return bytes([tag, 0x80 | size]) + length.to_bytes(size) + content
