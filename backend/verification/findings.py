"""What is asked about a file, and all that was found in it. Light: both travel between processes."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from backend.documents.verdict import Issued, Verdict

CheckState = Literal["ok", "warn", "fail", "skipped"]
RevocationState = Literal["good", "revoked", "unknown"]


@dataclass(frozen=True, slots=True)
class OwnCertificate:
    """One that documents were signed with here, as it is known now."""

    fingerprint: str  # SHA-256, in hexadecimal
    der: bytes
    chain: bytes  # PEM: intermediate certificates and root
    first_used_at: datetime
    status: RevocationState
    revoked_at: datetime | None
    revoked_why: str  # the reason of RFC 5280: "key_compromise", "superseded"…
    checked_at: datetime | None


@dataclass(frozen=True, slots=True)
class Question:
    """What the judge must know beside the file; it has neither database nor network."""

    own: tuple[OwnCertificate, ...]
    roots: tuple[bytes, ...]  # PEM; of other institutions, to say whose a signature is
    stamp_roots: tuple[bytes, ...]  # PEM; of the authorities whose time stamps count
    base_url: str  # where our QR codes lead
    now: datetime  # aware
    issued_at: datetime | None  # of the document on record with these very bytes; None: of none


@dataclass(frozen=True, slots=True)
class FoundFile:
    """``covered`` bytes from the beginning are signed, the signature's own place included."""

    size: int
    pages: int | None = None
    covered: int | None = None
    covered_sha256: str | None = None  # of these, where there are more


@dataclass(frozen=True, slots=True)
class FoundSignature:
    signer: str  # common name
    organization: str
    signed_at: datetime | None
    source: Literal["time_stamp", "record", "claimed"]  # who says so
    algorithm: str
    permits: str  # what may be changed: "no_changes"
    appearance: bool  # it can be seen on a page


@dataclass(frozen=True, slots=True)
class FoundCertificate:
    subject: str
    issuer: str
    serial: str  # in hexadecimal
    not_before: datetime
    not_after: datetime
    fingerprint: str
    own: bool


@dataclass(frozen=True, slots=True)
class FoundStamp:
    authority: str
    at: datetime
    valid: bool


@dataclass(frozen=True, slots=True)
class FoundRevocation:
    """Of the signing certificate: when it signed, and as far as is known now."""

    at_signing: RevocationState
    source: Literal["ocsp", "crl", "record", ""]
    now: RevocationState
    checked_at: datetime | None


@dataclass(frozen=True, slots=True)
class FoundData:
    """The attached data, compared with what the pages say."""

    attachment: Literal["equal", "differs", "none"]
    schema: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    state: CheckState
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Findings:
    """What was found in what somebody sent; ``against`` compares it with the record of issue.

    Where the signature is not by a certificate of ours only sizes, hashes and counts are in here.
    """

    verdict: Verdict
    file: FoundFile | None = None  # None: a code was asked for, and nothing sent
    signature: FoundSignature | None = None
    certificates: tuple[FoundCertificate, ...] = ()  # the signer's first
    time_stamp: FoundStamp | None = None
    archive_stamp: FoundStamp | None = None
    revocation: FoundRevocation | None = None
    data: FoundData | None = None
    checks: tuple[Check, ...] = ()
    as_issued: bool | None = None  # the bytes are those on record; None: there is no record
    begins_as_issued: bool = False  # all that was issued is there, and something was added

    def against(self, issued: Issued | None, *, of_another: bool = False) -> "Findings":
        """``issued`` is on record for the code of the file, if anything is.

        ``of_another``: these very bytes are on record under another code.
        """
        verdict = self.verdict.against(issued, of_another=of_another)
        if issued is None or self.file is None:
            return replace(self, verdict=verdict)
        added = self.file.covered_sha256 == issued.sha256 and self.file.covered == issued.size
        return replace(
            self,
            verdict=verdict,
            as_issued=issued.sha256 == verdict.sha256,
            begins_as_issued=added,
        )
