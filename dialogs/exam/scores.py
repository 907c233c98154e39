"""自考成绩 (exam scores): the latest session, what was before, one course; as a picture or PDF (E3)."""

import re

from backend.exam import score_files, scores
from backend.exam.scores import CreditLine
from backend.identity import exam_tickets
from backend.identity.stepup import Purpose
from backend.models import ExamTicket
from backend.registry import students
from backend.work import Work
from dialogs.accounts import step_up
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button
from dialogs.engine.slots import fixed
from dialogs.engine.words import Joined, Speech, Words, _, lines, plain
from dialogs.exam.tickets import current_ticket, hotline, switch_button, ticket_row
from dialogs.exam.words import KINDS, course_name

SHOWN = 12  # rows of a card
VIEW = fixed("view", _("看什么"))
COURSE = fixed("course", _("课程"))
MONTH = fixed("year_month", _("考次"))
NAMED = (  # what the words ask for, the more particular first
    (re.compile(r"pdf|打印|下载|print|download"), "pdf"),
    (re.compile(r"图片|照片|截图|图|picture|image"), "png"),
    (re.compile(r"历次|以前|以往|之前|过去|所有|全部|历史|earlier|previous|past|all\b"), "earlier"),
)
REMARKS: dict[str, Words] = {"absent": _("缺考"), "violation": _("违纪")}
GONE: dict[str, Words] = {"left": _("已转出，不再计入"), "ended": _("已失效，不再计入")}


# Who says so means no transcript, and is told that there is no exam ticket (E2).
OF_THE_EXAM = re.compile(r"自考|自学考试|准考证|\bexam", re.IGNORECASE)


def exam_scores(chat: Chat, work: Work) -> None:
    """Of the ticket in use; a course or a session that was named is shown alone.

    The scores of who studies here and sits no exam are on their transcript.
    """
    person = chat.person or 0
    studies = not exam_tickets.has_any(work, person) and students.find(work, person) is not None
    if studies and not OF_THE_EXAM.search(chat.opening) and not chat.under_way:
        chat.go_on_with("apply_transcript")
        return
    ticket = current_ticket(chat, work)
    view = chat.known(VIEW) or named(chat.opening)
    course, month = chat.known(COURSE), chat.known(MONTH)
    if view in score_files.FORMS:
        send(chat, work, ticket, view)
    elif course is not None:
        of_course(chat, work, ticket, course)
    elif month is not None:
        of_session(chat, work, ticket, month)
    elif view == "earlier":
        earlier(chat, work, ticket)
    else:
        latest(chat, work, ticket)


def named(words: str) -> str | None:
    said = words.casefold()
    return next((view for pattern, view in NAMED if pattern.search(said)), None)


def latest(chat: Chat, work: Work, ticket: ExamTicket) -> None:
    session, found = scores.latest(work, ticket)
    if not found:
        chat.say(
            _("准考证 {ticket} 还没有考试成绩（E3）。", ticket=ticket.number),
            buttons=[*others(chat, work, ticket, "latest"), *switch_button(chat, work)],
        )
        return
    show(
        chat,
        work,
        ticket,
        _("当次成绩（{session} 考次，E3）：", session=session),
        _("{session} 考次", session=session),
        found,
        "latest",
    )


def earlier(chat: Chat, work: Work, ticket: ExamTicket) -> None:
    session, _latest = scores.latest(work, ticket)
    found = scores.earlier(work, ticket)
    if not found:
        chat.say(
            _("准考证 {ticket} 没有更早的成绩（E3）。", ticket=ticket.number),
            buttons=others(chat, work, ticket, "earlier"),
        )
        return
    words = (
        _("历次成绩，不含当次（{session} 考次，E3）：", session=session)
        if session
        else _("历次成绩（E3）：")
    )
    show(chat, work, ticket, words, _("历次成绩"), found, "earlier")


