"""Why there is no statement."""

from collections.abc import Callable, Mapping

from dialogs.engine.words import Words, _

Facts = Mapping[str, object]

SENTENCES: dict[str, Callable[[Facts], Words]] = {
    "no_such_ledger_month": lambda f: (
        _("{month} 没有账目：账从 {first} 开始，到本月为止。", month=f["month"], first=f["first"])
        if f["first"]
        else _("账上还没有任何一笔。")
    ),
}
NEXT: dict[str, tuple[Words, str]] = {
    "no_such_ledger_month": (_("本月账目"), "ledger_report"),
}
