"""我要退款 (asking for money back): which payment, why, and the look at it before it counts.

The reason follows from what became of the money and its document, and is not asked for: what is not
made yet is not wanted any more, and a document that was made can only be wrong.
"""

import re
from collections.abc import Sequence

from backend.errors import NotAllowed, Refused
from backend.refunds import asking
from backend.refunds.asking import NEEDS_WORDS, Candidate
from backend.refunds.states import Reason, of_person, refund_of
from backend.work import Work
from dialogs import refusals
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button
from dialogs.engine.slots import as_given, choice, fixed
from dialogs.engine.words import Speech, Words, _, lines, plain, yuan
from dialogs.orders.ordering import ORDER
from dialogs.refunds.mine import status_button
from dialogs.refunds.words import APPLICATION, REASONS, WORDS, invoice_rows, paid_for, what

TWICE = re.compile(
    r"(付|缴|交|扣|支付|付款)(了|过)?(两|2|二)(次|遍|回|笔)|重复(付|缴|交|扣|支付)|多(付|扣|交|缴)了"
    r"|twice|double|two times|duplicate"
)
PAID_TWICE = re.compile(  # nothing else is meant by it, and what was paid twice is proposed already
    r"^(我|我的|这个|这张|同一(个|张)|订单|好像|不小心|[\s,，])*(重复)?(付|缴|交|扣|支付|付款|扣款)(钱|款|费)?(了|过)?(两|2|二)(次|遍|回|笔)"
    r"(钱|款|费)?了?[。!！]?$|^(sorry,? )?i (have |was )?(paid|charged) (for it )?twice[.!]?$"
)
SHARE = fixed("share", _("付款"))  # of the button under one order
MOST_SHOWN = 10


def request_refund(chat: Chat, work: Work) -> None:
    """What can be paid back one press away; what cannot, and why."""
    application_number = chat.known(APPLICATION)
    if application_number and application_number.startswith("R"):
        chat.go_on_with("refund_status", application_number=application_number)
        return
    found = meant(chat, asking.candidates(work, chat.person or 0), application_number)
    possible = {one.share.key: one for one in found if one.refused is None}
    if TWICE.search(chat.opening.casefold()) and not said_twice(chat, work, possible):
        return
    if not possible:
        going = {one.refused.facts.get("number") for one in found if one.refused}
        if len(going) == 1 and (number := going.pop()):  # all that there is goes back already
            chat.go_on_with("refund_status", application_number=str(number))
            return
        tell_why_not(chat, work, found)
        return
    chosen = choose(chat, found, possible)
    if chosen.reason is None:
        raise NotAllowed
    words = chat.ask(WORDS) if chosen.reason in NEEDS_WORDS else ""
    rows: list[tuple[Words, Speech]] = [
        (_("订单"), paid_for(chosen.share)),
        (_("原因"), REASONS[chosen.reason]),
        *([(_("哪里错了"), as_given(WORDS, words))] if words else []),
        *invoice_rows(work, chosen.share),
        (_("退到"), _("原来付款的账户")),
    ]
    consent = chat.confirm(
        what_follows(chosen.reason),
        card=chat.card(_("退款申请"), *rows),
        facts=f"{chosen.share.key}:{chosen.reason}:{words}",
        agree=_("提交退款申请"),
    )
    made = asking.ask(work, chosen.share, chosen.reason, words, consent)
    by_when = (
        _("财务处最晚 {at} 答复，结果会告诉您。", at=made.escalate_at)
        if made.escalate_at
        else _("财务处决定以后会告诉您。")
    )
    chat.say(
        lines(_("已提交，退款编号 {number}。", number=made.number), by_when),
        buttons=[status_button(chat, made.number)],
    )


