"""Whose a signature is: the list of our certificates first, a chain only for everybody else's."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from asn1crypto import x509
from cryptography import x509 as pyca_x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.validation.generic_cms import async_validate_detached_cms
from pyhanko_certvalidator import ValidationContext

from backend.documents import proving
from backend.verification import cms
from backend.verification.cms import Signed
from backend.verification.findings import FoundCertificate, OwnCertificate
from backend.verification.raw import Refusal

_LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Own:
    """A certificate of ours, read."""

    listed: OwnCertificate
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]  # without itself, as it was registered


@lru_cache(256)
def read(listed: OwnCertificate) -> Own:
    """Raises ValueError for what is no certificate."""
    certificate = x509.Certificate.load(listed.der)
    own = certificate.dump()
    chain = tuple(one for one in certificates(listed.chain) if one.dump() != own)
    return Own(listed, certificate, chain)


@lru_cache(256)
def certificates(pem: bytes) -> tuple[x509.Certificate, ...]:
    """Those in a PEM file; none where it holds none."""
    try:
        found = pyca_x509.load_pem_x509_certificates(pem)
    except ValueError:
        return ()
    return tuple(x509.Certificate.load(one.public_bytes(Encoding.DER)) for one in found)


def ours(signed: Signed, listed: Iterable[OwnCertificate]) -> Own | None:
    """The certificate of ours that signed this, as far as the signature says so."""
    if signed.signer is not None:
        mark = cms.fingerprint(signed.signer)
        return next((read(one) for one in listed if one.fingerprint == mark), None)
    each = (read(one) for one in listed)
    return next((one for one in each if cms.is_by(signed, one.certificate)), None)


def refuse_strangers(
    signed: Signed, covered: bytes, own: Sequence[OwnCertificate], roots: Sequence[bytes]
) -> Refusal:
    """Why a signature that is not ours is none: its certificate is known to nobody, or an authority
    known here says whose it is, which is said only when the signature is true."""
    signer = signed.signer
    anchors = _anchors(tuple(roots), tuple(one.chain for one in own))
    if signer is None or not anchors:
        return Refusal("foreign")
    try:
        if proving.in_a_maze(signed.certificates):
            return Refusal("foreign")
        ends = [one.not_valid_after for one in signed.certificates]  # judged at its last moment
        context = ValidationContext(
            trust_roots=list(anchors),
            moment=min([*ends, signer.not_valid_after]),
            allow_fetching=False,
        )
        status = asyncio.run(
            async_validate_detached_cms(covered, signed.content, signer_validation_context=context)
        )
    except Exception:  # asn1crypto and pyHanko raise many kinds on malformed signatures
        return Refusal("foreign")
    if not (status.intact and status.valid and status.trusted):
        return Refusal("foreign")
    return Refusal("other_institution", signer=common_name(signer.subject))


@lru_cache(16)
def _anchors(roots: tuple[bytes, ...], chains: tuple[bytes, ...]) -> tuple[x509.Certificate, ...]:
    # The authority that certified us certifies others too, and says who they are.
    every = (one for pem in (*roots, *chains) for one in certificates(pem))
    return tuple({one.dump(): one for one in every if one.ca}.values())


def common_name(name: x509.Name) -> str:
    return _shown(name, "common_name") or _shown(name, "organization_name")


def organization(name: x509.Name) -> str:
    return _shown(name, "organization_name")


def _shown(name: x509.Name, part: str) -> str:
    value = name.native.get(part) or ""
    text = value if isinstance(value, str) else str(value[0])
    return "".join(one for one in text if one.isprintable())[:_LONGEST_NAME]


def described(own: Own) -> tuple[FoundCertificate, ...]:
    """The certificate that signed and those above it, as they are known here."""
    found, path = own.certificate, [own.certificate]
    while issuer := _issuer(found, own.chain, path):
        path.append(issuer)
        found = issuer
    return tuple(_described(one, own=one is own.certificate) for one in path)


def _issuer(
    found: x509.Certificate, among: Sequence[x509.Certificate], path: Sequence[x509.Certificate]
) -> x509.Certificate | None:
    known = (one for one in among if one.subject == found.issuer and one not in path)
    return next(known, None)


def _described(one: x509.Certificate, *, own: bool) -> FoundCertificate:
    return FoundCertificate(
        subject=common_name(one.subject),
        issuer=common_name(one.issuer),
        serial=f"{one.serial_number:x}",
        not_before=one.not_valid_before,
        not_after=one.not_valid_after,
        fingerprint=cms.fingerprint(one),
        own=own,
    )


def valid_at(own: Own, when: datetime) -> bool:
    certificate = own.certificate
    return bool(certificate.not_valid_before <= when <= certificate.not_valid_after)
