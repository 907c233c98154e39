"""Ordering a transcript: what was seen is what is made (T6), and free copies are given once (T2)."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from backend import authority, orders, previews, transcripts
from backend.authority import Role
from backend.consent import Consent
from backend.consents import keep
from backend.documents.facts import TranscriptFacts
from backend.errors import NotAllowed, Refused
from backend.models import Application, FreeCopy, Order, OrderLine
from backend.offers import Kind, KindOffer
from backend.policy import store
from backend.work import Work
from backend.workflow import already_handled


def confirm(
    work: Work, application: Application, facts: TranscriptFacts, price: KindOffer, consent: Consent
) -> Order:
    """Confirm the order of an approved application (T6); a free copy is settled at once (T7).

    The document will be made from these very facts, so the person must have seen them; ``price`` is
    what they were told, and a free copy that is gone by now refuses.
    """
    if application.applicant_id != work.actor:
        raise Refused("no_such_application", number=application.number)
    policy = store.transcript(work, application.policy_version)
    previews.require_seen(work, policy, facts.digest)
    expires_at = work.now + timedelta(hours=policy.order_lifetime_hours())
    order = orders.confirm(work, application, price.next_copy_fen, expires_at, consent)
    line = orders.line_of(work, order)
    line.free = price.free_left > 0
    transcripts.request_of(work, application).snapshot = facts.digest
    if line.free:
        reserve_free_copy(work, line, price.kind, policy.free_copies)
    if order.total_fen == 0:
        orders.settle(work, order)
    return order


def withdraw(work: Work, number: str, consent: Consent) -> Application:
    """The applicant changes their mind before anything is paid; a saved order goes with it."""
    orders.lock_all(work, transcripts.own(work, number).id)
    application = transcripts.withdraw(work, number, consent)
    order = orders.open_order(work, application)
    if order is not None:
        orders.WORKFLOW.take(work, order, "close")
    return application


def to_mend(work: Work, number: str) -> Application:
    """A paid application whose document could not be made; for academic affairs only (T10).

    Raises NotAllowed, and AlreadyHandled when it is not stuck any more.
    """
    authority.require(work, Role.ACADEMIC_AFFAIRS)
    application = transcripts.find(work, number)
    if application is None:
        raise NotAllowed
    if application.state != transcripts.State.STUCK:
        raise already_handled(work, application)
    return application


def mend(work: Work, number: str, consent: Consent) -> Application:
    """Make it from what the registry says now: academic affairs have seen that and agree."""
    application = to_mend(work, number)
    keep(work, consent)
    transcripts.take_fresh_snapshot(work, application)
    transcripts.WORKFLOW.take(work, application, "retry")
    transcripts.have_it_made(work, application)
    return application


def reserve_free_copy(work: Work, line: OrderLine, kind: Kind, quota: int) -> None:
    """Take the lowest free copy that nobody has; the primary key decides a race (T2)."""
    buyer = work.actor
    taken = set(
        work.session.scalars(
            select(FreeCopy.ordinal).where(FreeCopy.student_id == buyer, FreeCopy.kind == str(kind))
        )
    )
    ordinal = next((n for n in range(1, quota + 1) if n not in taken), None)
    if ordinal is None:
        raise Refused("free_copy_gone", "T2")
    try:
        with work.session.begin_nested():
            work.session.add(
                FreeCopy(
                    institution_id=work.institution,
                    student_id=buyer,
                    kind=str(kind),
                    ordinal=ordinal,
                    order_line_id=line.id,
                )
            )
    except IntegrityError:
        raise Refused("free_copy_gone", "T2") from None
