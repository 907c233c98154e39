"""本月账目 (the month so far): what was there, what came and went, what is there, by kind."""

import re

from backend.authority import Role, require
from backend.ledger import statement
from backend.ledger.statement import Month
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.words import _
from dialogs.held import listing as held_money
from dialogs.ledger import exporting, months
from dialogs.ledger.words import month_card, month_words

_WHEN = r"(这个?月|本月|上个?月|(20\d\d ?[-年/.] ?|今年的?|去年的?)?(\d{1,2}|[一二三四五六七八九十]{1,2}) ?月(份)?)"
ASKED = re.compile(
    rf"^(看看?|查(一?下|看)?)?{_WHEN}的?(账目|账|收支|收支情况|收入|流水)(情况|明细)?[。!！?？]*$"
    r"|^(看看?|查(一?下|看)?)?(账目|收支|收支情况|总账)[。!！?？]*$"
    r"|^(show me )?(the )?(books|accounts|ledger)( of| for)? ?((this|last) month)?[.!?]*$"
)
TAKEN_AWAY = re.compile(
    r"导出|下载|表格|文件|对账单|收支明细|excel|xlsx|csv|\bexport|\bdownload|statement"
)


def ledger_report(chat: Chat, work: Work) -> None:
    """Finance only. Whoever asks for a file is given the files."""
    require(work, Role.FINANCE)
    if TAKEN_AWAY.search(chat.opening.casefold()) and chat.answered("month") is None:
        exporting.export_ledger(chat, work)
        return
    month = months.meant(chat, work)
    first = statement.first_month(work)
    if first is None:
        chat.say(_("账上还没有任何一笔。"))
        return
    if not first <= month <= Month.of(work.now):
        now = str(Month.of(work.now))
        chat.say(
            months.outside(str(month), first),
            buttons=[
                chat.button(_("本月账目"), "ledger_report", lasting=True, month=now),
                chat.button(_("其他月份"), "ledger_report", lasting=True, month=months.OTHER),
            ],
        )
        return
    accounts = statement.to_see(work, month)
    before = month.shifted(-1)
    buttons = [
        chat.button(_("导出收支明细"), "export_ledger", lasting=True, month=str(month)),
        *held_money.count_button(chat, work),
    ]
    if first <= before:
        label = _("{month}的账目", month=month_words(before))
        buttons.append(chat.button(label, "ledger_report", lasting=True, month=str(before)))
    buttons.append(chat.button(_("其他月份"), "ledger_report", lasting=True, month=months.OTHER))
    buttons.append(chat.button(_("每日对账"), "reconciliation", lasting=True))
    chat.say(
        _("{month}的账目，单位是元：", month=month_words(month)),
        card=month_card(chat, work, month, accounts),
        buttons=buttons,
    )
