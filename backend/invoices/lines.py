"""Which orders an invoice is for, and how much of each is left of what was paid."""

from collections.abc import Iterable

from sqlalchemy import select

from backend.invoices.states import RedState
from backend.models import Application, InvoiceOrder, InvoiceRed, Order
from backend.refunds import money
from backend.work import Work


def lock_orders(work: Work, order_ids: Iterable[int]) -> list[Order]:
    """These orders as they stand now, by their ids; they do not move until the end."""
    return list(
        work.session.scalars(
            select(Order)
            .where(Order.institution_id == work.institution, Order.id.in_(list(order_ids)))
            .order_by(Order.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    )


def live_line(work: Work, order_id: int) -> InvoiceOrder | None:
    """The order's line on the one invoice it is on now."""
    return work.session.scalar(
        select(InvoiceOrder).where(
            InvoiceOrder.institution_id == work.institution,
            InvoiceOrder.order_id == order_id,
            InvoiceOrder.released_at.is_(None),
        )
    )


def lines_of(work: Work, application: Application) -> list[InvoiceOrder]:
    return list(
        work.session.scalars(
            select(InvoiceOrder)
            .where(
                InvoiceOrder.application_id == application.id, InvoiceOrder.released_at.is_(None)
            )
            .order_by(InvoiceOrder.id)
        )
    )


def amount_fen(work: Work, application: Application) -> int:
    """What the invoice is for; red letters are not taken off."""
    return sum(line.amount_fen for line in lines_of(work, application))


def reds_of(work: Work, application: Application) -> list[InvoiceRed]:
    return list(
        work.session.scalars(
            select(InvoiceRed)
            .where(InvoiceRed.application_id == application.id)
            .order_by(InvoiceRed.id)
        )
    )


def red_fen(work: Work, application: Application, order_id: int | None = None) -> int:
    """What its red letters, issued or still to be, take back; of one order where one is given."""
    return sum(
        red.amount_fen
        for red in reds_of(work, application)
        if red.state != RedState.DROPPED and order_id in (None, red.order_id)
    )


def left_fen(work: Work, order: Order) -> int:
    """What of an order's price is neither paid back nor on its way back."""
    settled = [one for one in money.of_order(work, order) if one.standing == money.SETTLED]
    return sum(money.left(work, one) for one in settled)
