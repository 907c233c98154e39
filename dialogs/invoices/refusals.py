"""Why there is no invoice, in words."""

from collections.abc import Callable, Mapping

from dialogs.engine.words import Words, _

Facts = Mapping[str, object]

WHY_NO_TAX_NUMBER: dict[str, Words] = {
    "length": _("税号是 18 位，您写了 {count} 位，请再看一下。"),
    "letters": _("税号里没有字母 I、O、S、V、Z，请看一下是不是数字 1、0、5、2。"),
    "check": _("税号的校验位不对，请对照营业执照再看一下，可能有一位抄错了。"),
    "form": _("这不像税号，请对照营业执照再看一下。"),
    "id_number": _("这是身份证号，不是税号，请不要发在这里。开给个人不用税号。"),
    "sole_trader": _("{count} 位是个体户的旧税号，现在不用了，请发 18 位的统一社会信用代码。"),
}
WHY_NO_TITLE: dict[str, Words] = {
    "length": _("单位名称要 {least} 到 {most} 个字，请写全称。"),
    "form": _("这不像单位名称，请写全称。"),
}


def bad_tax_number(facts: Facts) -> Words:
    return Words(WHY_NO_TAX_NUMBER[str(facts["why"])].msgid, {"count": facts["count"]})


def bad_title(facts: Facts) -> Words:
    shown = {"least": facts["least"], "most": facts["most"]}
    return Words(WHY_NO_TITLE[str(facts["why"])].msgid, shown)


# What finance has not decided yet, called as where it is published.
NOT_SET: dict[str, Words] = {
    "months_after_payment": _("付款后几个月内开发票"),
    "goods_name": _("发票的项目名称"),
    "tax_code": _("税收分类编码"),
    "tax_rate": _("税率"),
}
SENTENCES: dict[str, Callable[[Facts], Words]] = {
    "bad_tax_number": bad_tax_number,
    "bad_title": bad_title,
    "no_order_chosen": lambda f: _("没有选订单，发票没有提交。"),
    "too_many_orders": lambda f: _("一张发票最多 {most} 个订单，请分几张开。", most=f["most"]),
    "order_not_paid": lambda f: _("订单 {order} 还没有支付，付了款才能开发票。", order=f["order"]),
    "order_invoiced": lambda f: _(
        "订单 {order} 已经申请过发票了，不能再开一张。", order=f["order"]
    ),
    "nothing_to_invoice": lambda f: _(
        "订单 {order} 没有收钱，或者钱已退、正在退，没有可以开的。", order=f["order"]
    ),
    "invoice_too_late": lambda f: _(
        "订单 {order} 付款已经超过 {months} 个月，这里不能开发票了。",
        order=f["order"],
        months=f["months"],
    ),
    "nothing_to_export": lambda f: _("没有待开的发票，可能同事刚刚导出了。"),
    "export_changed": lambda f: _("待开的发票刚刚有变化，请再看一遍。"),
    "no_such_batch": lambda f: _("没有编号为 {number} 的导出。", number=f["number"]),
    "invoice_contradiction": lambda f: _(
        "税率和优惠类型互相矛盾：免税的要写优惠类型，不免税的不写，请一起改。"
    ),
}
NEXT: dict[str, tuple[Words, str]] = {
    "order_invoiced": (_("我的发票"), "my_invoices"),
    "order_not_paid": (_("我的订单"), "my_orders"),
    "nothing_to_invoice": (_("我的订单"), "my_orders"),
    "invoice_too_late": (_("我的订单"), "my_orders"),
    "nothing_to_export": (_("导出过的发票"), "invoice_batches"),
    "export_changed": (_("导出待开发票"), "export_invoices"),
    "no_such_batch": (_("导出过的发票"), "invoice_batches"),
}
EVENTS: dict[str, Words] = {
    "K.export": _("财务处已导出"),
    "K.reject": _("财务处已退回"),
    "K.correct": _("申请人改了抬头"),
    "K.cancel": _("申请人已取消"),
    "K.issue": _("已开具"),
    "K.void": _("已退款，不用开了"),
    "K.lessen": _("金额已改小"),
    "K.note_red": _("已退款"),
    "K.request_red": _("要开红字发票"),
    "K.issue_red": _("已开红字发票"),
    "K.issue_one_red": _("已开红字发票"),
    "K.file": _("已申请"),
}
