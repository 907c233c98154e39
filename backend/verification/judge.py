"""Is this file exactly what the institution signed? In this order: bytes, signature, whose it is,
and only then what the PDF says of itself (docs/verification.md).

Not to be imported where people are served; it is asked there through an inspector.
"""

import gc
import logging
import os
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256

from backend.documents import archive
from backend.documents.materials import Level
from backend.documents.verdict import Reason, Verdict, appended, reason
from backend.documents.verdict_texts import EXPIRED, REWRITTEN
from backend.verification import chain, changes, cms, pages_read, printed, raw, structure, times
from backend.verification.chain import Own
from backend.verification.changes import Changes
from backend.verification.checks import check
from backend.verification.cms import Signed
from backend.verification.findings import (
    Check,
    CheckState,
    Findings,
    FoundData,
    FoundFile,
    FoundRevocation,
    FoundSignature,
    FoundStamp,
    Question,
)
from backend.verification.pages_read import Paper
from backend.verification.raw import Place, Refusal
from backend.verification.structure import Structure
from backend.verification.times import Times

_NICENESS = 5
_BETWEEN = 20_000  # objects between two looks for garbage: about those of one file


def ready() -> None:
    """First of all in a process of its own: whoever serves people goes before."""
    with suppress(OSError):
        os.nice(_NICENESS)
    # What has been imported stays, and need not be looked through for garbage at every file.
    gc.freeze()
    gc.set_threshold(_BETWEEN)
    # They write the names in certificates of strangers into the log.
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)


def judge(data: bytes, question: Question) -> Findings:
    """Whatever the bytes are, this answers and raises nothing but MemoryError."""
    digest = sha256(data).hexdigest()
    try:
        return _judged(data, digest, question)
    except Refusal as refusal:
        paper = _paper(data, refusal.code, question)
        if paper is not None:
            return _refused(data, digest, paper.reason, paper.code)
        return _refused(data, digest, reason(refusal.code, **refusal.facts))
    except MemoryError:
        raise
    except Exception:  # parsers fail in many ways on hostile input; each means refusal
        return _refused(data, digest, reason("unreadable"))


def _refused(data: bytes, digest: str, why: Reason, code: str | None = None) -> Findings:
    verdict = Verdict(False, (why,), digest, code=code, size=len(data))
    compared = FoundData("differs") if why.code == "attachment_differs" else None
    return Findings(verdict, FoundFile(len(data)), data=compared)


def _paper(data: bytes, refused: str, question: Question) -> Paper | None:
    """What a picture or a scan leads to: the one thing that can be told of paper."""
    if refused == "not_pdf" and pages_read.is_picture(data):
        return pages_read.of_picture(data, question.base_url)
    if refused == "no_signature":
        return pages_read.of_scan(data, question.base_url)
    return None


def _judged(data: bytes, digest: str, question: Question) -> Findings:
    place = raw.find(data)
    signed = _loaded(place)
    own = chain.ours(signed, question.own)
    if own is None:
        raise _stranger(data, place, signed, question)
    if place.fault is not None:
        raise Refusal(place.fault)
    token = cms.check(signed, place.hole, _digest(data, place), own.certificate, own.chain)
    revision = data[: place.covered]
    end, archived = _archived(data, place)
    found = structure.read(revision, place)
    compared = _compared(revision, found)
    seen = times.found(
        signed.value,
        (token, archived),
        archive.digest(revision) if archived else None,
        found.signed_at,
        question,
    )
    judged = _Ours(data, digest, end, signed, own, found, seen, compared, question).findings()
    if end == len(data):
        return judged
    return _with_more(judged, changes.found(data[:end], data))


def _archived(data: bytes, place: Place) -> tuple[int, bytes | None]:
    """Where what was issued ends, and the token of the archive's time stamp, where there is one."""
    revision = data[: place.covered]
    size = archive.extent(revision, data[place.covered :])
    if size is None:
        return place.covered, None
    end = place.covered + size
    if end > len(data):
        raise Refusal("truncated")
    token = archive.without(data[:end])[1]
    return (place.covered if token is None else end), token


def _compared(revision: bytes, found: Structure) -> FoundData:
    if found.attachment is not None:
        return printed.compare(revision, found.attachment, found.code)
    if not found.by_update:
        raise printed.missing()
    return FoundData("none")


