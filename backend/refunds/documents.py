"""No document is left standing whose money is paid back, and none is made of it any more.

A document that stands is revoked first, by two of academic affairs as ever (T10): finance decides about
money and revokes nothing. What was not made yet is called off in the transaction that decides.
"""

from sqlalchemy import select

from backend import authority, credentials
from backend.authority import Role
from backend.consent import Consent
from backend.consents import keep
from backend.errors import NotAllowed, Refused
from backend.goods import GOODS
from backend.models import Application, Credential, Order, OrderLine, Refund
from backend.refunds import booking, money, proposing
from backend.refunds.money import SETTLED, Share
from backend.refunds.states import KIND, RULE, State, find, refund_of, take
from backend.work import Work
from backend.workflow import already_handled

REISSUED = "reissued"  # why a refund is finance's again: the document was corrected instead


def standing(work: Work, held: Share) -> Credential | None:
    """The document that this money paid for, where it stands now; ``held`` must be locked to rely on it."""
    if held.standing != SETTLED:
        return None
    document = credentials.of_application(work, held.application)
    return document if document is not None and document.status == "issued" else None


def call_off(work: Work, held: Share) -> None:
    """What was paid for will not be made, or was revoked: its application says so. Free copies that
    were taken stay taken: nothing but this order is undone."""
    if held.standing != SETTLED:
        return
    GOODS[held.application.kind].workflow.take(work, held.application, "refund")


def waiting_for(work: Work, application: Application) -> list[Application]:
    """Refunds that wait for the document of this application to be revoked."""
    return list(
        work.session.scalars(
            select(Application)
            .join(Refund, Refund.application_id == Application.id)
            .join(Order, Order.id == Refund.order_id)
            .join(OrderLine, OrderLine.order_id == Order.id)
            .where(
                Application.institution_id == work.institution,
                Application.kind == KIND,
                Application.state == State.DOCUMENT,
                OrderLine.application_id == application.id,
            )
            .order_by(Application.id)
        )
    )


def revoked(work: Work, application: Application) -> None:
    """Its document stands no more: what waited for that is paid back now.

    Called by ``revocations.confirm`` in its transaction.
    """
    refunds = waiting_for(work, application)
    for one in refunds:
        refund = refund_of(work, one)
        take(work, one, "document_ended")
        call_off(work, money.share_of(work, refund))
        booking.ask_provider(work, one, refund)
        booking.owed(work, one, refund)
    if not refunds:
        proposing.propose_for_revoked(work, application)


def corrected(work: Work, application: Application) -> None:
    """A newer document is being made instead: finance looks at what waited once more.

    Called by ``revocations.reissue`` in its transaction.
    """
    for one in waiting_for(work, application):
        _back(work, one, REISSUED)


def to_keep(work: Work, number: str) -> tuple[Application, Share]:
    """A refund that waits for academic affairs to revoke its document; never one's own.

    Raises NotAllowed and AlreadyHandled.
    """
    person = authority.require(work, Role.ACADEMIC_AFFAIRS)
    application = find(work, number)
    if application is None or application.applicant_id == person:
        raise NotAllowed
    if application.state != State.DOCUMENT:
        raise already_handled(work, application)
    return application, money.share_of(work, refund_of(work, application))


def keep_document(work: Work, number: str, why: str, consent: Consent) -> Application:
    """Academic affairs find nothing wrong with it: finance decides once more, knowing that."""
    application, _held = to_keep(work, number)
    if not why.strip():
        raise Refused("reason_needed", RULE)
    keep(work, consent)
    _back(work, application, why)
    return application


def waiting(work: Work) -> list[Application]:
    """What waits for academic affairs, longest first; raises NotAllowed."""
    person = authority.require(work, Role.ACADEMIC_AFFAIRS)
    return list(
        work.session.scalars(
            select(Application)
            .where(
                Application.institution_id == work.institution,
                Application.kind == KIND,
                Application.state == State.DOCUMENT,
                Application.applicant_id != person,
            )
            .order_by(Application.since, Application.id)
        )
    )


def _back(work: Work, application: Application, why: str) -> None:
    take(work, application, "document_kept", why=why)
    refund = refund_of(work, application)
    refund.document_kept_why = why
    refund.decided_by = refund.decision_consent_id = refund.decided_at = None
    refund.second_by = refund.second_consent_id = (
        None  # who agreed to pay has agreed to nothing now
    )
    work.session.flush()
