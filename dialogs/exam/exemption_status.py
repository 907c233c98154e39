"""免考进度 (E5): of each course its state, who has it, since when, what is missing, until when."""

from backend.exam import exemption_board, exemption_cases, exemptions
from backend.exam.exemption_board import NOT_APPLIED, PASSED, CourseState
from backend.models import Application, ExamTicket
from backend.reviewing import asking
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button
from dialogs.engine.words import Speech, Words, _, lines, plain
from dialogs.exam.exemption import APPLICATION, change_button
from dialogs.exam.exemption_words import STATES, course_words, missing_words
from dialogs.exam.tickets import current_ticket
from dialogs.reviewing.reasons import rejection
from dialogs.titles import holder_words

MOST_BUTTONS = 6


def exemption_status(chat: Chat, work: Work) -> None:
    """Under the ticket in use, or under that of the case whose number is named."""
    number = chat.known(APPLICATION)
    if number:
        named = exemption_cases.request_of(work, exemption_cases.own(work, number))
        ticket = work.session.get_one(ExamTicket, named.ticket_id)
    else:
        ticket = current_ticket(chat, work)
    board = exemption_board.board(work, ticket)
    mine = [one for one in board if one.application is not None]
    open_ones = sum(one.state == NOT_APPLIED and one.possible for one in board)
    apply = chat.button(_("申请免考"), "apply_exemption")
    if not mine:
        chat.say(
            _(
                "准考证 {ticket} 还没有申请过免考；按现在的规定可以申请的有 {count} 门（E5）。",
                ticket=ticket.number,
                count=open_ones,
            ),
            buttons=[apply] if open_ones else [],
        )
        return
    rows = [(course_words(one.course), standing(work, one)) for one in mine]
    buttons = [button for one in mine for button in next_steps(chat, work, one)][:MOST_BUTTONS]
    chat.say(
        _("准考证 {ticket} 的免考：", ticket=ticket.number),
        card=chat.card(_("免考进度（E5）"), *rows),
        buttons=[*buttons, *([apply] if open_ones else [])],
    )


def standing(work: Work, one: CourseState) -> Speech:
    """``未通过，您自己，2026年3月2日 09:00 起；理由：…；2026年5月1日 16:00 之前可以重新提交``"""
    application = one.application
    if application is None or one.state == PASSED:
        return STATES[one.state]
    parts: list[Speech] = [
        _(
            "{number}：{state}{holder}，{at} 起",
            number=application.number,
            state=STATES[one.state],
            holder=holder_in_brackets(work, application),
            at=application.since,
        )
    ]
    match one.state:
        case exemptions.State.ASKED:
            question = asking.questions(work, application)[-1].question
            parts.append(_("老师问：{question}", question=plain(question)))
        case exemptions.State.REJECTED:
            parts.append(_("理由：{why}", why=rejection(work, application)))
            if one.missing:
                parts.append(missing_words(one.missing))
            parts.append(
                _("{until} 之前可以重新提交（E5）", until=one.until)
                if one.until
                else _("现在不在办理时间里，开放以后可以重新提交（E4）")
            )
    return lines(*parts)


def holder_in_brackets(work: Work, application: Application) -> Words:
    holder = holder_words(work, application)
    return _("（{holder}）", holder=holder) if holder else plain("")


def next_steps(chat: Chat, work: Work, one: CourseState) -> list[Button]:
    application = one.application
    if application is None:
        return []
    number, code = application.number, one.course.code
    match one.state:
        case exemptions.State.PENDING:
            withdraw = chat.button(
                _("撤回 {code}", code=code), "withdraw_exemption", application_number=number
            )
            return [change_button(chat, work, application), withdraw]
        case exemptions.State.ASKED:
            return [
                chat.button(
                    _("回答 {code}", code=code),
                    "answer_review",
                    style="primary",
                    lasting=True,
                    application_number=number,
                )
            ]
        case exemptions.State.REJECTED if one.until:
            return [change_button(chat, work, application)]
    return []
