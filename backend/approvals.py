"""Deciding on what waits: by the unit's own officer, and by academic affairs once it is overdue (T4)."""

from sqlalchemy import ColumnElement, func, or_, select

from backend import absences, audit, authority, transcripts
from backend.authority import Role
from backend.consent import Consent
from backend.consents import keep
from backend.errors import NotAllowed, Refused
from backend.models import Application, Person, Question, TranscriptRequest
from backend.models import Role as RoleRow
from backend.policy import store
from backend.transcripts import State
from backend.work import Work
from backend.workdays import after_workdays
from backend.workflow import already_handled


def inbox(work: Work) -> list[Application]:
    """What waits for the person who acts, longest waiting first; never their own."""
    waiting = transcripts.WHOLE.where(*_mine(work))
    return list(work.session.scalars(waiting.order_by(Application.filed_at, Application.id)))


def count(work: Work) -> int:
    """How many applications wait for the person who acts."""
    waiting = select(func.count()).select_from(Application).where(*_mine(work))
    return work.session.scalars(waiting).one()


def _mine(work: Work) -> list[ColumnElement[bool]]:
    """Whom the person who acts may decide on; raises NotAllowed where that is nobody."""
    if work.actor is None:
        raise NotAllowed
    units = authority.units(work, work.actor, Role.UNIT_OFFICER)
    mine: list[ColumnElement[bool]] = [Application.unit_id.in_(units)] if units else []
    if authority.holds(work, work.actor, Role.ACADEMIC_AFFAIRS):
        mine += [Application.holder == "academic_affairs", ~has_officer()]
    if not mine:
        raise NotAllowed
    return [
        Application.institution_id == work.institution,
        Application.kind == transcripts.KIND,
        Application.state == State.WAITING,
        Application.applicant_id != work.actor,
        or_(*mine),
    ]


def has_officer() -> ColumnElement[bool]:
    """Whether the unit of an application has an officer who is not the applicant."""
    return (
        select(RoleRow.id)
        .where(
            RoleRow.role == Role.UNIT_OFFICER,
            RoleRow.unit_id == Application.unit_id,
            RoleRow.person_id != Application.applicant_id,
        )
        .exists()
    )


def to_decide(work: Work, number: str) -> Application:
    """The application, if the person who acts may decide it now.

    Raises NotAllowed, and AlreadyHandled when it waits no longer.
    """
    application = transcripts.find(work, number)
    if application is None:
        raise NotAllowed
    require_decider(work, application)
    if application.state != State.WAITING:
        raise already_handled(work, application)
    return application


def require_decider(work: Work, application: Application) -> None:
    """An officer of that very unit or their deputy, or academic affairs once it is escalated."""
    if work.actor is None or not _may_decide(work, work.actor, application):
        raise NotAllowed


def _may_decide(work: Work, person: int, application: Application) -> bool:
    """Never on one's own application."""
    if application.applicant_id == person:
        return False
    if authority.holds(work, person, Role.UNIT_OFFICER, application.unit_id):
        return True
    escalated = with_academic_affairs(work, application)
    return escalated and authority.holds(work, person, Role.ACADEMIC_AFFAIRS)


def with_academic_affairs(work: Work, application: Application) -> bool:
    """It was escalated, or no officer of the unit can decide it."""
    escalated = application.holder == "academic_affairs"
    return escalated or not transcripts.has_officer(work, application)


def approve(work: Work, numbers: list[str], consent: Consent) -> list[Application]:
    """Approve every one of them or none; the consent names them all."""
    keep(work, consent)
    approved = []
    for number in numbers:
        application = to_decide(work, number)
        transcripts.WORKFLOW.take(work, application, "approve")
        approved.append(application)
    return approved


def reject(work: Work, numbers: list[str], why: str, consent: Consent) -> list[Application]:
    """Reject with a reason, which the students are told word for word."""
    if not why.strip():
        raise Refused("reason_needed", "T4")
    keep(work, consent)
    rejected = []
    for number in numbers:
        application = to_decide(work, number)
        request = work.session.get_one(TranscriptRequest, application.id)
        request.rejected_why = why
        transcripts.WORKFLOW.take(work, application, "reject", why=why)
        rejected.append(application)
    return rejected


def ask_back(work: Work, number: str, question: str, consent: Consent) -> Application:
    """Ask the applicant before deciding; it waits for the answer, and is not overdue meanwhile."""
    keep(work, consent)
    application = to_decide(work, number)
    asked = Question(
        institution_id=work.institution,
        application_id=application.id,
        asked_by=work.actor,
        asked_at=work.now,
        held_by=application.holder,
        question=question,
    )
    work.session.add(asked)
    transcripts.WORKFLOW.take(work, application, "ask_back")
    return application


