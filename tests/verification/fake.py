"""An inspector that finds what it was told to, for tests of all that is shown of its findings."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256

from backend.documents.materials import Level
from backend.documents.verdict import Addition, Issued, Reason, Verdict, appended, reason
from backend.verification.findings import (
    Check,
    Findings,
    FoundCertificate,
    FoundData,
    FoundFile,
    FoundRevocation,
    FoundSignature,
    Question,
)
from backend.verification.inspector import Away

SIGNED = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
SIGNER = "演示大学证明专用章"
CODE = "0123456789ABCDEFGHJK"

Finding = Callable[[bytes, Question], Findings]


@dataclass
class FakeInspector:
    """Answers by the bytes it is given; of others it says what ``Away`` does."""

    answers: dict[bytes, Finding] = field(default_factory=dict)
    asked: list[tuple[bytes, Question]] = field(default_factory=list)
    closed: bool = False

    def judge(self, data: bytes, question: Question) -> Findings:
        self.asked.append((data, question))
        finding = self.answers.get(data)
        return finding(data, question) if finding else Away().judge(data, question)

    def warm(self) -> None:
        """Nothing has to be started."""

    def close(self) -> None:
        self.closed = True


def signed_here(code: str = CODE, level: Level = Level.B_B) -> Finding:
    """A whole file, signed by a certificate of ours; the record of issue is not asked yet."""

    def finding(data: bytes, question: Question) -> Findings:
        return _found(data, data, (reason("genuine"),), code, level)

    return finding


def added_to(original: bytes, *additions: Addition, code: str = CODE) -> Finding:
    """A file signed here with something after it."""

    def finding(data: bytes, question: Question) -> Findings:
        return _found(data, original, (appended(additions),), code, Level.B_B, additions)

    return finding


def refused(code: str, **facts: object) -> Finding:
    """Not by us, or not a document at all: nothing is told but the reason."""

    def finding(data: bytes, question: Question) -> Findings:
        digest = sha256(data).hexdigest()
        verdict = Verdict(False, (reason(code, **facts),), digest, size=len(data))
        return Findings(verdict, FoundFile(len(data)))

    return finding


def picture(code: str) -> Finding:
    """A photograph of a page, with a QR code of ours that leads to this code."""

    def finding(data: bytes, question: Question) -> Findings:
        digest = sha256(data).hexdigest()
        verdict = Verdict(False, (reason("picture_only"),), digest, code=code, size=len(data))
        return Findings(verdict, FoundFile(len(data)))

    return finding


def issued(data: bytes, code: str = CODE, status: str = "genuine") -> Issued:
    """The record of issue of these bytes."""
    return Issued(
        code=code,
        status=status,
        status_since=SIGNED,
        status_why="成绩有误" if status == "revoked" else "",
        newer=False,
        issued_at=SIGNED,
        downloadable=True,
        sha256=sha256(data).hexdigest(),
        size=len(data),
        level=Level.B_B,
        certificate="ab" * 32,
    )


def _found(
    data: bytes,
    covered: bytes,
    reasons: tuple[Reason, ...],
    code: str,
    level: Level,
    additions: tuple[Addition, ...] = (),
) -> Findings:
    verdict = Verdict(
        genuine=not additions,
        reasons=reasons,
        sha256=sha256(data).hexdigest(),
        signer=SIGNER,
        signed_at=SIGNED,
        code=code,
        certificate="ab" * 32,
        additions=additions,
        level=level,
        size=len(data),
    )
    signature = FoundSignature(
        SIGNER, "演示大学", SIGNED, "claimed", "ECDSA P-256, SHA-256", "no_changes", appearance=True
    )
    certificate = FoundCertificate(
        subject=SIGNER,
        issuer="演示根证书",
        serial="0a",
        not_before=SIGNED - timedelta(days=30),
        not_after=SIGNED + timedelta(days=700),
        fingerprint="ab" * 32,
        own=True,
    )
    covers = "ok" if not additions else "fail"
    return Findings(
        verdict=verdict,
        file=FoundFile(len(data), 1, len(covered), sha256(covered).hexdigest()),
        signature=signature,
        certificates=(certificate,),
        revocation=FoundRevocation("unknown", "", "unknown", None),
        data=FoundData("equal", "transcript-1"),
        checks=(Check("coverage", covers, "签名覆盖整个文件", "The signature covers the file"),),
    )
