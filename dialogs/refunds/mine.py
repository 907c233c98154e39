"""我的退款 (one's own refunds): how each stands, how much, by when."""

import re

from backend.refunds import states
from backend.refunds.asking import withdrawable
from backend.refunds.states import State
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button
from dialogs.engine.words import Words, _
from dialogs.refunds.words import APPLICATION, STATES, own_rows, title

MINE = re.compile(
    r"^我的退款[?？。!！]*$|退款(进度|到哪|到账|什么时候到|怎么样了|办好了吗|结果)|退的钱(到|呢|什么时候)"
    r"|^(my refunds?|refund status|where is my refund)[?!.]*$"
)
MOST_SHOWN = 10


def my_refunds(chat: Chat, work: Work) -> None:
    """All of this person's, newest first; the only one in full."""
    mine = states.of_person(work, chat.person or 0)
    if number := chat.known(APPLICATION):
        chat.go_on_with("refund_status", application_number=number)
        return
    if len(mine) == 1:
        chat.go_on_with("refund_status", application_number=mine[0].number)
        return
    ask = chat.button(_("我要退款"), "request_refund", lasting=True)
    if not mine:
        chat.say(_("您没有退款。"), buttons=[ask])
        return
    rows = [(title(work, one), STATES[one.state]) for one in mine[:MOST_SHOWN]]
    chat.say(
        _("您的退款，最近的在前面："),
        card=chat.card(_("我的退款"), *rows),
        buttons=[*(status_button(chat, one.number) for one in mine[:5]), ask],
    )


def refund_status(chat: Chat, work: Work) -> None:
    """One of them."""
    application = states.own(work, chat.ask(APPLICATION))
    buttons: list[Button] = []
    if withdrawable(application):
        buttons.append(
            chat.button(
                _("撤回申请"), "withdraw_application", application_number=application.number
            )
        )
    if application.state in (State.REFUSED, State.WITHDRAWN):
        buttons.append(chat.button(_("重新申请退款"), "request_refund", lasting=True))
    if application.state == State.REFUSED:
        buttons.append(chat.button(_("找财务处"), "ask_person", lasting=True, office="finance"))
    chat.say(
        status_words(application.state, application.number),
        card=chat.card(_("退款进度"), *own_rows(work, application)),
        buttons=buttons,
    )


def status_words(state: str, number: str) -> Words:
    return _("退款 {number}：{state}。", number=number, state=STATES[state])


def status_button(chat: Chat, number: str) -> Button:
    return chat.button(
        _("看退款 {number}", number=number),
        "refund_status",
        lasting=True,
        application_number=number,
    )
