"""The certificates that documents are signed with here: which are ours, and which may sign now.

A certificate is registered before its first document and stays for ever, for whose certificate is
registered is ours. What its authority says of it is fetched elsewhere and decided on here (T8).
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from backend import audit, stamp_expiry, transcripts
from backend.clock import local_date
from backend.documents import keys, signed_by
from backend.documents.errors import SigningRefused
from backend.documents.materials import CertificateStatus, KeyInfo, Level
from backend.models import Blob, Credential, SigningCertificate
from backend.office import Office
from backend.policy import store
from backend.work import Work

log = logging.getLogger(__name__)

UNCHECKED = timedelta(days=7)  # then a certificate that may have been revoked signs no more
TOLD_AGAIN = timedelta(hours=12)  # a key that cannot be used, while it is asked for
ON_HOLD = "certificate_hold"  # the one reason that may be taken back (RFC 5280, 5.3.1)
AT_ONCE = 50  # files read for the certificates they were signed with


class Unregistered(RuntimeError):
    """A document was signed with a certificate that the keyring does not tell of."""


class RevokedMeanwhile(RuntimeError):
    """A document was signed with a certificate that has been revoked since it was chosen."""


def keep_known(office: Office) -> None:
    """Register every certificate of the keyring, and warn of those that expire; runs every minute."""
    keyring = office.keyring
    if keyring is None:
        return
    infos = keyring.all()
    with office.work() as work:
        for info in infos:
            if info.der:
                register(work, info)
        warn_due(work, infos)
        if office.level is not Level.B_B:
            stamp_expiry.warn_due(work, office.stamp_roots)
    backfill(office)


def register(work: Work, info: KeyInfo, *, since: datetime | None = None) -> SigningCertificate:
    """The row of this certificate, which is there from now on; ``since``: it was used before."""
    known = find(work, info.fingerprint)
    if known is not None:
        return known
    if not info.der or info.not_before is None or info.not_after is None:
        raise ValueError(f"the key {info.name} has no certificate")
    row = SigningCertificate(
        institution_id=work.institution,
        fingerprint=info.fingerprint,
        subject=info.subject,
        issuer=info.issuer,
        serial=info.serial,
        not_before=info.not_before,
        not_after=info.not_after,
        der=info.der,
        chain=info.chain,
        source=info.source,
        name=info.name,
        first_used_at=since or work.now,
    )
    try:
        with work.session.begin_nested():
            work.session.add(row)
    except IntegrityError:  # another process was faster
        there = find(work, info.fingerprint)
        if there is None:
            raise
        return there
    return row


def used(work: Work, office: Office, fingerprint: str) -> None:
    """A document signed with this certificate is about to be kept.

    Raises Unregistered and RevokedMeanwhile; made again, it is signed with another one or refused.
    """
    row = find(work, fingerprint)
    if row is not None and row.status == "revoked":
        raise RevokedMeanwhile(fingerprint)
    if office.keyring is None or row is not None:
        return
    for info in office.keyring.all():
        if info.fingerprint == fingerprint:
            register(work, info)
            return
    raise Unregistered(fingerprint)


def find(work: Work, fingerprint: str) -> SigningCertificate | None:
    return work.session.scalar(
        select(SigningCertificate).where(
            SigningCertificate.institution_id == work.institution,
            SigningCertificate.fingerprint == fingerprint,
        )
    )


def known(work: Work) -> list[SigningCertificate]:
    """Every one that was ever used here, in the order they came."""
    return listed(work.session, work.institution)


def listed(session: Session, institution: str) -> list[SigningCertificate]:
    """The same, for whoever only looks."""
    query = select(SigningCertificate).where(SigningCertificate.institution_id == institution)
    return list(session.scalars(query.order_by(SigningCertificate.id)))


def barred(work: Work) -> dict[str, str]:
    """Fingerprints of certificates that must not sign now, with the reason (Keyring.current)."""
    found = {row.fingerprint: why_not(row, work.now) for row in known(work)}
    return {fingerprint: why for fingerprint, why in found.items() if why}


def why_not(row: SigningCertificate, now: datetime) -> str:
    """ "revoked", "retired", "unchecked", or "" for one that may sign as long as it is valid.

    Whose authority could not be asked for a while may sign on for ``UNCHECKED``.
    """
    if row.status == "revoked":
        return "revoked"
    if row.retired_at is not None:
        return "retired"
    last = max(row.checked_at or row.first_used_at, row.check_until or row.first_used_at)
    if now - last <= UNCHECKED or not _names_authorities(row.der):
        return ""
    return "unchecked"


def learned(work: Work, status: CertificateStatus) -> None:
    """What the authority of a certificate says. Its silence changes nothing, and of all reasons only
    a hold is ever taken back."""
    row = work.session.scalar(
        select(SigningCertificate)
        .where(
            SigningCertificate.institution_id == work.institution,
            SigningCertificate.fingerprint == status.fingerprint,
        )
        .with_for_update()
    )
    if row is None or status.status not in ("good", "revoked"):
        return
    if row.checked_at is not None and status.checked_at < row.checked_at:
        return  # another process has asked since
    was = row.status
    for_good = was == "revoked" and row.revoked_why != ON_HOLD
    if for_good and (status.status == "good" or status.why == ON_HOLD):
        return  # an old answer that tells of a hold must not be the first of two steps back
    row.status = status.status
    row.checked_at = status.checked_at
    row.check_until = status.until
    row.revoked_at = status.revoked_at if status.status == "revoked" else None
    row.revoked_why = status.why if status.status == "revoked" else ""
    if row.status == was:
        return
    if "revoked" in (row.status, was):
        audit.record(work, subject(row.name), row.status, was, row.status, row.revoked_why)
    if row.status == "revoked":
        day = row.revoked_at or work.now
        work.emit("signing.revoked", row.name, why=row.revoked_why, day=day.isoformat())


def retire(work: Work, info: KeyInfo) -> None:
    """The key signs no more, from the next document on; what it signed stays as it is."""
    row = register(work, info)
    if row.retired_at is None:
        row.retired_at = work.now
        audit.record(work, subject(row.name), "retire", "", "")


def bring_back(work: Work, info: KeyInfo) -> None:
    """A retired key signs again."""
    row = register(work, info)
    if row.retired_at is not None:
        row.retired_at = None
        audit.record(work, subject(row.name), "bring_back", "", "")


def refused(work: Work, number: str, error: SigningRefused) -> None:
    """No key may sign this paid document: its case waits for the office, and whoever can mend it is
    told, of one reason twice a day at most."""
    case = transcripts.locked(work, number)
    if case.state != transcripts.State.PAID:
        return
    transcripts.WORKFLOW.take(work, case, "get_stuck", why="signing", glyphs="", key=error.reason)
    told = audit.last(work, subject(error.key), "refuse")
    if told is not None and told.why == error.reason and work.now - told.at < TOLD_AGAIN:
        return
    audit.record(work, subject(error.key), "refuse", "", "", error.reason)
    work.emit("signing.refused", error.key or "-", reason=error.reason)


def warn_due(work: Work, infos: Iterable[KeyInfo]) -> int:
    """Tell of certificates that soon expire, once for each number of days in the policy.

    Nobody is told where a later key signs on when this one ends.
    """
    stops = barred(work)
    usable = [one for one in infos if one.der and not one.problem and one.fingerprint not in stops]
    days = store.credential(work).expiry_warn_days
    told = 0
    for info in usable:
        if info.not_after is None or any(covers(other, info) for other in usable):
            continue
        left = (local_date(info.not_after) - local_date(work.now)).days
        reached = [day for day in days if left <= day]
        if left < 0 or not reached or not _warned(work, info.fingerprint, min(reached)):
            continue
        day = info.not_after.isoformat()
        work.emit("signing.expiring", info.name, days=left, day=day)
        told += 1
    return told


def covers(later: KeyInfo, info: KeyInfo) -> bool:
    """Whether ``later`` signs on when the other one ends, for a day at least."""
    if later.fingerprint == info.fingerprint or None in (later.not_after, info.not_after):
        return False
    begins = max(moment for moment in (later.starts, later.not_before) if moment is not None)
    end = info.not_after
    return (
        later.not_after is not None
        and end is not None
        and (begins <= end and later.not_after >= end + timedelta(days=1))
    )


def _warned(work: Work, fingerprint: str, days: int) -> bool:
    """Whether this is the one process that tells of so many days."""
    row = SigningCertificate
    mark = (
        update(row)
        .where(
            row.institution_id == work.institution,
            row.fingerprint == fingerprint,
            func.coalesce(row.warned_days, days + 1) > days,
        )
        .values(warned_days=days)
    )
    return bool(work.writing.execute(mark).rowcount)


def backfill(office: Office) -> int:
    """Find in the files that are still there what documents of earlier releases were signed with.

    Returns how many were looked at. Where a file does not tell, it is not read again.
    """
    with office.read() as work:
        rows = work.session.execute(
            select(Credential.id, Credential.issued_at, Credential.sha256, Blob.key)
            .join(Blob, Blob.id == Credential.blob_id)
            .where(
                Credential.institution_id == work.institution,
                Credential.certificate.is_(None),
                Blob.erased_at.is_(None),
            )
            .order_by(Credential.id)
            .limit(AT_ONCE)
        ).all()
    for credential, issued_at, digest, key in rows:
        info = _signer(office, key, digest)
        with office.work() as work:
            if info is not None:
                register(work, info, since=issued_at)
            work.session.execute(
                update(Credential)
                .where(Credential.id == credential, Credential.certificate.is_(None))
                .values(certificate=info.fingerprint if info else "")
            )
    return len(rows)


def _signer(office: Office, key: str, digest: str) -> KeyInfo | None:
    try:
        return signed_by.certificate(office.blobs.get(key), digest)
    except (KeyError, OSError, ValueError):
        log.warning("a document does not tell what it was signed with")
        return None


def _names_authorities(der: bytes) -> bool:
    return keys.told_of(der).authorities


def subject(name: str) -> str:
    """How the record of who did what calls a key."""
    return f"key:{name}"
