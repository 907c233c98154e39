"""The CMS object of a signature (RFC 5652): whose it is, what it signs, and that it is written in
the one way in which it is written here."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

from asn1crypto import cms, parser, x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from backend.documents.container import CURVES, Container, lower, named
from backend.documents.materials import Level
from backend.verification.raw import Refusal

MOST_CERTIFICATES = 16  # a chain has three or four
_LEAST_RSA = 2048  # bits


@dataclass(frozen=True, slots=True)
class Signed:
    """One signature as it stands in a file. ``zeros``: nothing else fills the rest of its place."""

    content: cms.SignedData
    info: cms.SignerInfo
    der: bytes
    zeros: bool
    certificates: tuple[x509.Certificate, ...]  # as they come along
    signer: x509.Certificate | None  # None: it does not come along

    @property
    def value(self) -> bytes:
        value: bytes = self.info["signature"].native
        return value


def load(hole: bytes) -> Signed:
    """Read what stands in the place of the signature. Raises Refusal ``invalid_signature``."""
    try:
        # The length stands in the first bytes, and whatever follows need not be digits.
        head = bytes.fromhex(hole[:12].decode("ascii"))
        size = parser.peek(head + bytes(len(hole) // 2))
        raw = bytes.fromhex(hole[: 2 * size].decode("ascii"))
        content = cms.ContentInfo.load(raw, strict=True)
        if content["content_type"].native != "signed_data":
            raise ValueError("no signature")
        signed = content["content"]
        (info,) = signed["signer_infos"]
        certificates = tuple(one.chosen for one in signed["certificates"])
        if len(certificates) > MOST_CERTIFICATES:
            raise ValueError("more certificates than a chain has")
        signer = named(info["sid"], certificates)
    except Exception as error:  # asn1crypto raises many kinds on what is malformed
        raise Refusal("invalid_signature") from error
    zeros = not hole[2 * size :].strip(b"0")
    return Signed(signed, info, raw, zeros, certificates, signer)


def is_by(signed: Signed, certificate: x509.Certificate) -> bool:
    """Whether this is the certificate that the signature names, where none comes along."""
    try:
        return named(signed.info["sid"], (certificate,)) is not None
    except Exception:  # as in `load`
        return False


def check(
    signed: Signed,
    hole: bytes,
    digest: bytes,
    signer: x509.Certificate,
    chain: Sequence[x509.Certificate],
) -> bytes | None:
    """That ``signer``, one of ours, signed the bytes with this SHA-256, and wrote it as we do.

    Parts of the object are not protected by the signature: certificates, algorithms and names could
    be written otherwise, and the file would have another hash and still verify. Gives the token of
    the time stamp that comes along, unjudged. Raises Refusal.
    """
    try:
        algorithm = signed.info["digest_algorithm"]["algorithm"].native
        hashed = signed.info["signature_algorithm"]
        strong = algorithm == "sha256" and hashed.hash_algo == "sha256" and _strong(signer)
        if not strong or hashed.signature_algo not in ("rsassa_pkcs1v15", "ecdsa"):
            raise Refusal("weak_algorithm")
        if _digest(signed.info) != digest:
            raise Refusal("altered")
        _verify(signer, signed.value, signed.info["signed_attrs"].untag().dump())
        token = _token(signed.info)
        written = _container(signer.dump(), tuple(one.dump() for one in signed.certificates))
        expected = written.fill(digest, signed.value, token)
    except Refusal:
        raise
    except Exception as error:  # as in `load`
        raise Refusal("invalid_signature") from error
    allowed = {signer.dump(), *(one.dump() for one in chain)}
    if not {one.dump() for one in signed.certificates} <= allowed or signed.der != expected:
        raise Refusal("altered")
    if not signed.zeros:
        raise Refusal("gap")
    if len(hole) != written.digits(Level.B_T if token else Level.B_B):
        raise Refusal("altered")  # a certificate or the time stamp is lost
    if hole[: 2 * len(expected)] != expected.hex().upper().encode():
        raise Refusal("invalid_signature")
    return token


@lru_cache(64)
def _container(signer: bytes, others: tuple[bytes, ...]) -> Container:
    load_ = x509.Certificate.load
    return Container(load_(signer), [load_(one) for one in others])


def is_low(signed: Signed, signer: x509.Certificate) -> bool:
    """Whether the numbers of the signature are those that are written here: with ECDSA another
    one in its place verifies as well, and only the record tells who wrote it so."""
    if signer.public_key.algorithm != "ec":
        return True  # an RSA signature can only be one number
    return lower(signed.value, signer.public_key.curve[1]) == signed.value


def algorithm(certificate: x509.Certificate) -> str:
    """In words for a report."""
    key = certificate.public_key
    if key.algorithm == "rsa":
        return f"RSA {key.bit_size}, SHA-256"
    curves = {"secp256r1": "P-256", "secp384r1": "P-384", "secp521r1": "P-521"}
    return f"ECDSA {curves.get(key.curve[1], '')}, SHA-256"


def fingerprint(certificate: x509.Certificate) -> str:
    return sha256(certificate.dump()).hexdigest()


def _strong(signer: x509.Certificate) -> bool:
    key = signer.public_key
    if key.algorithm == "rsa":
        return bool(key.bit_size >= _LEAST_RSA)
    return key.algorithm == "ec" and key.curve[1] in CURVES


def _digest(info: cms.SignerInfo) -> bytes:
    (found,) = (one for one in info["signed_attrs"] if one["type"].native == "message_digest")
    (value,) = found["values"]
    digest: bytes = value.native
    return digest


def _token(info: cms.SignerInfo) -> bytes | None:
    for one in info["unsigned_attrs"]:
        if one["type"].native == "signature_time_stamp_token":
            (value,) = one["values"]
            token: bytes = value.dump()
            return token
    return None


def _verify(signer: x509.Certificate, value: bytes, data: bytes) -> None:
    key = _key(signer.public_key.dump())
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(value, data, ec.ECDSA(hashes.SHA256()))
        else:
            key.verify(value, data, padding.PKCS1v15(), hashes.SHA256())
    except InvalidSignature as error:
        raise Refusal("invalid_signature") from error


@lru_cache(64)
def _key(der: bytes) -> ec.EllipticCurvePublicKey | rsa.RSAPublicKey:
    key = load_der_public_key(der)
    if not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        raise ValueError("neither an elliptic-curve nor an RSA key")
    return key
