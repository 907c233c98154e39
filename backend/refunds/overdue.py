"""What waits too long: whoever has to act is reminded, and then the payer and administrators are told."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute

from backend.models import Application
from backend.policy import store
from backend.refunds.states import KIND, WAITING
from backend.work import Work
from backend.workdays import after_workdays


def remind_due(work: Work) -> int:
    """Again after as many working days; returns how many. Safe to repeat.

    What is overdue at the same moment is told as that, and not twice.
    """
    due = _due(work, Application.remind_at)
    for application in due:
        days = store.refund(work, application.policy_version).remind_after_days
        application.remind_at = (
            after_workdays(work.now, days, store.calendar(work)) if days else None
        )
        if application.escalate_at is None or application.escalate_at > work.now:
            work.emit("refund.remind", application.number)
    return len(due)


def escalate_due(work: Work) -> int:
    """Once for each wait. Nobody else may decide about money: the payer hears that it takes longer,
    and administrators that nobody of finance acts. Safe to repeat."""
    due = _due(work, Application.escalate_at)
    for application in due:
        application.escalate_at = None
        work.emit("refund.overdue", application.number)
    return len(due)


def _due(work: Work, deadline: InstrumentedAttribute[datetime | None]) -> list[Application]:
    return list(
        work.session.scalars(
            select(Application)
            .where(
                Application.institution_id == work.institution,
                Application.kind == KIND,
                Application.state.in_(WAITING),
                deadline <= work.now,
            )
            .order_by(Application.id)
            .with_for_update(skip_locked=True)
        )
    )
