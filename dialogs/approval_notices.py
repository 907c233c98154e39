"""What officers are told: what waits for them, again, from whom, and the morning's list (T4)."""

from backend import approvals, authority
from backend.authority import DECIDERS
from backend.models import Person
from backend.transcripts import State
from backend.work import Event, Work
from dialogs.approvals import prompt, show_inbox
from dialogs.audiences import case
from dialogs.chat import Chat
from dialogs.titles import name_of
from dialogs.words import _


def to_approve(chat: Chat, work: Work, event: Event) -> None:
    application = case(work, event)
    if application.state == State.WAITING:
        prompt(chat, work, application, _("有一份成绩单申请等您审批。"))


def answered(chat: Chat, work: Work, event: Event) -> None:
    application = case(work, event)
    if application.state == State.WAITING:
        prompt(chat, work, application, _("学生回答了，请审批。"))


def assigned(chat: Chat, work: Work, event: Event) -> None:
    application = case(work, event)
    if application.state == State.WAITING:
        who = name_of(work.session.get_one(Person, event.facts["by"]))
        prompt(chat, work, application, _("{who}把这份申请转给您，请审批。", who=who))


def reminder(chat: Chat, work: Work, event: Event) -> None:
    application = case(work, event)
    if application.state == State.WAITING:
        prompt(
            chat,
            work,
            application,
            _("这份申请 {at} 提交，还在等您审批，请尽快处理。", at=application.filed_at),
        )


def digest(chat: Chat, work: Work, event: Event) -> None:
    """The morning's list, in place of what was held back out of hours."""
    if not authority.roles(work, chat.person or 0) & DECIDERS:
        return
    if waiting := approvals.inbox(work):
        show_inbox(
            chat, work, waiting, _("早上好，有 {count} 份申请等您审批：", count=len(waiting))
        )
