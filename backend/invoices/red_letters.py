"""Red letters (红字发票): what becomes of an invoice when money of its orders is paid back."""

from backend.invoices import lines
from backend.invoices.states import RED_WORKFLOW, WORKFLOW, State
from backend.models import Application, InvoiceOrder, InvoiceRed
from backend.work import Work
from backend.workflow import NEW


def red_letter_needed(work: Work, order_id: int, amount_fen: int, why: str) -> str | None:
    """Money of an order is paid back: no invoice may stand for it any more.

    To be called once for each refund of what an order cost, invoiced or not, within the refund's
    transaction; not for money that settled no order (paid late or twice). ``amount_fen`` is that
    refund's alone, ``why`` is read by finance. The order, and then the invoice, stay locked to the end.

    The refund itself is on record already. Returns the number of the invoice that this touches, or
    None: an issued one needs a red letter, one that is not issued yet becomes smaller or is cancelled.
    Raises ValueError for no amount.
    """
    if amount_fen <= 0:
        raise ValueError("what is paid back must be more than nothing")
    (order,) = lines.lock_orders(work, [order_id])
    line = lines.live_line(work, order_id)
    if line is None:
        return None
    application = work.session.get_one(
        Application, line.application_id, with_for_update=True, populate_existing=True
    )
    stands = line.amount_fen - lines.red_fen(work, application, order_id)
    # What was on its way back when the invoice was asked for is not on it.
    much = min(amount_fen, stands - lines.left_fen(work, order))
    if much <= 0:
        return None
    if application.state in (State.FILED, State.REJECTED):
        lessen(work, application, line, much, why)
    else:
        _ask(work, application, line, much, why)
    return application.number


def lessen(
    work: Work, application: Application, line: InvoiceOrder, amount_fen: int, why: str
) -> None:
    """It was not issued yet: it is for less from now on, or for nothing."""
    line.amount_fen -= min(amount_fen, line.amount_fen)
    if line.amount_fen == 0:
        line.released_at = work.now
    work.session.flush()
    left = lines.lines_of(work, application)
    WORKFLOW.take(work, application, "lessen" if left else "void", why=why)


def _ask(
    work: Work, application: Application, line: InvoiceOrder, amount_fen: int, why: str
) -> None:
    issued = application.state != State.EXPORTED
    red = InvoiceRed(
        institution_id=work.institution,
        number=f"{application.number}-R{len(lines.reds_of(work, application)) + 1}",
        application_id=application.id,
        order_id=line.order_id,
        amount_fen=amount_fen,
        why=why,
        state=NEW,
        asked_at=work.now,
    )
    RED_WORKFLOW.take(work, red, "ask" if issued else "wait", why=why)
    WORKFLOW.take(work, application, "request_red" if issued else "note_red", why=why)
