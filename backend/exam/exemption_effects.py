"""What an approved exemption does: the course counts, until the approval is taken back (E5)."""

from sqlalchemy import select

from backend.clock import local_date
from backend.errors import Refused
from backend.exam import earned, exemption_cases, scores
from backend.models import (
    Application,
    ExamCourse,
    ExamCredit,
    ExamTicket,
)
from backend.work import Work


def approvable(work: Work, application: Application) -> None:
    request = exemption_cases.request_of(work, application)
    ticket = work.session.get_one(ExamTicket, request.ticket_id)
    if request.course_id in earned.courses(work, ticket):
        course = work.session.get_one(ExamCourse, request.course_id)
        raise Refused(
            "already_passed",
            "E5",
            course=course.name_zh,
            course_en=course.name_en,
            code=course.code,
        )


def approved(work: Work, application: Application) -> None:
    """From now on the course counts; of a revoked one, the same row counts again."""
    request = exemption_cases.request_of(work, application)
    key = {
        "ticket_id": request.ticket_id,
        "course_id": request.course_id,
        "kind": "exemption",
        "source": "exemption",
        "session": "",
        "passed_month": f"{local_date(work.now):%Y-%m}",
    }
    credit = work.session.scalar(select(ExamCredit).filter_by(**key))
    if credit is None:
        credit = ExamCredit(
            institution_id=work.institution, person_id=application.applicant_id, **key
        )
        work.session.add(credit)
    credit.passed, credit.ended_at, credit.application_id = True, None, application.id
    work.session.flush()


def credits(work: Work, application: Application) -> list[ExamCredit]:
    """Locked: nothing that rests on them is approved meanwhile."""
    of_it = scores.locked(work, ExamCredit.application_id == application.id)
    return [one for one in of_it if one.ended_at is None]
