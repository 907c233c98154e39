"""A score that arrives by import ends the case that asked for it (E5, E9): nobody has to review it."""

from sqlalchemy import exists, select

from backend.exam import back_entry_cases, earned, exemption_cases, exemptions
from backend.exam.back_entry_rules import there
from backend.models import (
    Application,
    BackEntryRequest,
    ExamCredit,
    ExamTicket,
    ExemptionRequest,
)
from backend.reviewing import case, sharing
from backend.work import Work

EVENT = "supersede"


def end_due(work: Work) -> int:
    """Cases that wait for a decision about a course that counts meanwhile; how many were ended.

    Run after imports, which only write rows; safe to repeat.
    """
    return _exemptions(work) + _entries(work)


def by_what(work: Work, application: Application) -> ExamCredit | None:
    """What counts instead, the latest first."""
    if application.kind == exemption_cases.KIND:
        course, kind = exemption_cases.request_of(work, application).course_id, None
    else:
        entry = back_entry_cases.request_of(work, application)
        course, kind = entry.course_id, entry.kind
    query = select(ExamCredit).where(
        ExamCredit.person_id == application.applicant_id,
        ExamCredit.course_id == course,
        *COUNTS,
    )
    if kind is not None:
        query = query.where(ExamCredit.kind == kind)
    return work.session.scalar(query.order_by(ExamCredit.id.desc()).limit(1))


COUNTS = (
    ExamCredit.passed.is_(True),
    ExamCredit.left_by.is_(None),
    ExamCredit.ended_at.is_(None),
)


def _exemptions(work: Work) -> int:
    rows = work.session.execute(
        select(Application, ExemptionRequest)
        .join(ExemptionRequest, ExemptionRequest.application_id == Application.id)
        .where(
            Application.institution_id == work.institution,
            Application.state.in_(case.LIVE),
            exists().where(
                ExamCredit.person_id == Application.applicant_id,
                ExamCredit.course_id == ExemptionRequest.course_id,
                *COUNTS,
            ),
        )
        .with_for_update(skip_locked=True, of=Application)
    ).all()
    ended = 0
    for application, request in rows:
        ticket = work.session.get_one(ExamTicket, request.ticket_id)
        if request.course_id in earned.courses(work, ticket):  # of two parts, both are there
            exemptions.WORKFLOW.take(work, application, EVENT, why=_why(work, application))
            sharing.done(work, application)
            ended += 1
    return ended


def _entries(work: Work) -> int:
    rows = work.session.execute(
        select(Application, BackEntryRequest)
        .join(BackEntryRequest, BackEntryRequest.application_id == Application.id)
        .where(
            Application.institution_id == work.institution,
            Application.state.in_(case.LIVE),
            exists().where(
                ExamCredit.person_id == Application.applicant_id,
                ExamCredit.course_id == BackEntryRequest.course_id,
                ExamCredit.kind == BackEntryRequest.kind,
                *COUNTS,
            ),
        )
        .with_for_update(skip_locked=True, of=Application)
    ).all()
    ended = 0
    for application, entry in rows:
        if there(work, application.applicant_id, entry.kind, entry.course_id):
            back_entry_cases.WORKFLOW.take(work, application, EVENT, why=_why(work, application))
            sharing.done(work, application)
            ended += 1
    return ended


def _why(work: Work, application: Application) -> str:
    found = by_what(work, application)
    return f"{found.source} {found.passed_month}" if found else ""
