"""Refunds that the program proposes: money that fits nothing, and documents that were revoked."""

from sqlalchemy import select

from backend.models import Application, Order, Payment, Refund
from backend.policy import store
from backend.refunds import filing, money
from backend.refunds.money import SETTLED, Share
from backend.refunds.states import GIVEN_UP, Reason
from backend.work import Work

REASONS: dict[str, Reason] = {
    "late": Reason.LATE_PAYMENT,
    "double": Reason.DOUBLE_PAYMENT,
    "mismatch": Reason.MISMATCH,
}


def propose(work: Work, payment: Payment, order: Order | None = None) -> Application | None:
    """Ask finance to pay back what is held: of this order, or all of it. Safe to repeat.

    None where the policy does not want it, where it is proposed already, or where nobody is known
    whose money it is: then finance is told and sees to it. Called in the transaction that records it.
    """
    held = money.share(work, payment.id, order.id if order else None)
    reason = REASONS.get(held.standing)
    return None if reason is None else _propose(work, held, reason)


def propose_for_revoked(work: Work, application: Application) -> None:
    """A document that was paid for does not stand any more, where the policy wants it."""
    for held in money.of_person(work, application.applicant_id):
        if held.application.id == application.id and held.standing == SETTLED:
            _propose(work, held, Reason.REVOKED_DOCUMENT)


def is_proposed(work: Work, provider: str, transaction_id: str) -> bool:
    """Whether a refund of this payment waits, or was made."""
    found = work.session.scalar(
        select(Refund.application_id)
        .join(Payment, Payment.id == Refund.payment_id)
        .join(Application, Application.id == Refund.application_id)
        .where(
            Payment.institution_id == work.institution,
            Payment.provider == provider,
            Payment.transaction_id == transaction_id,
            Application.state.not_in(GIVEN_UP),
        )
        .limit(1)
    )
    return found is not None


def _propose(work: Work, held: Share, reason: Reason) -> Application | None:
    if reason not in store.refund(work).proposed or money.left(work, held) <= 0:
        return None
    return filing.file(work, held, reason, consent_id=None)
