"""拍摄费 (the fee of the shooting): paid here only where the institution collects it itself (P3)."""

import re

from backend import orders
from backend.models import Application
from backend.photos import attendance, fee
from backend.photos.fee_workflow import KIND, State
from backend.work import Event, Work
from dialogs import audiences
from dialogs.case_kinds import CASES, CaseKind
from dialogs.engine.chat import Chat
from dialogs.engine.words import Words, _
from dialogs.fees.words import amount, changed, price_rows
from dialogs.orders import paid as after_payment
from dialogs.orders.ordering import REOPENED, anew, tell_how_to_pay
from dialogs.orders.reopening import photo_fee_facts

PAYING = re.compile(
    r"^(我要|我想|怎么)?(交|缴|付|支付)(毕业照|毕业照片)?(的)?(拍摄费|拍照费|照相费)[。!！?？]?$"
    r"|^(i want to )?pay (the |my )?photo fee[.!?]?$"
)
STATES: dict[str, Words] = {
    State.PAYABLE: _("等您缴费"),
    State.ORDERED: _("等您支付"),
    State.PAID: _("已缴"),
    State.REFUNDED: _("已办退款"),
}


def pay_photo_fee(chat: Chat, work: Work) -> None:
    fee.policy_for(work)
    application = fee.of_person(work)
    if application is not None and application.state == State.PAID:
        chat.say(_("拍摄费已经缴过了：{number}。", number=application.number))
        return
    if application is not None and application.state == State.ORDERED:
        order = orders.open_order(work, application)
        if order is not None:
            tell_how_to_pay(chat, work, order)
            return
    found = attendance.of_person(work, chat.person or 0)
    ended = chat.known(REOPENED)
    price = fee.price(work)
    news = changed(work, application, price) if application is not None else None
    consent = chat.confirm(
        anew(ended, price.due_fen)
        if ended
        else _(
            "{season}届毕业照拍摄费 {price}（P3），确认缴费吗？",
            season=found.season,
            price=amount(price.due_fen),
        ),
        card=chat.card(_("毕业照拍摄费"), *price_rows(work, price, news))
        if price.waived or news
        else None,
        facts=photo_fee_facts(found.season, price.due_fen),
        agree=_("确认缴费"),
    )
    made = fee.order(work, price, consent)
    if made.state == orders.State.PAID:
        chat.say(_("已确认，不用付费。"))
        return
    tell_how_to_pay(chat, work, made)


def title(work: Work, application: Application) -> Words:
    return _("{number}（毕业照拍摄费）", number=application.number)


def paid(chat: Chat, work: Work, event: Event) -> None:
    application = audiences.case(work, event)
    order = orders.paid_order(work, application)
    if order is not None and order.total_fen:  # a waived one was told so when it was agreed to
        chat.say(
            _(
                "收到毕业照拍摄费 {amount}（{number}，订单 {order}），拍摄时不用再付。",
                amount=amount(order.total_fen),
                number=application.number,
                order=order.number,
            ),
            buttons=after_payment.buttons(chat, work, order),
        )


CASES[KIND] = CaseKind(
    title,
    STATES,
    frozenset({State.PAID, State.REFUNDED}),
    status="pay_photo_fee",
    decide="my_applications",
    deciders=frozenset(),
    order="pay_photo_fee",
)
