"""对账 (a day's bill beside what is known here), its files, and everything that is still open."""

import re
from datetime import date, datetime

from backend.authority import Role, require
from backend.clock import local_date
from backend.identity.stepup import Purpose
from backend.reconciliation import comparison_files, days, differences, reports
from backend.reconciliation.reports import Report, Sum
from backend.work import Work
from dialogs.accounts import step_up
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button, Card
from dialogs.engine.slots import fixed
from dialogs.engine.words import Bilingual, Speech, Words, _, lines, plain
from dialogs.ledger.words import amount
from dialogs.orders.payment_notices import provider_words
from dialogs.reconciliation.days import day_in
from dialogs.reconciliation.words import (
    line,
    sums,
    trouble_words,
    waiting_button,
)

_DAY = r"(大?前天|昨[天日]|前日|(20\d\d ?[-年/.] ?)?\d{1,2} ?[-月/.] ?\d{1,2} ?[日号]?|\d{1,2} ?[日号])"
ASKED = re.compile(
    rf"^(看看?|查(一?下|看)?)?{_DAY}的?(微信|支付)?(对账|账单|账)(情况|结果|报告)?"
    r"((都|全)?对(得)?(上|平|齐)(了)?(没有|没|吗|么)?|平了?(没有|没|吗|么))?[。!！?？]*$"
    rf"|^对账(情况|结果|报告)? ?{_DAY}?[。!！?？]*$"
    rf"|^(对(一?下)?|核对(一?下)?){_DAY}的?(微信|支付)?(账单|账)[。!！?？]*$"
    r"|^(reconcile|reconciliation)( (of|for|report))* ?(yesterday|20\d\d-\d\d-\d\d)?[.!?]*$"
    r"|^(did|does) yesterday('s bill)? (reconcile|agree|match)[.!?]*$"
)
OPEN_ASKED = re.compile(r"^(看看?|查(一?下|看)?)?(未处理|待处理|没处理)?的?对账差异[。!！?？]*$")
EXPORTED = re.compile(
    rf"(导出|下载|生成)(一?下|一份)?({_DAY}的?)?(每日)?(对账表|对账明细|对账结果)"
    rf"|(导出|下载|生成)(一?下|一份)?{_DAY}的?(微信|支付|平台)?(对账单|账单)"
    r"|^(export|download) (the )?reconciliation"
)
DAY = fixed("bill_day", _("日期"))
MOMENT = fixed("bill_asked", _("时间"))
MOST_SHOWN = 20
MOST_BUTTONS = 6


def reconciliation(chat: Chat, work: Work) -> None:
    """A day that is named, or the last one that was over; finance only."""
    require(work, Role.FINANCE)
    day = _meant(chat, work)
    report = reports.of_day(work, day)
    if report is None:
        _not_yet(chat, work, reports.require_day(work, day))
        return
    buttons = [
        *difference_buttons(chat, report),
        chat.button(
            _("导出对账表"), "export_reconciliation", lasting=True, bill_day=day.isoformat()
        ),
    ]
    if report.open:
        words: Speech = _(
            "{day}与{provider}账单有 {count} 处没有对上：",
            day=day_words(work, day),
            provider=provider_words(report.bill.provider),
            count=len(report.open),
        )
    elif report.differences:
        words = _("{day}的对账差异都已对上或处理过了。", day=day_words(work, day))
    else:
        words = agreed_words(work, report)
    chat.say(words, card=report_card(chat, work, report), buttons=buttons)


def agreed_words(work: Work, report: Report) -> Words:
    """``昨天 12 笔 60.00 元，与微信支付账单一致。``"""
    bill = report.bill
    day, provider = day_words(work, bill.day), provider_words(bill.provider)
    if not bill.payments and not bill.refunds:
        return _("{day}没有收款和退款，与{provider}账单一致。", day=day, provider=provider)
    paid = sums(Sum(bill.payments, bill.paid_fen))
    if not bill.refunds:
        return _("{day} {paid}，与{provider}账单一致。", day=day, paid=paid, provider=provider)
    return _(
        "{day} {paid}，退款 {refunded}，与{provider}账单一致。",
        day=day,
        paid=paid,
        refunded=sums(Sum(bill.refunds, bill.refunded_fen)),
        provider=provider,
    )


