"""When a document was there, who says so, and whether its certificate counted then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Literal

from asn1crypto import cms as asn1
from asn1crypto import x509

from backend.clock import local_date
from backend.documents import proving
from backend.documents.container import tlv
from backend.documents.verdict import Reason, reason
from backend.documents.verdict_texts import EXPIRED
from backend.verification import chain
from backend.verification.chain import Own
from backend.verification.findings import (
    FoundRevocation,
    FoundStamp,
    Question,
    RevocationState,
)
from backend.verification.raw import Refusal
from backend.verification.structure import Structure

# After these whoever has the key may be somebody else, and can have a time stamp made as well.
_STOLEN = frozenset({"", "unspecified", "key_compromise", "ca_compromise", "aa_compromise"})
Source = Literal["time_stamp", "record", "claimed"]


@dataclass(frozen=True, slots=True)
class Times:
    """``at`` is when the document was there, as well as it is known."""

    at: datetime | None
    source: Source
    stamp: FoundStamp | None = None
    archive: FoundStamp | None = None

    @property
    def proven(self) -> datetime | None:
        """Not by the signer alone, who could say anything."""
        return None if self.source == "claimed" else self.at


def found(
    value: bytes,
    tokens: tuple[bytes | None, bytes | None],
    archived: bytes | None,
    claimed: datetime | None,
    question: Question,
) -> Times:
    """``tokens`` are the time stamps of the signature value and of the whole file, whose SHA-256
    the latter is for is ``archived``. Raises Refusal for a stamp of something else."""
    first, last = tokens
    trusted = question.stamp_roots
    known = question.issued_at is not None
    stamp = archive = None
    if first is not None:
        stamp = _stamp(first, sha256(value).digest(), trusted, "time_stamp_invalid", known=known)
    if last is not None and archived is not None:
        archive = _stamp(last, archived, trusted, "archive_invalid", known=known)
    for one in (stamp, archive):
        if one is not None and one.valid:
            return Times(one.at, "time_stamp", stamp, archive)
    if question.issued_at is not None:
        return Times(question.issued_at, "record", stamp, archive)
    return Times(claimed, "claimed", stamp, archive)


def _stamp(
    token: bytes, digest: bytes, roots: Sequence[bytes], wrong: str, *, known: bool
) -> FoundStamp:
    """A stamp by an authority that is not known here says nothing of the time. It counts against a
    file that is on no record, for who would have had it made?"""
    try:
        stamped, at = said(token)
    except Exception as error:  # asn1crypto raises many kinds on what is malformed
        raise Refusal(wrong) from error
    if stamped != digest:
        raise Refusal(wrong)
    for pem in roots:
        try:
            path = proving.check_stamp(token, digest, pem, at)
        except ValueError:
            continue
        name = chain.common_name(x509.Certificate.load(path[0]).subject)
        return FoundStamp(name, at, valid=True)
    if roots and not known:
        raise Refusal(wrong)
    return FoundStamp("", at, valid=False)


@lru_cache(32)
def said(token: bytes) -> tuple[bytes, datetime]:
    """The SHA-256 it is for, and when. Raises many kinds for what is no stamp, or is written otherwise
    than in the one way of DER."""
    content = asn1.ContentInfo.load(token, strict=True)
    signed = content["content"]
    stamped = signed["encap_content_info"]["content"].parsed
    imprint = stamped["message_imprint"]
    if imprint["hash_algorithm"]["algorithm"].native != "sha256":
        raise ValueError("another kind of digest")
    said: tuple[bytes, datetime] = imprint["hashed_message"].native, stamped["gen_time"].native
    kind, inner, certificates = content["content_type"].dump(), signed.contents, b""
    if isinstance(signed["certificates"], asn1.CertificateSet):
        certificates = signed["certificates"].dump()
        del signed["certificates"]  # the same in all stamps of an authority, and long
    before, found, after = inner.partition(certificates) if certificates else (inner, b"", b"")
    if (
        found != certificates
        or _wrapped(kind, inner) != token
        or _wrapped(kind, before + after) != content.dump(force=True)
        or not _written_once(certificates)
    ):
        raise ValueError("not written in the one way")
    return said


def _wrapped(kind: bytes, signed: bytes) -> bytes:
    return tlv(0x30, kind + tlv(0xA0, tlv(0x30, signed)))


@lru_cache(32)
def _written_once(certificates: bytes) -> bool:
    if not certificates:
        return True
    found = asn1.CertificateSet.load(certificates, strict=True, implicit=0)
    return bool(found.dump(force=True) == certificates)


def revocation(own: Own, structure: Structure, times: Times) -> FoundRevocation:
    """Then, by what was put into the file and by what is known here; and now."""
    listed = own.listed
    then: RevocationState = "unknown"
    source: Literal["ocsp", "crl", "record", ""] = ""
    if times.at is not None and (structure.ocsps or structure.crls):
        proved = proving.prove(
            own.certificate.dump(),
            tuple(dict.fromkeys((*structure.certificates, *(one.dump() for one in own.chain)))),
            structure.ocsps,
            structure.crls,
            times.at,
            stamping=False,
        )
        if proved.status in ("good", "revoked"):
            then = "good" if proved.status == "good" else "revoked"
            source = "ocsp" if structure.ocsps else "crl"
    if then != "revoked" and listed.revoked_at is not None and times.at is not None:
        then, source = ("good" if times.at < listed.revoked_at else "revoked"), "record"
    if then == "unknown" and listed.status == "good":
        then, source = "good", "record"
    return FoundRevocation(then, source, listed.status, listed.checked_at)


def against(own: Own, times: Times, seen: FoundRevocation, question: Question) -> list[Reason]:
    """What speaks against the certificate, the gravest first."""
    found: list[Reason] = []
    revoked = own.listed.revoked_at if own.listed.status == "revoked" else None
    if seen.at_signing == "revoked" or (
        revoked is not None and not _before(revoked, times, question, own.listed.revoked_why)
    ):
        day = local_date(revoked).isoformat() if revoked is not None else "?"
        found.append(reason("certificate_revoked", day=day))
    if times.at is None or not chain.valid_at(own, times.at):
        found.append(reason("outside_validity"))
    if question.now > own.certificate.not_valid_after and times.proven is None:
        found.append(reason(EXPIRED))
    return found


def _before(revoked: datetime, times: Times, question: Question, why: str) -> bool:
    """Whether something shows that the document was there before its certificate was revoked."""
    if times.proven is None or times.proven >= revoked:
        return False
    return question.issued_at is not None or why not in _STOLEN
