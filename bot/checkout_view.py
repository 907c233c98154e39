"""What somebody sees who goes to pay: the orders as they stand, and the ways that fit where they are."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from backend import charges, orders
from backend.models import Order, Person
from backend.payments import opening
from backend.payments.opening import Ready
from backend.payments.provider import PaymentProvider, Way
from backend.refunds import standing
from backend.refunds.standing import Standing
from backend.sealing import masked_name
from backend.work import Work
from dialogs.case_kinds import case_title
from dialogs.engine.words import Bilingual, Speech, Words
from dialogs.orders.ordering import STATES, state_words

WECHAT = re.compile(r"MicroMessenger|wxwork", re.IGNORECASE)
PHONE = re.compile(r"Mobile|Android|iPhone|HarmonyOS", re.IGNORECASE)


class Stands(StrEnum):
    WAITING = "waiting"  # some of it is still to be paid
    PAID = "paid"
    PAID_BACK = "paid_back"  # all of it
    EXPIRED = "expired"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Line:
    number: str
    title: Bilingual
    case: Words  # T260302-0001（英文，带 GPA）
    state: Words
    fen: int
    payable: bool


@dataclass(frozen=True, slots=True)
class View:
    """``until`` and ``total_fen`` are of what is payable; of all where nothing is."""

    stands: Stands
    lines: tuple[Line, ...]
    total_fen: int
    until: datetime | None
    holder: str  # masked
    buyer: int

    @property
    def payable(self) -> tuple[str, ...]:
        return tuple(one.number for one in self.lines if one.payable)


@dataclass(frozen=True, slots=True)
class Seen:
    """A view for somebody in a browser. ``way`` is what they look at, ``ready`` what is open for it.

    ``member`` is the buyer's name in WeCom, "" for who is not there; ``office`` whom to call.
    """

    view: View
    way: Way | None
    ready: Ready | None
    member: str
    office: Speech


def look(work: Work, numbers: Collection[str]) -> View | None:
    """None where one of them is no order of one and the same buyer."""
    found = [one for one in (orders.find(work, number) for number in numbers) if one is not None]
    if not found or len(found) < len(numbers) or len({one.buyer_id for one in found}) > 1:
        return None
    lines = tuple(_line(work, one) for one in found)
    payable = [one for one, line in zip(found, lines, strict=True) if line.payable]
    buyer = work.session.get_one(Person, found[0].buyer_id)
    return View(
        _stands(work, found, payable),
        lines,
        sum(one.total_fen for one in payable or found),
        min((one.expires_at for one in payable if one.expires_at is not None), default=None),
        masked_name(buyer.name),
        buyer.id,
    )


def shown_already(work: Work, view: View, way: Way, provider: PaymentProvider) -> Ready | None:
    """What is open for what is still to be paid, if it can be paid by its link now."""
    wanted = _payable(work, view)
    if not wanted:
        return None
    charge = charges.open_already(work, wanted, way, provider.name, provider.payee)
    return opening.found(work, charge) if charge is not None else None


def open_charges(work: Work, view: View) -> list[str]:
    """The numbers of all charges by which some of it may have been paid."""
    found = [charges.open_of(work, one) for one in _payable(work, view)]
    return list(dict.fromkeys(charge.number for each in found for charge in each))


def offered(agent: str, ways: Collection[Way], *, openid: bool) -> list[Way]:
    """Those that work in a browser of this name (``User-Agent``), the best first.

    ``openid``: it may be known who pays there.
    """
    if in_wechat(agent):
        fitting = [*([Way.JSAPI] if openid else []), Way.NATIVE]
    elif PHONE.search(agent):
        fitting = [Way.H5, Way.NATIVE]
    else:
        fitting = [Way.NATIVE]
    return [way for way in fitting if way in ways]


def in_wechat(agent: str) -> bool:
    """On a phone; in WeChat or WeCom of a computer one scans as in any browser there."""
    return bool(WECHAT.search(agent) and PHONE.search(agent))


def _payable(work: Work, view: View) -> list[Order]:
    found = [orders.find(work, number) for number in view.payable]
    return [one for one in found if one is not None]


def _line(work: Work, order: Order) -> Line:
    payable = orders.payable(work, order)
    over = order.state == orders.State.CONFIRMED and not payable  # all but for the sweep
    return Line(
        order.number,
        Bilingual(order.title_zh, order.title_en),
        case_title(work, orders.application_of(work, order)),
        STATES[orders.State.EXPIRED] if over else state_words(work, order),
        order.total_fen,
        payable,
    )


def _stands(work: Work, found: list[Order], payable: list[Order]) -> Stands:
    states = {one.state for one in found}
    if payable:
        return Stands.WAITING
    if states == {orders.State.PAID}:
        back = all(standing.of_order(work, one) is Standing.BACK for one in found)
        return Stands.PAID_BACK if back else Stands.PAID
    return Stands.CANCELLED if orders.State.CLOSED in states else Stands.EXPIRED


def way_named(name: str) -> Way | None:
    return Way(name) if name in set(Way) else None
