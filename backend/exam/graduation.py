"""Graduation from the self-study exam (申请毕业, E6): filing, filing again, what was counted.

What it costs, and when that is to be paid, is in ``graduation_fee``.
"""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import delete, select

from backend.consent import Consent
from backend.consents import keep
from backend.errors import NotAllowed, Refused
from backend.exam import (
    candidates,
    eligibility,
    graduation_doubts,
    graduation_rules,
    plans,
    scores,
    windows,
)
from backend.exam.graduation_cases import (
    KIND,
    LETTER,
    RULE,
    SEALED,
    WORKFLOW,
    Filing,
    own,
    request_of,
)
from backend.models import (
    Application,
    ExamCourse,
    ExamCredit,
    ExamMajor,
    ExamOption,
    ExamTicket,
    GraduationGap,
    GraduationRequest,
    GraduationScore,
)
from backend.policy import store
from backend.policy.exam import Service
from backend.proofs import keeping
from backend.reviewing import case
from backend.reviewing.case import Reviewed, set_deadlines
from backend.work import Work
from backend.workflow import already_handled


def file(work: Work, ticket: ExamTicket, filing: Filing, consent: Consent) -> Application:
    """Apply for graduation in the major of a ticket; raises Refused with all that is wrong first."""
    if ticket.person_id != work.actor:
        raise NotAllowed
    windows.require(work, Service.GRADUATION, "E4")
    candidates.lock_tickets(work, ticket.person_id)
    major = graduation_rules.require_major(work, ticket)
    graduation_rules.require_none(work, ticket, major)
    counting = scores.counting(work, ticket.person_id, major)
    option = graduation_rules.require(work, store.exam(work), ticket, major, filing, counting)
    agreed = keep(work, consent)
    application = case.begin(work, KIND, LETTER, candidates.unit_id(work, ticket), agreed)
    WORKFLOW.take(work, application, "file")
    request = GraduationRequest(
        application_id=application.id,
        institution_id=work.institution,
        ticket_id=ticket.id,
        major_id=major.id,
    )
    work.session.add(request)
    _write(work, application, request, major, option, filing, counting)
    case.announce(work, [application])
    return application


def reapply(work: Work, number: str, filing: Filing, consent: Consent) -> Application:
    """A rejected one once more, within the window, with everything given anew (E6f).

    Scores are counted anew too. ``filing.proofs`` may be those it already rests on.
    """
    application = own(work, number)
    if not WORKFLOW.allows(application.state, "reapply"):
        raise already_handled(work, application)
    windows.require(work, Service.GRADUATION, RULE)
    request = request_of(work, application)
    ticket = work.session.get_one(ExamTicket, request.ticket_id)
    major = work.session.get_one(ExamMajor, request.major_id)
    candidates.lock_tickets(work, ticket.person_id)
    policy = store.exam(work, application.policy_version)
    counting = scores.counting(work, ticket.person_id, major)
    option = graduation_rules.require(work, policy, ticket, major, filing, counting, application)
    keep(work, consent)
    WORKFLOW.take(work, application, "reapply")
    request.rejected_why, request.rejected_template = "", ""
    _write(work, application, request, major, option, filing, counting)
    set_deadlines(work, application)
    work.session.flush()
    case.announce(work, [application], "resubmit")
    return application


def _write(
    work: Work,
    application: Application,
    request: GraduationRequest,
    major: ExamMajor,
    option: ExamOption | None,
    filing: Filing,
    counting: Sequence[ExamCredit],
) -> None:
    if work.sealer is None:
        raise RuntimeError("there is no key for personal data")
    for name, value in asdict(filing.personal).items():
        if name in SEALED:
            setattr(request, f"{name}_sealed", work.sealer.seal(value) if value else None)
        else:
            setattr(request, name, value)
    request.option_id = option.id if option else None
    request.appraisal, request.prior_month = filing.appraisal, filing.prior_month
    request.fee_fen = store.exam(work).graduation.review_fee_fen
    work.session.flush()
    for table in (GraduationScore, GraduationGap):
        work.session.execute(delete(table).where(table.application_id == application.id))
    for credit in counting:
        work.session.add(
            GraduationScore(
                application_id=application.id,
                credit_id=credit.id,
                institution_id=work.institution,
            )
        )
    for gap in eligibility.gaps(work, major, plans.progress(work, major, counting, option)):
        work.session.add(
            GraduationGap(
                institution_id=work.institution,
                application_id=application.id,
                plan_course_id=gap.plan_course_id,
                option_course_id=gap.option_course_id,
                explanation=filing.gaps[gap.key],
            )
        )
    work.session.flush()
    keeping.attach(work, application.id, list(filing.proofs))


def paid(work: Work, application: Application) -> None:
    """Nothing follows here: what comes next is announced by the university (E6f)."""


# --- what a decision does -------------------------------------------------------------------------


def _approvable(work: Work, application: Application) -> None:
    """A score that was counted must still be there, and still be a pass."""
    of_it = select(GraduationScore.credit_id).where(
        GraduationScore.application_id == application.id
    )
    for credit in scores.locked(work, ExamCredit.id.in_(of_it)):
        if not scores.counts(credit):
            course = work.session.get_one(ExamCourse, credit.course_id)
            raise Refused("score_gone", RULE, course=course.name_zh, code=course.code)


REVIEWED = Reviewed(
    kind=KIND,
    service="graduation",
    workflow=WORKFLOW,
    rule=RULE,
    request=GraduationRequest,
    approvable=_approvable,
    findings=graduation_doubts.findings,
)
