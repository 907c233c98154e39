"""Ordering a transcript: what was seen is what is made (T6), and free copies are given once (T2)."""

from backend import authority, orders, previews, transcripts
from backend.authority import Role
from backend.consent import Consent
from backend.consents import keep
from backend.documents.facts import TranscriptFacts
from backend.errors import NotAllowed, Refused
from backend.fees import ordering
from backend.models import Application, Order
from backend.offers import KindOffer
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
    transcripts.request_of(work, application).snapshot = facts.digest
    return ordering.confirm(work, application, price.price, consent)


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
