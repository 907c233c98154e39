"""减免记录 (the waivers that count or wait): confirming, declining and withdrawing one."""

import re

from backend.consent import Consent
from backend.fees import waivers
from backend.fees.waiver_workflow import State
from backend.models import Waiver
from backend.work import Work
from dialogs.engine import slots
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button, Card
from dialogs.engine.slots import fixed
from dialogs.engine.words import Words, _, plain
from dialogs.fees.words import called, title, waiver_rows, waiver_words

WAIVER = fixed("waiver_number", _("减免"))
WHY_DECLINED = slots.text(
    "waiver_declined", _("为什么不同意？会告诉提请的老师。"), title=_("理由"), verbatim=True
)
WHY_WITHDRAWN = slots.text(
    "waiver_withdrawn", _("为什么撤回？本人会看到这句话。"), title=_("理由"), verbatim=True
)
GIVEN = re.compile(
    r"^(我的|看看?|查看?|有哪些|现在有哪些|待确认的)?减免(记录|名单|情况|单)?(有哪些)?[。?？]?$(?<!^减免)"
    r"|^(我要|我想|帮我|请|要)?(撤销|撤回|取消|收回|撤掉)(一下|刚才|那份|这份|那个|这个|的|\s)*(.{2,12}的)?减免[。!！]?$"
    r"|^(list|show)( the| my)? waivers[.?]?$|^my waivers?[.?]?$"
    r"|^(please )?(withdraw|undo|cancel|take back) (the |a |that )?waivers?[.!]?$"
)
MOST_SHOWN = 6


def list_waivers(chat: Chat, work: Work) -> None:
    """To staff those of their kinds; to everybody else their own."""
    if not waivers.kinds_of(work):
        chat.go_on_with("grant_waiver")
        return
    found = waivers.given(work)
    give = chat.button(_("减免"), "grant_waiver", style="primary", lasting=True)
    if not found:
        chat.say(_("现在没有生效或者等确认的减免。"), buttons=[give])
        return
    rows = [(plain(one.number), listed_words(work, one)) for one in found[:20]]
    chat.say(
        _("生效和等确认的减免，最近的在前面："),
        card=chat.card(_("减免：{count} 份", count=len(found)), *rows),
        buttons=[*(step(chat, one) for one in found[:MOST_SHOWN]), give],
    )


def listed_words(work: Work, waiver: Waiver) -> Words:
    words = _("{who}：{what}", who=called(work, waiver.person_id), what=waiver_words(work, waiver))
    return words if waiver.state == State.GRANTED else _("等确认，{words}", words=words)


def step(chat: Chat, waiver: Waiver) -> Button:
    if waiver.state == State.PROPOSED and waiver.given_by != chat.person:
        return chat.button(
            _("看 {number}", number=waiver.number),
            "review_waiver",
            lasting=True,
            waiver_number=waiver.number,
        )
    return withdraw_button(chat, waiver)


def withdraw_button(chat: Chat, waiver: Waiver) -> Button:
    return chat.button(
        _("撤回 {number}", number=waiver.number),
        "withdraw_waiver",
        lasting=True,
        waiver_number=waiver.number,
    )


def review_waiver(chat: Chat, work: Work) -> None:
    prompt(chat, work, waivers.to_decide(work, chat.ask(WAIVER)))


def prompt(chat: Chat, work: Work, waiver: Waiver) -> None:
    """One press agrees to what stands above it."""
    number = waiver.number
    card = decision_card(chat, work, waiver)
    agree = chat.agreed(
        _("同意减免"),
        "confirm_waiver",
        question(waiver),
        card,
        facts(waiver),
        style="primary",
        waiver_number=number,
    )
    decline = chat.button(_("不同意"), "decline_waiver", lasting=True, waiver_number=number)
    chat.say(question(waiver), card=card, buttons=[agree, decline], about=number)


def question(waiver: Waiver) -> Words:
    return _("有一份减免要您确认才算数（{number}）。同意吗？", number=waiver.number)


def decision_card(chat: Chat, work: Work, waiver: Waiver) -> Card:
    return chat.card(_("减免 {number}", number=waiver.number), *waiver_rows(work, waiver))


def facts(waiver: Waiver) -> str:
    return f"{waiver.number}:{waiver.version}"


def confirm_waiver(chat: Chat, work: Work) -> None:
    waiver = waivers.to_decide(work, chat.ask(WAIVER))
    consent = chat.confirm(
        question(waiver),
        card=decision_card(chat, work, waiver),
        facts=facts(waiver),
        agree=_("同意减免"),
    )
    waivers.confirm(work, waiver.number, consent)
    chat.say(_("{number} 已生效，本人会收到通知。", number=waiver.number))


def decline_waiver(chat: Chat, work: Work) -> None:
    waiver = waivers.to_decide(work, chat.ask(WAIVER))
    why = chat.ask(WHY_DECLINED)
    consent = agreed(chat, work, waiver, why, _("不同意这份减免？"), _("不同意"))
    waivers.decline(work, waiver.number, why, consent)
    chat.say(_("{number} 没有生效，已告诉提请的老师。", number=waiver.number))


def withdraw_waiver(chat: Chat, work: Work) -> None:
    waiver = waivers.to_withdraw(work, chat.ask(WAIVER))
    why = chat.ask(WHY_WITHDRAWN)
    consent = agreed(
        chat,
        work,
        waiver,
        why,
        _("撤回这份减免？已经确认的订单在付款期内不变，之后的不再减。"),
        _("撤回减免"),
    )
    waivers.withdraw(work, waiver.number, why, consent)
    chat.say(_("已撤回减免 {number}。", number=waiver.number))


def agreed(chat: Chat, work: Work, waiver: Waiver, why: str, words: Words, agree: Words) -> Consent:
    rows = [
        (_("给谁"), called(work, waiver.person_id)),
        (_("项目"), title(waiver.kind)),
        (_("理由"), plain(why)),
    ]
    card = chat.card(_("减免 {number}", number=waiver.number), *rows)
    return chat.confirm(words, card=card, facts=f"{facts(waiver)}:{why}", agree=agree)
