"""What a document is made with, and what comes of it. Light to import, for every process."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol


class Level(StrEnum):
    """What a signature carries to prove itself (PAdES, ETSI EN 319 142-1)."""

    B_B = "B-B"  # the signature and its certificates
    B_T = "B-T"  # and a time stamp
    B_LT = "B-LT"  # and what shows that the certificates were valid
    B_LTA = "B-LTA"  # and a time stamp over all of it, for archives


EVIDENT = (Level.B_LT, Level.B_LTA)  # levels that carry evidence


@dataclass(frozen=True, slots=True)
class Issue:
    """What one issued copy carries beside its facts (T8)."""

    code: str  # unique; printed in groups of four, embedded for `verify`
    verify_url: str  # in the QR code
    issued_at: datetime  # aware; shown as a date in Asia/Shanghai
    demo: bool  # says on every page and on the seal that it proves nothing


@dataclass(frozen=True, slots=True)
class Seal:
    """The words of a round seal: 中国科学院大学 + 证明专用章."""

    institution: str
    purpose: str
    demo: bool


@dataclass(frozen=True, slots=True)
class SigningKey:
    """Where a signing key is kept: PEM files, or one PKCS#12 file as `key` with no `certificate`.

    `chain` holds the intermediate certificates and the root, in PEM.
    """

    key: Path
    certificate: Path | None
    chain: Path | None
    passphrase: bytes | None = None

    def __repr__(self) -> str:
        return f"SigningKey(key={str(self.key)!r})"


@dataclass(frozen=True, slots=True)
class TokenKey:
    """Where a signing key is kept that never leaves its token (PKCS#11).

    `token` is the label of the token; the key is found by `label`, `key_id` (hexadecimal) or both.
    Without `certificate` (PEM) the token holds it, under the key's number.
    """

    module: Path
    token: str
    pin: str
    label: str = ""
    key_id: str = ""
    certificate: Path | None = None
    chain: Path | None = None

    def __repr__(self) -> str:
        return f"TokenKey(token={self.token!r}, label={self.label!r}, key_id={self.key_id!r})"


AnyKey = SigningKey | TokenKey


@dataclass(frozen=True, slots=True)
class KeyInfo:
    """What can be told of a signing key. Nothing of it is secret.

    `problem` is empty, or the reason of the SigningRefused that its use would give; then there may
    be no certificate, and `der` is empty. It counts from `starts` (aware).
    """

    name: str
    source: str  # "files", "pkcs12", "pkcs11"
    starts: datetime | None
    problem: str = ""
    why: str = ""  # the same in words
    fingerprint: str = ""  # SHA-256 of the certificate, in hexadecimal
    subject: str = ""
    issuer: str = ""
    serial: str = ""  # in hexadecimal
    not_before: datetime | None = None
    not_after: datetime | None = None
    der: bytes = b""
    chain: bytes = b""  # PEM: intermediate certificates and root
    authorities: bool = False  # its certificate names where to ask whether it was revoked


@dataclass(frozen=True, slots=True)
class CertificateStatus:
    """What the authority of a certificate says of it; counts until `until`."""

    fingerprint: str
    status: str  # "good", "revoked", "unknown": it said nothing that can be relied on
    checked_at: datetime
    until: datetime | None = None
    revoked_at: datetime | None = None
    why: str = ""  # the reason of RFC 5280, such as "key_compromise"


@dataclass(frozen=True, slots=True)
class Proved:
    """What is known of a certificate and of those it leads to; each of them was looked at.

    ``status`` is "good", "revoked" or "unknown"; ``why`` is the reason of a revocation (RFC 5280), or
    what is missing. ``path`` runs from the certificate to its root, in DER.
    """

    status: str
    path: tuple[bytes, ...] = ()
    revoked_at: datetime | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What shows later that the certificates of signer and time stamp were valid, each in DER.

    It may be put into documents until ``until`` (aware), and is fetched anew before.
    """

    certificates: tuple[bytes, ...]
    ocsps: tuple[bytes, ...]
    crls: tuple[bytes, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class Made:
    """A signed document as it leaves the workshop; from B-T on its time stamp is still to come.

    ``hole`` is where the signature stands in ``pdf``, from "<" to past ">"; ``digest`` is the SHA-256
    of all the rest. ``finished``: nothing has to be added any more.
    """

    pdf: bytes
    level: Level
    certificate: str  # SHA-256 of the signer's, in hexadecimal
    hole: tuple[int, int]
    digest: bytes
    signature: bytes  # its value alone, which is what gets a time stamp
    finished: bool


class Authority(Protocol):
    """Who says when something was there (RFC 3161). It blocks: call it from a job."""

    def stamp(self, digest: bytes) -> bytes:
        """The token in DER for a SHA-256 digest. Raises Unstamped."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Picture:
    """One page as PNG."""

    png: bytes
    width: int  # pixels
    height: int
