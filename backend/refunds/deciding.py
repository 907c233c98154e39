"""Finance decides: by one person, or by two from the policy's amount on; many at once in a batch."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, func, or_, select

from backend import authority
from backend.authority import Role
from backend.consent import Consent
from backend.consents import keep
from backend.errors import NotAllowed, Refused
from backend.models import Application, Refund
from backend.policy import store
from backend.refunds import booking, documents, hands, money, using
from backend.refunds.states import (
    DECIDABLE,
    KIND,
    RULE,
    Reason,
    State,
    find,
    payer,
    refund_of,
    take,
)
from backend.work import Work
from backend.workflow import already_handled


def inbox(work: Work) -> list[Application]:
    """What the person who acts may decide, longest waiting first; raises NotAllowed."""
    waiting = select(Application).join(Refund, Refund.application_id == Application.id)
    return list(
        work.session.scalars(
            waiting.where(*_mine(work)).order_by(Application.filed_at, Application.id)
        )
    )


def count(work: Work) -> int:
    waiting = select(func.count()).select_from(Application)
    waiting = waiting.join(Refund, Refund.application_id == Application.id)
    return work.session.scalars(waiting.where(*_mine(work))).one()


def _mine(work: Work) -> list[ColumnElement[bool]]:
    person = authority.require(work, Role.FINANCE)
    return [
        Application.institution_id == work.institution,
        Application.kind == KIND,
        or_(Application.applicant_id != person, Refund.reason == Reason.UNKNOWN_PAYER),
        or_(
            Application.state.in_((State.ASKED, State.ABNORMAL)),
            (Application.state == State.CONFIRMING) & (Refund.decided_by != person),
        ),
    ]


def to_see(work: Work, number: str) -> Application:
    """Any refund but one's own, for finance."""
    person = authority.require(work, Role.FINANCE)
    application = find(work, number)
    if application is None or payer(work, application) == person:
        raise NotAllowed
    return application


def to_decide(work: Work, number: str) -> Application:
    """Raises NotAllowed, AlreadyHandled, and Refused to whoever was the first of two."""
    application = to_see(work, number)
    if application.state not in DECIDABLE:
        raise already_handled(work, application)
    if first(work, application) == work.actor:
        raise Refused("own_refund_look", number=application.number)
    return application


def needs_second(work: Work, application: Application) -> bool:
    """Whether another of finance has to agree before this decision stands."""
    policy = store.refund(work, application.policy_version)
    large = refund_of(work, application).amount_fen >= policy.second_from_fen
    return application.state in DECIDABLE and large and first(work, application) is None


def first(work: Work, application: Application) -> int | None:
    """Who has agreed to it and waits for a second; whoever has left finance since has agreed to nothing."""
    person = refund_of(work, application).decided_by
    if application.state != State.CONFIRMING or person is None:
        return None
    return person if authority.holds(work, person, Role.FINANCE) else None


def can_agree(work: Work, application: Application) -> bool:
    """False where a second person has to agree, and there is none."""
    others = {*authority.people(work, Role.FINANCE)} - {work.actor, payer(work, application)}
    return bool(others) or not needs_second(work, application)


def deciders(work: Work, application: Application) -> list[int]:
    """Who is asked: all of finance, but the asker and the first of two."""
    out = (payer(work, application), first(work, application))
    return [one for one in authority.people(work, Role.FINANCE) if one not in out]


def approve(work: Work, numbers: Sequence[str], consent: Consent) -> list[Application]:
    """Approve every one of them or none; the consent names them all.

    What needs a second person waits for them, and what has a document that stands for academic affairs;
    the rest is paid back. Raises Refused where nobody could be the second, and where what was paid
    for has been had meanwhile.
    """
    kept = keep(work, consent)
    wanted = [refund_of(work, to_decide(work, number)) for number in numbers]
    with work.savepoint():
        money.lock_orders(work, *(money.share_of(work, one) for one in wanted))
        approved = [_approve(work, number, kept) for number in numbers]
        for one in approved:
            if one.state == State.APPROVED:
                booking.owed(work, one, refund_of(work, one))
    return approved


def _approve(work: Work, number: str, kept: int) -> Application:
    application = to_decide(work, number)
    refund = refund_of(work, application)
    held = money.lock(work, money.share_of(work, refund))
    using.require_unused(work, held, number)
    hands.require_free(work, application)
    if needs_second(work, application):
        if not can_agree(work, application):
            raise Refused("nobody_for_refund", RULE, number=number, office="technical_support")
        refund.decided_by, refund.decided_at = work.actor, work.now
        refund.decision_consent_id = kept
        take(work, application, "refer")
        return application
    if application.state == State.CONFIRMING:
        refund.second_by, refund.second_consent_id = work.actor, kept
    else:
        refund.decided_by, refund.decision_consent_id = work.actor, kept
    refund.decided_at = work.now
    if documents.standing(work, held) is not None:
        take(work, application, "await_document")
        return application
    take(work, application, "approve")
    documents.call_off(work, held)
    booking.ask_provider(work, application, refund)
    return application


def refuse(work: Work, number: str, why: str, consent: Consent) -> Application:
    """With a reason, which the payer is told word for word; one person is enough."""
    application = to_decide(work, number)
    if not why.strip():
        raise Refused("reason_needed", RULE)
    kept = keep(work, consent)
    second = application.state == State.CONFIRMING
    take(work, application, "refuse", why=why)
    refund = refund_of(work, application)
    if second:
        refund.second_by, refund.second_consent_id = work.actor, kept
    else:
        refund.decided_by, refund.decision_consent_id = work.actor, kept
    refund.refused_why, refund.decided_at = why, work.now
    money.give_back(work, refund)
    work.session.flush()
    return application
