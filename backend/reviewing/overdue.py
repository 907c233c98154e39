"""What has waited too long: the reviewers are reminded, then the exam office is asked."""

from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import InstrumentedAttribute

from backend.models import Application
from backend.policy import store
from backend.reviewing.case import APPROVED, DECIDABLE
from backend.reviewing.kinds import KINDS, kind_of, review_policy
from backend.work import Work
from backend.workdays import after_workdays


def remind_due(work: Work) -> int:
    """Remind the reviewers of what waits too long, also of approvals that are doubted; again after
    as many days. Safe to repeat."""
    due = work.session.scalars(_due(work, Application.remind_at, APPROVED)).all()
    for application in due:
        days = review_policy(work, application).remind_after_days
        application.remind_at = (
            after_workdays(work.now, days, store.calendar(work)) if days else None
        )
        work.emit("review.remind", application.number)
    return len(due)


def escalate_due(work: Work) -> int:
    """Hand what has waited far too long to the exam office; the reviewers may still decide."""
    due = work.session.scalars(_due(work, Application.escalate_at)).all()
    for application in due:
        kind_of(application).workflow.take(work, application, "escalate")
        application.escalate_at = None
    return len(due)


def _due(
    work: Work, deadline: InstrumentedAttribute[datetime | None], *besides: str
) -> Select[Application]:
    return (
        select(Application)
        .where(
            Application.institution_id == work.institution,
            Application.kind.in_(KINDS),
            Application.state.in_((*DECIDABLE, *besides)),
            deadline <= work.now,
        )
        .with_for_update(skip_locked=True)
    )
