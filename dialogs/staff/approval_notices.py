"""What officers are told: what waits for them, again, from whom."""

from backend.models import Person
from backend.transcripts import State
from backend.work import Event, Work
from dialogs.audiences import case
from dialogs.engine.chat import Chat
from dialogs.engine.words import _
from dialogs.staff.approvals import prompt
from dialogs.titles import name_of


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
