"""An approval that was wrong: a reviewer says so, and somebody else takes it back or lets it stand.

Until somebody else has decided the approval stands, and its applicant is told nothing. What was said
and decided are rows of ``Decision`` and of the audit trail.
"""

from collections.abc import Sequence

from sqlalchemy import func, select

from backend import audit, authority
from backend.authority import Role
from backend.consent import Consent
from backend.consents import keep
from backend.errors import NotAllowed, Refused
from backend.models import Application, Decision
from backend.reviewing.case import APPROVED, DECIDABLE, REJECTED, set_deadlines
from backend.reviewing.deciding import APPROVE
from backend.reviewing.kinds import KINDS, find, kind_of
from backend.reviewing.reviewers import FIRST_LOOK, SECOND_LOOK, actor, asked, may_decide
from backend.work import Work
from backend.workflow import already_handled, move

DOUBT, KEEP, REVOKE = "doubt", "keep", "revoke"  # ``Decision.verdict``
LATELY = 5  # of one's own approvals, to choose from


def lately_approved(work: Work) -> Sequence[Application]:
    """What the person who acts approved last and still stands, newest first."""
    newest = (
        select(Application)
        .join(Decision, Decision.application_id == Application.id)
        .where(
            Application.institution_id == work.institution,
            Application.kind.in_(KINDS),
            Application.state == APPROVED,
            Decision.decided_by == actor(work),
            Decision.verdict == APPROVE,
        )
        .order_by(Decision.id.desc())
    )
    return list(dict.fromkeys(work.session.scalars(newest.limit(LATELY * 2))))[:LATELY]


def open_doubt(work: Work, application: Application) -> Decision | None:
    """Who says that it should not have been approved, and why, while nobody has decided on that."""
    if application.state != APPROVED:
        return None
    decided = last(work, application)
    return decided if decided is not None and decided.verdict == DOUBT else None


def last(work: Work, application: Application) -> Decision | None:
    return work.session.scalar(
        select(Decision)
        .where(Decision.application_id == application.id)
        .order_by(Decision.id.desc())
        .limit(1)
    )


def to_doubt(work: Work, number: str) -> Application:
    """An approval that the person who acts may say is wrong; raises NotAllowed, and Refused with what
    is to be done instead."""
    application = find(work, number)
    if application is None or not may_decide(work, actor(work), application):
        raise NotAllowed
    if application.state in DECIDABLE:
        raise Refused("not_decided_yet", number=application.number)
    if application.state == REJECTED:
        raise Refused("rejection_stands", number=application.number)
    if application.state != APPROVED:
        raise already_handled(work, application)
    kind = kind_of(application)
    if kind.revoke is None:
        raise Refused("approval_stands", kind.rule, number=application.number, office="exam_policy")
    kind.revocable(work, application)
    if open_doubt(work, application) is not None:
        raise Refused("doubted_already", number=application.number)
    return application


def doubt(work: Work, number: str, why: str, consent: Consent) -> Application:
    """It was approved by mistake; raises Refused where nobody else could look at that."""
    application = to_doubt(work, number)
    _require_reason(application, why)
    keep(work, consent)
    if not deciders(work, application, besides=actor(work)):
        raise Refused("nobody_for_second_look", number=application.number, office="exam_policy")
    _note(work, application, FIRST_LOOK, DOUBT, why)
    set_deadlines(work, application)
    application.escalate_at = None  # it stands meanwhile
    work.session.flush()
    work.emit(f"{application.kind}.{DOUBT}", application.number)
    return application


def deciders(work: Work, application: Application, *, besides: int | None = None) -> list[int]:
    """Who is asked whether it is taken back: neither who doubts it nor who approved it."""
    open_one = open_doubt(work, application)
    involved = {besides if open_one is None else open_one.decided_by, approver(work, application)}

    def able(person: int) -> bool:
        return person not in involved and may_decide(work, person, application)

    return asked(work, application, able)


def waiting(work: Work) -> list[Application]:
    """Approvals that are doubted and wait for the person who acts."""
    latest = select(func.max(Decision.id)).where(Decision.application_id == Application.id)
    doubted = (
        select(Application)
        .join(Decision, Decision.id == latest.correlate(Application).scalar_subquery())
        .where(
            Application.institution_id == work.institution,
            Application.state == APPROVED,
            Decision.verdict == DOUBT,
        )
        .order_by(Decision.id)
    )
    found = work.session.scalars(doubted).all()
    return [one for one in found if actor(work) in deciders(work, one)]


def to_settle(work: Work, number: str) -> tuple[Application, Decision]:
    """A doubted approval and the doubt, for whoever else may decide on such cases."""
    application = find(work, number)
    if application is None or not may_decide(work, actor(work), application):
        raise NotAllowed
    doubted = open_doubt(work, application)
    if doubted is None:
        raise already_handled(work, application)
    if doubted.decided_by == actor(work):
        raise Refused("own_second_look", number=application.number)
    if approver(work, application) == actor(work):
        raise Refused("own_approval", number=application.number)
    return application, doubted


def revoke(work: Work, number: str, consent: Consent) -> Application:
    """The approval is taken back, for the reason of whoever doubted it."""
    application, doubted = to_settle(work, number)
    keep(work, consent)
    take_back = kind_of(application).revoke
    if take_back is None:
        raise NotAllowed
    with work.savepoint():
        take_back(work, application, doubted.words)
        _decision(work, application, SECOND_LOOK, REVOKE, doubted.words)
    return application


def let_stand(work: Work, number: str, why: str, consent: Consent) -> Application:
    application, _doubted = to_settle(work, number)
    _require_reason(application, why)
    keep(work, consent)
    _note(work, application, SECOND_LOOK, KEEP, why)
    application.remind_at = None
    work.emit(f"{application.kind}.{KEEP}", application.number)
    return application


def approver(work: Work, application: Application) -> int | None:
    """By whose decision it stands approved; who only proposed it is not asked about."""
    return work.session.scalar(
        select(Decision.decided_by)
        .where(
            Decision.application_id == application.id,
            Decision.verdict == APPROVE,
            Decision.stage != FIRST_LOOK,
        )
        .order_by(Decision.id.desc())
        .limit(1)
    )


def last_doubter(work: Work, application: Application) -> int | None:
    return work.session.scalar(
        select(Decision.decided_by)
        .where(Decision.application_id == application.id, Decision.verdict == DOUBT)
        .order_by(Decision.id.desc())
        .limit(1)
    )


def revokes_alone(work: Work) -> bool:
    """The exam office needs nobody else to take an approval back."""
    return authority.holds(work, actor(work), Role.EXAM_OFFICE)


def _require_reason(application: Application, why: str) -> None:
    if not why.strip():
        raise Refused("reason_needed", kind_of(application).rule)


def _note(work: Work, application: Application, stage: str, verdict: str, why: str) -> None:
    """It stays as it is, but is another version: of two who act on it at once one is too late."""
    if not move(work, application, {}):
        raise already_handled(work, application)
    _decision(work, application, stage, verdict, why)
    state = application.state
    audit.record(work, application.number, verdict, state, state, why)


def _decision(work: Work, application: Application, stage: str, verdict: str, why: str) -> None:
    work.session.add(
        Decision(
            institution_id=work.institution,
            application_id=application.id,
            decided_by=actor(work),
            decided_at=work.now,
            stage=stage,
            verdict=verdict,
            words=why,
        )
    )
    work.session.flush()
