"""Checking what somebody sends: judged apart, compared with the record of issue. Of a file that came in
the chat its report is kept for a day, and the file itself is not."""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy.orm import Session

from backend import blobs, credentials, signing
from backend.credentials import Standing
from backend.database import insert_into
from backend.documents.verdict import Outcome, Verdict, reason
from backend.errors import Refused
from backend.models import Blob, DocumentCheck, SigningCertificate
from backend.office import Office
from backend.verification.findings import (
    Findings,
    FoundFile,
    OwnCertificate,
    Question,
    RevocationState,
)
from backend.verification.inspector import MAX_BYTES
from backend.verification.report import Report, report
from backend.work import Work

log = logging.getLogger(__name__)

KEPT = timedelta(days=1)
JOB = "verify_file"
_STATES: dict[str, RevocationState] = {"good": "good", "revoked": "revoked"}


def judged(office: Office, data: bytes, expected: str | None = None) -> Report:
    """Whatever these bytes are. It blocks for as long as the inspector takes: call it from a thread.

    ``expected``: the code of the document that they should be.
    """
    digest = sha256(data).hexdigest()
    if len(data) > MAX_BYTES:
        verdict = Verdict(False, (reason("too_large"),), digest, size=len(data))
        return report(Findings(verdict, FoundFile(len(data))), None, office.clock.now())
    with office.read() as work:
        same = credentials.with_file(work.reading, work.institution, digest, work.now)
        question = asked(office, work, same)
    findings = office.inspector.judge(data, question)
    return compared(office, findings, digest, expected)


def asked(office: Office, work: Work, same: Standing | None) -> Question:
    """What the judge must know. ``same`` was issued as these very bytes."""
    return Question(
        own=tuple(own(row) for row in signing.known(work)),
        roots=office.roots,
        stamp_roots=office.stamp_roots,
        base_url=office.base_url,
        now=work.now,
        issued_at=same.issued_at if same else None,
    )


def own(row: SigningCertificate) -> OwnCertificate:
    """Whose certificate is on record is ours (docs/decisions/0024)."""
    return OwnCertificate(
        fingerprint=row.fingerprint,
        der=row.der,
        chain=row.chain,
        first_used_at=row.first_used_at,
        status=_STATES.get(row.status, "unknown"),
        revoked_at=row.revoked_at,
        revoked_why=row.revoked_why,
        checked_at=row.checked_at,
    )


def compared(
    office: Office, findings: Findings, digest: str, expected: str | None = None
) -> Report:
    """With the record as it stands when the judge is done."""
    with office.read() as work:
        same = credentials.with_file(work.reading, work.institution, digest, work.now)
        found, standing = on_record(work.session, work.institution, findings, same, work.now)
        now = work.now
    code = findings.verdict.code
    if expected is not None and code is not None and code != expected:
        verdict = replace(findings.verdict, genuine=False, reasons=(reason("code_of_another"),))
        return report(replace(findings, verdict=verdict), None, now)
    return report(found, standing, now)


def on_record(
    session: Session, institution: str, findings: Findings, same: Standing | None, now: datetime
) -> tuple[Findings, Standing | None]:
    """What the record makes of it, and how the document of its code stands. Where these very bytes are
    on record (``same``) and the judge refuses them, one of us is wrong, and nothing is said; but a
    certificate that had been revoked before is no mistake of anybody here, and is told."""
    code = findings.verdict.code
    standing = credentials.standing(session, institution, code, now) if code else None
    of_another = same is not None and same.code != code
    found = findings.against(standing, of_another=of_another)
    why = found.verdict.reasons[0].code
    mistaken = found.verdict.outcome is Outcome.NOT_GENUINE and not (code and of_another)
    if same is not None and mistaken and why != "certificate_revoked":
        log.error("the file of %s, which is on record, was judged %s", same.number, why)
        verdict = replace(found.verdict, reasons=(reason("not_checked"),))
        return replace(found, verdict=verdict), standing
    return found, standing


def by_code(standing: Standing | None, code: str, now: datetime) -> Report:
    """Where nothing was sent but a code: the record, which whoever asks compares with the paper."""
    known = standing is not None
    verdict = Verdict(False, (reason("picture_only" if known else "unknown_code"),), "", code=code)
    findings = Findings(verdict)
    return report(findings.against(standing) if known else findings, standing, now)


# --- in the chat --------------------------------------------------------------------------------


def key(blob_id: str) -> str:
    """Of the job that a conversation waits for, and of what it found."""
    return f"verify:{blob_id}"


def ask(work: Work, blob_id: str) -> str:
    """Have one's own file checked by a job; returns what to wait for. Raises Refused ``file_gone``."""
    done = key(blob_id)
    if found(work, done) is None:
        blob = work.session.get(Blob, blob_id)
        if blob is None or blob.deleted_at is not None or blob.owner_id != work.actor:
            raise Refused("file_gone")
        work.enqueue(JOB, done, blob=blob_id)
    return done


def found(work: Work, done: str) -> DocumentCheck | None:
    """None while it is being checked, and once it is forgotten."""
    check = work.session.get(DocumentCheck, done)
    ours = check is not None and check.institution_id == work.institution
    return check if ours and check is not None and check.expires_at > work.now else None


def verify_file(office: Office, blob: str) -> None:
    """The job. No transaction waits for the inspector; the file goes as soon as it is judged."""
    with office.read() as work:
        row = work.session.get(Blob, blob)
        if row is None or work.session.get(DocumentCheck, key(blob)) is not None:
            return  # another run has done it
        place = row.key if row.deleted_at is None else ""
    try:
        data = office.blobs.get(place) if place else None
    except FileNotFoundError:
        data = None
    seen = judged(office, data) if data is not None else None
    with office.work() as work:
        if seen is not None:
            _keep(work, key(blob), seen)
        blobs.delete(work, [blob])
        work.emit("job.done", key(blob), ok=seen is not None)


def give_up(work: Work, blob: str) -> None:
    """The job has failed for good: whoever waits is told, and the file goes all the same."""
    blobs.delete(work, [blob])
    work.emit("job.done", key(blob), ok=False)


def _keep(work: Work, name: str, seen: Report) -> None:
    row = {
        "key": name,
        "institution_id": work.institution,
        "findings": seen.to_json(),
        "code": seen.document.code if seen.document else None,
        "made_at": work.now,
        "expires_at": work.now + KEPT,
    }
    insert = insert_into(work.writing, DocumentCheck)
    work.session.execute(insert.values(row).on_conflict_do_nothing())