def report_card(chat: Chat, work: Work, report: Report) -> Card:
    bill = report.bill
    rows: list[tuple[Words, Speech]] = [
        (_("账单收款"), sums(Sum(bill.payments, bill.paid_fen))),
        (_("这里收款"), sums(report.here)),
        (_("账单退款"), sums(Sum(bill.refunds, bill.refunded_fen))),
        (_("手续费"), _("{amount} 元", amount=amount(bill.fee_fen))),
        (_("核对时间"), _("{at}", at=bill.compared_at)),
    ]
    shown = report.differences[:MOST_SHOWN]
    rows += [(plain(one.number), line(work, one)) for one in shown]
    if left := len(report.differences) - len(shown):
        rows.append((_("还有"), _("{count} 处没有列出，导出的表里有全部", count=left)))
    return chat.card(_("{day} 对账", day=bill.day.isoformat()), *rows)


def difference_buttons(chat: Chat, report: Report) -> list[Button]:
    return [
        chat.button(plain(one.number), "bill_difference", lasting=True, difference=one.number)
        for one in report.open[:MOST_BUTTONS]
    ]


def day_words(work: Work, day: date) -> Speech:
    """``昨天``, ``3月2日``, or with the year where that is another."""
    today = local_date(work.now)
    if (today - day).days == 1:
        return _("昨天")
    year = "" if day.year == today.year else f"{day.year}年"
    return Bilingual(f"{year}{day.month}月{day.day}日", day.isoformat())


def export_reconciliation(chat: Chat, work: Work) -> None:
    """Every row of a day's bill beside what is known here, as XLSX and CSV."""
    require(work, Role.FINANCE)
    day = _meant(chat, work)
    report = reports.of_day(work, day)
    if report is None:
        _not_yet(chat, work, reports.require_day(work, day))
        return
    step_up.require(chat, work, Purpose.BOOKS)
    moment = chat.known(MOMENT) or chat.taken(MOMENT, work.now.isoformat())
    asked = datetime.fromisoformat(moment)
    files = comparison_files.ask(work, report.bill, chat.language, asked)
    if not files:
        awaited = comparison_files.key(day.isoformat(), chat.person or 0, asked.isoformat())
        chat.wait(awaited, _("正在做 {day} 的对账表，请稍等。", day=day.isoformat()))
    chat.say(
        _(
            "{day} 的对账表，账单的每一行都在里面。两份内容相同，Excel 用来看，CSV 用来导入别的系统。",
            day=day.isoformat(),
        ),
        files=[chat.file(one) for one in files],
        until=files[0].expires_at,
    )


def open_differences(chat: Chat, work: Work) -> None:
    """Everything that finance still has to look at."""
    require(work, Role.FINANCE)
    if not show_open(chat, work):
        chat.say(
            _("没有待处理的对账差异。"),
            buttons=[chat.button(_("最近一天的对账"), "reconciliation", lasting=True)],
        )


def show_open(chat: Chat, work: Work, greeting: Words | None = None) -> bool:
    """False where nothing is open."""
    found = differences.open_(work)
    if not found:
        return False
    words: Speech = _("待处理的对账差异，最早的在前面。点开可以看是什么、怎么办。")
    rows = [(plain(one.number), line(work, one)) for one in found[:MOST_SHOWN]]
    chat.say(
        lines(greeting, words) if greeting else words,
        card=chat.card(_("对账差异：{count} 处", count=len(found)), *rows),
        buttons=[
            chat.button(plain(one.number), "bill_difference", lasting=True, difference=one.number)
            for one in found[:MOST_SHOWN]
        ],
    )
    return True


def _meant(chat: Chat, work: Work) -> date:
    """The day of the button or the words; the last whose bill may be there, where none is named."""
    if (given := chat.known(DAY)) is not None:
        return date.fromisoformat(given)
    return day_in(chat.opening, local_date(work.now)) or reports.last_day(work)


def _not_yet(chat: Chat, work: Work, day: date) -> None:
    row, ready = reports.waiting(work, day), days.ready_at(day)
    if ready > work.now:
        words: Speech = _(
            "{day} 的账单 {at} 以后才有，到时会自动核对。", day=day.isoformat(), at=ready
        )
    else:
        words = _(
            "{day} 还没有核对：{why}。每小时会再试一次，核对好了会告诉您。",
            day=day.isoformat(),
            why=trouble_words(row) if row else _("还没有轮到"),
        )
    last = chat.button(_("最近一天的对账"), "reconciliation", lasting=True)
    chat.say(words, buttons=[last, *waiting_button(chat, work)])
