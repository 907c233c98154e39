"""进度 (status): who holds it now and since when; getting the file; taking an application back."""

import re

from backend import approvals, cases, credentials, orders, transcripts
from backend.identity.stepup import Purpose
from backend.models import Application
from backend.transcripts import State
from backend.work import Work
from dialogs.accounts import step_up
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button
from dialogs.engine.slots import as_given
from dialogs.engine.words import Speech, Words, _, plain
from dialogs.orders.ordering import APPLICATION, ORDER, order_button, to_pay
from dialogs.revocations.revoked import why_words
from dialogs.staff.approvals import QUESTION, WHY
from dialogs.titles import holder_words, title_of

MINE = re.compile(
    r"^(我的?|我那份)(电子)?成绩单(呢|在哪里?|在哪儿|怎么样了|到哪了|到哪一步了)?[?？。!！]*$"
    r"|^(where is )?my transcript[?!.]*$"
)
STATES: dict[str, Words] = {
    State.WAITING: _("等待审批"),
    State.ASKED: _("老师有问题等您回答"),
    State.REJECTED: _("已驳回"),
    State.WITHDRAWN: _("已撤回"),
    State.APPROVED: _("可以办理订单"),
    State.ORDERED: _("等待支付"),
    State.PAID: _("正在生成"),
    State.STUCK: _("教务部处理中"),
    State.ISSUED: _("已办好，可以下载"),
    State.EXPIRED: _("下载期已过"),
    State.REVOKED: _("已撤销"),
    State.REFUNDED: _("已办退款，不再出具"),
}


def transcript_status(chat: Chat, work: Work) -> None:
    """One application, by its number or its order's; the latest one where none is named."""
    number, order_number = chat.known(APPLICATION), chat.known(ORDER)
    if order_number:
        application = orders.application_of(work, orders.own(work, order_number))
    elif number:
        application = transcripts.own(work, number)
    else:
        mine = transcripts.of_person(work, chat.person or 0)
        if not mine and cases.of_person(work, chat.person or 0):
            chat.go_on_with("my_applications")
            return
        if not mine:
            say_none(chat)
            return
        application = mine[0]
    chat.say(
        _("{title}：{state}。", title=title_of(work, application), state=STATES[application.state]),
        card=chat.card(_("进度"), *rows(work, application)),
        buttons=next_steps(chat, work, application),
    )


def rows(work: Work, application: Application) -> list[tuple[Words, Speech]]:
    found: list[tuple[Words, Speech]] = [
        (_("申请编号"), plain(application.number)),
        (_("提交时间"), _("{at}", at=application.filed_at)),
    ]
    holder = holder_words(work, application)
    found.append((_("当前办理人"), holder or _("无，已经办结")))
    since = _("起始时间") if holder else _("办结时间")
    found.append((since, _("{at}", at=application.since)))
    if application.state == State.ASKED:
        asked = approvals.questions(work, application)[-1]
        found.append((_("老师的问题"), as_given(QUESTION, asked.question)))
    if application.state == State.REJECTED:
        found.append((_("驳回理由"), rejection(work, application)))
    order = orders.paid_order(work, application) or orders.latest_order(work, application)
    if order:
        found.append((_("订单"), plain(order.number)))
    credential = credentials.of_application(work, application)
    if credential and credential.status == "issued":
        found.append((_("下载截止"), _("{at}", at=credential.download_until)))
    if application.state == State.REVOKED and credential:
        found.append((_("撤销理由"), why_words(credential.status_why)))
    return found


def rejection(work: Work, application: Application) -> Words:
    return as_given(WHY, transcripts.request_of(work, application).rejected_why)


def next_steps(chat: Chat, work: Work, application: Application) -> list[Button]:
    """What this person can do about it now, one press away."""
    number = application.number
    match application.state:
        case State.WAITING | State.ASKED:
            withdraw = chat.button(_("撤回申请"), "withdraw_application", application_number=number)
            asked = application.state == State.ASKED
            return [answer_button(chat, application), withdraw] if asked else [withdraw]
        case State.APPROVED:
            return [order_button(chat, application)]
        case State.ORDERED:
            order = orders.open_order(work, application)
            return to_pay(chat, work, order) if order else []
        case State.ISSUED:
            return [download_button(chat, application), share_button(chat, application)]
        case State.REJECTED | State.EXPIRED | State.WITHDRAWN | State.REVOKED | State.REFUNDED:
            again = chat.button(_("重新申请"), "apply_transcript")
            document = credentials.of_application(work, application)
            stands = document is not None and document.status == "issued"
            return [again, *([share_button(chat, application)] * stands)]
    return []


def answer_button(chat: Chat, application: Application) -> Button:
    return chat.button(
        _("回答"),
        "answer_back",
        style="primary",
        lasting=True,
        application_number=application.number,
    )


def download_button(chat: Chat, application: Application) -> Button:
    return chat.button(
        _("下载"),
        "download_transcript",
        style="primary",
        lasting=True,
        application_number=application.number,
    )


def share_button(chat: Chat, application: Application) -> Button:
    """For as long as the document stands, the file may be gone."""
    return chat.button(
        _("分享成绩单"), "share_transcript", lasting=True, application_number=application.number
    )


def say_none(chat: Chat) -> None:
    apply = chat.button(_("申请电子成绩单"), "apply_transcript", style="primary")
    chat.say(_("您还没有申请过成绩单。"), buttons=[apply])


def download_transcript(chat: Chat, work: Work) -> None:
    """The file again, within its month; afterwards the way to apply anew (T7)."""
    number, order_number = chat.known(APPLICATION), chat.known(ORDER)
    mine = transcripts.of_person(work, chat.person or 0)
    if order_number:
        chosen = [orders.application_of(work, orders.own(work, order_number))]
    elif number:
        chosen = [transcripts.own(work, number)]
    else:
        chosen = [one for one in mine if one.state == State.ISSUED]
        chosen = chosen or [one for one in mine if one.state == State.EXPIRED][:1]
    if not chosen:
        if mine:
            chat.go_on_with("transcript_status", application_number=mine[0].number)
        else:
            say_none(chat)
        return
    if len(chosen) > 1:
        choose_one(chat, work, chosen)
        return
    credentials.downloadable(work, chosen[0])  # refused before anybody has to sign in
    step_up.require(chat, work, Purpose.FIRST_FILE)
    hand_over(chat, work, chosen[0])


def choose_one(chat: Chat, work: Work, issued: list[Application]) -> None:
    buttons = [
        chat.button(
            title_of(work, one), "download_transcript", lasting=True, application_number=one.number
        )
        for one in issued[:6]
    ]
    chat.say(_("要下载哪一份？"), buttons=buttons)


def hand_over(chat: Chat, work: Work, application: Application) -> None:
    """The signed file with what to know about it; a new account first shows whose it is."""
    credential, blob = credentials.downloadable(work, application)
    if step_up.is_due(chat, work, Purpose.FIRST_FILE):
        chat.say(
            _("您的成绩单 {title}做好了。", title=title_of(work, application)),
            buttons=[download_button(chat, application)],
        )
        return
    chat.say(
        _(
            "您的成绩单 {title}。{until} 之前可以再次下载（T7），之后需要重新申请；二维码一直可以验证。",
            title=title_of(work, application),
            until=credential.download_until,
        ),
        files=[chat.file(blob)],
        buttons=[
            share_button(chat, application),
            chat.link(_("验证真伪"), f"verify:{credential.code}"),
        ],
    )
