"""Exemption from courses (免考, E5): one case for each course, also where several are filed at once.

So each course has its own state, holder and deadline, and only what was rejected is opened again.
What was submitted together shares ``ExemptionRequest.filing`` and one consent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import func, select

from backend import authority
from backend.authority import Role
from backend.consent import Consent
from backend.consents import keep
from backend.errors import NotAllowed, Refused
from backend.exam import (
    candidates,
    earned,
    exemption_cases,
    exemption_effects,
    matrix,
    windows,
)
from backend.exam.matrix import ProofFacts
from backend.models import (
    Application,
    ExamCourse,
    ExamCredit,
    ExamTicket,
    ExemptionRequest,
    GraduationScore,
    Proof,
    ProofPicture,
)
from backend.policy import store
from backend.policy.exam import ExamPolicy, Service
from backend.proofs import keeping, noticing
from backend.reviewing import case
from backend.reviewing.case import Reviewed, hand_over, set_deadlines, steps, superseded
from backend.work import Work
from backend.workflow import Edge, Workflow, already_handled

KIND, LETTER, RULE = exemption_cases.KIND, "M", "E5"


class State(StrEnum):
    PENDING = case.PENDING
    ASKED = case.ASKED
    SECOND = case.SECOND
    REJECTED = case.REJECTED  # may be submitted again within the window
    APPROVED = case.APPROVED
    WITHDRAWN = case.WITHDRAWN
    SUPERSEDED = case.SUPERSEDED
    REVOKED = "revoked"  # the exam office found that it should not have been approved


WORKFLOW: Workflow[Application] = Workflow(
    KIND,
    *steps(RULE),
    Edge("change", State.PENDING, State.PENDING, case.REVIEWER, RULE),
    Edge("resubmit", State.REJECTED, State.PENDING, case.REVIEWER, RULE),
    Edge("withdraw", State.REJECTED, State.WITHDRAWN),
    *superseded(RULE),
    Edge("revoke", State.APPROVED, State.REVOKED),
    moved=hand_over,
)
OVER = frozenset({State.APPROVED, State.WITHDRAWN, State.SUPERSEDED, State.REVOKED})


@dataclass(frozen=True, slots=True)
class CourseClaim:
    """A course somebody wants to be exempt from, and the ids of their own proofs for it."""

    course_id: int
    proofs: tuple[int, ...]


def file(
    work: Work, ticket: ExamTicket, claims: Sequence[CourseClaim], consent: Consent
) -> list[Application]:
    """File one case for each course, all of them or none."""
    if ticket.person_id != work.actor or not claims:
        raise NotAllowed
    windows.require(work, Service.EXEMPTION, "E4")
    policy = store.exam(work)
    require_few(policy, [one.course_id for one in claims])
    candidates.lock_tickets(work, ticket.person_id)
    filed: list[Application] = []
    agreed = keep(work, consent)
    for claim in claims:
        course = work.session.get_one(ExamCourse, claim.course_id)
        require_open(work, policy, ticket, course)
        proofs = [_unused(work, one) for one in dict.fromkeys(claim.proofs)]
        way = require_complete(policy, course, proofs)
        application = case.begin(work, KIND, LETTER, candidates.unit_id(work, ticket), agreed)
        WORKFLOW.take(work, application, "file")
        filed.append(application)
        request = ExemptionRequest(
            application_id=application.id,
            institution_id=work.institution,
            ticket_id=ticket.id,
            course_id=course.id,
            filing=filed[0].number,
            way=way,
        )
        work.session.add(request)
        keeping.attach(work, application.id, [one.id for one in proofs])
    case.announce(work, filed)
    return filed


def change(work: Work, number: str, proofs: Sequence[int], consent: Consent) -> Application:
    """Other proofs while nobody has looked at it (E5); ``proofs`` are all it then rests on."""
    application = exemption_cases.own(work, number)
    keep(work, consent)
    return _with_other_proofs(work, application, "change", proofs)


def resubmit(work: Work, number: str, proofs: Sequence[int], consent: Consent) -> Application:
    """The rejected course once more, within the window, with other or further proofs (E5)."""
    application = exemption_cases.own(work, number)
    if application.state == State.REJECTED:
        windows.require(work, Service.EXEMPTION, RULE)
        if set(proofs) == {one.id for one in exemption_cases.proofs_of(work, application)}:
            raise Refused("nothing_changed", RULE)
    keep(work, consent)
    return _with_other_proofs(work, application, "resubmit", proofs)


def _with_other_proofs(
    work: Work, application: Application, event: str, wanted: Sequence[int]
) -> Application:
    if not WORKFLOW.allows(application.state, event):
        raise already_handled(work, application)
    request = exemption_cases.request_of(work, application)
    course = work.session.get_one(ExamCourse, request.course_id)
    before = {one.id: one for one in exemption_cases.proofs_of(work, application)}
    after = [before.get(one) or _unused(work, one) for one in dict.fromkeys(wanted)]
    policy = store.exam(work, application.policy_version)
    way = require_complete(policy, course, after)
    WORKFLOW.take(work, application, event)
    keeping.attach(work, application.id, [one.id for one in after])
    request.way, request.rejected_why, request.rejected_template = way, "", ""
    set_deadlines(work, application)
    work.session.flush()
    case.announce(work, [application], event)
    return application


def to_revoke(work: Work, number: str) -> Application:
    """An approved one of somebody else, for the exam office; raises NotAllowed, and Refused where a
    graduation that was approved rests on it."""
    authority.require(work, Role.EXAM_OFFICE)
    application = exemption_cases.find(work, number)
    if application is None or application.applicant_id == work.actor:
        raise NotAllowed
    if not WORKFLOW.allows(application.state, "revoke"):
        raise already_handled(work, application)
    _revocable(work, application)
    return application


def _revocable(work: Work, application: Application) -> None:
    exemption_effects.credits(work, application)  # from now on nothing more comes to rest on them
    rests_on_it = (
        select(Application.number)
        .join(GraduationScore, GraduationScore.application_id == Application.id)
        .join(ExamCredit, ExamCredit.id == GraduationScore.credit_id)
        .where(
            ExamCredit.application_id == application.id,
            Application.state.not_in((*case.LIVE, case.REJECTED, case.WITHDRAWN)),
        )
    )
    if graduation := work.session.scalar(rests_on_it.limit(1)):
        raise Refused("used_in_graduation", RULE, number=application.number, graduation=graduation)


def revoke(work: Work, number: str, why: str, consent: Consent) -> Application:
    """The exam office takes an approval back; the course counts no more."""
    application = to_revoke(work, number)
    if not why.strip():
        raise Refused("reason_needed", RULE)
    keep(work, consent)
    _revoke(work, application, why)
    return application


def _revoke(work: Work, application: Application, why: str) -> None:
    """Whatever its score was counted for is counted again without it."""
    _revocable(work, application)
    WORKFLOW.take(work, application, "revoke", why=why)
    exemption_cases.request_of(work, application).rejected_why = why
    for credit in exemption_effects.credits(work, application):
        credit.ended_at = work.now
    work.session.flush()


# --- what is required -------------------------------------------------------------------------


def require_few(policy: ExamPolicy, courses: Sequence[int]) -> None:
    most = policy.exemption.most_courses
    if most is not None and len(set(courses)) > most:
        raise Refused("too_many_courses", RULE, most=most)


def require_open(work: Work, policy: ExamPolicy, ticket: ExamTicket, course: ExamCourse) -> None:
    """Whether an exemption from this course may be filed at all; raises Refused."""
    if not policy.matrix:
        raise Refused("matrix_not_set", RULE, office="exam_policy")
    if taken := exemption_cases.of_course(work, ticket, course.id):
        raise Refused(
            "exemption_filed",
            RULE,
            number=taken.number,
            holder=taken.holder,
            ticket=exemption_cases.ticket_of(work, taken).number,
            course=course.name_zh,
            course_en=course.name_en,
            code=course.code,
        )
    if course.id in earned.courses(work, ticket):
        raise Refused(
            "already_passed",
            RULE,
            course=course.name_zh,
            course_en=course.name_en,
            code=course.code,
        )
    if not matrix.ways(policy, course.code):
        raise Refused(
            "no_way",
            RULE,
            course=course.name_zh,
            course_en=course.name_en,
            code=course.code,
            office="exam_policy",
        )


def require_complete(policy: ExamPolicy, course: ExamCourse, proofs: Sequence[Proof]) -> str:
    """The way that these proofs fulfil; raises Refused, saying what is missing."""
    facts = [exemption_cases.facts_of(one) for one in proofs]
    way = matrix.way_of(policy, course.code, facts)
    if way is None:
        lacking = matrix.missing(policy, course.code, facts)
        raise Refused(
            "proof_missing",
            RULE,
            course=course.name_zh,
            course_en=course.name_en,
            code=course.code,
            missing=lacking,
        )
    for one in facts:
        _require_score(policy, course, one)
    return way.way


def _require_score(policy: ExamPolicy, course: ExamCourse, proof: ProofFacts) -> None:
    """What the matrix demands of such a proof; a reviewer compares it with the picture."""
    least = matrix.least_score(policy, course.code, proof.type, proof.grade)
    if least is None:
        return
    kind = f"{proof.type}{proof.grade}"
    if proof.score is None:
        raise Refused("score_not_told", RULE, kind=kind, least=least)
    if proof.score < least:
        raise Refused("score_too_low", RULE, kind=kind, score=proof.score, least=least)


def _unused(work: Work, proof_id: int) -> Proof:
    """A proof of one's own that rests with no case yet, and has a picture; raises NotAllowed."""
    proof = work.session.get(Proof, proof_id)
    if proof is None or proof.owner_id != work.actor or proof.ended_at is not None:
        raise NotAllowed
    if proof.application_id is not None:
        raise NotAllowed
    pictures = select(func.count()).where(ProofPicture.proof_id == proof.id)
    if not work.session.scalar(pictures):
        raise Refused("picture_needed", RULE)
    return proof


def withdrawable(application: Application) -> bool:
    return WORKFLOW.allows(application.state, "withdraw")


REVIEWED = Reviewed(
    kind=KIND,
    service="exemption",
    workflow=WORKFLOW,
    rule=RULE,
    request=ExemptionRequest,
    approvable=exemption_effects.approvable,
    approved=exemption_effects.approved,
    findings=noticing.findings,
    together=exemption_cases.together,
    revocable=_revocable,
    revoke=_revoke,
)
