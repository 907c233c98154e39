"""Exemptions that were filed: by number, by course, by ticket, and the proofs they rest on (E5)."""

from sqlalchemy import select

from backend import cases
from backend.exam import candidates
from backend.exam.matrix import ProofFacts
from backend.models import Application, ExamCourse, ExamTicket, ExemptionRequest, Proof
from backend.proofs import keeping
from backend.reviewing import case
from backend.work import Work

KIND = "exemption"
# A course with one of these is not filed once more.
TAKEN = (*case.LIVE, case.REJECTED, case.APPROVED)


def find(work: Work, number: str) -> Application | None:
    return cases.find(work, number, [KIND])


def own(work: Work, number: str) -> Application:
    return cases.own(work, number, [KIND])


def request_of(work: Work, application: Application) -> ExemptionRequest:
    return work.session.get_one(ExemptionRequest, application.id)


def course_of(work: Work, application: Application) -> ExamCourse:
    return work.session.get_one(ExamCourse, request_of(work, application).course_id)


def ticket_of(work: Work, application: Application) -> ExamTicket:
    return work.session.get_one(ExamTicket, request_of(work, application).ticket_id)


def course(work: Work, course_id: int) -> ExamCourse:
    return work.session.get_one(ExamCourse, course_id)


def of_course(work: Work, ticket: ExamTicket, course_id: int) -> Application | None:
    """The case that stands for this course, under any of the candidate's own tickets: waiting,
    rejected or approved."""
    return work.session.scalar(
        select(Application)
        .join(ExemptionRequest, ExemptionRequest.application_id == Application.id)
        .where(
            ExemptionRequest.ticket_id.in_(candidates.ticket_ids(work, ticket.person_id)),
            ExemptionRequest.course_id == course_id,
            Application.state.in_(TAKEN),
        )
        .order_by(Application.id.desc())
        .limit(1)
    )


def of_ticket(work: Work, ticket: ExamTicket) -> list[Application]:
    """Every exemption filed under a ticket, oldest first."""
    return list(
        work.session.scalars(
            select(Application)
            .join(ExemptionRequest, ExemptionRequest.application_id == Application.id)
            .where(ExemptionRequest.ticket_id == ticket.id)
            .order_by(Application.id)
        )
    )


def proofs_of(work: Work, application: Application) -> list[Proof]:
    """What the form gave and it rests on now, in that order."""
    return keeping.given(work, application.id)


def together(work: Work, application: Application) -> list[Application]:
    """All that was submitted at once with it, itself among it."""
    return list(
        work.session.scalars(
            select(Application)
            .join(ExemptionRequest, ExemptionRequest.application_id == Application.id)
            .where(ExemptionRequest.filing == request_of(work, application).filing)
            .order_by(Application.id)
        )
    )


def facts_of(proof: Proof) -> ProofFacts:
    if proof.type == "diploma":
        return ProofFacts(proof.type, level=proof.grade)
    return ProofFacts(proof.type, grade=proof.grade, score=proof.score)
