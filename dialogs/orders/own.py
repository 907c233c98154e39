"""我的订单 (orders): all of them, paying one, cancelling one before it is paid (T6)."""

import re

from backend import orders
from backend.identity import exam_tickets
from backend.models import Order
from backend.work import Work
from dialogs.case_kinds import CASES
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button
from dialogs.engine.slots import fixed
from dialogs.engine.words import Speech, _, lines, yuan
from dialogs.menu import menu
from dialogs.orders import paid, reopening
from dialogs.orders.ordering import (
    ORDER,
    cancel_button,
    order_button,
    order_rows,
    together_button,
)

PAGE = 10
FEW = 2  # of these each has its button to cancel it
BEFORE = fixed("before", _("更早的"))  # the last order that was shown
CANCELLING = re.compile(
    r"(?<![不别没])(?<!不要)(取消|撤销|撤回|关闭|退掉)"
    r"(我|的|这|那|张|个|笔|份|一下|掉|了|刚才|刚下|没付|未付|待付|未支付|待支付|成绩单|\s){0,5}订单"
    r"|(^|把|[，,。张个的笔]|这|那|成绩单|\s)订单号?\s?(d\d{6}-?\d{4})?\s?(我|想|要|给|帮|请|就|也|都){0,3}"
    r"(取消|撤销|关闭|退掉|不要了)"
    r"|\bcancel (my |the |this |that |an? )?(unpaid |transcript |last |latest )?order\b"
)


def my_orders(chat: Chat, work: Work) -> None:
    """Every order with its state and amount, and what can be done about it now; ten at a time."""
    mine = orders.of_person(work, chat.person or 0)
    if not mine:
        none: Speech = _("您还没有订单。")
        if exam_tickets.has_any(work, chat.person or 0):
            none = lines(none, _("自学考试目前只有毕业审定费在这里缴（E3）。"))
        prices = chat.button(_("收费标准"), "price_list", lasting=True)
        chat.say(none, buttons=[prices, *menu(work, chat.person, chat.language)])
        return
    before = chat.known(BEFORE)
    place = next((n for n, one in enumerate(mine, 1) if one.number == before), 0)
    rest = mine[place:]
    shown = rest[:PAGE]
    steps = steps_for(chat, work, shown)
    more = (
        [chat.button(_("更多"), "my_orders", lasting=True, before=shown[-1].number)]
        if len(rest) > PAGE
        else []
    )
    chat.say(
        _("您的订单，最近的在前面：") if not place else _("更早的订单："),
        card=chat.card(_("我的订单"), *(row for order in shown for row in order_rows(work, order))),
        buttons=[*together_button(chat, work, chat.person or 0), *steps, *more],
    )


def steps_for(chat: Chat, work: Work, shown: list[Order]) -> list[Button]:
    """What can be done about each; of many that wait, which one to cancel is asked afterwards, as is
    which of many that are paid is meant."""
    steps = [step for order in shown for step in own_steps(chat, work, order)]
    settled = [order for order in shown if order.state == orders.State.PAID]
    after = paid.after(work, settled, chat.person or 0)
    if len(after) == 1:
        steps += paid.of_one(chat, after[0], named=True)
    else:
        steps += paid.of_several(chat, after)
    waiting = [order for order in shown if order.state == orders.State.CONFIRMED]
    if len(waiting) > FEW:
        return [*steps, chat.button(_("取消订单"), "cancel_order", lasting=True)]
    cancelling = [
        cancel_button(chat, one, _("取消订单 {number}", number=one.number)) for one in waiting
    ]
    return [*steps, *cancelling]


def own_steps(chat: Chat, work: Work, order: Order) -> list[Button]:
    """What its buyer can do about it but cancel it, one press away."""
    match order.state:
        case orders.State.CONFIRMED:
            label = _("去支付 {number}", number=order.number)
            return [chat.link(label, f"order:{order.number}", style="primary")]
        case orders.State.SAVED:
            application = orders.application_of(work, order)
            return [
                chat.button(
                    _("继续办理 {number}", number=order.number),
                    CASES[application.kind].order,
                    lasting=True,
                    application_number=application.number,
                )
            ]
    return reopening.buttons(chat, work, order)


def pay_order(chat: Chat, work: Work) -> None:
    """Straight to the payment when it is clear which order is meant; otherwise the list."""
    number = chat.known(ORDER)
    open_ones = [
        order
        for order in orders.of_person(work, chat.person or 0)
        if order.state in (orders.State.CONFIRMED, orders.State.SAVED)
    ]
    if number:
        open_ones = [orders.own(work, number)]
    if len(open_ones) != 1:
        chat.go_on_with("my_orders")
        return
    order = open_ones[0]
    application = orders.application_of(work, order)
    kind = CASES[application.kind]
    open_still = order.state in (orders.State.CONFIRMED, orders.State.SAVED)
    chat.go_on_with(
        kind.order if open_still else kind.status, application_number=application.number
    )


def cancel_order(chat: Chat, work: Work) -> None:
    """End an order before it is paid; the application stays approved."""
    number = chat.known(ORDER)
    if number is None:
        mine = orders.of_person(work, chat.person or 0)
        to_be_paid = [order for order in mine if order.state == orders.State.CONFIRMED]
        unpaid = to_be_paid or [order for order in mine if order.state == orders.State.SAVED]
        if len(unpaid) != 1:
            choose_order(chat, work, unpaid)
            return
        number = unpaid[0].number
    order = orders.own(work, number)
    if order.state == orders.State.SAVED:  # it bound nobody, so that nothing is lost
        application = orders.close_saved(work, order.number)
    elif order.state == orders.State.CONFIRMED:
        consent = chat.confirm(
            _(
                "取消订单 {number}（{amount}）？取消后请不要再用原来的链接付款；"
                "申请 {application} 仍然有效，可以重新办理订单。",
                number=order.number,
                amount=yuan(order.total_fen),
                application=orders.application_of(work, order).number,
            ),
            facts=f"{order.number}:{order.version}",
            agree=_("取消订单"),
        )
        application = orders.cancel(work, order.number, consent)
    else:
        if order.state == orders.State.PAID:
            chat.say(_("订单 {number} 已经支付，不能取消了。", number=order.number))
        chat.go_on_with("about_case", order_number=order.number)
        return
    chat.say(
        _(
            "订单 {order} 已取消。申请 {number} 仍然有效，随时可以重新办理订单。",
            order=order.number,
            number=application.number,
        ),
        buttons=[order_button(chat, application, CASES[application.kind].order)],
    )


def choose_order(chat: Chat, work: Work, unpaid: list[Order]) -> None:
    """A button for each order that could be cancelled; where there is none, all that there are."""
    if not unpaid:
        chat.go_on_with("my_orders")
        return
    before = chat.known(BEFORE)
    place = next((n for n, one in enumerate(unpaid, 1) if one.number == before), 0)
    shown = unpaid[place : place + PAGE]
    buttons = [
        cancel_button(
            chat,
            order,
            _("{number}（{amount}）", number=order.number, amount=yuan(order.total_fen)),
        )
        for order in shown
    ]
    if len(unpaid) > place + PAGE:
        more = chat.button(_("更多"), "cancel_order", lasting=True, before=shown[-1].number)
        buttons.append(more)
    chat.say(
        _("要取消哪一张订单？"),
        card=chat.card(_("没有付的订单"), *(row for one in shown for row in order_rows(work, one))),
        buttons=buttons,
    )
