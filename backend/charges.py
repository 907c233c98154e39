"""Charges: what a provider is asked for. One may pay several orders of one buyer at once.

An order may have several open charges, one for each way it was shown how to pay; when one of them is
paid, the others are closed at the provider. What is said to a provider, and heard from it, is in
``payments/``.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import select

from backend import numbering, orders
from backend.errors import Refused
from backend.models import Charge, ChargeOrder, Order
from backend.payments.provider import ONE, ChargeAsked, Payee, Way
from backend.work import Work
from backend.workflow import NEW, Edge, Workflow

MOST_ORDERS = 10  # in one payment; whoever has more pays the most urgent first
# WeChat Pay says two hours, and five minutes for H5.
LINK_GOOD = {
    Way.NATIVE: timedelta(minutes=110),
    Way.H5: timedelta(minutes=4),
    Way.JSAPI: timedelta(minutes=110),
}


class State(StrEnum):
    OPEN = "open"
    PAID = "paid"
    CLOSED = "closed"  # the provider has said that it takes nothing for it any more


WORKFLOW: Workflow[Charge] = Workflow(
    "charge",
    Edge("open", NEW, State.OPEN, rule="T6"),
    Edge("pay", State.OPEN, State.PAID, rule="T7"),
    Edge("close", State.OPEN, State.CLOSED),
    Edge("pay_late", State.CLOSED, State.PAID),
)


def begin(
    work: Work, numbers: Sequence[str], way: Way, provider: str, payee: Payee = ONE
) -> Charge:
    """The open charge for exactly these orders, or a new one; whoever holds the link may pay.

    Where it has no good link, the provider is to be asked to open it now.

    Raises Refused ``no_such_order``, ``order_not_payable``, ``not_together`` (of several people, or too many).
    """
    wanted = [_payable(work, number) for number in dict.fromkeys(numbers)]
    if len(wanted) > MOST_ORDERS:
        raise Refused("not_together")
    orders.lock_all(work, *(orders.line_of(work, one).application_id for one in wanted))
    for one in wanted:
        _require_payable(work, one)
    if len({one.buyer_id for one in wanted}) != 1:
        raise Refused("not_together")
    known = open_already(work, wanted, way, provider, payee)
    if known is not None:
        work.session.refresh(known, with_for_update=True)  # it may be closed this very moment
    if known is None or known.state != State.OPEN:
        return _begun(work, wanted, way, provider, payee)
    if not link_of(work, known):
        known.opening_at = work.now
    return known


def open_already(
    work: Work, wanted: Sequence[Order], way: Way, provider: str, payee: Payee = ONE
) -> Charge | None:
    """The open charge for exactly these orders as they stand; they all wait for their payment."""
    total, until = sum(one.total_fen for one in wanted), min(_until(one) for one in wanted)
    for charge in open_of(work, wanted[0]):
        same = (charge.way, charge.provider, charge.total_fen) == (way, provider, total)
        theirs = {one.id for one in orders_of(work, charge)} == {one.id for one in wanted}
        if same and theirs and charge.expires_at == until and payee_of(charge) == payee:
            return charge
    return None


def opened(work: Work, number: str, link: str) -> bool:
    """The provider has answered: it is paid by this. False: meanwhile it is not to be paid any more,
    the link must not be given to anybody, and the charge be closed there."""
    charge = find(work, number, locked=True)
    if charge is None or charge.state != State.OPEN or ended(work, charge) is not None:
        return False
    charge.link, charge.link_until = link, work.now + LINK_GOOD[Way(charge.way)]
    return True


def ended(work: Work, charge: Charge) -> Order | None:
    """One of its orders that does not wait for its payment any more; None: all of them wait."""
    gone = (one for one in orders_of(work, charge) if one.state != orders.State.CONFIRMED)
    return next(gone, None)


def payee_of(charge: Charge) -> Payee:
    """As whom it was opened."""
    return Payee(charge.merchant, charge.app)


def payees(work: Work, provider: str) -> set[Payee]:
    """As whom charges have ever been opened there."""
    rows = work.session.execute(
        select(Charge.merchant, Charge.app)
        .where(Charge.institution_id == work.institution, Charge.provider == provider)
        .distinct()
    )
    return {Payee(*row) for row in rows}


def link_of(work: Work, charge: Charge) -> str:
    """What it is paid by; "" where the provider must be asked (again)."""
    good = charge.link_until is not None and charge.link_until > work.now
    return charge.link if good else ""


def asked(charge: Charge, *, payer_ip: str = "", openid: str = "") -> ChargeAsked:
    """As the provider is asked for it."""
    return ChargeAsked(
        charge.number,
        charge.title,
        charge.total_fen,
        charge.expires_at,
        Way(charge.way),
        payer_ip=payer_ip,
        openid=openid,
    )


def find(work: Work, number: str, *, locked: bool = False) -> Charge | None:
    """``locked``: as it stands now, and nobody else moves it until the end."""
    which = select(Charge).where(Charge.institution_id == work.institution, Charge.number == number)
    if locked:
        which = which.with_for_update().execution_options(populate_existing=True)
    return work.session.scalar(which)


def orders_of(work: Work, charge: Charge) -> list[Order]:
    """In the order of their ids."""
    return list(
        work.session.scalars(
            select(Order)
            .join(ChargeOrder, ChargeOrder.order_id == Order.id)
            .where(ChargeOrder.charge_id == charge.id)
            .order_by(Order.id)
        )
    )


def open_of(work: Work, order: Order) -> list[Charge]:
    """Those by which the order could still be paid."""
    return list(
        work.session.scalars(
            select(Charge)
            .join(ChargeOrder, ChargeOrder.charge_id == Charge.id)
            .where(ChargeOrder.order_id == order.id, Charge.state == State.OPEN)
            .order_by(Charge.id)
        )
    )


def _payable(work: Work, number: str) -> Order:
    order = orders.find(work, number)
    if order is None:
        raise Refused("no_such_order", number=number)
    return order


def _require_payable(work: Work, order: Order) -> None:
    if not orders.payable(work, order):
        over = order.state == orders.State.CONFIRMED  # its time is, all but for the sweep
        state = orders.State.EXPIRED if over else order.state
        raise Refused("order_not_payable", number=order.number, state=str(state))


def _begun(work: Work, wanted: list[Order], way: Way, provider: str, payee: Payee) -> Charge:
    first = wanted[0]
    charge = Charge(
        institution_id=work.institution,
        # A provider never forgets a number, a database that is restored does: no number comes twice.
        number=f"{numbering.next_number(work, 'C')}-{numbering.random_end()}",
        provider=provider,
        merchant=payee.merchant,
        app=payee.app,
        way=way,
        buyer_id=first.buyer_id,
        title=first.title_zh if len(wanted) == 1 else f"{first.title_zh}等 {len(wanted)} 项",
        total_fen=sum(one.total_fen for one in wanted),
        state=NEW,
        opened_at=work.now,
        expires_at=min(_until(one) for one in wanted),
        link="",
        opening_at=work.now,
    )
    WORKFLOW.take(work, charge, "open")
    for one in wanted:
        work.session.add(
            ChargeOrder(
                charge_id=charge.id,
                order_id=one.id,
                institution_id=work.institution,
                amount_fen=one.total_fen,
            )
        )
    work.session.flush()
    return charge


def _until(order: Order) -> datetime:
    if order.expires_at is None:
        raise Refused("order_not_payable", number=order.number, state=str(order.state))
    return order.expires_at
