"""导出收支明细 (a month's statement as files): a workbook and the same rows as CSV."""

import re

from backend.authority import Role, require
from backend.identity.stepup import Purpose
from backend.ledger import exporting, statement
from backend.ledger.statement import Month
from backend.work import Work
from dialogs.accounts import step_up
from dialogs.engine.chat import Chat
from dialogs.engine.slots import fixed
from dialogs.engine.words import _
from dialogs.ledger import months
from dialogs.ledger.words import month_card, month_words

ASKED = re.compile(
    r"(导出|下载|生成)(一?下|一份)?.{0,10}(对账单|账目|账单|收支(明细)?表?|流水)"
    r"|^.{0,10}(对账单|收支明细)[。!！?？]*$"
    r"|\b(export|download)( me)?( the| a)?( monthly)? (statement( of accounts)?|ledger|accounts)\b"
)
EXPORT = fixed("export", _("收支明细"))


def export_ledger(chat: Chat, work: Work) -> None:
    """Finance only, and looked at anew: what is on the way ends with the office."""
    require(work, Role.FINANCE)
    if statement.first_month(work) is None:
        chat.say(_("账上还没有任何一笔。"))
        return
    month = months.asked(chat, work)
    step_up.require(chat, work, Purpose.BOOKS)
    number = chat.known(EXPORT)
    if number is None:  # later entries are for the next one
        number = chat.taken(EXPORT, exporting.ask(work, month, chat.language).number)
    export = exporting.find(work, number)
    files = exporting.files(work, export)
    if not files:
        chat.wait(
            exporting.key(number),
            _(
                "正在做 {month}的收支明细，共 {lines} 行，请稍等。",
                month=month_words(month),
                lines=export.lines,
            ),
            _("还在做：{written}/{lines} 行。", written=export.written, lines=export.lines),
        )
    month = Month.named(export.month)
    chat.say(
        _(
            "{month}的收支明细，凭证截至第 {last} 号。两份内容相同，Excel 用来看和打印，CSV 用来导入别的系统。",
            month=month_words(month),
            last=export.last,
        ),
        card=month_card(chat, work, month, statement.to_see(work, month, export.last)),
        files=[chat.file(one) for one in files],
        until=files[0].expires_at,
    )
