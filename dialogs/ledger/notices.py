"""What finance is told of the books: that they do not add up."""

from collections.abc import Callable

from backend.work import Event, Work
from dialogs import audiences
from dialogs.audiences import Audience
from dialogs.engine.chat import Chat
from dialogs.engine.words import Words, _, lines
from dialogs.ledger.words import fault_words

SHOWN = 8


def fault(chat: Chat, work: Work, event: Event) -> None:
    found: list[Words] = [
        _("· {what}", what=fault_words(code, subject)) for code, subject in event.facts["faults"]
    ]
    if left := len(found[SHOWN:]):
        found[SHOWN:] = [_("还有 {count} 处，运行 registrar ledger check 看全部", count=left)]
    chat.say(
        lines(_("核对账目，发现 {count} 处对不上：", count=event.subject), *found),
        buttons=[chat.button(_("本月账目"), "ledger_report", lasting=True)],
    )


NOTICES: dict[str, tuple[Audience, Callable[[Chat, Work, Event], None]]] = {
    "ledger.fault": (audiences.finance, fault),
}
