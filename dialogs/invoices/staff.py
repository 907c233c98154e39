"""导出待开发票 (finance): all that waits in one table, earlier exports again, sending one back."""

import re
from dataclasses import replace
from datetime import datetime

from backend.authority import Role, require
from backend.identity.stepup import Purpose
from backend.invoices import batch_files, exporting, rejecting
from backend.invoices.exporting import Waiting
from backend.invoices.unreturned import Unreturned, unreturned
from backend.models import InvoiceBatch
from backend.work import Work
from dialogs.accounts import step_up
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button, Card
from dialogs.engine.saying import Saying
from dialogs.engine.slots import Slot, fixed, text
from dialogs.engine.turn import Said
from dialogs.engine.words import Speech, Words, _, lines, plain, yuan
from dialogs.invoices.words import staff_card, title_of
from dialogs.orders.ordering import APPLICATION
from dialogs.titles import person_name

BATCH = fixed("invoice_batch", _("导出"))
ASKED_AT = fixed("asked_at", _("导出"))
EXPORTING = re.compile(
    r"^(我要|我想|帮我|请)?导出(一下|所有|全部|今天的?|\s)*(待开|要开|没开|未开)?(的)?(电子)?(发票|开票)(数据|申请|表格?)?[。!！]?$"
    r"|^(有(没有)?|看看?)?(待开|要开|没开|未开)(的)?发票(吗|有多少)?[。!！?？]?$"
    r"|^发票(谁|哪些人?)要开[。?？]?$|^(谁|哪些人)(要|申请了?)(开)?发票[。?？]?$|^(要开|待开|没开)的发票有(哪些|多少|几张)[。?？]?$"
    r"|^(i want to |please |let me )?export (the |all )?(pending |waiting )?(invoices|invoice requests)[.!]?$"
)
LISTING = re.compile(
    r"(导出过|以前导出|上次导出)的?(发票|开票)?(表格?|批次)?|发票(导出)?(批次|的导出记录)|再下载.{0,4}(发票|开票)(表格?|批次)"
    r"|\b(earlier|past|previous) invoice exports\b|\binvoice batches\b"
)
REJECTING = re.compile(
    r"^(退回|驳回|打回)(这张|那张|\s)*(发票)?(申请)?\s*(k\d{6}-\d{4})?[。!！]?$"
    r"|^(send back|reject) (the )?invoice( k\d{6}-\d{4})?[.!]?$"
)
SHOWN = 5
_NUMBER = re.compile(r"k\d{6}-?\d{4}(?!\d)")


def which(said: Said) -> str | None:
    found = _NUMBER.search(said.words)
    return said.entities().get(APPLICATION.name) or (found[0].upper() if found else None)


WHICH: Slot[str] = replace(
    APPLICATION, prompt=_("要退回哪一张？写编号，例如 K260302-0001。"), read=which
)
REASON = text(
    "invoice_reason",
    _("退回的理由是什么？申请人会看到。"),
    title=_("理由"),
    suggestions=(_("抬头和税号对不上"), _("税号已注销"), _("请写单位全称")),
    verbatim=True,
)


def export_invoices(chat: Chat, work: Work) -> None:
    """All that waits becomes one batch, whose files come as soon as they are made."""
    require(work, Role.FINANCE)
    made = chat.known(BATCH)
    if made is not None:
        hand_over(chat, work, exporting.batch_of(work, made))
        return
    now = exporting.waiting(work)
    earlier = chat.button(_("导出过的发票"), "invoice_batches", lasting=True)
    if not now.rows:
        chat.say(_("没有待开的发票。"), buttons=[earlier, upload_button(chat)])
        return
    if step_up.is_due(chat, work, Purpose.BULK) and chat.once("waiting"):
        chat.say(_("有 {count} 张发票等着开。", count=now.rows))
    step_up.require(chat, work, Purpose.BULK)
    consent = chat.confirm(
        _("导出后这些发票算“正在开具”，申请人不能再改；开好把文件发到这里。"),
        card=waiting_card(chat, work, now),
        facts=now.digest,
        agree=_("导出"),
    )
    batch = exporting.export(work, now.digest, consent)
    chat.say(_("已导出 {rows} 张，编号 {number}。", rows=now.rows, number=batch.number))
    chat.go_on_with("download_invoices", invoice_batch=batch.number)


def waiting_card(chat: Chat, work: Work, now: Waiting) -> Card:
    """How many and how much; whole names and numbers are in the files only."""
    rows: list[tuple[Words, Speech]] = []
    if now.applications:
        told = _("{count} 张，共 {amount}", count=len(now.applications), amount=yuan(now.fen))
        rows.append((_("发票"), told))
    if now.reds:
        told = _("{count} 张，共 {amount}", count=len(now.reds), amount=yuan(now.red_fen))
        rows.append((_("红字发票"), told))
    rows += [
        (plain(one.number), _("{at} 起等着", at=one.since)) for one in now.applications[:SHOWN]
    ]
    if len(now.applications) > SHOWN:
        more = len(now.applications) - SHOWN
        rows.append((_("还有"), _("{count} 张没有列出", count=more)))
    if now.left_over:
        rows.append((_("下一批"), _("{count} 张，一次最多导出这么多", count=now.left_over)))
    return chat.card(_("待开发票"), *rows)


