"""What a document is made with, and what comes of it. Light to import, for every process."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path


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
class Picture:
    """One page as PNG."""

    png: bytes
    width: int  # pixels
    height: int
