"""The report on a file or a code: what page, chat and command line show, and the same for machines."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from backend.clock import local_date
from backend.credentials import Standing, Totals
from backend.verification.findings import Findings

SCHEMA = "verification-report-1"


@dataclass(frozen=True, slots=True)
class Document:
    """What whoever has the code may know of the document: no more than what proves it."""

    kind: str  # "transcript"
    language: str
    gpa: str
    coverage: str
    number: str
    code: str
    issued_on: date  # in Asia/Shanghai
    holder: str  # masked
    totals: Totals | None


@dataclass(frozen=True, slots=True)
class Status:
    """How the document stands now."""

    state: str  # "issued", "superseded", "revoked"
    since: datetime
    why: str  # as it was written, for a document that was revoked
    newer: bool  # the one that replaces it is there
    downloadable: bool  # a passed month is only a remark


@dataclass(frozen=True, slots=True)
class Report:
    """The verdict first, then everything it rests on. ``document`` and ``status``: None where
    nothing is on record."""

    checked_at: datetime
    findings: Findings
    document: Document | None
    status: Status | None

    def to_json(self) -> dict[str, Any]:
        """Plain values in the order they are shown; what is not known is None."""
        found, verdict = self.findings, self.findings.verdict
        return {
            "schema": SCHEMA,
            "verdict": str(verdict.outcome),
            "reasons": [asdict(one) for one in verdict.reasons],
            "checked_at": self.checked_at.isoformat(),
            "document": plain(self.document),
            "status": plain(self.status),
            "file": self._file(),
            "signature": plain(found.signature),
            "certificates": [plain(one) for one in found.certificates],
            "time_stamp": plain(found.time_stamp),
            "archive_stamp": plain(found.archive_stamp),
            "revocation": plain(found.revocation),
            "data": plain(found.data),
            "checks": [plain(one) for one in found.checks],
        }

    def _file(self) -> dict[str, Any] | None:
        found, verdict = self.findings, self.findings.verdict
        if found.file is None:
            return None
        return {
            "sha256": verdict.sha256,
            "size": found.file.size,
            "pages": found.file.pages,
            "as_issued": found.as_issued,
            "begins_as_issued": found.begins_as_issued,
            "covered": found.file.covered,
            "added": [asdict(one) for one in verdict.additions],
            "level": verdict.level and str(verdict.level),
        }


def report(findings: Findings, standing: Standing | None, checked_at: datetime) -> Report:
    """``findings`` compared with the record; ``standing`` is that record, of a code that is known."""
    if standing is None:
        return Report(checked_at, findings, None, None)
    document = Document(
        kind="transcript",
        language=standing.language,
        gpa=standing.gpa,
        coverage=standing.coverage,
        number=standing.number,
        code=standing.code,
        issued_on=local_date(standing.issued_at),
        holder=standing.masked_name,
        totals=standing.totals,
    )
    status = Status(
        state="issued" if standing.status == "genuine" else standing.status,
        since=standing.status_since,
        why=standing.status_why if standing.status == "revoked" else "",
        newer=standing.newer,
        downloadable=standing.downloadable,
    )
    return Report(checked_at, findings, document, status)


def plain(part: Any) -> Any:
    """A part of the report in values that JSON has; times in ISO 8601."""
    if part is None:
        return None
    return _plain(asdict(part))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _plain(one) for name, one in value.items()}
    return value.isoformat() if isinstance(value, date) else value
