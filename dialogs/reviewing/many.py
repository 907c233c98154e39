"""一起通过 (approving many at once): a list that is shown, or all that is left and needs no look."""

import re
from collections import Counter
from collections.abc import Sequence

from backend import authority
from backend.authority import DECIDERS
from backend.identity.stepup import Purpose
from backend.models import Application
from backend.reviewing import bulk, deciding, reviewers
from backend.reviewing.bulk import Alone
from backend.work import Work
from dialogs.accounts import step_up
from dialogs.engine.chat import Chat
from dialogs.engine.words import Joined, Speech, Words, _, lines
from dialogs.reviewing.deciding import APPLICATIONS, rest
from dialogs.reviewing.prompt import clean, list_card, many_facts, many_words

REST = re.compile(
    r"^(请)?(帮我)?(把)?(剩下|剩余|其余|余下|其他|没看)的?(申请|几份)?(都|全部|全)(给我)?"
    r"(通过|批了|审了|同意|审核通过)(了|吧)?[。!！]*$"
    r"|^(please )?approve (all )?(of )?the (rest|remaining( ones| cases)?|others)[.!]*$"
)
MOST = 50  # on one list that somebody agrees to
LOOKED_AT = 150  # in one turn, longest waiting first
WHY: dict[Alone, Words] = {
    Alone.NOTICED: _("{count} 份有要留意的"),
    Alone.SECOND: _("{count} 份要复核"),
    Alone.UNREAD: _("{count} 份图上文字未自动核对"),
}


def review_approve_many(chat: Chat, work: Work) -> None:
    """Consent to that very list, of cases that nobody has to look at on their own."""
    wanted = chat.ask(APPLICATIONS).split(",")
    together(chat, work, clean(work, reviewers.named(work, wanted)))


def review_approve_rest(chat: Chat, work: Work) -> None:
    """Everything that waits, but what has to be looked at: of that it is said how much, and why."""
    person = chat.person or 0
    if not reviewers.reviews(work, person) and authority.roles(work, person) & DECIDERS:
        chat.go_on_with("staff_inbox")
        return
    seen = reviewers.inbox(work, LOOKED_AT)
    why = bulk.why_alone(work, seen)
    listed = [one for one in seen if why[one.id] is None][:MOST]
    left = Counter(reason for reason in why.values() if reason is not None)
    besides: list[Words] = [left_out(left)] if left else []
    if later := reviewers.count(work) - len(listed) - left.total():
        besides.append(_("后面还有 {count} 份，办完这些再说一次。", count=later))
    together(chat, work, listed, lines(*besides) if besides else None)


def left_out(left: Counter[Alone]) -> Words:
    reasons = [Words(WHY[one].msgid, {"count": count}) for one, count in sorted(left.items())]
    return _(
        "另有 {count} 份要一份一份看：{reasons}。",
        count=left.total(),
        reasons=Joined(tuple(reasons), "，", ", "),
    )


def together(
    chat: Chat, work: Work, listed: Sequence[Application], besides: Speech | None = None
) -> None:
    if not listed:
        words: Speech = besides or _("这些申请都已经有人办过了，或者要一份一份看。")
        chat.say(words, buttons=rest(chat, work))
        return
    if len({one.applicant_id for one in listed}) > 1:
        step_up.require(chat, work, Purpose.BULK)
    asked = many_words(listed)
    consent = chat.confirm(
        lines(asked, besides) if besides else asked,
        card=list_card(chat, work, listed),
        facts=many_facts(work, listed),
        agree=_("全部通过"),
    )
    deciding.approve(work, [one.number for one in listed], consent)
    chat.say(_("已通过 {count} 份，考生会收到通知。", count=len(listed)), buttons=rest(chat, work))
