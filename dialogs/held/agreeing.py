"""What one of finance has decided about money by hand, for the second person: agree, or not."""

import re

from backend.held import deciding
from backend.held.states import State
from backend.identity.stepup import Purpose
from backend.models import Disposal
from backend.work import Work
from dialogs.accounts import step_up
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button
from dialogs.engine.slots import as_given, text
from dialogs.engine.words import Words, _, lines, yuan
from dialogs.held.words import DISPOSAL, STATES, WAYS, disposal_card, version
from dialogs.staff.approvals import DECIDING
from dialogs.titles import person_name

NAMED = re.compile(r"^q\d{6}-\d{4}$")
WHY = text(
    "disposal_refused_why",
    _("为什么不办？提出的老师会看到。"),
    title=_("理由"),
    verbatim=True,
    suggestions=(_("依据不够"), _("要先和付款人核实")),
)


def disposal(chat: Chat, work: Work) -> None:
    """By its button, or by its number."""
    show(chat, work, deciding.to_see(work, chat.known(DISPOSAL) or chat.opening))


def show(chat: Chat, work: Work, one: Disposal, said: Words | None = None) -> None:
    if one.state == State.CONFIRMING and one.decided_by != chat.person:
        who = person_name(work, one.decided_by)
        said = said or _("{who}提出{way}，金额较大，请您确认。", who=who, way=WAYS[one.way])
    words = said or _(
        "{way} {number}：{state}。", way=WAYS[one.way], number=one.number, state=STATES[one.state]
    )
    chat.say(words, card=disposal_card(chat, work, one), buttons=_buttons(chat, one))


def _buttons(chat: Chat, one: Disposal) -> list[Button]:
    number = one.number
    if one.state != State.CONFIRMING:
        return [chat.button(_("待处理款项"), "held_money", lasting=True)]
    if one.decided_by == chat.person:
        return [chat.button(_("不办了"), "refuse_disposal", lasting=True, disposal=number)]
    return [
        chat.button(_("同意"), "confirm_disposal", style="primary", lasting=True, disposal=number),
        chat.button(_("不同意"), "refuse_disposal", style="danger", lasting=True, disposal=number),
    ]


def confirm_disposal(chat: Chat, work: Work) -> None:
    one = deciding.to_agree(work, chat.ask(DISPOSAL))
    step_up.require(chat, work, Purpose.BOOKS)
    consent = chat.confirm(
        _(
            "同意{way} {number}（{amount}）？",
            way=WAYS[one.way],
            number=one.number,
            amount=yuan(one.amount_fen),
        ),
        card=disposal_card(chat, work, one),
        facts=version(one),
        agree=_("同意办理"),
    )
    done = deciding.confirm(work, one.number, consent)
    if done.state == State.DONE:
        said = _("已办好 {number}（{amount}）。", number=done.number, amount=yuan(done.amount_fen))
    else:
        said = _(
            "先提出的老师已经不在财务处，现在算您提出的 {number}，等另一位老师确认。",
            number=done.number,
        )
    chat.say(said, buttons=[chat.button(_("待处理款项"), "held_money", lasting=True)])


def refuse_disposal(chat: Chat, work: Work) -> None:
    one = deciding.to_see(work, chat.ask(DISPOSAL))
    if one.state != State.CONFIRMING:
        show(chat, work, one)
        return
    why = chat.ask(WHY)
    consent = chat.confirm(
        lines(
            _("不办 {number}（{amount}）？", number=one.number, amount=yuan(one.amount_fen)),
            _("理由：{why}", why=as_given(WHY, why)),
        ),
        facts=f"{version(one)}:{why}",
        agree=_("不办"),
        not_by=DECIDING,
    )
    deciding.refuse(work, one.number, why, consent)
    chat.say(
        _("{number} 没有办。", number=one.number),
        buttons=[chat.button(_("待处理款项"), "held_money", lasting=True)],
    )
