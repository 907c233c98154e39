"""What a verification found, in words for the person who asked. Light to import, for every process."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from backend.clock import local_date
from backend.documents.materials import Level
from backend.documents.verdict_texts import ADDITIONS, EXPIRED, REASONS, REWRITTEN

_FOR_THE_RECORD = ("genuine", EXPIRED, REWRITTEN)  # what the record of issue decides
_ENDED = ("superseded", "revoked")
_UNDECIDED = ("not_checked", "no_qr", "several_qr")


class Outcome(StrEnum):
    """A verdict in one word, which is said first; GENUINE alone may be green."""

    GENUINE = "genuine"
    SUPERSEDED = "superseded"  # it was genuine; a newer document stands
    REVOKED = "revoked"
    RECORD_ONLY = "record_only"  # a picture: what it leads to is genuine, it cannot be checked
    NOT_GENUINE = "not_genuine"
    UNKNOWN = "unknown"  # nothing can be said now, or of what was sent


@dataclass(frozen=True, slots=True)
class Reason:
    code: str
    zh: str
    en: str


def reason(code: str, **facts: object) -> Reason:
    """A fact that is a pair is said in Chinese and in English."""
    zh, en = REASONS[code]
    return Reason(code, zh.format(**_said(facts, 0)), en.format(**_said(facts, 1)))


def _said(facts: dict[str, object], language: int) -> dict[str, object]:
    return {
        name: fact[language] if isinstance(fact, tuple) else fact for name, fact in facts.items()
    }


@dataclass(frozen=True, slots=True)
class Addition:
    """One kind of thing that was added after the signed part of a file."""

    kind: str
    zh: str
    en: str
    n: int | None = None  # how many: pages, annotations, bytes


def addition(kind: str, n: int | None = None) -> Addition:
    zh, en = ADDITIONS[kind]
    return Addition(kind, zh.format(n=n), en.format(n=n), n)


def appended(additions: Sequence[Addition]) -> Reason:
    """The reason with all that was added."""
    what = "、".join(one.zh for one in additions), ", ".join(one.en for one in additions)
    return reason("appended", what=what)


@dataclass(frozen=True, slots=True)
class Issued:
    """What is on record of a document: enough to compare a file with it."""

    code: str
    status: str  # "genuine", "superseded", "revoked"
    status_since: datetime
    status_why: str
    newer: bool  # the document that replaces it is there
    issued_at: datetime
    downloadable: bool  # a passed month is only a remark
    sha256: str
    size: int | None  # bytes; None where it was not kept
    level: Level
    certificate: str | None  # SHA-256 of the signer's; None where it was not kept


@dataclass(frozen=True, slots=True)
class Verdict:
    """`genuine` only when nothing at all speaks against the file; the first reason is the right one."""

    genuine: bool
    reasons: tuple[Reason, ...]
    sha256: str
    signer: str | None = None  # common name, only when the signature is by a trusted key
    signed_at: datetime | None = None  # as the signer says; aware UTC
    code: str | None = None
    certificate: str | None = None  # SHA-256 of the signer's certificate
    additions: tuple[Addition, ...] = ()
    level: Level | None = None  # of the signature, where it is by a trusted key
    size: int | None = None  # bytes of the file

    @property
    def outcome(self) -> Outcome:
        if self.genuine:
            return Outcome.GENUINE
        first = self.reasons[0].code
        if first in _ENDED:
            return Outcome(first)
        if first == "picture_only":
            return Outcome.RECORD_ONLY
        return Outcome.UNKNOWN if first in _UNDECIDED else Outcome.NOT_GENUINE

    def against_record(self, issued_sha256: str | None) -> "Verdict":
        """Compare with the record of issue for `code`: the hash of the file, None when unknown.

        A file that is on record stays genuine after its certificate has expired, for the record
        shows that it existed before; and its bytes are those that were issued.
        """
        if self.code is None:
            return self
        if issued_sha256 is None:
            return self._refused("unknown_code")
        if issued_sha256.lower() != self.sha256:
            return self._refused("differs_from_issued")
        against = tuple(r for r in self.reasons if r.code not in _FOR_THE_RECORD)
        if against:
            return replace(self, reasons=against)
        return replace(self, genuine=True, reasons=(reason("genuine"),))

    def against(self, issued: Issued | None, *, of_another: bool = False) -> "Verdict":
        """Compare with all that is on record for `code`, None where nothing is: the bytes, and
        whether the document still stands.

        `of_another`: these very bytes are on record under another code.
        """
        if self.code is None:
            return self
        if self.outcome is Outcome.RECORD_ONLY:
            if issued is None:
                return replace(self, reasons=(reason("qr_unknown_code"),))
            ended = (_ended(issued),) if issued.status in _ENDED else ()
            return replace(self, reasons=(*ended, *self.reasons))
        if of_another:
            return self._refused("code_of_another")
        compared = self.against_record(issued.sha256 if issued else None)
        if compared.genuine and issued is not None and issued.status in _ENDED:
            return replace(compared, genuine=False, reasons=(_ended(issued),))
        return compared

    def _refused(self, code: str) -> "Verdict":
        kept = tuple(r for r in self.reasons if r.code != "genuine")
        return replace(self, genuine=False, reasons=(*kept, reason(code)))

    def to_json(self) -> dict[str, Any]:
        """Plain values, ready for `json.dumps`; what is not known of the file is left out."""
        signed_at = self.signed_at.isoformat() if self.signed_at else None
        found = {
            **asdict(self),
            "verdict": self.outcome,
            "reasons": [asdict(r) for r in self.reasons],
            "additions": [asdict(one) for one in self.additions] or None,
            "signed_at": signed_at,
        }
        return {name: value for name, value in found.items() if value is not None}


def _ended(issued: Issued) -> Reason:
    """Why is said apart: it is written by people, and pages say it in their own language."""
    return reason(issued.status, day=local_date(issued.status_since).isoformat())