def download_invoices(chat: Chat, work: Work) -> None:
    """The files of a batch, again at any time."""
    require(work, Role.FINANCE)
    step_up.require(chat, work, Purpose.BULK)
    hand_over(chat, work, exporting.batch_of(work, chat.ask(BATCH)))


def hand_over(chat: Chat, work: Work, batch: InvoiceBatch) -> None:
    asked = chat.known(ASKED_AT) or batch.made_at.isoformat()
    moment = datetime.fromisoformat(asked)
    files = batch_files.ask(work, batch.number, moment)
    if not files:
        awaited = batch_files.key(work.actor or 0, batch.number, moment)
        chat.wait(awaited, _("正在做表格，请稍等。"))
    chat.say(
        lines(
            _(
                "{number} 的表格：导入开票系统前先核对表头，备注里的编号请保留。",
                number=batch.number,
            ),
            _("里面有姓名和税号，请妥善保管。开好以后把 PDF、OFD、XML 或 ZIP 发到这里。"),
        ),
        files=[chat.file(one) for one in files],
        buttons=[upload_button(chat)],
        until=min((one.expires_at for one in files if one.expires_at), default=None),
    )


def invoice_batches(chat: Chat, work: Work) -> None:
    found = exporting.batches(work)
    if not found:
        chat.say(_("还没有导出过发票。"), buttons=[export_button(chat)])
        return
    rows: list[tuple[Words, Speech]] = [
        (
            plain(batch.number),
            _(
                "{at}，{who}，{rows} 张",
                at=batch.made_at,
                who=person_name(work, batch.made_by),
                rows=rows,
            ),
        )
        for batch, rows in found
    ]
    buttons = [
        chat.button(
            _("下载 {number}", number=batch.number),
            "download_invoices",
            lasting=True,
            invoice_batch=batch.number,
        )
        for batch, _rows in found[:SHOWN]
    ]
    out = unreturned(work)
    if out:
        rows += unreturned_rows(out)
    chat.say(
        _("导出过的发票，最近的在前面："),
        card=chat.card(_("导出过的发票"), *rows),
        buttons=[*buttons, export_button(chat)],
    )


def unreturned_rows(found: list[Unreturned]) -> list[tuple[Words, Speech]]:
    """The first to be due first."""
    rows: list[tuple[Words, Speech]] = [
        (plain(one.number), _("没有发回，应在 {until} 之前开好", until=one.due_at))
        for one in found[:SHOWN]
    ]
    if len(found) > SHOWN:
        rows.append((_("还有"), _("{count} 张没有列出", count=len(found) - SHOWN)))
    return rows


def look_buttons(chat: Saying, found: list[Unreturned]) -> list[Button]:
    """A press away from sending it back."""
    invoices = dict.fromkeys(one.application for one in found)
    return [
        chat.button(
            _("看 {number}", number=number),
            "decide_invoice",
            lasting=True,
            application_number=number,
        )
        for number in list(invoices)[:SHOWN]
    ]


def decide_invoice(chat: Chat, work: Work) -> None:
    """One invoice for finance, found by its number."""
    application = rejecting.of_finance(work, chat.ask(APPLICATION))
    buttons = [export_button(chat)]
    if rejecting.rejectable(application):
        back = chat.button(
            _("退回"), "reject_invoice", style="danger", application_number=application.number
        )
        buttons.insert(0, back)
    chat.say(
        _("发票 {number}：", number=application.number),
        card=staff_card(chat, work, application),
        buttons=buttons,
    )


def reject_invoice(chat: Chat, work: Work) -> None:
    require(work, Role.FINANCE)
    application = rejecting.of_finance(work, chat.ask(WHICH))
    why = chat.ask(REASON)
    consent = chat.confirm(
        _(
            "退回 {title}？申请人改好以后会在下一批里。没有开出的才能退回。",
            title=title_of(work, application),
        ),
        card=chat.card(_("退回"), (_("理由"), plain(why))),
        facts=f"{application.number}:{application.version}:{why}",
        agree=_("退回"),
    )
    rejecting.reject(work, application.number, why, consent)
    chat.say(_("已退回 {number}，申请人会收到理由。", number=application.number))


def export_button(chat: Saying) -> Button:
    return chat.button(_("导出待开发票"), "export_invoices", style="primary", lasting=True)


def upload_button(chat: Saying) -> Button:
    return chat.button(_("上传开好的发票"), "upload_invoices", lasting=True)
