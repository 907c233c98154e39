"""Dated versions of policies: which one counts, and publishing the next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from pydantic import BaseModel
from sqlalchemy import bindparam, func, select

from backend import audit, authority
from backend.authority import Role
from backend.clock import local_date
from backend.consent import Consent
from backend.consents import keep
from backend.errors import Refused
from backend.models import Institution, PolicyVersion
from backend.policy.credential import CredentialPolicy
from backend.policy.exam import ExamPolicy
from backend.policy.fees import FeesPolicy
from backend.policy.invoice import InvoicePolicy
from backend.policy.offices import CalendarPolicy, OfficesPolicy
from backend.policy.photo import PhotoPolicy
from backend.policy.refund import RefundPolicy
from backend.policy.telling import TellingPolicy
from backend.policy.transcript import TranscriptPolicy
from backend.work import Work

P = TypeVar("P", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class PolicyKind:
    """What a policy consists of, who publishes it, and the office to call about it."""

    model: type[BaseModel]
    publisher: Role = Role.ACADEMIC_AFFAIRS
    office: str = "academic_affairs"


KINDS: dict[str, PolicyKind] = {
    "transcript": PolicyKind(TranscriptPolicy),
    "offices": PolicyKind(OfficesPolicy),
    "calendar": PolicyKind(CalendarPolicy),
    "notices": PolicyKind(TellingPolicy),
    "credential": PolicyKind(CredentialPolicy),
    "refund": PolicyKind(RefundPolicy, Role.FINANCE, "finance"),
    "exam": PolicyKind(ExamPolicy, Role.EXAM_OFFICE, "exam_policy"),
    "photo": PolicyKind(PhotoPolicy, Role.STUDENT_AFFAIRS, "photo"),
    "fees": PolicyKind(FeesPolicy, Role.FINANCE, "finance"),
    "invoice": PolicyKind(InvoicePolicy, Role.FINANCE, "finance"),
}
PUBLISHERS = frozenset(kind.publisher for kind in KINDS.values())


def published_by(work: Work, person: int | None) -> list[str]:
    """The policies that are this person's to publish."""
    held = authority.roles(work, person) if person else set()
    return [name for name, kind in KINDS.items() if kind.publisher in held]


def transcript(work: Work, version: int | None = None) -> TranscriptPolicy:
    """In force today, or the version an application was filed under."""
    return _load(work, "transcript", TranscriptPolicy, version)


def offices(work: Work) -> OfficesPolicy:
    return _load(work, "offices", OfficesPolicy)


def calendar(work: Work) -> CalendarPolicy:
    return _load(work, "calendar", CalendarPolicy)


def exam(work: Work, version: int | None = None) -> ExamPolicy:
    """In force today, which says what is open, or the version a case was filed under."""
    return _load(work, "exam", ExamPolicy, version)


def telling(work: Work) -> TellingPolicy:
    """Where none has been published, nothing is set."""
    try:
        return _load(work, "notices", TellingPolicy)
    except Refused:
        return TellingPolicy()


def photo(work: Work, version: int | None = None) -> PhotoPolicy:
    """In force today, or the version a batch was checked under."""
    return _load(work, "photo", PhotoPolicy, version)


def fees(work: Work) -> FeesPolicy:
    return _load(work, "fees", FeesPolicy)


def credential(work: Work, version: int | None = None) -> CredentialPolicy:
    """In force today, or the version a document was issued under."""
    return _load(work, "credential", CredentialPolicy, version)


def refund(work: Work, version: int | None = None) -> RefundPolicy:
    """In force today, or the version a refund was filed under."""
    return _load(work, "refund", RefundPolicy, version)


def invoice(work: Work, version: int | None = None) -> InvoicePolicy:
    """In force today, or the version an invoice was asked for under."""
    return _load(work, "invoice", InvoicePolicy, version)


