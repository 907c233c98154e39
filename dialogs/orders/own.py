"""我的订单 (orders): all of them, paying one, cancelling one before it is paid (T6)."""

import re

from backend import orders
from backend.identity import exam_tickets
from backend.models import Order
from backend.work import Work
from dialogs.case_kinds import CASES
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button
from dialogs.engine.words import Speech, _, lines, yuan
from dialogs.menu import menu
from dialogs.orders.ordering import ORDER, cancel_button, order_button, order_rows

CANCELLING = re.compile(
    r"(?<![不别没])(?<!不要)(取消|撤销|撤回|关闭|退掉)"
    r"(我|的|这|那|张|个|笔|份|一下|掉|了|刚才|刚下|没付|未付|待付|未支付|待支付|成绩单|\s){0,5}订单"
    r"|(^|把|[，,。张个的笔]|这|那|成绩单|\s)订单号?\s?(d\d{6}-?\d{4})?\s?(我|想|要|给|帮|请|就|也|都){0,3}"
    r"(取消|撤销|关闭|退掉|不要了)"
    r"|\bcancel (my |the |this |that |an? )?(unpaid |transcript |last |latest )?order\b"
)


def my_orders(chat: Chat, work: Work) -> None:
    """Every order with its state and amount, and what can be done about it now."""
    mine = orders.of_person(work, chat.person or 0)
    if not mine:
        none: Speech = _("您还没有订单。")
        if exam_tickets.has_any(work, chat.person or 0):
            none = lines(none, _("自学考试目前只有毕业审定费在这里缴（E3）。"))
        chat.say(none, buttons=menu(work, chat.person, chat.language))
        return
    shown = mine[:10]
    rows = [row for order in shown for row in order_rows(order)]
    buttons: list[Button] = []
    for order in shown:
        if order.state == orders.State.CONFIRMED:
            label = _("去支付 {number}", number=order.number)
            buttons.append(chat.link(label, f"order:{order.number}", style="primary"))
            buttons.append(cancel_button(chat, order, _("取消订单 {number}", number=order.number)))
        elif order.state == orders.State.SAVED:
            application = orders.application_of(work, order)
            buttons.append(
                chat.button(
                    _("继续办理 {number}", number=order.number),
                    CASES[application.kind].order,
                    lasting=True,
                    application_number=application.number,
                )
            )
    chat.say(
        _("您的订单，最近的在前面："), card=chat.card(_("我的订单"), *rows), buttons=buttons[:6]
    )


def pay_order(chat: Chat, work: Work) -> None:
    """Straight to the cashier when it is clear which order is meant; otherwise the list."""
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
            choose_order(chat, unpaid)
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


def choose_order(chat: Chat, unpaid: list[Order]) -> None:
    """A button for each order that could be cancelled; where there is none, all that there are."""
    if not unpaid:
        chat.go_on_with("my_orders")
        return
    buttons = [
        cancel_button(
            chat,
            order,
            _("{number}（{amount}）", number=order.number, amount=yuan(order.total_fen)),
        )
        for order in unpaid[:6]
    ]
    chat.say(_("要取消哪一张订单？"), buttons=buttons)
