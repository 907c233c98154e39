"""One difference: what it is, and marking it as settled with a reason."""

import re

from backend.identity.stepup import Purpose
from backend.models import BillDifference
from backend.reconciliation import differences
from backend.work import Work
from dialogs.accounts import step_up
from dialogs.engine.chat import Chat
from dialogs.engine.slots import as_given, fixed, text
from dialogs.engine.words import Speech, Words, _, lines
from dialogs.reconciliation import words

NAMED = re.compile(r"^l\d{6}-\d{4}$")
DIFFERENCE = fixed("difference", _("对账差异"))
WHY = text(
    "settled_why",
    _("怎么处理的？会和您的名字一起留下。"),
    title=_("处理说明"),
    verbatim=True,
    suggestions=(
        _("已与支付平台核实，账单有误"),
        _("已与支付平台核实，这里有误"),
    ),
)


def bill_difference(chat: Chat, work: Work) -> None:
    """By its button, or by its number."""
    number = chat.known(DIFFERENCE) or chat.opening
    show(chat, work, differences.to_see(work, number))


def show(chat: Chat, work: Work, one: BillDifference, said: Words | None = None) -> None:
    first: Speech = said or _(
        "对账差异 {number}：{kind}。", number=one.number, kind=words.kind_words(one)
    )
    chat.say(
        lines(first, words.to_do(one)),
        card=words.card(chat, work, one),
        buttons=words.buttons(chat, work, one),
    )


def settle_difference(chat: Chat, work: Work) -> None:
    """With a reason, under the name of whoever presses; moves no money."""
    one = differences.to_settle(work, chat.ask(DIFFERENCE))
    step_up.require(chat, work, Purpose.BOOKS)
    why = chat.ask(WHY)
    consent = chat.confirm(
        lines(
            _("把对账差异 {number} 标记为已处理？", number=one.number),
            _("处理说明：{why}", why=as_given(WHY, why)),
        ),
        card=words.card(chat, work, one),
        facts=f"{one.number}:{one.version}:{why}",
        agree=_("标记已处理"),
    )
    differences.settle(work, one.number, why, consent)
    chat.say(
        _("{number} 已标记为已处理。", number=one.number), buttons=words.waiting_button(chat, work)
    )
