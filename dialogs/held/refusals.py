"""Why held money is not settled so."""

from collections.abc import Callable, Mapping

from dialogs.engine.words import Words, _, yuan
from dialogs.orders.ordering import STATES

Facts = Mapping[str, object]


def fen(value: object) -> int:
    return int(str(value))


SENTENCES: dict[str, Callable[[Facts], Words]] = {
    "held_gone": lambda f: _("这笔款刚刚已经有人办了，或者已经不再待处理。"),
    "own_held": lambda f: _("这笔款和您本人有关，要请财务处另一位老师办。"),
    "own_held_look": lambda f: _(
        "{number} 是您先提出的，要请财务处另一位老师确认。", number=f["number"]
    ),
    "nobody_for_held": lambda f: _(
        "金额较大，要财务处两位老师同意，现在没有另一位老师，所以没有办理。请系统管理员先加一位财务处老师。"
    ),
    "held_no_such_order": lambda f: _("没有编号为 {number} 的订单。", number=f["number"]),
    "held_order_not_open": lambda f: _(
        "订单 {number} 现在不等付款（{state}），只能归到还没有付的订单。",
        number=f["number"],
        state=STATES[str(f["state"])],
    ),
    "held_other_amount": lambda f: _(
        "订单 {number} 是 {order}，这笔款是 {held}，金额不同，不能归到这个订单。",
        number=f["number"],
        order=yuan(fen(f["order_fen"])),
        held=yuan(fen(f["held_fen"])),
    ),
    "portal_not_a_refund": lambda f: _(
        "{number} 不是账单里有、这里没有的退款，或者这笔退款已经关闭、没有退出去，不用记账。",
        number=f["number"],
    ),
    "portal_payment_unknown": lambda f: _(
        "这里没有交易号为 {transaction} 的付款，退款没有可以减的账。请与支付平台核对。",
        transaction=f["transaction"],
    ),
    "portal_too_much": lambda f: (
        _(
            "付款 {transaction} 没有剩下这么多：{number} 已经在退或已经退过。可能退了两次，请先看那一笔，没有退出去的先不同意。",
            transaction=f["transaction"],
            number=f["number"],
        )
        if f["number"]
        else _(
            "付款 {transaction} 没有剩下这么多。请与支付平台核对。", transaction=f["transaction"]
        )
    ),
}
NEXT: dict[str, tuple[Words, str]] = {
    "held_gone": (_("待处理款项"), "held_money"),
    "own_held_look": (_("待我办理"), "staff_inbox"),
    "portal_too_much": (_("待办的退款"), "refund_inbox"),
}
# What was done last with a disposal; the letter of its number tells it from other cases.
EVENTS: dict[str, Words] = {
    "Q.decide": _("已办好"),
    "Q.refer": _("已提出，等另一位老师确认"),
    "Q.refer_again": _("已提出，等另一位老师确认"),
    "Q.confirm": _("已确认办好"),
    "Q.refuse": _("没有办"),
}
