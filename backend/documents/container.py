"""The CMS object of a signature (RFC 5652), put together from parts that never change.

pyHanko builds every part again for every signature, which takes longer than drawing a transcript.
Here it builds one, and each signature exchanges the digest and the signature value in it.
"""

from asn1crypto import cms  # type: ignore[import-untyped]

_SEQUENCE, _SET, _OCTETS, _TAGGED = 0x30, 0x31, 0x04, 0xA0
_SIGNED_DATA = bytes.fromhex("06092a864886f70d010702")
_DIGEST = "1.2.840.113549.1.9.4"
# Content type, digest and signing certificate: what PAdES wants signed (ETSI EN 319 142-1). The time
# of signing is in the PDF.
_ATTRIBUTES = {"1.2.840.113549.1.9.3", _DIGEST, "1.2.840.113549.1.9.16.2.47"}


class Container:
    """One CMS object with a single signature, as parts in DER."""

    def __init__(self, signed: cms.SignedData) -> None:
        """Raises ValueError for anything that a transcript's signature does not have."""
        (self._signer,) = signed["signer_infos"]
        signer = self._signer
        attributes = {attribute["type"].dotted for attribute in signer["signed_attrs"]}
        if (
            signed["version"].native != "v1"
            or signer["version"].native != "v1"
            or attributes != _ATTRIBUTES
            or signed["encap_content_info"].native != {"content_type": "data", "content": None}
            or [one.dump() for one in signed["digest_algorithms"]]
            != [signer["digest_algorithm"].dump()]
        ):
            raise ValueError("not the signature of a transcript")
        self._head = b"".join(
            signed[part].dump()
            for part in ("version", "digest_algorithms", "encap_content_info", "certificates")
        )
        self._before = b"".join(
            signer[part].dump() for part in ("version", "sid", "digest_algorithm")
        )
        self._attributes: bytes = signer["signed_attrs"].untag().dump()
        self._algorithm: bytes = signer["signature_algorithm"].dump()
        (self._digest,) = (
            attribute["values"][0].native
            for attribute in signer["signed_attrs"]
            if attribute["type"].dotted == _DIGEST
        )

    def attributes(self, digest: bytes) -> bytes:
        """What is signed for a file with this digest."""
        return self._attributes.replace(self._digest, digest)

    def fill(self, attributes: bytes, signature: bytes) -> bytes:
        """The whole object in DER."""
        signer = _tlv(
            _SEQUENCE,
            self._before
            + bytes([_TAGGED])
            + attributes[1:]
            + self._algorithm
            + _tlv(_OCTETS, signature),
        )
        signed = _tlv(_SEQUENCE, self._head + _tlv(_SET, signer))
        return _tlv(_SEQUENCE, _SIGNED_DATA + _tlv(_TAGGED, signed))

    def original(self) -> bytes:
        """The object it was taken from, if that held nothing else and was written in DER."""
        return self.fill(self._attributes, self._signer["signature"].native)


def _tlv(tag: int, content: bytes) -> bytes:
    length = len(content)
    if length < 0x80:
        return bytes([tag, length]) + content
    size = (length.bit_length() + 7) // 8
    return bytes([tag, 0x80 | size]) + length.to_bytes(size) + content
