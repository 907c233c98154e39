"""Orders: what is to be paid for an application, when it must be paid, and what happens then.

A saved order has agreed to nothing yet. Confirming it fixes the price; an order that is not paid in
time expires, as one that is cancelled closes. What is sold, and what becomes of it, is in
``goods.py`` by the kind of application.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, exists, select

from backend import numbering
from backend.consent import Consent
from backend.consents import keep
from backend.errors import Refused
from backend.fees import reserving
from backend.goods import GOODS
from backend.models import Application, Charge, ChargeOrder, Order, OrderLine
from backend.work import Work
from backend.workflow import NEW, Edge, Workflow, already_handled

SOON = timedelta(minutes=1)  # nobody can scan and pay in less


class State(StrEnum):
    SAVED = "saved"
    CONFIRMED = "confirmed"  # to be paid
    PAID = "paid"
    EXPIRED = "expired"
    CLOSED = "closed"


WORKFLOW: Workflow[Order] = Workflow(
    "order",
    Edge("save", NEW, State.SAVED, rule="T6"),
    Edge("confirm", NEW, State.CONFIRMED, rule="T6"),
    Edge("confirm", State.SAVED, State.CONFIRMED, rule="T6"),
    Edge("pay", State.CONFIRMED, State.PAID, rule="T7"),
    Edge("expire", State.CONFIRMED, State.EXPIRED),
    Edge("pay_late", State.EXPIRED, State.PAID, rule="T7"),
    Edge("close", State.SAVED, State.CLOSED),
    Edge("cancel", State.CONFIRMED, State.CLOSED),
    Edge("pay_late", State.CLOSED, State.PAID, rule="T7"),
)


def save(work: Work, application: Application, price_fen: int, consent: Consent) -> Order:
    """Save and return (T6): keeps the place, binds nobody. The applicant's own, once approved."""
    if application.applicant_id != work.actor:
        raise Refused("no_such_application", number=application.number)
    if not GOODS[application.kind].workflow.allows(application.state, "order"):
        raise already_handled(work, application)
    order = open_order(work, application) or _create(work, application, price_fen)
    if order.state == NEW:
        order.consent_id = keep(work, consent)
        WORKFLOW.take(work, order, "save")
    return order


def confirm(
    work: Work, application: Application, price_fen: int, expires_at: datetime, consent: Consent
) -> Order:
    """Agree to the price of one's own application; it is to be paid until then (T6).

    ``price_fen`` is what the person was told. What costs nothing is for the caller to ``settle``.
    """
    if application.applicant_id != work.actor:
        raise Refused("no_such_application", number=application.number)
    lock_all(work, application.id)
    # First of all, so that of two who confirm at once the slower has changed nothing yet.
    GOODS[application.kind].workflow.take(work, application, "order")
    order = open_order(work, application) or _create(work, application, price_fen)
    line = line_of(work, order)
    line.price_fen = order.total_fen = price_fen
    line.free = price_fen == 0
    order.consent_id = keep(work, consent)
    order.expires_at = expires_at
    WORKFLOW.take(work, order, "confirm")
    return order


def settle(work: Work, order: Order, *, late: bool = False) -> None:
    """The order is paid (or was free): the application goes on (T7).

    Raises AlreadyHandled where it does not, or where ``late`` money rests on a waiver that is gone.
    """
    line = line_of(work, order)
    application = work.session.get_one(Application, line.application_id)
    event = "pay_late" if late else "pay"
    if late and not reserving.take_again(work, line):
        raise already_handled(work, order)
    WORKFLOW.take(work, order, event)
    order.paid_at = work.now
    goods = GOODS[application.kind]
    goods.workflow.take(work, application, event)
    goods.paid(work, application)


def cancel(work: Work, number: str, consent: Consent) -> Application:
    """The buyer changes their mind before paying: the application stays approved, and is returned.

    Money that comes in all the same is settled like that of an expired order.
    """
    order = own(work, number)
    keep(work, consent)
    return _release(work, order, "cancel", "order_cancelled")


def close_saved(work: Work, number: str) -> Application:
    """The buyer does not want what was only saved; it had bound nobody."""
    order = own(work, number)
    WORKFLOW.take(work, order, "close")
    return application_of(work, order)


def expire_due(work: Work) -> int:
    """Close every confirmed order whose time is over; returns how many. Safe to repeat.

    One that may just have been paid waits until the provider has said that it was not.
    """
    return _expire(work, (Order.expires_at <= work.now) & ~_may_be_paid())


def expire(work: Work, kind: str) -> int:
    """Close every confirmed order for this kind of application before its time; returns how many.

    For a service that has closed. Safe to repeat.
    """
    for_it = (
        select(OrderLine.order_id)
        .join(Application, Application.id == OrderLine.application_id)
        .where(Application.institution_id == work.institution, Application.kind == kind)
    )
    return _expire(work, Order.id.in_(for_it))


