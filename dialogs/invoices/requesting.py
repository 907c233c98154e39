"""开发票 (asking for an invoice): which orders, made out to whom, one look, one press."""

import re

from backend.invoices import buyers, requesting
from backend.invoices.buyers import Buyer
from backend.invoices.requesting import Line, Offer
from backend.invoices.states import State
from backend.models import Application
from backend.policy import store
from backend.policy.invoice import InvoicePolicy
from backend.work import Work
from backend.workflow import already_handled
from dialogs import refusals
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button, Card
from dialogs.engine.words import Speech, Words, _, lines, plain, yuan
from dialogs.invoices.asked import ORDERS_LISTED, buyer_asked, orders_asked, policy_words
from dialogs.invoices.words import buyer_rows, goods_rows, kept_rows
from dialogs.orders.ordering import APPLICATION

CORRECTING = re.compile(
    r"^(我|的|要|想|把|请|帮|那张?|上次|刚才|刚刚|申请|开|了|啊|哦|不对|[\s,，。])*(发票|开票).{0,6}(抬头|税号|单位|名称|信息)"
    r".{0,6}(错|改|换|不对)"
    r"|^(我|要|想|请|帮)*(改|换|修改|更正|更改)(一下|下|我的|那张|\s)*(发票的?|开票的?)(抬头|税号|单位|名称|信息)"
    r"|\b(change|correct|fix) (the |my )?(invoice|fapiao)('s)? (title|tax number|name|details)\b"
    r"|\b(invoice|fapiao) (title|tax number|name) is wrong\b"
)


def request_invoice(chat: Chat, work: Work) -> None:
    policy = requesting.policy_for(work)
    offer = requesting.offer(work)
    if not offer.lines:
        nothing_to_invoice(chat, work, policy, offer)
        return
    wanted = orders_asked(chat, offer)
    if len(offer.lines) > ORDERS_LISTED and chat.once("more"):
        chat.say(_("一次最多 {most} 个订单，其余的请再开一张。", most=ORDERS_LISTED))
    buyer = buyer_asked(chat, work)
    consent = chat.confirm(
        _("请核对。提交后由财务处开具（T10），开好了发到这里；开出以后抬头就不能改了。"),
        card=card_of(chat, policy, wanted, buyer_rows(buyer)),
        kept=card_of(chat, policy, wanted, kept_rows(buyer)),
        facts=facts_of(work, wanted, buyer),
        agree=_("提交"),
    )
    ids = [line.order.id for line in wanted]
    application = requesting.file(work, ids, buyer, consent)
    told = {
        "number": application.number,
        "amount": yuan(sum(line.amount_fen for line in wanted)),
        "until": requesting.request_of(work, application).due_at,
    }
    chat.say(
        _(
            "已提交，编号 {number}，{amount}。财务处最晚 {until} 开好，发到这里；导出之前还可以改。",
            **told,
        )
        if told["until"] is not None
        else _("已提交，编号 {number}，{amount}。财务处开好就发给您；导出之前还可以改。", **told),
        buttons=[status_button(chat, application.number)],
    )


def nothing_to_invoice(chat: Chat, work: Work, policy: InvoicePolicy, offer: Offer) -> None:
    """Why not, of the orders that were paid, and whom to ask."""
    why: list[Speech] = [
        _("没有可以开发票的订单：要在这里付过款，{until}。", until=policy_words(policy))
    ]
    buttons: list[Button] = []
    if offer.invoiced:
        why.append(_("{count} 个订单已经申请过发票。", count=offer.invoiced))
        buttons.append(chat.button(_("我的发票"), "my_invoices", lasting=True))
    if offer.nothing_left:
        why.append(
            _("{count} 个订单没有收钱，或者钱已退、正在退，没有发票。", count=offer.nothing_left)
        )
    if offer.too_late:
        why.append(_("{count} 个订单过了时间。", count=offer.too_late))
    why.append(refusals.office(work, policy.office))
    buttons.append(chat.button(_("我的订单"), "my_orders", lasting=True))
    chat.say(lines(*why), buttons=buttons)


def correct_invoice(chat: Chat, work: Work) -> None:
    """Another title or number, until it is exported; or after it was sent back."""
    number = chat.known(APPLICATION)
    if number is None:
        mine = requesting.of_person(work, chat.person or 0)
        open_ones = [one for one in mine if requesting.cancellable(one)]
        if not mine:
            chat.go_on_with("request_invoice")
            return
        chosen = open_ones or [one for one in mine if one.state != State.CANCELLED]
        if len(chosen) != 1:
            chat.go_on_with("my_invoices")
            return
        number = chosen[0].number
    application = requesting.own(work, number)
    if not requesting.cancellable(application):
        if application.state == State.CANCELLED:
            raise already_handled(work, application)
        told_too_late(chat, work, application)
        return
    request = requesting.request_of(work, application)
    before = buyers.opened(work, request)
    if request.rejected_why and chat.once("why"):
        why = plain(request.rejected_why)
        chat.say(_("发票 {number} 退回的理由：{why}", number=number, why=why))
    buyer = buyer_asked(chat, work, before)
    consent = chat.confirm(
        _("请核对，没有问题就重新提交发票 {number}。", number=number),
        card=chat.card(_("发票"), *buyer_rows(buyer)),
        kept=chat.card(_("发票"), *kept_rows(buyer)),
        facts=f"{number}:{application.version}:{buyers.digest(work, buyer)}",
        agree=_("重新提交"),
    )
    requesting.correct(work, number, buyer, consent)
    chat.say(
        _("已改好，发票 {number} 等财务处导出。", number=number),
        buttons=[status_button(chat, number)],
    )


def told_too_late(chat: Chat, work: Work, application: Application) -> None:
    """What can still be done about it, and by whom."""
    number = application.number
    if application.state == State.EXPORTED:
        words = _(
            "财务处正在开发票 {number}，这里改不了了。还没有开出的，请财务处退回，您就能改。",
            number=number,
        )
    else:
        words = _(
            "发票 {number} 已经开出，抬头不能改。要换抬头，请财务处冲红以后重开。", number=number
        )
    chat.say(
        lines(words, refusals.office(work, store.invoice(work).office)),
        buttons=[status_button(chat, number)],
    )


def card_of(
    chat: Chat, policy: InvoicePolicy, wanted: list[Line], buyer: list[tuple[Words, Speech]]
) -> Card:
    fen = sum(line.amount_fen for line in wanted)
    numbers = [line.order.number for line in wanted]
    return chat.card(_("发票"), *buyer, *goods_rows(policy, fen, numbers))


def facts_of(work: Work, wanted: list[Line], buyer: Buyer) -> str:
    parts = [f"{line.order.number}:{line.amount_fen}" for line in wanted]
    return "|".join((*parts, buyers.digest(work, buyer)))


def status_button(chat: Chat, number: str) -> Button:
    return chat.button(_("看这张发票"), "invoice_status", lasting=True, application_number=number)
