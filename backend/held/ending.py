"""The ends of held money: back to the payer, for an order that is still open, or handed over."""

from sqlalchemy import select

from backend import orders
from backend.consent import Consent
from backend.errors import Refused
from backend.held import deciding, listing
from backend.held.listing import Item
from backend.held.states import RULE, Way
from backend.models import Application, Disposal, Order
from backend.refunds import asking, filing, money
from backend.refunds import deciding as refunds
from backend.refunds.states import Reason
from backend.work import Work

MOST_PROPOSED = 6


def to_end(work: Work, key: str) -> Item:
    """What nobody has begun to settle. Raises NotAllowed, and Refused where somebody was faster."""
    item = listing.to_see(work, key)
    if item is None or not item.free:
        raise Refused("held_gone", RULE)
    if item.share.buyer_id is not None and item.share.buyer_id == work.actor:
        raise Refused("own_held", RULE, office="finance")
    return item


def pay_back(work: Work, key: str, why: str, consent: Consent) -> Application:
    """A refund by the provider's number for the payment, decided at once by whoever presses; from the
    policy's amount on another has to agree, as with every refund."""
    item = to_end(work, key)
    known = asking.HELD.get(item.share.standing)
    reason = known or Reason.UNKNOWN_PAYER
    if reason == Reason.UNKNOWN_PAYER and not why.strip():
        raise Refused("reason_needed", RULE)
    deciding.require_second(work, item.amount_fen, [(item.share, item.amount_fen)])
    with work.savepoint():
        held = money.lock(work, item.share)
        application = filing.file(work, held, reason, words=why, consent_id=None)
        refunds.approve(work, [application.number], consent)
    return application


def for_order(work: Work, key: str, number: str, why: str, consent: Consent) -> Disposal:
    """It is what an open order costs, and settles it."""
    item = to_end(work, key)
    order = fitting(work, item, number)
    with work.savepoint():
        return deciding.begin(
            work, Way.ORDER, [(item.share, item.amount_fen)], why, consent, target=order
        )


def fitting(work: Work, item: Item, number: str) -> Order:
    """The open order of this number, which costs as much. Raises Refused."""
    order = orders.find(work, number)
    if order is None:
        raise Refused("held_no_such_order", RULE, number=number)
    if order.buyer_id == work.actor:
        raise Refused("own_held", RULE, office="finance")
    if order.state != orders.State.CONFIRMED:
        raise Refused("held_order_not_open", RULE, number=order.number, state=order.state)
    if order.total_fen != item.amount_fen:
        raise Refused(
            "held_other_amount",
            RULE,
            number=order.number,
            order_fen=order.total_fen,
            held_fen=item.amount_fen,
        )
    return order


def proposals(work: Work, item: Item) -> list[Order]:
    """Open orders that cost as much, those of whoever has paid first, then the newest."""
    query = select(Order).where(
        Order.institution_id == work.institution,
        Order.state == orders.State.CONFIRMED,
        Order.total_fen == item.amount_fen,
        Order.buyer_id != work.actor,
    )
    own = Order.buyer_id == (item.share.buyer_id or 0)
    found = work.session.scalars(query.order_by(own.desc(), Order.id.desc()).limit(MOST_PROPOSED))
    return list(found)


def hand_over(
    work: Work, key: str, how: str, given_to: str, why: str, consent: Consent
) -> Disposal:
    """It was passed on, in this way and to whom."""
    item = to_end(work, key)
    if not how.strip() or not given_to.strip():
        raise Refused("reason_needed", RULE)
    with work.savepoint():
        return deciding.begin(
            work,
            Way.ELSEWHERE,
            [(item.share, item.amount_fen)],
            why,
            consent,
            how=how,
            given_to=given_to,
        )