def to_answer(work: Work, number: str) -> tuple[Application, Question]:
    """The applicant's own case and the question it waits with; raises AlreadyHandled."""
    application = transcripts.own(work, number)
    if application.state != State.ASKED:
        raise already_handled(work, application)
    return application, questions(work, application)[-1]


def answer(work: Work, number: str, words: str, consent: Consent) -> Application:
    """Back to those who had to decide when it was asked, whatever has become of whoever asked."""
    keep(work, consent)
    application, asked = to_answer(work, number)
    asked.answer, asked.answered_at = words, work.now
    transcripts.WORKFLOW.take(work, application, "answer")
    transcripts.set_deadlines(work, application)
    if asked.held_by == "academic_affairs":
        application.holder, application.escalate_at = "academic_affairs", None
    return application


def questions(work: Work, application: Application) -> list[Question]:
    """All that the applicant was asked, in order; the last one may be open."""
    return list(
        work.session.scalars(
            select(Question).where(Question.application_id == application.id).order_by(Question.id)
        )
    )


def colleagues(work: Work, application: Application) -> list[Person]:
    """To whom the person who acts may hand it: whoever else of the same office may decide it."""
    others = [person for person in _may_be_asked(work, application) if person != work.actor]
    return [work.session.get_one(Person, person) for person in others]


def assign(work: Work, number: str, colleague: int) -> Application:
    """Have a colleague asked instead; it stays with the unit, and everybody's authority as it was.

    Raises Refused when they could not decide it.
    """
    application = to_decide(work, number)
    if colleague not in [one.id for one in colleagues(work, application)]:
        raise Refused("not_a_colleague")
    application.assignee_id = colleague
    state, chosen = application.state, work.session.get_one(Person, colleague)
    audit.record(work, application.number, "assign", state, state, chosen.number)
    work.emit("transcript.assign", application.number, by=work.actor)
    return application


def remind_due(work: Work) -> int:
    """Remind the officers of what waits too long; again after as many days. Safe to repeat."""
    due = work.session.scalars(
        select(Application)
        .where(
            Application.institution_id == work.institution,
            Application.kind == transcripts.KIND,
            Application.state == State.WAITING,
            Application.remind_at <= work.now,
        )
        .with_for_update(skip_locked=True)
    ).all()
    for application in due:
        days = store.transcript(work, application.policy_version).remind_after_days
        application.remind_at = (
            after_workdays(work.now, days, store.calendar(work)) if days else None
        )
        work.emit("transcript.remind", application.number)
    return len(due)


def escalate_due(work: Work) -> int:
    """Hand what has waited far too long to academic affairs; the officer may still decide."""
    due = work.session.scalars(
        select(Application)
        .where(
            Application.institution_id == work.institution,
            Application.kind == transcripts.KIND,
            Application.state == State.WAITING,
            Application.escalate_at <= work.now,
        )
        .with_for_update(skip_locked=True)
    ).all()
    for application in due:
        transcripts.WORKFLOW.take(work, application, "escalate")
        application.escalate_at = application.assignee_id = None
    return len(due)


def deciders(work: Work, application: Application) -> list[int]:
    """Who is to be asked now: the unit's officers, and academic affairs once it is escalated.

    A unit without any officer but the applicant is answered for by academic affairs. For whoever is
    away, the deputy; where it was handed to one of them, only that one.
    """
    able = _may_be_asked(work, application)
    return [application.assignee_id] if application.assignee_id in able else able


def standing_in(work: Work, application: Application) -> tuple[list[int], bool]:
    """Who of those that are asked is so as a deputy, and whether that is all of them."""
    asked = deciders(work, application)
    officers = authority.people(work, Role.UNIT_OFFICER, application.unit_id)
    deputies = [one for one in asked if one not in officers]
    return deputies, deputies == asked


def _may_be_asked(work: Work, application: Application) -> list[int]:
    asked = authority.people(work, Role.UNIT_OFFICER, application.unit_id)
    if with_academic_affairs(work, application):
        asked = asked + authority.people(work, Role.ACADEMIC_AFFAIRS)
    asked = [one for one in dict.fromkeys(asked) if one != application.applicant_id]
    return absences.present(work, asked, lambda one: _may_decide(work, one, application))
