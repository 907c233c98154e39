"""重新下单 (ordering again): an order that ended unpaid, as a new one, by one press."""

from collections.abc import Callable

from backend import orders, transcripts
from backend.errors import Refused
from backend.exam import graduation_cases, windows
from backend.fees import ordering as fee_ordering
from backend.goods import GOODS
from backend.models import Application, Order
from backend.photos import attendance, fee_workflow
from backend.photos import fee as photo_fee
from backend.policy.exam import Service
from backend.work import Event, Work
from dialogs import audiences
from dialogs.case_kinds import CASES
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button
from dialogs.engine.words import _, lines
from dialogs.orders import ordering

Offered = tuple[int, str]  # the price of today in fen, and the facts that are agreed to with it
ENDED = (orders.State.EXPIRED, orders.State.CLOSED)


def _transcript(work: Work, application: Application) -> Offered:
    _given, facts, kind = ordering.today(work, application)
    return kind.price.due_fen, facts.digest


def _review_fee(work: Work, application: Application) -> Offered | None:
    if not windows.standing(work, Service.GRADUATION_PAYMENT).open:
        return None
    due = fee_ordering.price_of(work, application).due_fen
    return due, review_fee_facts(application, due)


def _photo_fee(work: Work, application: Application) -> Offered:
    photo_fee.policy_for(work)
    due = fee_ordering.price_of(work, application).due_fen
    season = attendance.of_person(work, application.applicant_id).season
    return due, photo_fee_facts(season, due)


def review_fee_facts(application: Application, price_fen: int) -> str:
    return f"{application.number}:{application.version}:{price_fen}"


def photo_fee_facts(season: str, price_fen: int) -> str:
    return f"{season}:{price_fen}"


# A kind that is not here is ordered again in its own dialog, which shows the price.
OFFERED: dict[str, Callable[[Work, Application], Offered | None]] = {
    transcripts.KIND: _transcript,
    graduation_cases.KIND: _review_fee,
    fee_workflow.KIND: _photo_fee,
}


def buttons(chat: Chat, work: Work, order: Order) -> list[Button]:
    """To have it again at the price of today, which stands on the button; none where it cannot be."""
    application = orders.application_of(work, order)
    latest = orders.latest_order(work, application)
    may = GOODS[application.kind].workflow.allows(application.state, "order")
    if order.state not in ENDED or not may or latest is None or latest.id != order.id:
        return []
    offer = OFFERED.get(application.kind)
    try:
        offered = offer(work, application) if offer else None
    except Refused:  # whoever asks for it is told why
        offered = None
    if offered is None:
        return []
    price, facts = offered
    words = ordering.anew(order.number, price)
    return [
        chat.agreed(
            words,
            CASES[application.kind].order,
            words,
            None,
            facts,
            style="primary",
            application_number=application.number,
            reopened=order.number,
        )
    ]


def expired(chat: Chat, work: Work, event: Event) -> None:
    """The buyer hears that the order has ended unpaid, and can have it again."""
    application = audiences.case(work, event)
    order = orders.latest_order(work, application)
    may = GOODS[application.kind].workflow.allows(application.state, "order")
    if order is None or order.state != orders.State.EXPIRED or not may:
        return  # it was ordered again or paid after all; or a window has closed, which is told
    closed = _("订单 {number} 过期没有支付，已经关闭，没有扣款。", number=order.number)
    again = buttons(chat, work, order)
    if again:
        stands = _("申请 {number} 还有效，按一下就重新下单。", number=application.number)
    else:
        stands = _("申请 {number} 还有效，可以重新办理订单。", number=application.number)
        again = [ordering.order_button(chat, application, CASES[application.kind].order)]
    chat.say(lines(closed, stands), buttons=again)