def load(work: Work, name: str, version: int) -> BaseModel:
    """A version of any policy."""
    return _load(work, name, KINDS[name].model, version)


IN_FORCE = (
    select(PolicyVersion.version)
    .where(
        PolicyVersion.institution_id == bindparam("institution"),
        PolicyVersion.name == bindparam("name"),
        PolicyVersion.valid_from <= bindparam("day"),
    )
    .order_by(PolicyVersion.valid_from.desc(), PolicyVersion.version.desc())
    .limit(1)
)


def version_in_force(work: Work, name: str, on: date | None = None) -> int:
    """The one whose day came last; of two with the same day, the one published later."""
    day = on or local_date(work.now)
    if (name, day) not in work.in_force:
        where = {"institution": work.institution, "name": name, "day": day}
        found = work.reading.execute(IN_FORCE, where).scalar()
        if found is None:
            raise Refused("service_closed", office=KINDS[name].office)
        work.in_force[name, day] = found
    return work.in_force[name, day]


def later_versions(work: Work, name: str, after: date) -> list[date]:
    """Days on which versions that are already published will take over."""
    days = work.session.scalars(
        select(PolicyVersion.valid_from)
        .where(
            PolicyVersion.institution_id == work.institution,
            PolicyVersion.name == name,
            PolicyVersion.valid_from > after,
        )
        .order_by(PolicyVersion.valid_from)
    )
    return list(days)


def lock(work: Work) -> None:
    """Publish one after the other: whoever comes second waits here and then sees what is new.

    Take it before reading what is to be changed, or a publication in between would be undone.
    """
    work.session.execute(
        select(Institution.id)
        .where(Institution.id == work.institution)
        .with_for_update(key_share=True)  # rows that refer to it may still be written
    )
    work.in_force.clear()


def require_calendar(work: Work, policies: Mapping[str, BaseModel], valid_from: date) -> None:
    """Working days cannot be counted before anybody has said which days are off."""
    transcripts = policies.get("transcript")
    counts = isinstance(transcripts, TranscriptPolicy) and (
        transcripts.remind_after_days or transcripts.escalate_after_days
    )
    if counts and "calendar" not in policies:
        version = version_in_force(work, "calendar", valid_from)
        if "holidays" not in load(work, "calendar", version).model_fields_set:
            raise Refused("calendar_first")


def publish(
    work: Work, name: str, policy: BaseModel, valid_from: date, consent: Consent, note: str = ""
) -> int:
    """A new version from a day on, never in the past: what was filed keeps its own terms.

    It replaces the whole policy: see ``lock`` for who changes single entries.
    """
    actor = authority.require(work, KINDS[name].publisher)
    if valid_from < local_date(work.now):
        raise Refused("policy_in_the_past", valid_from=valid_from.isoformat())
    keep(work, consent)
    lock(work)
    latest = work.session.scalar(
        select(func.max(PolicyVersion.version)).where(
            PolicyVersion.institution_id == work.institution, PolicyVersion.name == name
        )
    )
    version = (latest or 0) + 1
    work.session.add(
        PolicyVersion(
            institution_id=work.institution,
            name=name,
            version=version,
            valid_from=valid_from,
            body=policy.model_dump(mode="json"),
            published_by=actor,
            published_at=work.now,
            note=note,
        )
    )
    work.session.flush()
    work.in_force.clear()
    audit.record(work, f"policy:{name}", "publish", str(latest or ""), str(version), note)
    return version


def _load(work: Work, name: str, kind: type[P], version: int | None = None) -> P:
    version = version or version_in_force(work, name)
    known = work.policies.get((name, version))
    if not isinstance(known, kind):
        row = work.session.get(PolicyVersion, (work.institution, name, version))
        if row is None:
            raise LookupError(f"policy {name} has no version {version}")
        known = kind.model_validate(row.body)
        if row.published_at < work.now:  # what this very transaction wrote may yet be undone
            work.policies[name, version] = known
    return known
