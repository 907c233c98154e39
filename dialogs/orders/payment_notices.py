"""What finance is told of money that fits nothing."""

from backend import orders
from backend.work import Event, Work
from dialogs.engine.chat import Chat
from dialogs.engine.words import _
from dialogs.orders.ordering import order_rows

TROUBLES = {
    "payment.late": _("订单过期或取消后才付款，申请已不能再办，应退款"),
    "payment.double": _("同一订单付了两次，应退一次"),
    "payment.mismatch": _("金额与订单不符，没有入账"),
}


def payment_trouble(chat: Chat, work: Work, event: Event) -> None:
    order = orders.find(work, event.subject)
    if order is None:
        return
    chat.say(
        _(
            "订单 {number} 的一笔付款需要处理：{what}。",
            number=order.number,
            what=TROUBLES[event.name],
        ),
        card=chat.card(_("订单"), *order_rows(order)),
    )


def unknown_payment(chat: Chat, work: Work, event: Event) -> None:
    chat.say(
        _(
            "收到一笔对不上订单的付款，所附订单号为 {number}，请与支付平台核对。",
            number=event.subject,
        )
    )
