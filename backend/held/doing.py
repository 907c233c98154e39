"""What follows once it is decided: order, invoice, application, difference, and the ledger last of all."""

from collections.abc import Sequence

from backend import orders
from backend.goods import GOODS
from backend.held import states
from backend.held.states import Way
from backend.invoices.red_letters import red_letter_needed
from backend.ledger import postings
from backend.models import BillDifference, Disposal, Order, PaymentShare
from backend.payments import settle
from backend.reconciliation import differences
from backend.refunds import documents, money
from backend.refunds.money import MOVED, SETTLED, Share
from backend.work import Work


def do(work: Work, disposal: Disposal, parts: Sequence[tuple[Share, int]]) -> None:
    """In the transaction that decides it. Raises AlreadyHandled where its order waits for no money,
    and Overdrawn where the ledger does not have it."""
    disposal.done_at = work.now
    match disposal.way:
        case Way.ORDER:
            _settle_order(work, disposal, *parts[0])
        case Way.ELSEWHERE:
            _hand_over(work, disposal, *parts[0])
        case Way.PORTAL:
            _went_back(work, disposal, parts)
    work.session.flush()


def _settle_order(work: Work, disposal: Disposal, share: Share, fen: int) -> None:
    order = work.session.get_one(Order, disposal.target_order_id)
    if share.order is not None:
        part = work.session.get_one(PaymentShare, (share.payment.id, share.order.id))
        part.state = MOVED
    settle.assign(work, share.payment, order)
    money.release(work, share.payment.id, fen)  # it is an order's now, and may go back like any
    postings.held_for_order(
        work,
        number=disposal.number,
        provider=share.payment.provider,
        transaction_id=share.payment.transaction_id,
        held_for=share.order.id if share.order else None,
        order_id=order.id,
        kind=orders.application_of(work, order).kind,
        amount_fen=fen,
        at=work.now,
    )


def _hand_over(work: Work, disposal: Disposal, share: Share, fen: int) -> None:
    postings.handed_over(
        work,
        number=disposal.number,
        provider=share.payment.provider,
        transaction_id=share.payment.transaction_id,
        held_for=share.order.id if share.order else None,
        amount_fen=fen,
        at=work.now,
    )


def _went_back(work: Work, disposal: Disposal, parts: Sequence[tuple[Share, int]]) -> None:
    payment = states.payment_of(work, disposal)
    difference = work.session.get_one(BillDifference, disposal.difference_id)
    for share, fen in parts:
        if share.standing == SETTLED and share.order is not None:
            red_letter_needed(work, share.order.id, fen, f"商户后台退款 {disposal.number}")
            _ended(work, disposal, share)
    differences.entered(work, difference, disposal.number, disposal.why)
    work.session.flush()
    postings.refunded_in_portal(
        work,
        number=disposal.number,
        refund=difference.reference,
        provider=payment.provider,
        transaction_id=payment.transaction_id,
        sources=[
            postings.Source(
                share.order.id if share.order else None,
                share.application.kind if share.standing == SETTLED else None,
                fen,
            )
            for share, fen in parts
        ],
        at=work.now,
    )


def _ended(work: Work, disposal: Disposal, share: Share) -> None:
    """All of its money is back: what was not made yet is called off, and who may revoke hears of what stands."""
    if money.left(work, share) > 0:
        return
    application = share.application
    if documents.standing(work, share) is not None:
        work.emit("disposal.document", disposal.number, application=application.number)
    elif GOODS[application.kind].workflow.allows(application.state, "refund"):
        documents.call_off(work, share)
