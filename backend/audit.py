"""The record of who did what; one row for each transition, in its transaction."""

from sqlalchemy import insert, select

from backend.models import AuditEntry
from backend.work import Work

_RECORD = insert(AuditEntry)


def record(
    work: Work, subject: str, event: str, from_state: str, to_state: str, why: str = ""
) -> None:
    """The actor of this work did ``event`` with the case ``subject`` (its number, or the like).

    States are empty where a step has none; ``why`` is shown to those who may see the case.
    """
    work.writing.execute(
        _RECORD,
        {
            "institution_id": work.institution,
            "at": work.now,
            "actor_id": work.actor,
            "subject": subject,
            "event": event,
            "from_state": from_state,
            "to_state": to_state,
            "why": why,
        },
    )


def last(work: Work, subject: str, event: str | None = None) -> AuditEntry | None:
    """The latest entry about this case."""
    query = select(AuditEntry).where(
        AuditEntry.institution_id == work.institution, AuditEntry.subject == subject
    )
    if event:
        query = query.where(AuditEntry.event == event)
    return work.session.scalar(query.order_by(AuditEntry.id.desc()).limit(1))
