"""What finance is told of the provider's bills."""

from collections.abc import Callable
from datetime import date

from backend.reconciliation import differences, reports
from backend.reconciliation.reports import Sum
from backend.work import Event, Work
from dialogs import audiences
from dialogs.audiences import Audience
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button
from dialogs.engine.words import Speech, Words, _, lines, plain
from dialogs.orders.payment_notices import provider_words
from dialogs.reconciliation import difference
from dialogs.reconciliation.report import MOST_BUTTONS, MOST_SHOWN, agreed_words, day_words
from dialogs.reconciliation.words import line, sums, trouble_words

Sentence = Callable[[Chat, Work, Event], None]


def agreed(chat: Chat, work: Work, event: Event) -> None:
    """One line; several days that were made up for come together."""
    days = [date.fromisoformat(day) for day in event.facts["days"]]
    provider = reports.provider_of(work)
    found = [one for day in days if (one := reports.report(work, provider, day))]
    if len(found) == 1:
        chat.say(agreed_words(work, found[0]))
    elif found:
        paid = Sum(sum(one.bill.payments for one in found), sum(one.bill.paid_fen for one in found))
        chat.say(
            _(
                "{first} 到 {last} 共 {days} 天，{paid}，每天都与{provider}账单一致。",
                first=days[0].isoformat(),
                last=days[-1].isoformat(),
                days=len(days),
                paid=sums(paid) if paid.count else _("没有收款"),
                provider=provider_words(provider),
            )
        )


def differs(chat: Chat, work: Work, event: Event) -> None:
    """At once: the card of the one, or the list of several."""
    day = date.fromisoformat(event.subject)
    found = [one for number in event.facts["numbers"] if (one := differences.find(work, number))]
    if len(found) == 1:
        words = _(
            "{day}与{provider}账单有 1 处没有对上：",
            day=day_words(work, day),
            provider=provider_words(reports.bill_of(work, found[0]).provider),
        )
        difference.show(chat, work, found[0], words)
        return
    if not found:
        return
    rows: list[tuple[Words, Speech]] = [
        (plain(one.number), line(work, one)) for one in found[:MOST_SHOWN]
    ]
    if left := len(found) - MOST_SHOWN:
        rows += [(_("还有"), _("{count} 处没有列出", count=left))] if left > 0 else []
    buttons = [
        chat.button(plain(one.number), "bill_difference", lasting=True, difference=one.number)
        for one in found[:MOST_BUTTONS]
    ]
    chat.say(
        lines(
            _(
                "{day}与{provider}账单有 {count} 处没有对上。",
                day=day_words(work, day),
                provider=provider_words(reports.bill_of(work, found[0]).provider),
                count=len(found),
            ),
            _("点开一处看是哪个订单、怎么办。"),
        ),
        card=chat.card(_("{day} 对账", day=day.isoformat()), *rows),
        buttons=[*buttons, _whole_day(chat, day)],
    )


def explained(chat: Chat, work: Work, event: Event) -> None:
    day = date.fromisoformat(event.subject)
    found = [one for number in event.facts["numbers"] if (one := differences.find(work, number))]
    said = [_("· {number} {what}", number=one.number, what=line(work, one)) for one in found]
    report = reports.report(work, reports.provider_of(work), day)
    rest = len(report.open) if report else 0
    chat.say(
        lines(
            _("{day}的对账差异已经对上，不用处理：", day=day_words(work, day)),
            *said,
            _("这一天还有 {count} 处待处理。", count=rest) if rest else _("这一天已全部对上。"),
        ),
        buttons=[_whole_day(chat, day)],
    )


def late(chat: Chat, work: Work, event: Event) -> None:
    """A bill that should have been there for a day; it is asked for every hour all the same."""
    days = [date.fromisoformat(day) for day in event.facts["days"]]
    why = reports.waiting(work, days[-1])
    if why is None or why.compared_at is not None:
        return
    chat.say(
        lines(
            _(
                "{count} 天的{provider}账单过了一天还没有拿到（最近是 {day}）：{why}。",
                count=len(days),
                provider=provider_words(why.provider),
                day=days[-1].isoformat(),
                why=trouble_words(why),
            ),
            _("每小时会再试一次，拿到了会告诉您。着急可以在商户后台下载账单。"),
        ),
        buttons=[_whole_day(chat, days[-1])],
    )


def _whole_day(chat: Chat, day: date) -> Button:
    return chat.button(_("这一天的对账"), "reconciliation", lasting=True, bill_day=day.isoformat())


NOTICES: dict[str, tuple[Audience, Sentence]] = {
    "reconciliation.agreed": (audiences.finance, agreed),
    "reconciliation.differs": (audiences.finance, differs),
    "reconciliation.explained": (audiences.finance, explained),
    "reconciliation.late": (audiences.finance, late),
}
