"""订单 (the order): look, confirm, save for later or pay (T6), and the way to the cashier."""

import re

from backend import offers, orders, previews, transcripts
from backend.consent import Consent
from backend.documents.facts import TranscriptFacts
from backend.models import Application, Order
from backend.offers import KindOffer
from backend.work import Work
from dialogs.chat import Chat
from dialogs.message import Button, Card
from dialogs.preview import show_preview
from dialogs.slots import Option, fixed
from dialogs.titles import kind_title
from dialogs.words import Words, _, plain, yuan

CANCELLING = re.compile(
    r"(?<![不别没])(?<!不要)(取消|撤销|撤回|关闭|退掉)"
    r"(我|的|这|那|张|个|笔|份|一下|掉|了|刚才|刚下|没付|未付|待付|未支付|待支付|成绩单|\s){0,5}订单"
    r"|(^|把|[，,。张个的笔]|这|那|成绩单|\s)订单号?\s?(d\d{6}-?\d{4})?\s?(我|想|要|给|帮|请|就|也|都){0,3}"
    r"(取消|撤销|关闭|退掉|不要了)"
    r"|\bcancel (my |the |this |that |an? )?(unpaid |transcript |last |latest )?order\b"
)
SAVE = Option(
    "save", _("保存，以后再办"), aliases=("保存", "先保存", "以后再办", "save it", "later")
)
APPLICATION = fixed("application_number", _("申请"))


def order_transcript(chat: Chat, work: Work) -> None:
    """Order what was approved: seen as the data stand today, confirmed, and then paid."""
    application = transcripts.own(work, chat.ask(APPLICATION))
    order = orders.open_order(work, application)
    if application.state == transcripts.State.ORDERED and order:
        tell_how_to_pay(chat, order)
        return
    if application.state != transcripts.State.APPROVED:
        chat.go_on_with("transcript_status", application_number=application.number)
        return
    given = offers.offer(work, application.applicant_id, application.policy_version)
    request = transcripts.request_of(work, application)
    wanted = transcripts.kind_of(request)
    facts = previews.facts_today(
        work, given, wanted.language, wanted.gpa, transcripts.coverage_of(request)
    )
    if given.policy.preview_before_order and not previews.seen(work, facts.digest):
        if chat.once("changed") and not chat.agreeing:
            chat.say(_("成绩数据在申请之后有更新，请先看一遍新的预览（T6）。"))
        show_preview(chat, work, facts.digest)
    kind = offers.price(work, given, facts)
    consent = chat.confirm(
        _("预览看过了，没有问题就确认订单。")
        if given.policy.preview_before_order
        else _("没有问题就确认订单。"),
        card=order_card(chat, application, kind_title(kind.kind), kind.next_copy_fen),
        facts=facts.digest,
        agree=_("确认订单"),
        others=[SAVE],
    )
    if chat.chosen == SAVE.value:
        keep_for_later(
            chat, orders.save(work, application, kind.next_copy_fen, consent), application
        )
    else:
        confirm_order(chat, work, application, facts, kind, consent)


def confirm_order(
    chat: Chat,
    work: Work,
    application: Application,
    facts: TranscriptFacts,
    price: KindOffer,
    consent: Consent,
) -> None:
    order = orders.confirm(work, application, facts, price, consent)
    if order.state == orders.State.PAID:
        chat.say(
            _(
                "订单 {order} 已确认，这一份免费。正在生成成绩单 {number}，做好就发给您。",
                order=order.number,
                number=application.number,
            )
        )
    else:
        tell_how_to_pay(chat, order)


def tell_how_to_pay(chat: Chat, order: Order) -> None:
    chat.say(
        _(
            "订单 {number}，{amount}，请在 {until} 之前支付；过时订单自动关闭，可以重新下单。",
            number=order.number,
            amount=yuan(order.total_fen),
            until=order.expires_at,
        ),
        buttons=to_pay(chat, order),
        about=order.number,
    )


def to_pay(chat: Chat, order: Order) -> list[Button]:
    """What can be done about an order that waits for its payment."""
    return [pay_button(chat, order), cancel_button(chat, order, _("取消订单"))]


def cancel_button(chat: Chat, order: Order, label: Words) -> Button:
    return chat.button(label, "cancel_order", lasting=True, order_number=order.number)


def pay_button(chat: Chat, order: Order) -> Button:
    """``order:`` is made into a link to the cashier when the message is sent."""
    return chat.link(_("去支付"), f"order:{order.number}", style="primary")


def keep_for_later(chat: Chat, order: Order, application: Application) -> None:
    chat.say(
        _(
            "已保存，订单 {order}（申请 {number}）。什么时候想办，说“我的订单”就行，换个地方登录也可以。",
            order=order.number,
            number=application.number,
        ),
        buttons=[order_button(chat, application)],
    )


def order_button(chat: Chat, application: Application) -> Button:
    return chat.button(
        _("办理订单"),
        "order_transcript",
        style="primary",
        lasting=True,
        application_number=application.number,
    )


def order_card(chat: Chat, application: Application, kind: Words, price_fen: int) -> Card:
    return chat.card(
        _("电子成绩单订单"),
        (_("申请"), plain(application.number)),
        (_("种类"), kind),
        (_("费用"), yuan(price_fen) if price_fen else _("免费")),
    )


STATES: dict[str, Words] = {
    orders.State.SAVED: _("已保存，未确认"),
    orders.State.CONFIRMED: _("待支付"),
    orders.State.PAID: _("已支付"),
    orders.State.EXPIRED: _("已过期"),
    orders.State.CLOSED: _("已关闭"),
}


def my_orders(chat: Chat, work: Work) -> None:
    """Every order with its state and amount, and what can be done about it now."""
    mine = orders.of_person(work, chat.person or 0)
    if not mine:
        chat.say(
            _("您还没有订单。"), buttons=[chat.button(_("申请电子成绩单"), "apply_transcript")]
        )
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
                    "order_transcript",
                    lasting=True,
                    application_number=application.number,
                )
            )
    chat.say(
        _("您的订单，最近的在前面："), card=chat.card(_("我的订单"), *rows), buttons=buttons[:6]
    )


def order_rows(order: Order) -> list[tuple[Words, Words]]:
    amount = yuan(order.total_fen) if order.total_fen else _("免费")
    free_and_settled = order.state == orders.State.PAID and not order.total_fen
    state = _("已确认") if free_and_settled else STATES[order.state]
    words = _("{state}，{amount}", state=state, amount=amount)
    return [(plain(order.number), words)]


ORDER = fixed("order_number", _("订单"))


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
    if order.state in (orders.State.CONFIRMED, orders.State.SAVED):
        chat.go_on_with("order_transcript", application_number=application.number)
    else:
        chat.go_on_with("transcript_status", application_number=application.number)


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
        chat.go_on_with("transcript_status", order_number=order.number)
        return
    chat.say(
        _(
            "订单 {order} 已取消。申请 {number} 仍然有效，随时可以重新办理订单。",
            order=order.number,
            number=application.number,
        ),
        buttons=[order_button(chat, application)],
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
