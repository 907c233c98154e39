"""Dated versions of policies: which one counts, and publishing the next."""

from datetime import date
from typing import TypeVar

from pydantic import BaseModel
from sqlalchemy import bindparam, func, select

from backend import audit
from backend.authority import Role, require
from backend.clock import local_date
from backend.consent import Consent
from backend.consents import keep
from backend.errors import Refused
from backend.models import PolicyVersion
from backend.policy.offices import CalendarPolicy, OfficesPolicy
from backend.policy.transcript import TranscriptPolicy
from backend.work import Work

P = TypeVar("P", bound=BaseModel)


def transcript(work: Work, version: int | None = None) -> TranscriptPolicy:
    """In force today, or the version an application was filed under."""
    return _load(work, "transcript", TranscriptPolicy, version)


def offices(work: Work) -> OfficesPolicy:
    return _load(work, "offices", OfficesPolicy)


def calendar(work: Work) -> CalendarPolicy:
    return _load(work, "calendar", CalendarPolicy)


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
        found = work.session.connection().execute(IN_FORCE, where).scalar()
        if found is None:
            raise Refused("service_closed", office="academic_affairs")
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


def publish(
    work: Work, name: str, policy: BaseModel, valid_from: date, consent: Consent, note: str = ""
) -> int:
    """A new version from a day on, never in the past: what was filed keeps its own terms."""
    actor = require(work, Role.ACADEMIC_AFFAIRS)
    if valid_from < local_date(work.now):
        raise Refused("policy_in_the_past", valid_from=valid_from.isoformat())
    keep(work, consent)
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
        known = work.policies[name, version] = kind.model_validate(row.body)
    return known
