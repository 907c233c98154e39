"""Why a price is not what it was, or a waiver is not given: the sentences, and what helps."""

from collections.abc import Callable, Mapping

from dialogs.engine.words import Words, _, yuan

Facts = Mapping[str, object]


def price_changed(facts: Facts) -> Words:
    return _(
        "费用有变化：刚才是 {was}，现在是 {now}。请再看一遍。",
        was=money(facts["was"]),
        now=money(facts["now"]),
    )


def money(fen: object) -> object:
    return yuan(fen) if isinstance(fen, int) else fen


SENTENCES: dict[str, Callable[[Facts], Words]] = {
    "price_changed": price_changed,
    "price_not_set": lambda f: _("还没有公布收多少，公布以后就可以办。"),
    "waiver_gone": lambda f: _(
        "减免 {number} 刚刚用掉了，或者已经撤回。请重新确认价格。", number=f["number"]
    ),
    "waiver_empty": lambda f: _("减免要有金额、次数，最后一天不能已经过去。"),
    "waiver_no_second": lambda f: _(
        "这么多要另一位老师确认，现在没有另一位可以确认，所以没有提请。可以减少金额或次数。"
    ),
    "waiver_own_second": lambda f: _(
        "{number} 是您自己提请的，要由另一位老师确认。", number=f["number"]
    ),
    "waiver_over": lambda f: _(
        "{number} 的有效期已过，或者提请的老师已经不办这一项。没有生效；要减免请重新提请。",
        number=f["number"],
    ),
    "own_waiver": lambda f: _("不能给自己减免，请别的老师办。"),
}
NEXT: dict[str, tuple[Words, str]] = {
    "price_changed": (_("我的订单"), "my_orders"),
    "price_not_set": (_("收费标准"), "price_list"),
    "waiver_gone": (_("我的订单"), "my_orders"),
    "waiver_over": (_("减免记录"), "waivers"),
}
# What was done last with a waiver; the letter of its number tells it from other cases.
EVENTS: dict[str, Words] = {
    "J.grant": _("已减免"),
    "J.propose": _("已提请减免"),
    "J.confirm": _("已同意减免"),
    "J.decline": _("没有同意减免"),
    "J.withdraw": _("已撤回减免"),
}
