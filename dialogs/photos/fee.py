"""拍摄费 (the fee of the shooting): paid here only where the institution collects it itself (P3)."""

import re

from backend import orders
from backend.models import Application
from backend.photos import attendance, fee
from backend.photos.fee_workflow import KIND, State
from backend.work import Event, Work
from dialogs.case_kinds import CASES, CaseKind
from dialogs.engine.chat import Chat
from dialogs.engine.words import Words, _, yuan
from dialogs.orders.ordering import tell_how_to_pay

PAYING = re.compile(
    r"^(我要|我想|怎么)?(交|缴|付|支付)(毕业照|毕业照片)?(的)?(拍摄费|拍照费|照相费)[。!！?？]?$"
    r"|^(i want to )?pay (the |my )?photo fee[.!?]?$"
)
STATES: dict[str, Words] = {
    State.PAYABLE: _("等您缴费"),
    State.ORDERED: _("等您支付"),
    State.PAID: _("已缴"),
}


def pay_photo_fee(chat: Chat, work: Work) -> None:
    policy = fee.policy_for(work)
    application = fee.of_person(work)
    if application is not None and application.state == State.PAID:
        chat.say(_("拍摄费已经缴过了：{number}。", number=application.number))
        return
    if application is not None and application.state == State.ORDERED:
        order = orders.open_order(work, application)
        if order is not None:
            tell_how_to_pay(chat, order)
            return
    found = attendance.of_person(work, chat.person or 0)
    consent = chat.confirm(
        _(
            "{season}届毕业照拍摄费 {price}（P3），确认缴费吗？",
            season=found.season,
            price=yuan(policy.fee_fen),
        ),
        facts=f"{found.season}:{policy.fee_fen}",
        agree=_("确认缴费"),
    )
    made = fee.order(work, policy.fee_fen, consent)
    if made.state == orders.State.PAID:
        chat.say(_("已确认，不用付费。"))
        return
    tell_how_to_pay(chat, made)


def title(work: Work, application: Application) -> Words:
    return _("{number}（毕业照拍摄费）", number=application.number)


def paid(chat: Chat, work: Work, event: Event) -> None:
    chat.say(_("收到毕业照拍摄费（{number}），拍摄时不用再付。", number=event.subject))


CASES[KIND] = CaseKind(
    title,
    STATES,
    frozenset({State.PAID}),
    status="pay_photo_fee",
    decide="my_applications",
    deciders=frozenset(),
    order="pay_photo_fee",
)
