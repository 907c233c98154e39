"""Deciding: approving, rejecting, and having somebody else look before it stands."""

from collections.abc import Sequence

from backend.consent import Consent
from backend.consents import keep
from backend.errors import Refused
from backend.models import Application, Decision
from backend.reviewing import sharing
from backend.reviewing.case import PENDING, SECOND, set_deadlines
from backend.reviewing.kinds import kind_of, noticed, reasons, request_of, review_policy
from backend.reviewing.reviewers import (
    FIRST_LOOK,
    ONLY_LOOK,
    SECOND_LOOK,
    actor,
    deciders,
    to_decide,
)
from backend.work import Work

APPROVE, REJECT, SEND_BACK = "approve", "reject", "send_back"  # ``Decision.verdict``


def needs_second(
    work: Work, application: Application, verdict: str, found: int | None = None
) -> bool:
    """Whether somebody else has to look before this verdict stands. ``found`` is how much was
    noticed about it, where that is known."""
    if application.state != PENDING:
        return False
    review = review_policy(work, application)
    match review.second_look:
        case "all":
            return True
        case "rejections":
            return verdict == REJECT
        case "findings":
            found = noticed(work, application) if found is None else found
            return verdict == APPROVE and found > 0
        case "every_nth":
            serial = int(application.number.rpartition("-")[2])
            return serial % (review.every_nth or 1) == 0
    return False


def approve(work: Work, numbers: Sequence[str], consent: Consent) -> list[Application]:
    """Approve every one of them or none; the consent names them all."""
    keep(work, consent)
    approved = []
    with work.savepoint():
        for number in numbers:
            application = to_decide(work, number)
            if needs_second(work, application, APPROVE):
                raise Refused("second_look_needed", number=number)
            kind, stage = kind_of(application), _stage(application)
            kind.approvable(work, application)
            kind.workflow.take(work, application, "approve")
            _decided(work, application, stage, APPROVE)
            kind.approved(work, application)
            approved.append(application)
        _announce(work, approved)
    return approved


def _announce(work: Work, approved: Sequence[Application]) -> None:
    """Each applicant is told once of all that was approved together."""
    by_applicant: dict[tuple[int, str], list[str]] = {}
    for one in approved:
        by_applicant.setdefault((one.applicant_id, one.kind), []).append(one.number)
    for numbers in by_applicant.values():
        work.emit("review.passed", numbers[0], numbers=numbers)


def reject(work: Work, number: str, template: str, words: str, consent: Consent) -> Application:
    """Reject with a reason, which the applicant is told word for word.

    ``template`` is the id of the policy's reason that the words were taken from, if any.
    """
    application = to_decide(work, number)
    _require_reason(work, application, template, words)
    if needs_second(work, application, REJECT):
        raise Refused("second_look_needed", number=number)
    keep(work, consent)
    kind, stage = kind_of(application), _stage(application)
    kind.workflow.take(work, application, "reject", why=words)
    request = request_of(work, application)
    request.rejected_why, request.rejected_template = words, template
    _decided(work, application, stage, REJECT, template, words)
    kind.rejected(work, application)
    return application


def refer(
    work: Work, number: str, verdict: str, template: str, words: str, consent: Consent
) -> Application:
    """Propose a verdict, and have somebody else look at it before it stands.

    Raises Refused where there is nobody else.
    """
    application = to_decide(work, number)
    if verdict == REJECT:
        _require_reason(work, application, template, words)
    keep(work, consent)
    with work.savepoint():
        kind_of(application).workflow.take(work, application, "refer", verdict=verdict)
        _decided(work, application, FIRST_LOOK, verdict, template, words)
        set_deadlines(work, application)
        if not deciders(work, application):
            raise Refused("nobody_for_second_look", number=number, office="exam_policy")
    return application


def send_back(work: Work, number: str, why: str, consent: Consent) -> Application:
    """Who looked a second time wants the first one to think again."""
    application = to_decide(work, number)
    _require_reason(work, application, "", why)
    keep(work, consent)
    kind_of(application).workflow.take(work, application, "send_back", why=why)
    _decided(work, application, SECOND_LOOK, SEND_BACK, "", why)
    set_deadlines(work, application)
    return application


def _require_reason(work: Work, application: Application, template: str, words: str) -> None:
    if not words.strip():
        raise Refused("reason_needed", kind_of(application).rule)
    if template and template not in {one.id for one in reasons(work, application.kind)}:
        raise Refused("no_such_reason")


def _stage(application: Application) -> str:
    return SECOND_LOOK if application.state == SECOND else ONLY_LOOK


def _decided(
    work: Work,
    application: Application,
    stage: str,
    verdict: str,
    template: str = "",
    words: str = "",
) -> None:
    work.session.add(
        Decision(
            institution_id=work.institution,
            application_id=application.id,
            decided_by=actor(work),
            decided_at=work.now,
            stage=stage,
            verdict=verdict,
            template=template,
            words=words,
        )
    )
    sharing.done(work, application)
    work.session.flush()