def _loaded(place: Place) -> Signed:
    try:
        return cms.load(place.hole)
    except Refusal:
        # What is cut off or torn apart needs no owner to be told so.
        if place.fault is not None:
            raise Refusal(place.fault) from None
        raise


def _stranger(data: bytes, place: Place, signed: Signed, question: Question) -> Refusal:
    covered = data[: place.start] + data[place.end : place.covered]
    return chain.refuse_strangers(signed, covered, question.own, question.roots)


def _digest(data: bytes, place: Place) -> bytes:
    view = memoryview(data)
    hashed = sha256(view[: place.start])
    hashed.update(view[place.end : place.covered])
    return hashed.digest()


@dataclass(frozen=True, slots=True)
class _Ours:
    """All that was found in a file that a certificate of ours signed."""

    data: bytes
    digest: str
    end: int  # of what was issued
    signed: Signed
    own: Own
    structure: Structure
    times: Times
    compared: FoundData
    question: Question

    def findings(self) -> Findings:
        own, found, times_ = self.own, self.structure, self.times
        seen = times.revocation(own, found, times_)
        against = times.against(own, times_, seen, self.question)
        # Another number in its place verifies as well; only the record tells who wrote it so.
        if not cms.is_low(self.signed, own.certificate):
            against.insert(0, reason(REWRITTEN))
        if found.code is None:
            against.append(reason("no_code"))
        named = own.certificate.subject
        covered = sha256(memoryview(self.data)[: self.end]).hexdigest()
        return Findings(
            verdict=Verdict(
                genuine=not against,
                reasons=tuple(against) or (reason("genuine"),),
                sha256=self.digest,
                signer=chain.common_name(named),
                signed_at=found.signed_at,
                code=found.code,
                certificate=own.listed.fingerprint,
                level=self._level(),
                size=len(self.data),
            ),
            file=FoundFile(len(self.data), found.pages, self.end, covered),
            signature=FoundSignature(
                signer=chain.common_name(named),
                organization=chain.organization(named),
                signed_at=times_.at,
                source=times_.source,
                algorithm=cms.algorithm(own.certificate),
                permits="no_changes",
                appearance=found.appearance,
            ),
            certificates=chain.described(own),
            time_stamp=times_.stamp,
            archive_stamp=times_.archive,
            revocation=seen,
            data=self.compared,
            checks=self._checks(seen, {one.code for one in against}),
        )

    def _checks(self, seen: FoundRevocation, against: set[str]) -> tuple[Check, ...]:
        whole = self.end == len(self.data)
        valid = against.isdisjoint(("outside_validity", EXPIRED))
        return (
            check("signature", "warn" if REWRITTEN in against else "ok"),
            check("coverage", "ok" if whole else "fail"),
            check("certificate", "ok" if valid else "fail"),
            check("revocation", _revocation(seen, against)),
            check("time_stamp", _stamp(self.times.stamp)),
            check("archive_stamp", _stamp(self.times.archive)),
            check("structure", "ok" if self.structure.appearance else "warn"),
            check("data", "ok" if self.compared.attachment == "equal" else "skipped"),
        )

    def _level(self) -> Level:
        if self.times.archive is not None:
            return Level.B_LTA
        if self.times.stamp is None:
            return Level.B_B
        proved = self.structure.ocsps or self.structure.crls
        return Level.B_LT if proved else Level.B_T


def _revocation(seen: FoundRevocation, against: set[str]) -> CheckState:
    if "certificate_revoked" in against:
        return "fail"
    if seen.now == "revoked":
        return "warn"
    return "ok" if seen.at_signing == "good" else "skipped"


def _stamp(stamp: FoundStamp | None) -> CheckState:
    if stamp is None:
        return "skipped"
    return "ok" if stamp.valid else "warn"


def _with_more(findings: Findings, seen: Changes) -> Findings:
    kept = tuple(one for one in findings.verdict.reasons if one.code != "genuine")
    why = reason("archive_invalid") if seen.archive else appended(seen.additions)
    verdict = replace(
        findings.verdict, genuine=False, reasons=(why, *kept), additions=seen.additions
    )
    return replace(findings, verdict=verdict)
