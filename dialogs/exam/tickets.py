"""The self-study exam (自学考试): the ticket one acts under (E2), and what is open now (E4)."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from backend import authority
from backend.authority import Role
from backend.errors import Refused
from backend.exam import candidates, windows
from backend.exam.windows import Standing
from backend.identity import exam_tickets
from backend.models import ExamTicket
from backend.policy import store
from backend.policy.exam import Service, Window
from backend.registry import students
from backend.work import Work
from dialogs import refusals
from dialogs.engine.chat import Chat
from dialogs.engine.message import Action, Button
from dialogs.engine.slots import Invalid, Slot, choice
from dialogs.engine.words import Joined, Speech, Words, _, lines, listed, plain
from dialogs.exam.words import SERVICES, service_name, session_words

OpenHere = Callable[[Work, int | None, str], Words | None]

ALWAYS = (  # what has no windows
    (_("自考成绩"), "exam_scores"),
    (_("免考进度"), "exemption_status"),
    (_("转入进度"), "transfer_in_status"),
)


def current_ticket(chat: Chat, work: Work) -> ExamTicket:
    """The ticket this dialog is about, from its first question to its last (E2).

    The one in use, or the one that was named; asked for where there are several and none has been
    chosen yet, which is then the one in use. Raises Refused "no_exam_ticket".
    """
    mine = candidates.tickets(work, chat.person or 0)
    if not mine:
        raise Refused("no_exam_ticket", "E2", office="exam_policy")
    in_use = candidates.ticket(work, chat.person or 0)
    slot = ticket_slot(mine)
    chat.overheard(slot, in_use.number if in_use else None)
    number = chat.ask(slot)
    if in_use is None:
        exam_tickets.choose(work, number)
    return next(one for one in mine if one.number == number)


def open_ticket(chat: Chat, work: Work, service: Service) -> tuple[ExamTicket, Window]:
    """The ticket, where the service is open now: nobody chooses one only to hear that it is closed.

    Raises Refused "no_exam_ticket", "window_closed".
    """
    if not candidates.tickets(work, chat.person or 0):
        raise Refused("no_exam_ticket", "E2", office="exam_policy")
    window = windows.require(work, service, "E4")
    return current_ticket(chat, work), window


def ticket_slot(mine: Sequence[ExamTicket]) -> Slot[str]:
    labels: dict[str, Words] = {one.number: plain(one.number) for one in mine}
    prompt = (
        _("您有 {count} 个准考证，先选一个（E2）。以后可以说“换准考证”。", count=len(mine))
        if len(mine) > 1
        else _("您名下有效的准考证只有这一个，用它吗？")
    )

    def parse(stored: str) -> str:
        if stored not in labels:
            raise Invalid(_("您名下没有有效的准考证 {number}（E2）。", number=stored))
        return stored

    asked = choice("ticket", prompt, labels, title=_("准考证"), entity="exam_ticket")
    return replace(asked, parse=parse, revisable=len(mine) > 1)


def accept(chat: Chat, notice: Speech) -> None:
    """The notice must be accepted; in full once, and again only for whoever wants to read it again."""
    turn = 1
    while chat.ask(accepted(notice, turn, in_full=chat.once(f"notice.{turn}"))) != "yes":
        turn += 1


def accepted(notice: Speech, turn: int, *, in_full: bool) -> Slot[str]:
    labels = {"yes": _("我已知晓，继续申请")}
    if not in_full:
        labels |= {"again": _("再看须知")}
    words = notice if in_full else _("考生须知在上面，看过了就继续。")
    name = "accepted" if turn == 1 else f"accepted.{turn}"
    slot = choice(name, words, labels, title=_("考生须知"), yes="yes")
    return replace(slot, revisable=False)


def ticket_row(ticket: ExamTicket) -> tuple[Words, Speech]:
    """In every card: what is done under which ticket."""
    return _("准考证"), plain(ticket.number)


def switch_button(chat: Chat, work: Work) -> list[Button]:
    """For whoever has another ticket."""
    several = len(candidates.tickets(work, chat.person or 0)) > 1
    return [chat.button(_("换准考证"), "switch_exam_ticket")] if several else []


def open_services(open_here: OpenHere, chat: Chat, work: Work) -> None:
    """What is open until when, and what is closed until when (E4); of the exam only.

    Who studies here and sits no exam is shown what they can do here instead.
    """
    person = chat.person or 0
    sits = bool(exam_tickets.has_any(work, person))
    office = authority.holds(work, person, Role.EXAM_OFFICE)
    if not sits and not office and students.find(work, person) is not None:
        chat.go_on_with("help")
        return
    standings = windows.all_standings(work)
    now_open = [one for one in standings if one.window is not None]
    closed = [one for one in standings if one.window is None]
    if now_open:
        rows = [(service_name(one.service), until_words(one.window)) for one in now_open]
        chat.say(
            _("现在能办的自考业务（E4）："),
            card=chat.card(_("现在能办"), *rows),
            buttons=open_buttons(open_here, chat, work, now_open) if sits else [],
        )
    else:
        chat.say(
            lines(_("现在没有开放办理的自考业务（E4）。"), refusals.office(work, windows.OFFICE))
        )
    if closed:
        rows = [(service_name(one.service), closed_words(one)) for one in closed]
        chat.say(
            _("现在没有开放的，错过了就等下一次（E4）："),
            card=chat.card(_("现在不能办"), *rows),
            buttons=always_buttons(open_here, chat, work) if sits else [],
        )
    if office:
        first = Action(dialog="publish_policy", answers={"entry.1": "exam/windows"})
        change = Button(_("改窗口").into(chat.language), first)
        chat.say(_("办理时间由自考办发布。"), buttons=[change])


def open_buttons(
    open_here: OpenHere, chat: Chat, work: Work, standings: list[Standing]
) -> list[Button]:
    return [
        chat.button(service_name(one.service), SERVICES[one.service][1])
        for one in standings
        if open_here(work, chat.person, SERVICES[one.service][1]) is not None
    ]


def always_buttons(open_here: OpenHere, chat: Chat, work: Work) -> list[Button]:
    return [
        chat.button(title, dialog)
        for title, dialog in ALWAYS
        if open_here(work, chat.person, dialog) is not None
    ]


def until_words(window: Window | None) -> Speech:
    if window is None:
        return _("没有开放")
    until = _("到 {until} 为止", until=window.closes_at)
    if not window.session:
        return until
    return Joined((session_words(window.session), until), "，", ", ")


def closed_words(one: Standing) -> Speech:
    """When it closed, and when it opens again, as far as anybody has said."""
    parts: list[Speech] = []
    if one.last is not None:
        parts.append(_("上次到 {closed} 为止", closed=one.last.closes_at))
    if one.next is not None:
        parts.append(_("下次 {opens} 开放", opens=one.next.opens_at))
    else:
        parts.append(_("下次什么时候开放还没有公布，公布后再来问"))
    return Joined(tuple(parts), "；", "; ")


def hotline(work: Work) -> list[Speech]:
    """Whom to call about what is wrong on the platform: the manual has two numbers (E11)."""
    numbers = store.exam(work).hotlines
    if not numbers:
        return []
    every = listed(*(plain(one) for one in numbers))
    if len(numbers) == 1:
        return [_("成绩有误请拨打客服电话 {numbers}（E11）。", numbers=every)]
    return [_("成绩有误请拨打客服电话 {numbers}（手册中的号码不止一个，E11）。", numbers=every)]
