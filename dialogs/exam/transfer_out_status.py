"""转出进度 (how a transfer out stands, E8), and what can be done about it."""

from backend.exam import transfer_out, windows
from backend.exam.transfer_out import State
from backend.models import Application, ExamTicket
from backend.policy.exam import Service
from backend.reviewing import asking
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button, Card
from dialogs.engine.words import Speech, Words, _, plain
from dialogs.exam.tickets import current_ticket
from dialogs.exam.transfer_out import APPLICATION
from dialogs.exam.transfer_out_words import STATES, form_rows, label
from dialogs.titles import holder_words


def transfer_out_status(chat: Chat, work: Work) -> None:
    mine = named(work, chat.known(APPLICATION))
    mine = mine or transfer_out.of_ticket(work, current_ticket(chat, work))[:3]
    if not mine:
        open_now = windows.standing(work, Service.TRANSFER_OUT).open
        chat.say(
            _("这个准考证没有申请过转出。"),
            buttons=[chat.button(_("申请转出"), "apply_transfer_out")] if open_now else [],
        )
        return
    for one in mine:
        chat.say(
            _("转出 {number}：{state}。", number=one.number, state=STATES[one.state]),
            card=status_card(chat, work, one),
            buttons=next_steps(chat, work, one),
        )


def named(work: Work, number: str | None) -> list[Application]:
    return [transfer_out.own(work, number)] if number is not None else []


def status_card(chat: Chat, work: Work, application: Application) -> Card:
    request = transfer_out.request_of(work, application)
    ticket = work.session.get_one(ExamTicket, request.ticket_id)
    rows: list[tuple[Words, Speech]] = [
        (_("状态"), STATES[application.state]),
        (_("起始时间"), _("{at}", at=application.since)),
    ]
    if (holder := holder_words(work, application)) is not None:
        rows.append((_("在谁手里"), holder))
    if application.state == State.ASKED:
        rows.append((_("老师问"), plain(asking.questions(work, application)[-1].question)))
    if application.state == State.REJECTED:
        rows.append((_("理由"), plain(request.rejected_why)))
        rows.append((_("怎么办"), again_words(work)))
    rows += form_rows(transfer_out.destination_of(work, application))
    rows += [
        (_("转出的成绩"), label(one, ticket)) for one in transfer_out.scores_of(work, application)
    ]
    return chat.card(_("转出 {number}", number=application.number), *rows)


def again_words(work: Work) -> Words:
    window = windows.standing(work, Service.TRANSFER_OUT).window
    if window is None:
        return _("现在不在办理时间里，开放以后可以重新申请（E4）")
    return _("{until} 之前可以重新申请（E8）", until=window.closes_at)


def next_steps(chat: Chat, work: Work, application: Application) -> list[Button]:
    number = application.number
    withdraw = chat.button(
        _("撤回"), "withdraw_application", lasting=True, application_number=number
    )
    match application.state:
        case State.PENDING:
            return [withdraw]
        case State.ASKED:
            answer = chat.button(
                _("回答"),
                "answer_review",
                style="primary",
                lasting=True,
                application_number=number,
            )
            return [answer, withdraw]
        case State.REJECTED if windows.standing(work, Service.TRANSFER_OUT).open:
            return [
                chat.button(
                    _("重新申请"),
                    "reapply_transfer_out",
                    style="primary",
                    lasting=True,
                    application_number=number,
                )
            ]
    return []
