"""Why there is no report of a day."""

from collections.abc import Callable, Mapping

from dialogs.engine.words import Words, _

Facts = Mapping[str, object]

SENTENCES: dict[str, Callable[[Facts], Words]] = {
    "no_such_bill_day": lambda f: (
        _(
            "{day} 没有账单：从 {first} 起才有付款，当天的要第二天 10:00 以后。",
            day=f["day"],
            first=f["first"],
        )
        if f["first"]
        else _("还没有对过账：从第一笔付款的第二天起，每天 10:00 以后自动核对。")
    ),
}
NEXT: dict[str, tuple[Words, str]] = {
    "no_such_bill_day": (_("本月账目"), "ledger_report"),
}
EVENTS: dict[str, Words] = {
    "L.find": _("发现差异"),
    "L.find_again": _("又出现差异"),
    "L.explain": _("已自动消除"),
    "L.settle": _("已处理"),
}
