"""What follows when a refund is decided and when the money is back: provider, invoice, ledger.

The ledger is written last: whoever has its turn holds it to the end of the transaction.
"""

from datetime import datetime, timedelta

from backend.invoices.red_letters import red_letter_needed
from backend.ledger import postings
from backend.ledger.accounts import BANK
from backend.models import Application, Refund
from backend.refunds import money
from backend.refunds.money import SETTLED
from backend.work import Work

LEFT_LYING = timedelta(minutes=15)  # a job that has said nothing by then may have been lost


def ask_provider(work: Work, application: Application, refund: Refund) -> None:
    """Soon, and outside of this transaction; if that is lost, the sweep comes to it."""
    refund.tries, refund.trouble, refund.heard, refund.heard_at = 0, "", "", None
    refund.next_try_at = work.now + LEFT_LYING
    work.enqueue(
        "pay_back", f"{application.number}:{application.version}", application=application.number
    )


def owed(work: Work, application: Application, refund: Refund) -> None:
    """It is decided, and owed from now on until the money is back, whatever the provider says."""
    held = money.share_of(work, refund)
    kind = held.application.kind if held.standing == SETTLED else None
    postings.refund_decided(
        work,
        number=application.number,
        provider=held.payment.provider,
        transaction_id=held.payment.transaction_id,
        sources=[postings.Source(refund.order_id, kind, refund.amount_fen)],
        at=work.now,
    )


def finished(
    work: Work,
    application: Application,
    refund: Refund,
    at: datetime,
    *,
    by_hand: bool = False,
    undecided: bool = False,
) -> None:
    """The money is back: of what an order cost, no invoice may stand for it any more.

    ``undecided``: it was not owed before, and is entered as that first.
    """
    refund.finished_at, refund.next_try_at, refund.trouble = at, None, ""
    held = money.share_of(work, refund)
    if held.standing == SETTLED and held.order is not None:
        red_letter_needed(work, held.order.id, refund.amount_fen, f"退款 {application.number}")
    work.session.flush()
    if undecided:
        owed(work, application, refund)
    postings.refund_executed(
        work,
        number=application.number,
        amount_fen=refund.amount_fen,
        at=at,
        paid_by=BANK if by_hand else "",
    )
