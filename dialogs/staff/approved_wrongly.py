"""通过错了, said by somebody who reviews nothing of the exam: who can take that approval back (T10)."""

from backend import authority
from backend.authority import DECIDERS, Role
from backend.work import Work
from dialogs import refusals
from dialogs.engine.chat import Chat
from dialogs.engine.words import Speech, _, lines
from dialogs.exam.exemption import APPLICATION


def tell(chat: Chat, work: Work) -> None:
    """Whoever decides on nothing means an application of their own."""
    held = authority.roles(work, chat.person or 0)
    number = chat.known(APPLICATION)
    if not held & (DECIDERS | {Role.ACADEMIC_AFFAIRS}):
        chat.go_on_with(
            "withdraw_application", **({"application_number": number} if number else {})
        )
        return
    told: list[Speech] = []
    if Role.ACADEMIC_AFFAIRS in held:
        told.append(_("成绩单已经出具的可以撤销：请写“撤销 编号 的成绩单”（T10）。"))
    else:
        told.append(
            _("同意以后学生就可以下单，自己收不回来。成绩单要作废的，请教务部撤销（T10）。")
        )
        told.append(refusals.office(work, "academic_affairs"))
    chat.say(lines(*told), buttons=[chat.button(_("待我办理"), "staff_inbox", lasting=True)])
