"""退回付款人、归到订单、另行交付: the three ends of held money, each looked at before it counts."""

import re
from hashlib import sha256

from backend.errors import Refused
from backend.held import ending
from backend.held.listing import Item
from backend.held.states import State
from backend.identity.stepup import Purpose
from backend.models import Disposal
from backend.refunds.asking import HELD
from backend.refunds.states import State as RefundState
from backend.work import Work
from dialogs import refusals
from dialogs.accounts import step_up
from dialogs.engine.chat import Chat
from dialogs.engine.slots import Invalid, Option, Slot, as_given, option_meant, text
from dialogs.engine.turn import Said
from dialogs.engine.words import Bilingual, Speech, Words, _, lines, plain, yuan
from dialogs.held import words
from dialogs.held.listing import list_button
from dialogs.held.words import SHARE
from dialogs.titles import person_name

NUMBER = re.compile(r"(?<![a-z0-9])(d\d{6}-\d{4})(?!\d)")
BACK_WHY = text(
    "held_back_why",
    _("为什么退？会和您的名字一起留下。"),
    title=_("退款理由"),
    verbatim=True,
    suggestions=(
        _("与支付平台核实过，是付错了"),
        _("付款人来要求退回"),
        _("查不到是谁付的，按原路退"),
    ),
)
ORDER_WHY = text(
    "held_order_why",
    _("怎么知道是付这个订单的？会和您的名字一起留下。"),
    title=_("依据"),
    verbatim=True,
    suggestions=(_("付款人出示了付款记录"), _("与支付平台核实过")),
)
HOW = text(
    "held_how",
    _("怎么交付的？有银行流水号的请写上。"),
    title=_("怎么交付"),
    verbatim=True,
    suggestions=(_("银行转账"), _("现金"), _("上缴财政")),
)
TO = text(
    "held_given_to",
    _("交给谁？写单位或姓名，请不要写证件号码和完整的卡号。"),
    title=_("交给谁"),
    at_most=80,
    verbatim=True,
)
OVER_WHY = text(
    "held_over_why",
    _("为什么不原路退回？会和您的名字一起留下。"),
    title=_("理由"),
    verbatim=True,
    suggestions=(_("付款人的账户已注销"), _("超过一年，支付平台不能再退"), _("不是付给学校的款")),
)


def held_back(chat: Chat, work: Work) -> None:
    """To the account that it came from, by the provider's number for it."""
    item = ending.to_end(work, chat.ask(SHARE))
    step_up.require(chat, work, Purpose.BOOKS)
    obvious = item.share.standing in HELD
    why = "" if obvious else chat.ask(BACK_WHY)
    said = [] if obvious else [_("理由：{why}", why=as_given(BACK_WHY, why))]
    consent = chat.confirm(
        lines(_("把这 {amount}原路退给付款人？", amount=yuan(item.amount_fen)), *said),
        card=words.card(chat, work, item),
        facts=words.facts(item, digest(why)),
        agree=_("退回付款人"),
    )
    made = ending.pay_back(work, item.key, why, consent)
    number, amount = made.number, yuan(item.amount_fen)
    if made.state == RefundState.CONFIRMING:
        then = _(
            "已提出退款 {number}（{amount}）。金额较大，等财务处另一位老师确认以后自动退。",
            number=number,
            amount=amount,
        )
    else:
        then = _("正在原路退回 {amount}，退款编号 {number}。", amount=amount, number=number)
    chat.say(
        then,
        buttons=[
            chat.button(_("看退款"), "decide_refund", lasting=True, application_number=number),
            list_button(chat),
        ],
    )


def held_for_order(chat: Chat, work: Work) -> None:
    """The order is named; it must be open, and cost as much."""
    item = ending.to_end(work, chat.ask(SHARE))
    step_up.require(chat, work, Purpose.BOOKS)
    number = chat.ask(order_slot(work, item))
    order = ending.fitting(work, item, number)
    obvious = item.share.buyer_id == order.buyer_id
    why = words.standing_words(item.share).into("zh") if obvious else chat.ask(ORDER_WHY)
    consent = chat.confirm(
        lines(
            _(
                "把这 {amount}归到订单 {number}？订单马上算已付，照常办理。",
                amount=yuan(item.amount_fen),
                number=order.number,
            ),
            *([] if obvious else [_("依据：{why}", why=as_given(ORDER_WHY, why))]),
        ),
        card=chat.card(
            _("归到订单"),
            *words.order_card_rows(work, order),
            *words.share_rows(work, item.share, item.amount_fen),
        ),
        facts=words.facts(item, f"{order.number}:{order.version}", digest(why)),
        agree=_("归到这个订单"),
    )
    done = ending.for_order(work, item.key, order.number, why, consent)
    said = _(
        "{amount}已归到订单 {number}，订单已付清。", amount=yuan(item.amount_fen), number=number
    )
    tell(chat, done, said)


def order_slot(work: Work, item: Item) -> Slot[str]:
    """By its number; those that cost as much are a press away."""
    options = tuple(
        Option(
            one.number,
            _(
                "{number}，{what}，{who}",
                number=one.number,
                what=Bilingual(one.title_zh, one.title_en),
                who=person_name(work, one.buyer_id),
            ),
        )
        for one in ending.proposals(work, item)
    )

    def parse(stored: str) -> str:
        try:
            return ending.fitting(work, item, stored).number
        except Refused as refused:
            raise Invalid(refusals.SENTENCES[refused.code](refused.facts)) from refused

    def read(said: Said) -> str | None:
        found = NUMBER.findall(said.words.casefold())
        return found[0].upper() if len(found) == 1 else option_meant(said.words, options)

    prompt = _(
        "是哪个订单的？请写订单号：要还没有付、正好 {amount}的。", amount=yuan(item.amount_fen)
    )
    return Slot("held_order", prompt, _("订单"), parse, read, options)


def held_hand_over(chat: Chat, work: Work) -> None:
    """It was passed on in another way: how, to whom, and why."""
    item = ending.to_end(work, chat.ask(SHARE))
    step_up.require(chat, work, Purpose.BOOKS)
    how, given_to, why = chat.ask(HOW), chat.ask(TO), chat.ask(OVER_WHY)
    rows: list[tuple[Words, Speech]] = [
        (_("怎么交付"), as_given(HOW, how)),
        (_("交给"), plain(given_to)),
        (_("理由"), as_given(OVER_WHY, why)),
        *words.share_rows(work, item.share, item.amount_fen),
    ]
    consent = chat.confirm(
        _(
            "登记这 {amount}已经另行交付？登记后不再是待处理款项，这里也不会再退。",
            amount=yuan(item.amount_fen),
        ),
        card=chat.card(_("另行交付"), *rows),
        facts=words.facts(item, digest(how, given_to, why)),
        agree=_("登记"),
    )
    done = ending.hand_over(work, item.key, how, given_to, why, consent)
    tell(
        chat,
        done,
        _(
            "已登记 {amount}另行交付，编号 {number}。",
            amount=yuan(done.amount_fen),
            number=done.number,
        ),
    )


def tell(chat: Chat, done: Disposal, said: Words) -> None:
    if done.state == State.CONFIRMING:
        said = _(
            "已提出，编号 {number}（{amount}）。金额较大，等财务处另一位老师确认以后才算数。",
            number=done.number,
            amount=yuan(done.amount_fen),
        )
    chat.say(said, buttons=[list_button(chat)])


def digest(*said: str) -> str:
    """Tells words that were written from others, and keeps none of them."""
    return sha256("\n".join(said).encode()).hexdigest()
