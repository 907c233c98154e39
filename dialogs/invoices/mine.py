"""我的发票 (my invoices): how each stands, its files, and what can be done about it now."""

import re

from backend.identity.stepup import Purpose
from backend.invoices import handing_over, requesting
from backend.invoices.states import State
from backend.models import Application
from backend.policy import store
from backend.work import Work
from dialogs import refusals
from dialogs.accounts import step_up
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button
from dialogs.engine.words import Speech, Words, _, lines
from dialogs.invoices.words import STATES, UNDER_WAY, invoice_card, title_of
from dialogs.orders.ordering import APPLICATION, ORDER

MOST_LISTED, MOST_BUTTONS = 10, 5
MINE = re.compile(
    r"^(查|看|查看|查一下|看看|看一下)?我的(电子)?发票(进度|列表|记录)?[。!！]?$"
    r"|^(show |see )?my (invoices|fapiao)[.!?]?$"
)
FILE = _("发票")


def my_invoices(chat: Chat, work: Work) -> None:
    number, order = chat.known(APPLICATION), chat.known(ORDER)
    mine = requesting.of_person(work, chat.person or 0)
    if order is not None:
        mine = [one for one in mine if order in numbers_of(work, one)] or mine
    if number is not None or len(mine) == 1:
        chosen = number or mine[0].number
        chat.go_on_with("invoice_status", application_number=chosen)
        return
    asking = chat.button(_("开发票"), "request_invoice", lasting=True)
    if not mine:
        chat.say(_("您还没有申请过发票。"), buttons=[asking])
        return
    shown = mine[:MOST_LISTED]
    rows: list[tuple[Words, Words]] = [
        (title_of(work, one), _("{state}，{at} 起", state=STATES[one.state], at=one.since))
        for one in shown
    ]
    buttons = [
        chat.button(
            _("看 {number}", number=one.number),
            "invoice_status",
            lasting=True,
            application_number=one.number,
        )
        for one in shown[:MOST_BUTTONS]
    ]
    chat.say(
        _("您的发票，最近的在前面："),
        card=chat.card(_("我的发票"), *rows),
        buttons=[*buttons, asking],
    )


def invoice_status(chat: Chat, work: Work) -> None:
    """One invoice, with its files once it is issued."""
    application = requesting.own(work, chat.ask(APPLICATION))
    files = handing_over.files_of(work, application)
    if files:
        step_up.require(chat, work, Purpose.FIRST_FILE, FILE)
    words: Speech = _(
        "发票 {number}：{state}。", number=application.number, state=STATES[application.state]
    )
    until = min((file.expires_at for file in files if file.expires_at), default=None)
    if until is not None:
        words = _(
            "发票 {number}：{state}。文件在这里留到 {until}，请自己保存好。",
            number=application.number,
            state=STATES[application.state],
            until=until,
        )
    if overdue(work, application):
        asked = _("已经过了该开好的时间，财务处每个工作日都会收到提醒，也可以直接问。")
        words = lines(words, asked, refusals.office(work, store.invoice(work).office))
    chat.say(
        words,
        card=invoice_card(chat, work, application),
        files=[chat.file(one) for one in files],
        buttons=following(chat, application),
        until=until,
    )


def overdue(work: Work, application: Application) -> bool:
    due_at = requesting.request_of(work, application).due_at
    return application.state in UNDER_WAY and due_at is not None and due_at <= work.now


def following(chat: Chat, application: Application) -> list[Button]:
    """What its owner can do about it now."""
    number = application.number
    if application.state == State.CANCELLED:
        return [chat.button(_("重新开发票"), "request_invoice", lasting=True)]
    if not requesting.cancellable(application):
        return []
    rejected = application.state == State.REJECTED
    mend = _("改好再提交") if rejected else _("改抬头")
    return [
        chat.button(
            mend,
            "correct_invoice",
            style="primary" if rejected else "",
            lasting=True,
            application_number=number,
        ),
        chat.button(
            _("不要了"),
            "withdraw_application",
            style="danger",
            lasting=True,
            application_number=number,
        ),
    ]


def numbers_of(work: Work, application: Application) -> list[str]:
    return [order.number for order in requesting.orders_of(work, application)]
