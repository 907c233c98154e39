"""Asking the judge where one root is trusted: what is signed under it is listed as ours."""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.serialization import Encoding

from backend.documents.verdict import Verdict
from backend.verification import cms, raw
from backend.verification.findings import Findings, OwnCertificate, Question
from backend.verification.judge import judge
from tests.documents.samples import ISSUE

BASE_URL = "https://registrar.example.edu"


def own(certificate: x509.Certificate, chain: Iterable[bytes] = (), **known: Any) -> OwnCertificate:
    """As it is listed; `known` is what has been found out about it since."""
    der = certificate.public_bytes(Encoding.DER)
    unknown = {
        "first_used_at": ISSUE.issued_at,
        "status": "unknown",
        "revoked_at": None,
        "revoked_why": "",
        "checked_at": None,
    }
    return OwnCertificate(sha256(der).hexdigest(), der, b"".join(chain), **(unknown | known))


def asked(*listed: OwnCertificate, now: datetime, **more: Any) -> Question:
    fields = {"roots": (), "stamp_roots": (), "base_url": BASE_URL, "issued_at": None}
    return Question(own=listed, now=now, **(fields | more))


def verify(
    pdf: bytes,
    *,
    trust_roots: Sequence[bytes],
    known: Callable[[str], str | None] | None = None,
    now: datetime | None = None,
    **more: Any,
) -> Verdict:
    """`known` gives the SHA-256 of the file issued under a code, or None when there is none."""
    verdict = findings(pdf, trust_roots=trust_roots, now=now or datetime.now(UTC), **more).verdict
    if known is not None and verdict.code is not None:
        return verdict.against_record(known(verdict.code))
    return verdict


def findings(pdf: bytes, *, trust_roots: Sequence[bytes], now: datetime, **more: Any) -> Findings:
    return judge(pdf, asked(*listed(pdf, trust_roots), now=now, **more))


def listed(pdf: bytes, roots: Sequence[bytes]) -> list[OwnCertificate]:
    """The certificate that signed this file, where one of the roots leads to it."""
    try:
        signed = cms.load(raw.find(pdf).hole)
    except raw.Refusal:
        return []
    if signed.signer is None:
        return []
    read = x509.load_der_x509_certificate
    try:
        trusted = [one for pem in roots for one in x509.load_pem_x509_certificates(pem)]
        signer = read(signed.signer.dump())
        along = [read(one.dump()) for one in signed.certificates]
    except ValueError:
        return []
    if not _leads(signer, along, trusted):
        return []
    # Of what comes along only what a root vouches for: the rest of a file must not vouch for it.
    chain = [one for one in along if _leads(one, along, trusted)] + trusted
    return [own(signer, [one.public_bytes(Encoding.PEM) for one in chain])]


def _leads(
    certificate: x509.Certificate, along: list[x509.Certificate], trusted: list[x509.Certificate]
) -> bool:
    if certificate in trusted or any(_by(certificate, one) for one in trusted):
        return True
    above = (one for one in along if one != certificate and _by(certificate, one))
    return any(_leads(one, [other for other in along if other != one], trusted) for one in above)


def _by(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    try:
        certificate.verify_directly_issued_by(issuer)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True
