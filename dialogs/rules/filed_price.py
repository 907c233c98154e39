"""What an application costs that a question names: its order, or what is published today.

An application fixes no price. An order does, when it is confirmed; until then it is that of the day
(decision 32).
"""

import re

from backend import cases, orders
from backend.clock import local_date
from backend.errors import Refused
from backend.fees import listing, ordering
from backend.fees.listing import Row
from backend.goods import GOODS
from backend.models import Application, Order
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.words import Speech, _, lines
from dialogs.fees.words import amount, due_words, row_words
from dialogs.rules.filed import NUMBER, may_see

COSTS = re.compile(
    r"多少钱|多少元|几块|几元|价钱|价格|收费|费用|要钱|收钱|how much|\bcosts?\b|\bprice|\bfees?\b",
    re.IGNORECASE,
)


def tell_price(chat: Chat, work: Work) -> bool:
    """False where something else is asked, or nothing is published that such a thing costs."""
    number = chat.known(NUMBER)
    case = cases.find(work, number) if number and chat.person is not None else None
    if case is None or not (may_see(chat, work, case) and COSTS.search(chat.opening)):
        return False
    row = published(work, case)
    if row is None:
        return False
    parts: list[Speech] = [
        own_words(chat, work, case),
        _("现在公布的：{price}。", price=row_words(row)),
    ]
    chat.say(lines(*parts), buttons=[chat.button(_("收费标准"), "price_list", lasting=True)])
    return True


def published(work: Work, case: Application) -> Row | None:
    if case.kind not in GOODS:
        return None
    rows = listing.price_list(work, local_date(work.now))
    return next((row for row in rows if row.fee.kind == case.kind), None)


def own_words(chat: Chat, work: Work, case: Application) -> Speech:
    """To whoever pays, what they pay; to others, what decides it."""
    by_the_day = _("{number} 收多少，以下单那天公布的为准。", number=case.number)
    if chat.person != case.applicant_id:
        return by_the_day
    settled = orders.paid_order(work, case)
    agreed = settled or orders.open_order(work, case)
    if agreed is not None and agreed.state != orders.State.SAVED:
        return order_words(case, agreed)
    if not GOODS[case.kind].workflow.allows(case.state, "order"):
        return by_the_day
    try:
        due = due_words(ordering.price_of(work, case))
    except Refused:  # whoever orders is told why
        return by_the_day
    return lines(by_the_day, _("您今天下单：{due}。", due=due))


def order_words(case: Application, order: Order) -> Speech:
    facts = {"number": case.number, "order": order.number, "amount": amount(order.total_fen)}
    if order.state == orders.State.PAID:
        return _("{number} 的订单 {order} 是 {amount}，已经付清。", **facts)
    return _("{number} 的订单 {order} 是 {amount}，在付款期内不变。", **facts)