def _expire(work: Work, which: ColumnElement[bool]) -> int:
    due = work.session.scalars(
        select(Order)
        .where(Order.institution_id == work.institution, Order.state == State.CONFIRMED, which)
        .order_by(Order.id)
        .with_for_update(skip_locked=True)  # one that is being paid this moment is not expired
    ).all()
    for order in due:
        _release(work, order, "expire", "order_expired")
    return len(due)


def _release(work: Work, order: Order, event: str, told: str) -> Application:
    """A confirmed order ends unpaid: what it had taken is there again, its application as before it."""
    line = line_of(work, order)
    WORKFLOW.take(work, order, event)
    reserving.release(work, line)
    application = work.session.get_one(Application, line.application_id)
    GOODS[application.kind].workflow.take(work, application, told)
    close_charges(work, order)
    return application


def close_charges(work: Work, order: Order) -> None:
    """Nothing more is to be paid for it: what is open at the provider is closed there, soon."""
    if work.session.scalar(select(_may_be_paid()).where(Order.id == order.id)):
        work.enqueue("close_charges", f"close:{order.number}:{order.version}", order=order.number)


def _may_be_paid() -> ColumnElement[bool]:
    return exists(
        select(ChargeOrder.charge_id)
        .join(Charge, Charge.id == ChargeOrder.charge_id)
        .where(ChargeOrder.order_id == Order.id, Charge.state == "open")
    )


def lock_all(work: Work, *application_ids: int) -> None:
    """Their orders as they stand now; they do not move until the end.

    Whoever needs a case and its orders locks the orders first, in the order of their ids.
    """
    work.session.scalars(
        select(Order)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .where(OrderLine.application_id.in_(application_ids))
        .order_by(Order.id)
        .with_for_update(of=Order)
        .execution_options(populate_existing=True)
    ).all()


def find(work: Work, number: str) -> Order | None:
    return work.session.scalar(
        select(Order).where(
            Order.institution_id == work.institution, Order.number == number.strip().upper()
        )
    )


def own(work: Work, number: str) -> Order:
    """An order of the person who acts; anybody else's does not exist for them."""
    order = find(work, number)
    if order is None or order.buyer_id != work.actor:
        raise Refused("no_such_order", number=number)
    return order


def of_person(work: Work, person_id: int) -> list[Order]:
    """Newest first."""
    return list(
        work.session.scalars(
            select(Order)
            .where(Order.institution_id == work.institution, Order.buyer_id == person_id)
            .order_by(Order.id.desc())
        )
    )


def payable(work: Work, order: Order) -> bool:
    """Whether it waits for money that can still come in time."""
    until = order.expires_at
    waits = order.state == State.CONFIRMED and order.total_fen > 0
    return waits and until is not None and until > work.now + SOON


def open_order(work: Work, application: Application) -> Order | None:
    """The saved or confirmed order of an application."""
    return work.session.scalar(
        select(Order)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .where(
            OrderLine.application_id == application.id,
            Order.state.in_((State.SAVED, State.CONFIRMED)),
        )
    )


def latest_order(work: Work, application: Application) -> Order | None:
    return work.session.scalar(
        select(Order)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .where(OrderLine.application_id == application.id)
        .order_by(Order.id.desc())
        .limit(1)
    )


def paid_order(work: Work, application: Application) -> Order | None:
    """The order of an application that was paid; of several the last that was, however many were begun
    since."""
    return work.session.scalar(
        select(Order)
        .join(OrderLine, OrderLine.order_id == Order.id)
        .where(OrderLine.application_id == application.id, Order.state == State.PAID)
        .order_by(Order.paid_at.desc(), Order.id.desc())
        .limit(1)
    )


def line_of(work: Work, order: Order) -> OrderLine:
    """The one line that an order has: one document is ordered at a time."""
    return work.session.scalars(select(OrderLine).where(OrderLine.order_id == order.id)).one()


def application_of(work: Work, order: Order) -> Application:
    return work.session.get_one(Application, line_of(work, order).application_id)


def _create(work: Work, application: Application, price_fen: int) -> Order:
    title = GOODS[application.kind].title
    order = Order(
        institution_id=work.institution,
        number=numbering.next_number(work, "D"),
        title_zh=title.zh,
        title_en=title.en,
        buyer_id=application.applicant_id,
        state=NEW,
        total_fen=price_fen,
        created_at=work.now,
    )
    work.session.add(order)
    work.session.flush()
    work.session.add(
        OrderLine(
            institution_id=work.institution,
            order_id=order.id,
            application_id=application.id,
            price_fen=price_fen,
            free=price_fen == 0,
        )
    )
    work.session.flush()
    return order
