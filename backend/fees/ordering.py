"""Ordering at a price, in one way for every kind of application."""

from backend import orders
from backend.consent import Consent
from backend.errors import Refused
from backend.fees import reserving
from backend.fees.fee import expires_at
from backend.fees.price import Price, price
from backend.goods import GOODS
from backend.models import Application, Order
from backend.work import Work


def price_of(work: Work, application: Application) -> Price:
    """What its applicant pays for it now; raises Refused where no price is published."""
    goods = GOODS[application.kind]
    return price(work, goods.fee, application.applicant_id, goods.variety(work, application))


def confirm(work: Work, application: Application, told: Price, consent: Consent) -> Order:
    """Agree to a price, which then stands until the order expires; what costs nothing is settled.

    ``told`` is what the person was shown. Raises Refused where they would pay another sum by now.
    """
    goods = GOODS[application.kind]
    now = price_of(work, application)
    until = expires_at(work, goods.fee)
    order = orders.confirm(work, application, now.due_fen, until, consent)
    if now.due_fen != told.due_fen:
        raise _changed(told, now)
    reserving.reserve(
        work, orders.line_of(work, order), goods.fee, goods.variety(work, application), now
    )
    if order.total_fen == 0:
        orders.settle(work, order)
    return order


def save(work: Work, application: Application, told: Price, consent: Consent) -> Order:
    """Keep the place (T6). It binds nobody, and the price is that of the day it is confirmed."""
    order = orders.save(work, application, told.due_fen, consent)
    line = orders.line_of(work, order)
    line.list_fen, line.policy_version = told.list_fen, told.version
    return order


def _changed(told: Price, now: Price) -> Refused:
    if told.free_left and not now.free_left:
        return Refused("free_copy_gone", now.rule)
    if told.waived and not now.waived:
        return Refused("waiver_gone", number=told.waived.number)
    return Refused("price_changed", now.rule, was=told.due_fen, now=now.due_fen)
