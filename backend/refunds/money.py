"""What of a payment can be paid back. The only place here that knows how money is kept.

Never more than was paid: whoever files a refund reserves its amount on the payment's own row, which is
a lock and a check in one, and gives it back when the refund is refused or withdrawn.
"""

from dataclasses import dataclass

from sqlalchemy import func, select, update

from backend import orders
from backend.database import insert_into
from backend.errors import Refused
from backend.models import (
    Application,
    Charge,
    ChargeOrder,
    Disposal,
    DisposalPart,
    Order,
    PaidBack,
    Payment,
    PaymentShare,
    Refund,
)
from backend.payments.provider import CURRENCY
from backend.refunds.states import GIVEN_UP
from backend.work import Work

SETTLED = "settled"
MOVED = "moved"  # finance have found another order that it settles


@dataclass(frozen=True, slots=True)
class Share:
    """What one order had of a payment; all of it, and no order, where the payment fits nothing.

    ``standing``: "settled", or "late", "double", "mismatch", "unknown" where it is held. ``service`` is
    what the order was for; None, as is the buyer, where nothing here has asked for the money.
    """

    payment: Payment
    order: Order | None
    service: Application | None
    buyer_id: int | None
    amount_fen: int
    standing: str

    @property
    def application(self) -> Application:
        """Raises LookupError where nothing here has asked for it."""
        if self.service is None:
            raise LookupError(f"payment {self.payment.transaction_id} is for nothing")
        return self.service

    @property
    def key(self) -> str:
        """Names it in answers: an id of the payment, and one of the order."""
        return f"{self.payment.id}.{self.order.id if self.order else 0}"


def of_person(work: Work, person_id: int) -> list[Share]:
    """All that this person has paid, newest first."""
    rows = work.session.execute(
        _PARTS.where(Order.buyer_id == person_id, PaymentShare.state != MOVED)
    )
    found = [_of_order(work, payment, part, order) for payment, part, order in rows]
    held = _HELD.join(Charge, Charge.id == Payment.charge_id).where(Charge.buyer_id == person_id)
    found += [_of_charge(work, payment) for payment in work.session.scalars(held)]
    return sorted(found, key=lambda one: (one.payment.paid_at, one.payment.id), reverse=True)


def of_order(work: Work, order: Order) -> list[Share]:
    """What this order had of payments, newest first."""
    rows = work.session.execute(_PARTS.where(Order.id == order.id).order_by(Payment.id.desc()))
    return [_of_order(work, payment, part, order) for payment, part, order in rows]


def share(work: Work, payment_id: int, order_id: int | None) -> Share:
    """Raises LookupError where the payment has nothing for this order."""
    if order_id is None:
        return _of_charge(work, work.session.get_one(Payment, payment_id))
    row = work.session.execute(
        _PARTS.where(Payment.id == payment_id, Order.id == order_id)
    ).one_or_none()
    if row is None:
        raise LookupError(f"payment {payment_id} has nothing for order {order_id}")
    payment, part, order = row
    return _of_order(work, payment, part, order)


def share_of(work: Work, refund: Refund) -> Share:
    return share(work, refund.payment_id, refund.order_id)


def with_key(work: Work, key: str) -> Share:
    """Raises LookupError."""
    payment, _dot, order = key.partition(".")
    return share(work, int(payment), int(order) or None)


def lock(work: Work, held: Share) -> Share:
    """Its orders, and then the application they are for, do not move until the end."""
    payment, order = held.payment.id, held.order.id if held.order else None
    here = share(work, payment, order)
    lock_orders(work, here)
    if here.service is not None:
        work.session.refresh(here.service, with_for_update=True)
    return share(work, payment, order)


def lock_orders(work: Work, *held: Share) -> None:
    """All at once, so that nobody who wants several of them waits for one who waits for him.

    Whatever was read of them before is read anew.
    """
    applications = {one.service.id for one in held if one.service is not None}
    for one in held:
        if one.order is not None:
            work.session.expire(one.order)
    orders.lock_all(work, *applications)


def left(work: Work, held: Share) -> int:
    """How much of it is neither paid back nor on its way, in fen."""
    of_it = select(func.coalesce(func.sum(Refund.amount_fen), 0)).join(
        Application, Application.id == Refund.application_id
    )
    of_it = of_it.where(
        Refund.payment_id == held.payment.id, Application.state.not_in(GIVEN_UP)
    ).where(Refund.order_id == held.order.id if held.order else Refund.order_id.is_(None))
    by_hand = (
        select(func.coalesce(func.sum(DisposalPart.amount_fen), 0))
        .join(Disposal, Disposal.id == DisposalPart.disposal_id)
        .where(Disposal.payment_id == held.payment.id, Disposal.state != "refused")
        .where(
            DisposalPart.order_id == held.order.id
            if held.order
            else DisposalPart.order_id.is_(None)
        )
    )
    gone = int(work.session.scalar(of_it) or 0) + int(work.session.scalar(by_hand) or 0)
    return held.amount_fen - gone


def reserve(work: Work, held: Share, amount_fen: int | None = None) -> int:
    """All that is left of it, or as much, in fen. Whoever comes second waits here, and finds nothing.

    Raises Refused ``refund_nothing_left``.
    """
    payment = held.payment
    work.writing.execute(
        insert_into(work.writing, PaidBack)
        .values(
            payment_id=payment.id,
            institution_id=payment.institution_id,
            paid_fen=payment.amount_fen,
            taken_fen=0,
        )
        .on_conflict_do_nothing()
    )
    taken = work.session.scalar(
        select(PaidBack.taken_fen).where(PaidBack.payment_id == payment.id).with_for_update()
    )
    there = min(left(work, held), payment.amount_fen - (taken or 0))
    amount = there if amount_fen is None else amount_fen
    if not 0 < amount <= there:
        raise Refused("refund_nothing_left")
    _add(work, payment.id, amount)
    return amount


def give_back(work: Work, refund: Refund) -> None:
    """It will not be paid back: the money may be asked for again."""
    release(work, refund.payment_id, refund.amount_fen)


def release(work: Work, payment_id: int, amount_fen: int) -> None:
    """What was reserved of a payment is free."""
    _add(work, payment_id, -amount_fen)


def _add(work: Work, payment_id: int, amount_fen: int) -> None:
    work.writing.execute(
        update(PaidBack)
        .where(PaidBack.payment_id == payment_id)
        .values(taken_fen=PaidBack.taken_fen + amount_fen)
    )


_PARTS = (
    select(Payment, PaymentShare, Order)
    .join(PaymentShare, PaymentShare.payment_id == Payment.id)
    .join(Order, Order.id == PaymentShare.order_id)
    .where(Payment.currency == CURRENCY)
)
_HELD = select(Payment).where(  # what fits none of the orders it was for
    Payment.currency == CURRENCY,
    ~select(PaymentShare.payment_id).where(PaymentShare.payment_id == Payment.id).exists(),
)


def _of_order(work: Work, payment: Payment, part: PaymentShare, order: Order) -> Share:
    application = orders.application_of(work, order)
    return Share(payment, order, application, order.buyer_id, part.amount_fen, part.state)


def _of_charge(work: Work, payment: Payment) -> Share:
    order = work.session.scalar(
        select(Order)
        .join(ChargeOrder, ChargeOrder.order_id == Order.id)
        .where(ChargeOrder.charge_id == payment.charge_id)
        .order_by(Order.id)
        .limit(1)
    )
    if order is None:
        return Share(payment, None, None, None, payment.amount_fen, payment.state)
    application = orders.application_of(work, order)
    return Share(payment, None, application, order.buyer_id, payment.amount_fen, payment.state)
