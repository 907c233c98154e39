"""Scores that leave for another province (本市转出, E8).

While a case is under way its scores are reserved; once it is approved they have left and count no
more here. Of two passes of one course either may leave: scores are chosen, not courses.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import delete, select

from backend import cases
from backend.consent import Consent
from backend.consents import keep
from backend.errors import NotAllowed, Refused
from backend.exam import candidates, graduation_cases, scores, windows
from backend.exam.scores import CreditLine
from backend.models import (
    Application,
    ExamCourse,
    ExamCredit,
    ExamTicket,
    TransferOutRequest,
    TransferOutScore,
)
from backend.policy.exam import Service
from backend.reviewing import case
from backend.reviewing.case import Reviewed, hand_over, set_deadlines, steps
from backend.work import Work
from backend.workflow import Edge, Workflow, already_handled

KIND, LETTER, RULE = "transfer_out", "Z", "E8"
LEVELS = ("college", "bachelor")


class State(StrEnum):
    PENDING = case.PENDING
    ASKED = case.ASKED
    SECOND = case.SECOND
    REJECTED = case.REJECTED  # may be filed again within the window; its scores are free meanwhile
    APPROVED = case.APPROVED
    WITHDRAWN = case.WITHDRAWN


WORKFLOW: Workflow[Application] = Workflow(
    KIND,
    *steps(RULE),
    Edge("reapply", State.REJECTED, State.PENDING, case.REVIEWER, RULE),
    Edge("withdraw", State.REJECTED, State.WITHDRAWN),
    moved=hand_over,
)
OVER = frozenset({State.WITHDRAWN, State.APPROVED})


@dataclass(frozen=True, slots=True)
class Destination:
    """Where the scores go: the six fields of the form (E8)."""

    province: str
    ticket: str
    level: str  # "college", "bachelor"
    major: str
    reason: str
    phone: str

    @property
    def complete(self) -> bool:
        words = (self.province, self.ticket, self.major, self.reason, self.phone)
        return all(one.strip() for one in words) and self.level in LEVELS


def open_scores(work: Work, ticket: ExamTicket) -> list[CreditLine]:
    """Passes under this ticket that may leave: neither gone, nor reserved, nor used to graduate."""
    passed = [one for one in scores.history(work, ticket) if one.passed and not one.gone]
    ids = [one.credit_id for one in passed]
    taken = reserved(work, ids).keys() | graduation_cases.using(work, ids).keys()
    return [one for one in passed if one.credit_id not in taken]


def file(
    work: Work,
    ticket: ExamTicket,
    to: Destination,
    credits: Sequence[int],
    consent: Consent,
) -> Application:
    """Apply for these scores of a ticket to leave; raises Refused."""
    if ticket.person_id != work.actor:
        raise NotAllowed
    windows.require(work, Service.TRANSFER_OUT, "E4")
    # of two channels at once, the second waits here and then finds the scores reserved
    work.session.execute(select(ExamTicket.id).where(ExamTicket.id == ticket.id).with_for_update())
    chosen = _require(work, ticket, to, credits)
    agreed = keep(work, consent)
    application = case.begin(work, KIND, LETTER, candidates.unit_id(work, ticket), agreed)
    WORKFLOW.take(work, application, "file")
    request = TransferOutRequest(
        application_id=application.id,
        institution_id=work.institution,
        ticket_id=ticket.id,
    )
    work.session.add(request)
    _write(work, request, to, chosen)
    case.announce(work, [application])
    return application


def reapply(
    work: Work, number: str, to: Destination, credits: Sequence[int], consent: Consent
) -> Application:
    """A rejected one once more, with the form and the scores anew (E8), while the service is open."""
    application = own(work, number)
    if not WORKFLOW.allows(application.state, "reapply"):
        raise already_handled(work, application)
    windows.require(work, Service.TRANSFER_OUT, "E4")
    request = request_of(work, application)
    ticket = work.session.get_one(ExamTicket, request.ticket_id)
    work.session.execute(select(ExamTicket.id).where(ExamTicket.id == ticket.id).with_for_update())
    chosen = _require(work, ticket, to, credits)
    keep(work, consent)
    WORKFLOW.take(work, application, "reapply")
    request.rejected_why, request.rejected_template = "", ""
    _write(work, request, to, chosen)
    set_deadlines(work, application)
    work.session.flush()
    case.announce(work, [application], "resubmit")
    return application


def _require(
    work: Work, ticket: ExamTicket, to: Destination, credits: Sequence[int]
) -> list[ExamCredit]:
    """The chosen scores, each of which may leave."""
    if not to.complete:
        raise Refused("transfer_incomplete", RULE)
    if not credits:
        raise Refused("no_score_chosen", RULE)
    ids = list(dict.fromkeys(credits))
    held, counted = reserved(work, ids), graduation_cases.using(work, ids)
    chosen = []
    for one in ids:
        credit = work.session.get(ExamCredit, one)
        if credit is None or credit.ticket_id != ticket.id or credit.person_id != work.actor:
            raise NotAllowed
        course = work.session.get_one(ExamCourse, credit.course_id)
        named = {"course": course.name_zh, "code": course.code}
        if not scores.counts(credit):
            raise Refused("score_cannot_leave", RULE, **named)
        if (user := held.get(one) or counted.get(one)) is not None:
            raise Refused("score_in_use", RULE, **named, number=user.number)
        chosen.append(credit)
    return chosen


def _write(
    work: Work, request: TransferOutRequest, to: Destination, chosen: Sequence[ExamCredit]
) -> None:
    if work.sealer is None:
        raise RuntimeError("there is no key for personal data")
    request.to_province, request.to_ticket = to.province, to.ticket
    request.to_level, request.to_major, request.reason = to.level, to.major, to.reason
    request.phone_sealed = work.sealer.seal(to.phone)
    work.session.flush()
    work.session.execute(
        delete(TransferOutScore).where(TransferOutScore.application_id == request.application_id)
    )
    for credit in chosen:
        work.session.add(
            TransferOutScore(
                application_id=request.application_id,
                credit_id=credit.id,
                institution_id=work.institution,
            )
        )
    work.session.flush()


# --- what there is ------------------------------------------------------------------------------


def withdrawable(application: Application) -> bool:
    return WORKFLOW.allows(application.state, "withdraw")


def find(work: Work, number: str) -> Application | None:
    return cases.find(work, number, [KIND])


def own(work: Work, number: str) -> Application:
    return cases.own(work, number, [KIND])


def of_ticket(work: Work, ticket: ExamTicket) -> list[Application]:
    """All that was ever filed under a ticket, newest first."""
    return list(
        work.session.scalars(
            select(Application)
            .join(TransferOutRequest, TransferOutRequest.application_id == Application.id)
            .where(TransferOutRequest.ticket_id == ticket.id)
            .order_by(Application.id.desc())
        )
    )


def request_of(work: Work, application: Application) -> TransferOutRequest:
    return work.session.get_one(TransferOutRequest, application.id)


def destination_of(work: Work, application: Application) -> Destination:
    request = request_of(work, application)
    phone = work.sealer.open(request.phone_sealed) if work.sealer else ""
    return Destination(
        request.to_province,
        request.to_ticket,
        request.to_level,
        request.to_major,
        request.reason,
        phone,
    )


def scores_of(work: Work, application: Application) -> list[CreditLine]:
    """The scores that are to leave, or have left."""
    rows = work.session.execute(
        scores.LINES.join(TransferOutScore, TransferOutScore.credit_id == ExamCredit.id)
        .where(TransferOutScore.application_id == application.id)
        .order_by(ExamCourse.code, ExamCredit.id)
    ).all()
    return [scores.line(credit, course, number) for credit, course, number in rows]


def reserved(work: Work, credits: Sequence[int]) -> dict[int, Application]:
    """Which case under way wants each of these scores to leave."""
    rows = work.session.execute(
        select(TransferOutScore.credit_id, Application)
        .join(Application, Application.id == TransferOutScore.application_id)
        .where(TransferOutScore.credit_id.in_(credits), Application.state.in_(case.LIVE))
    )
    return {credit: application for credit, application in rows}


# --- what a decision does -------------------------------------------------------------------------


def _credits(work: Work, application: Application) -> list[ExamCredit]:
    of_it = select(TransferOutScore.credit_id).where(
        TransferOutScore.application_id == application.id
    )
    return scores.locked(work, ExamCredit.id.in_(of_it))


def _approvable(work: Work, application: Application) -> None:
    """None of them was used to graduate, or has gone, since it was filed."""
    credits = _credits(work, application)
    counted = graduation_cases.using(work, [one.id for one in credits])
    for credit in credits:
        course = work.session.get_one(ExamCourse, credit.course_id)
        named = {"course": course.name_zh, "code": course.code}
        if not scores.counts(credit):
            raise Refused("score_gone", RULE, **named)
        if (user := counted.get(credit.id)) is not None:
            raise Refused("score_in_use", RULE, **named, number=user.number)


def _approved(work: Work, application: Application) -> None:
    """From now on they have left: they stay in the history and count no more."""
    for credit in _credits(work, application):
        credit.left_by = application.id
    work.session.flush()


REVIEWED = Reviewed(
    kind=KIND,
    service="transfer_out",
    workflow=WORKFLOW,
    rule=RULE,
    request=TransferOutRequest,
    approvable=_approvable,
    approved=_approved,
)
