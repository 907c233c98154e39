"""``registrar verify``: is this file what we signed, and does it still stand?"""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from backend import credentials, document_checks, signing
from backend.clock import SystemClock
from backend.credentials import Standing
from backend.database import Database
from backend.documents.verdict import Outcome, Reason, Verdict, reason
from backend.verification.findings import Findings, OwnCertificate, Question
from backend.verification.inspector import Processes
from backend.verification.report import report
from bot.settings import Settings

NOT_A_FILE = Reason(
    "no_file", "没有这个文件，或者读不了。", "There is no such file, or it cannot be read."
)
NO_ROOTS = Reason(
    "no_roots",
    "这里没有可以信任的根证书，无法判断：请在数据文件夹所在处运行，或用 --trust 指定。",
    "There is no root certificate to trust here, so nothing can be said:"
    " run this where the data folder is, or name one with --trust.",
)
NO_RECORD = Reason(
    "no_record",
    "这里的签发记录读不了，现在无法判断。程序刚升级的话，请先运行 registrar setup，再验一次。",
    "The record of issue here cannot be read, so nothing can be said now."
    " If the program was just upgraded, run registrar setup and try again.",
)


@dataclass(frozen=True, slots=True)
class Checked:
    genuine: bool
    shown: dict[str, Any]


def check(
    settings: Settings, path: Path, trust: list[Path], signers: list[Path], *, whole: bool = False
) -> Checked:
    """The verdict as JSON, or the ``whole`` report. The record of issue is consulted where there is
    one here.

    Ours are the certificates on record and ``signers``, or this installation's own. The given
    roots say whose another signature is: they may have certified others too.
    """
    try:
        pdf = path.read_bytes()
    except OSError:
        return _failed(path, NOT_A_FILE)
    roots = [root.read_bytes() for root in trust] or own_roots(settings)
    named = [pinned(one, roots) for one in signers or own_signers(settings)]
    now = SystemClock().now()
    try:
        found = _found(settings, pdf, roots, named, now)
    except DatabaseError:
        return _failed(path, NO_RECORD)
    if found is None:
        return _failed(path, NO_ROOTS)
    findings, standing = found
    verdict = findings.verdict
    if whole:
        return Checked(verdict.genuine, report(findings, standing, now).to_json())
    shown = {"file": str(path), **verdict.to_json()}
    if standing is not None:
        shown["record"] = standing.status
        if verdict.outcome is Outcome.REVOKED:
            shown["why"] = standing.status_why
    return Checked(verdict.genuine, shown)


def _found(
    settings: Settings, pdf: bytes, roots: list[bytes], named: list[OwnCertificate], now: datetime
) -> tuple[Findings, Standing | None] | None:
    """None where nobody is known who could have signed. Raises DatabaseError."""
    here = settings.institution
    with record(settings) as session:
        rows = signing.listed(session, here) if session else []
        listed = [document_checks.own(row) for row in rows]
        if not (roots or listed):
            return None
        known = {one.fingerprint for one in listed}
        digest = sha256(pdf).hexdigest()
        same = credentials.with_file(session, here, digest, now) if session else None
        question = Question(
            own=(*listed, *(one for one in named if one.fingerprint not in known)),
            roots=(*roots, *settings.signing.other_roots),
            stamp_roots=settings.signing.stamp_roots,
            base_url=settings.base_url,
            now=now,
            issued_at=same.issued_at if same else None,
        )
        with closing(Processes(1)) as inspector:
            findings = inspector.judge(pdf, question)
        if session is None:
            return _by_name(findings), None
        return document_checks.on_record(session, here, findings, same, now)


def _by_name(findings: Findings) -> Findings:
    """Without a record the certificate must have been named."""
    verdict = findings.verdict
    if verdict.reasons[0].code != "other_institution":
        return findings
    only = Verdict(False, (reason("signature_only"),), verdict.sha256, size=verdict.size)
    return replace(findings, verdict=only)


@contextmanager
def record(settings: Settings) -> Iterator[Session | None]:
    """What this installation knows beside the file; None where it has no database."""
    if not settings.has_database:
        yield None
        return
    with closing(Database(settings.database)) as database, database.read() as session:
        yield session


def pinned(path: Path, roots: list[bytes]) -> OwnCertificate:
    """A certificate that is named as ours, of which nothing else is known."""
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    der = certificate.public_bytes(Encoding.DER)
    return OwnCertificate(
        fingerprint=sha256(der).hexdigest(),
        der=der,
        chain=b"\n".join(roots),
        first_used_at=certificate.not_valid_before_utc,
        status="unknown",
        revoked_at=None,
        revoked_why="",
        checked_at=None,
    )


def own_roots(settings: Settings) -> list[bytes]:
    """The certificates this installation signs under."""
    chain = settings.signing_chain or settings.data / "demo-ca" / "root.pem"
    return [chain.read_bytes()] if chain.is_file() else []


def own_signers(settings: Settings) -> list[Path]:
    """The certificates this installation signs with, where they are files of their own."""
    certificate = settings.signing_certificate or settings.data / "demo-ca" / "certificate.pem"
    return [certificate] if certificate.is_file() else []


def _failed(path: Path, why: Reason) -> Checked:
    shown = {"code": why.code, "zh": why.zh, "en": why.en}
    return Checked(False, {"genuine": False, "reasons": [shown], "file": str(path)})
