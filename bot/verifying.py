"""``registrar verify``: is this file what we signed, and does it still stand?"""

from dataclasses import replace
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from backend import credentials
from backend.clock import SystemClock
from backend.database import Database
from backend.documents.verdict import Reason, reason
from backend.documents.verify import verify
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
STATUS = {
    "superseded": Reason(
        "superseded", "已有更新的文件代替它。", "A newer document has replaced it."
    ),
    "revoked": Reason("revoked", "已被学校撤销。", "It has been revoked."),
}


def check(settings: Settings, path: Path, trust: list[Path], signers: list[Path]) -> dict[str, Any]:
    """The verdict as JSON. The record of issue is consulted where there is one here.

    Trusted are the given roots, or this installation's own. A root may have certified others too:
    without a record the signer's certificate must be this installation's, or one of ``signers``.
    """
    try:
        pdf = path.read_bytes()
    except OSError:
        return {"genuine": False, "reasons": [as_json(NOT_A_FILE)], "file": str(path)}
    roots = [root.read_bytes() for root in trust] or own_roots(settings)
    if not roots:
        return {"genuine": False, "reasons": [as_json(NO_ROOTS)], "file": str(path)}
    standings = Standings(settings)
    verdict = verify(pdf, trust_roots=roots, known=standings.sha256 if standings.exist else None)
    if verdict.genuine and standings.status is None:
        pinned = {fingerprint(one) for one in signers or own_signers(settings)}
        if verdict.certificate not in pinned:
            verdict = replace(verdict, genuine=False, reasons=(reason("signature_only"),))
    found = {"file": str(path), **verdict.to_json()}
    if standings.status is not None:
        found["record"] = standings.status
    if verdict.genuine and standings.status in STATUS:
        found["genuine"] = False
        found["reasons"] = [as_json(STATUS[standings.status])]
        found["why"] = standings.why
    return found


class Standings:
    """The record of issue. ``status`` and ``why`` are of the code that was last asked for."""

    def __init__(self, settings: Settings) -> None:
        self.exist = settings.has_database
        self.status: str | None = None
        self.why = ""
        self._settings = settings

    def sha256(self, code: str) -> str | None:
        database = Database(self._settings.database)
        try:
            with database.read() as session:
                standing = credentials.standing(session, code, SystemClock().now())
        finally:
            database.close()
        if standing is None:
            return None
        self.status, self.why = standing.status, standing.status_why
        return standing.sha256


def own_roots(settings: Settings) -> list[bytes]:
    """The certificates this installation signs under."""
    chain = settings.signing_chain or settings.data / "demo-ca" / "root.pem"
    return [chain.read_bytes()] if chain.is_file() else []


def own_signers(settings: Settings) -> list[Path]:
    """The certificates this installation signs with, where they are files of their own."""
    certificate = settings.signing_certificate or settings.data / "demo-ca" / "certificate.pem"
    return [certificate] if certificate.is_file() else []


def fingerprint(path: Path) -> str:
    """SHA-256 of a certificate in PEM."""
    certificate = x509.load_pem_x509_certificate(path.read_bytes())
    return certificate.fingerprint(SHA256()).hex()


def as_json(reason: Reason) -> dict[str, str]:
    return {"code": reason.code, "zh": reason.zh, "en": reason.en}
