"""Between the reviewers and the applicant: a question before deciding, its answer, taking it back."""

from sqlalchemy import select

from backend.consent import Consent
from backend.consents import keep
from backend.models import Application, Question
from backend.proofs import keeping
from backend.reviewing import sharing
from backend.reviewing.case import ASKED, OFFICE, set_deadlines
from backend.reviewing.kinds import KINDS, kind_of, own
from backend.reviewing.reviewers import to_decide
from backend.work import Work
from backend.workflow import already_handled


def ask_back(work: Work, number: str, question: str, consent: Consent) -> Application:
    """Ask the applicant before deciding; it waits for the answer, and is not overdue meanwhile."""
    keep(work, consent)
    application = to_decide(work, number)
    held_by = application.holder
    kind_of(application).workflow.take(work, application, "ask_back")
    work.session.add(
        Question(
            institution_id=work.institution,
            application_id=application.id,
            asked_by=work.actor,
            asked_at=work.now,
            held_by=held_by,
            question=question,
        )
    )
    sharing.done(work, application)
    work.session.flush()
    return application


def to_answer(work: Work, number: str) -> tuple[Application, Question]:
    """The applicant's own case and the question it waits with; raises AlreadyHandled."""
    application = own(work, number)
    if application.state != ASKED:
        raise already_handled(work, application)
    return application, questions(work, application)[-1]


def owed(work: Work, person: int) -> list[Application]:
    """The cases of this person that wait for an answer of theirs."""
    query = select(Application).where(
        Application.applicant_id == person,
        Application.kind.in_(KINDS),
        Application.state == ASKED,
    )
    return list(work.session.scalars(query.order_by(Application.id)))


def answer(
    work: Work, number: str, words: str, consent: Consent, proof: int | None = None
) -> Application:
    """Back to those who had to decide when it was asked, whatever has become of whoever asked.

    ``proof`` holds the pictures that were sent as the answer; the case rests on it too from now on.
    """
    keep(work, consent)
    application, asked = to_answer(work, number)
    kind_of(application).workflow.take(work, application, "answer")
    asked.answer, asked.answered_at = words, work.now
    if proof is not None:
        before = [one.id for one in keeping.given(work, application.id)]
        keeping.attach(work, application.id, [*before, proof])
    set_deadlines(work, application)
    if asked.held_by == OFFICE:
        application.holder, application.escalate_at = OFFICE, None
    work.session.flush()
    return application


def questions(work: Work, application: Application) -> list[Question]:
    """All that the applicant was asked, in order; the last one may be open."""
    return list(
        work.session.scalars(
            select(Question).where(Question.application_id == application.id).order_by(Question.id)
        )
    )


def withdraw(work: Work, number: str, consent: Consent) -> Application:
    """The applicant takes it back, as long as nobody has decided for it."""
    application = own(work, number)
    keep(work, consent)
    kind_of(application).workflow.take(work, application, "withdraw")
    sharing.done(work, application)
    return application