def of_course(chat: Chat, work: Work, ticket: ExamTicket, code: str) -> None:
    found = [one for one in scores.history(work, ticket) if one.code == code]
    if not found:
        chat.say(
            _("准考证 {ticket} 没有课程 {code} 的成绩。", ticket=ticket.number, code=code),
            buttons=others(chat, work, ticket, ""),
        )
        return
    name = course_name(code, found[0].name_zh, found[0].name_en)
    show(chat, work, ticket, _("{course}的成绩（E3）：", course=name), _("成绩"), found, "")


def of_session(chat: Chat, work: Work, ticket: ExamTicket, month: str) -> None:
    found = [one for one in scores.history(work, ticket) if one.month == month]
    if not found:
        chat.say(
            _("准考证 {ticket} 没有 {month} 的成绩。", ticket=ticket.number, month=month),
            buttons=others(chat, work, ticket, ""),
        )
        return
    words = _("{month} 的成绩（E3）：", month=month)
    show(chat, work, ticket, words, _("成绩"), found, "")


def show(
    chat: Chat,
    work: Work,
    ticket: ExamTicket,
    words: Words,
    title: Words,
    found: list[CreditLine],
    view: str,
) -> None:
    chat.say(
        lines(words, *hotline(work)) if view else words,
        card=chat.card(title, ticket_row(ticket), *(row(one, view) for one in found[:SHOWN])),
        buttons=[*others(chat, work, ticket, view), *switch_button(chat, work)],
    )
    if len(found) > SHOWN:
        left = len(found) - SHOWN
        chat.say(_("还有 {count} 条没有列出，成绩表里有全部的。", count=left))


def row(one: CreditLine, view: str) -> tuple[Words, Speech]:
    """``英语（二）(00015)``: ``2025-10，71 分，合格``; the session is told where it is not the title."""
    parts: list[Speech] = []
    if view != "latest" and one.month:
        parts.append(plain(one.month))
    if one.kind != "theory":
        parts.append(KINDS[one.kind])
    if one.score is not None:
        parts.append(_("{score} 分", score=one.score))
    if one.remark:
        parts.append(REMARKS[one.remark])
    elif one.gone:
        parts.append(GONE[one.gone])
    else:
        parts.append(_("合格") if one.passed else _("不合格"))
    return course_name(one.code, one.name_zh, one.name_en), Joined(tuple(parts), "，", ", ")


def others(chat: Chat, work: Work, ticket: ExamTicket, view: str) -> list[Button]:
    """The other looks at the same scores; none where there are no scores at all."""
    if not scores.history(work, ticket):
        return []
    labels = {"latest": _("当次成绩"), "earlier": _("历次成绩")}
    labels |= {"png": _("成绩表图片"), "pdf": _("成绩表 PDF")}
    return [
        chat.button(label, "exam_scores", view=name)
        for name, label in labels.items()
        if name != view
    ]


def send(chat: Chat, work: Work, ticket: ExamTicket, form: str) -> None:
    """The table as a file: whose it is has to be shown first, as with transcripts."""
    shown = score_files.facts(work, ticket, chat.language)
    if not shown.lines:
        chat.say(_("准考证 {ticket} 还没有考试成绩（E3）。", ticket=ticket.number))
        return
    step_up.require(chat, work, Purpose.FIRST_FILE, _("自考成绩表"))
    found = score_files.found(work, shown, form)
    key = score_files.key(shown.digest, form)
    if not found:
        if chat.once(key):
            score_files.order(work, ticket, shown, form)
        chat.wait(key, _("正在画成绩表，请稍等几秒。"))
    words = _("准考证 {ticket} 的成绩表（E3），仅供自己查看。", ticket=ticket.number)
    buttons = others(chat, work, ticket, form)
    if form == "pdf":
        chat.say(words, files=[chat.file(found[0])], buttons=buttons)
        return
    pictures = [
        chat.picture(page, _("成绩表，第 {page} 页，共 {count} 页", page=number, count=len(found)))
        for number, page in enumerate(found, 1)
    ]
    chat.say(words, pictures=pictures, buttons=buttons)
