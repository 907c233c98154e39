"""Results from before the platform, entered by the candidate and counted once approved (补登, E9).

One case for each entry. While nobody has decided it may be changed; what was rejected is entered
anew.
"""

from collections import Counter
from collections.abc import Sequence

from backend.consent import Consent
from backend.consents import keep
from backend.errors import NotAllowed, Refused
from backend.exam import back_entry_rules, candidates
from backend.exam.back_entry_cases import (
    KIND,
    LETTER,
    RESULTS,
    RULE,
    WORKFLOW,
    Entry,
    own,
    request_of,
)
from backend.models import (
    Application,
    BackEntryRequest,
    ExamCourse,
    ExamCredit,
    ExamTicket,
    Proof,
)
from backend.policy import store
from backend.proofs import keeping, noticing
from backend.reviewing import case
from backend.reviewing.case import Reviewed, set_deadlines
from backend.work import Work
from backend.workflow import already_handled


def file(work: Work, ticket: ExamTicket, entry: Entry, consent: Consent) -> Application:
    if ticket.person_id != work.actor:
        raise NotAllowed
    candidates.lock_tickets(work, ticket.person_id)
    back_entry_rules.require_open(work, ticket)
    proof = back_entry_rules.require(work, store.exam(work), ticket, entry)
    agreed = keep(work, consent)
    application = case.begin(work, KIND, LETTER, candidates.unit_id(work, ticket), agreed)
    WORKFLOW.take(work, application, "file")
    request = BackEntryRequest(
        application_id=application.id,
        institution_id=work.institution,
        ticket_id=ticket.id,
    )
    _write(work, application, request, entry, proof)
    case.announce(work, [application])
    return application


def change(work: Work, number: str, entry: Entry, consent: Consent) -> Application:
    """Other values while it waits for review; the kind and the course stay (E9)."""
    application = own(work, number)
    if not WORKFLOW.allows(application.state, "change"):
        raise already_handled(work, application)
    request = request_of(work, application)
    if (entry.kind, entry.course_id) != (request.kind, request.course_id):
        raise NotAllowed
    ticket = work.session.get_one(ExamTicket, request.ticket_id)
    policy = store.exam(work, application.policy_version)
    proof = back_entry_rules.require(work, policy, ticket, entry, application)
    keep(work, consent)
    WORKFLOW.take(work, application, "change")
    _write(work, application, request, entry, proof)
    set_deadlines(work, application)
    work.session.flush()
    case.announce(work, [application], "change")
    return application


def _write(
    work: Work,
    application: Application,
    request: BackEntryRequest,
    entry: Entry,
    proof: Proof | None,
) -> None:
    request.kind, request.course_id, request.remark = entry.kind, entry.course_id, entry.remark
    if entry.kind in RESULTS:
        request.passed_month, request.score = entry.month, entry.score
    else:
        request.done_month = entry.month
    if entry.kind == "exemption" and proof is not None:
        request.proof_type, request.proof_number_sealed = proof.type, proof.number_sealed
        request.proof_month, request.proof_province = proof.month, proof.province
    request.from_province, request.from_ticket = entry.from_province, entry.from_ticket
    request.into_major = entry.into_major
    work.session.add(request)
    work.session.flush()
    keeping.attach(work, application.id, [proof.id] if proof else [])


# --- what a decision does -------------------------------------------------------------------------


def _approvable(work: Work, application: Application) -> None:
    """The same may have come from the registry since, or have left."""
    request = request_of(work, application)
    course = work.session.get_one(ExamCourse, request.course_id)
    owner = application.applicant_id
    if back_entry_rules.there(work, owner, request.kind, course.id):
        raise Refused("already_there", RULE, course=course.name_zh, code=course.code)
    month = request.passed_month or request.done_month
    back_entry_rules.require_not_left(work, owner, request.kind, course, month)


def _approved(work: Work, application: Application) -> None:
    """It counts from now on."""
    request = request_of(work, application)
    work.session.add(
        ExamCredit(
            institution_id=work.institution,
            person_id=application.applicant_id,
            ticket_id=request.ticket_id,
            course_id=request.course_id,
            kind=request.kind,
            source="back_entry",
            passed_month=request.passed_month or request.done_month,
            score=request.score,
            passed=True,
            application_id=application.id,
        )
    )
    work.session.flush()


def left_before(work: Work, application: Application) -> list[ExamCredit]:
    """What has left (E8) and may be what is entered here: for a reviewer to tell."""
    request = request_of(work, application)
    return back_entry_rules.left(work, application.applicant_id, request.kind, request.course_id)


def _findings(work: Work, applications: Sequence[Application]) -> Counter[int]:
    """In their proofs, and what has left."""
    left = back_entry_rules.left_before(work, [one.id for one in applications])
    return noticing.in_pictures(work, applications) + left


REVIEWED = Reviewed(
    kind=KIND,
    service="back_entry",
    workflow=WORKFLOW,
    rule=RULE,
    request=BackEntryRequest,
    approvable=_approvable,
    approved=_approved,
    findings=_findings,
)