def meant(chat: Chat, found: list[Candidate], application: str | None) -> list[Candidate]:
    """Those of the order or application that was named; what was paid twice, where that was said."""
    order, key = chat.known(ORDER), chat.known(SHARE)
    if key:
        return [one for one in found if one.share.key == key]
    if order:
        found = [one for one in found if one.share.order and one.share.order.number == order]
        if not found:
            raise Refused("no_such_order", number=order)
    if application:
        found = [one for one in found if one.share.application.number == application]
        if not found:
            raise Refused("no_such_application", number=application)
    return found


def said_twice(chat: Chat, work: Work, possible: dict[str, Candidate]) -> bool:
    """Whoever says they paid twice is told what there is of that; False where that is all."""
    doubles = {key: one for key, one in possible.items() if one.reason == Reason.DOUBLE_PAYMENT}
    if doubles:
        for key in [key for key in possible if key not in doubles]:
            del possible[key]
        return True
    proposed = [
        one
        for one in of_person(work, chat.person or 0)
        if refund_of(work, one).reason == Reason.DOUBLE_PAYMENT
    ]
    if proposed:
        chat.go_on_with("refund_status", application_number=proposed[0].number)
        return False
    chat.say(
        lines(
            _("没有查到付了两次的订单：每一笔收到的款都只对应一张订单。"),
            _("如果您的账单上扣了两次，请把两笔的交易单号告诉财务处。"),
            refusals.office(work, "finance"),
        ),
        buttons=[
            chat.button(_("我的订单"), "my_orders", lasting=True),
            chat.button(_("退别的款"), "request_refund", lasting=True),
        ],
    )
    return False


def choose(chat: Chat, found: Sequence[Candidate], possible: dict[str, Candidate]) -> Candidate:
    """The only one is not asked for."""
    labels = {
        key: _("{paid}（{reason}）", paid=paid_for(one.share), reason=REASONS[one.reason or ""])
        for key, one in list(possible.items())[:MOST_SHOWN]
    }
    slot = choice("refund_of", _("要退哪一笔？"), labels, title=_("退哪一笔"))
    if len(labels) == 1:
        return possible[chat.taken(slot, next(iter(labels)))]
    return possible[chat.ask(slot)]


def tell_why_not(chat: Chat, work: Work, found: Sequence[Candidate]) -> None:
    """Nothing can be paid back: each payment with the reason, and what helps."""
    if not found:
        chat.say(
            _("您还没有付过款，没有可以退的。免费的订单不用退款。"),
            buttons=[chat.button(_("我的订单"), "my_orders", lasting=True)],
        )
        return
    rows: list[tuple[Words, Speech]] = []
    buttons: list[Button] = []
    offices: dict[str, None] = {}
    for one in found[:MOST_SHOWN]:
        if one.refused is None:
            continue
        order = one.share.order
        name = plain(order.number if order else one.share.payment.charge_number)
        reason = refusals.SENTENCES[one.refused.code](one.refused.facts)
        amount = yuan(one.share.amount_fen)
        rows.append(
            (name, _("{what}，{amount}：{why}", what=what(one.share), amount=amount, why=reason))
        )
        if number := one.refused.facts.get("number"):
            buttons.append(status_button(chat, str(number)))
        offices[str(one.refused.facts.get("office", "finance"))] = None
    chat.say(
        lines(
            _("现在没有可以退的款："), *(refusals.office(work, name) for name in list(offices)[:2])
        ),
        card=chat.card(_("您付过的款"), *rows),
        buttons=buttons[:6] or [chat.button(_("我的订单"), "my_orders", lasting=True)],
    )


def what_follows(reason: Reason) -> Words:
    match reason:
        case Reason.UNUSED:
            return _("请核对。财务处同意后原路退款，这一项就不再办理。")
        case Reason.WRONG_DOCUMENT:
            return _(
                "请核对。财务处同意后，教务部先撤销这份成绩单（验证页会显示已作废），再原路退款。"
                "如果只是要更正，请直接联系教务部，更正是免费的。"
            )
        case _:
            return _("请核对。财务处同意后原路退款。")
