"""收到付款 (the receipt) of one payment for several orders: the sum, each order, and what follows.

An order that is paid alone is told of by the service that it is for.
"""

from collections.abc import Callable, Sequence
from itertools import groupby

from backend import orders, transcripts
from backend.exam import graduation_cases
from backend.models import Application
from backend.payments import together
from backend.photos import fee_workflow
from backend.work import Event, Work
from dialogs.engine.chat import Chat
from dialogs.engine.words import Speech, Words, _, lines, listed, plain, yuan
from dialogs.orders import paid
from dialogs.orders.ordering import short_rows

NAME = "payment.received"


def _numbers(cases: Sequence[Application]) -> Speech:
    return listed(*(plain(one.number) for one in cases))


FOLLOWS: dict[str, Callable[[Sequence[Application]], Words]] = {
    transcripts.KIND: lambda cases: _(
        "正在生成 {count} 份成绩单，做好一份发一份。", count=len(cases)
    ),
    graduation_cases.KIND: lambda cases: _(
        "毕业审定费已缴，{numbers} 办好了，请根据提示和学校官网公告办理后续事宜（E6）。",
        numbers=_numbers(cases),
    ),
    fee_workflow.KIND: lambda cases: _("毕业照拍摄费已缴，拍摄时不用再付。"),
}


def received(chat: Chat, work: Work, event: Event) -> None:
    """``subject`` are the orders that are paid by it."""
    found = [orders.find(work, one) for one in together.numbers_in(event.subject)]
    settled = [one for one in found if one is not None]
    cases = sorted((orders.application_of(work, one) for one in settled), key=lambda one: one.kind)
    follows = [
        FOLLOWS[kind](list(of_it))
        for kind, of_it in groupby(cases, key=lambda one: one.kind)
        if kind in FOLLOWS
    ]
    chat.say(
        lines(
            _(
                "收到付款 {amount}，{count} 张订单都付清了。",
                amount=yuan(together.total(settled)),
                count=len(settled),
            ),
            *follows,
        ),
        card=chat.card(_("收到付款"), *(row for one in settled for row in short_rows(work, one))),
        buttons=paid.buttons(chat, work, *settled),
    )


def the_buyer(work: Work, event: Event) -> list[int]:
    return [int(event.facts["buyer"])]


def told_together(work: Work, event: Event) -> bool:
    """That it is paid is said by the receipt of the whole payment, which is in the same work."""
    _kind, _dot, what = event.name.partition(".")
    if what not in ("pay", "pay_late"):
        return False
    return any(one.name == NAME and event.subject in one.facts["cases"] for one in work.events)
