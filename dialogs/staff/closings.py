"""What stands in place of the buttons of a prompt once its case has gone on."""

from collections.abc import Callable

from backend.models import Person
from backend.work import Event, Work
from dialogs.engine.words import Speech, Words, _
from dialogs.refunds import notices as refund_notices
from dialogs.reviewing import notices
from dialogs.revocations import notices as revocation_notices
from dialogs.titles import name_of

CLOSINGS: dict[str, Callable[[Speech], Words]] = {
    "transcript.approve": lambda who: _("已由{who}同意", who=who),
    "transcript.reject": lambda who: _("已由{who}驳回", who=who),
    "transcript.withdraw": lambda who: _("学生已撤回"),
    "transcript.ask_back": lambda who: _("{who}已问学生，等学生回答", who=who),
    "transcript.answer": lambda who: _("学生已回答"),
    "transcript.assign": lambda who: _("{who}已转给同事", who=who),
    "handoff.take": lambda who: _("已由{who}接手", who=who),
    "handoff.give_up": lambda who: _("学生不找了"),
    "handoff.run_out": lambda who: _("已关闭"),
    "order.pay": lambda who: _("已支付"),
    "order.pay_late": lambda who: _("已支付"),
    "order.cancel": lambda who: _("已取消"),
    "order.expire": lambda who: _("已过期"),
    "transcript.retry": lambda who: _("已由{who}重新生成", who=who),
}
# What students do with the questions they were asked, in their own conversations.
ONES_OWN: dict[str, Words] = {
    "transcript.withdraw": _("您已撤回"),
    "transcript.answer": _("您已回答"),
    "refund.withdraw": _("您已撤回"),
}

CLOSINGS |= notices.CLOSINGS
CLOSINGS |= revocation_notices.CLOSINGS
CLOSINGS |= refund_notices.CLOSINGS
ONES_OWN |= notices.ONES_OWN


def closing(work: Work, event: Event, reader: int | None) -> Words:
    """What stands in place of the buttons of a prompt about the case, now that this happened.

    Said of the person who acts in ``work`` to the person whose conversation it is, about an event
    that has a closing.
    """
    if reader is not None and reader == work.actor and event.name in ONES_OWN:
        return ONES_OWN[event.name]
    sentence = CLOSINGS[event.name]
    if work.actor is None:
        return sentence(_("系统"))
    return sentence(name_of(work.session.get_one(Person, work.actor)))
