"""What the two sides of a conversation with a person are told of it."""

from backend import handoff
from backend.clock import local_text
from backend.models import Blob, Handoff, HandoffLine
from backend.work import Event, Work
from dialogs import refusals
from dialogs.contacts import office_name
from dialogs.engine.chat import Chat
from dialogs.engine.words import Speech, _, lines
from dialogs.staff.handoff import end_button, officer_name, show
from dialogs.titles import person_name


def case(work: Work, event: Event) -> Handoff:
    found = handoff.find(work, event.subject)
    if found is None:
        raise LookupError(f"{event.name}: no conversation {event.subject}")
    return found


def the_office(work: Work, event: Event) -> list[int]:
    one = case(work, event)
    return handoff.officers(work, one.office, one.student_id)


def the_student(work: Work, event: Event) -> list[int]:
    return [case(work, event).student_id]


def both(work: Work, event: Event) -> list[int]:
    one = case(work, event)
    return [person for person in (one.student_id, one.officer_id) if person is not None]


def the_other(work: Work, event: Event) -> list[int]:
    """Whoever did not do it."""
    return [person for person in both(work, event) if person != work.actor]


def asked(chat: Chat, work: Work, event: Event) -> None:
    one = case(work, event)
    if one.state == handoff.State.WAITING:
        show(chat, work, one, _("有同学想找{office}：", office=office_name(work, one.office)))


def taken(chat: Chat, work: Work, event: Event) -> None:
    one = case(work, event)
    if one.officer_id is not None:
        chat.say(
            _(
                "{who}已接手，您写的话会直接发过去。说“结束”就回到助手。",
                who=officer_name(work, one),
            ),
            buttons=[end_button(chat, one)],
        )


def words(chat: Chat, work: Work, event: Event) -> None:
    """What the other side said, under their name."""
    one, line = case(work, event), work.session.get_one(HandoffLine, event.facts["line"])
    by_officer = line.person_id == one.officer_id
    who: Speech = officer_name(work, one) if by_officer else person_name(work, line.person_id)
    files = [chat.file(work.session.get_one(Blob, line.blob_id))] if line.blob_id else []
    chat.say(_("{who}：{words}", who=who, words=line.text), files=files)


def ended(chat: Chat, work: Work, event: Event) -> None:
    one = case(work, event)
    if chat.person == one.student_id:
        chat.say(_("{who}结束了对话，后面由助手接着为您服务。", who=officer_name(work, one)))
    else:
        chat.say(_("{who}结束了对话。", who=person_name(work, one.student_id)))


def ran_out(chat: Chat, work: Work, event: Event) -> None:
    """Nobody took it: whom to call; the officer is none any more, or nobody spoke: it is over."""
    one = case(work, event)
    if one.officer_id is None:
        chat.say(
            lines(
                _("对不起，{at} 的留言一直没有老师接手，已经关闭。", at=local_text(one.asked_at)),
                refusals.office(work, one.office),
            )
        )
    elif not handoff.still_holds(work, one):
        chat.say(_("接手的老师不再负责这项业务，对话结束了。"))
    else:
        chat.say(_("好一会儿没有人说话，对话自动结束了。"))
