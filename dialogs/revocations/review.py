"""确认撤销 (the second look): a colleague confirms what was proposed, or declines it (T10)."""

from collections.abc import Iterable

from backend import authority, revocations, second_person
from backend.authority import Role
from backend.models import Revocation
from backend.reach import seen
from backend.revocations import State
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button
from dialogs.engine.slots import Option, as_given, fixed, text
from dialogs.engine.words import Words, _, lines, plain
from dialogs.revocations.words import credential_card, reason, title
from dialogs.staff import approvals
from dialogs.staff.approvals import DECIDING
from dialogs.titles import person_name
from dialogs.transcripts.preview import show_preview

REVOCATION = fixed("revocation_number", _("撤销"))
WHY_DECLINED = text(
    "why_declined", _("为什么不同意？会告诉提请的老师。"), title=_("理由"), verbatim=True
)
LATER = Option("later", _("再想想"), aliases=("再看看", "先不撤销", "not now"))
MOST_SHOWN = 20
ENDED: dict[str, Words] = {
    State.DONE: _("已经撤销"),
    State.DECLINED: _("没有同意，成绩单仍然有效"),
    State.WITHDRAWN: _("提请人已撤回"),
    State.LAPSED: _("到期没有确认，成绩单仍然有效"),
    State.SETTLED: _("已经重新出具，不用再撤销"),
}


def waits(work: Work, revocation: Revocation) -> bool:
    """Whether it still may be confirmed by somebody."""
    in_time = revocation.expires_at > work.now and second_person.stands_behind(work, revocation)
    return revocation.state == State.PROPOSED and in_time


def review_revocation(chat: Chat, work: Work) -> None:
    """One proposal with the facts needed to decide; how it ended, where it has."""
    revocation = revocations.to_see(work, chat.ask(REVOCATION))
    prompt(chat, work, revocation)


def prompt(
    chat: Chat,
    work: Work,
    revocation: Revocation,
    look: Words | None = None,
    others: Iterable[Button] = (),
) -> None:
    """``look`` is said of what has just been opened; ``others`` are buttons for other ways."""
    number = revocation.number
    if not waits(work, revocation):
        how = ENDED.get(revocation.state, ENDED[State.LAPSED])
        words = _(
            "{number}：{title}，{how}。", number=number, title=title(work, revocation), how=how
        )
        chat.say(words, buttons=others)
        return
    mine = revocation.proposed_by == chat.person
    if mine:
        words = _(
            "您提请撤销 {title}，要请教务部另一位老师确认（T10），最晚 {until}。",
            title=title(work, revocation),
            until=revocation.expires_at,
        )
        buttons = [withdraw_button(chat, revocation)]
    else:
        words = _(
            "{who}提请撤销 {title}，请您确认（T10），最晚 {until}。",
            who=person_name(work, revocation.proposed_by),
            title=title(work, revocation),
            until=revocation.expires_at,
        )
        buttons = [
            chat.button(label, dialog, style=style, lasting=True, revocation_number=number)
            for label, dialog, style in (
                (_("同意撤销"), "confirm_revocation", "danger"),
                (_("不同意"), "decline_revocation", ""),
                (_("看成绩单"), "look_at_revocation", ""),
            )
        ]
    said = lines(words, reason(revocation))
    chat.say(
        lines(look, said) if look else said,
        card=credential_card(
            chat,
            work,
            revocations.application_of(work, revocation),
            revocations.credential_of(work, revocation),
            revocation,
        ),
        buttons=[*buttons, *others],
        about=number,
    )


def look_at_revocation(chat: Chat, work: Work) -> None:
    """The pages as they were issued."""
    revocation = revocations.to_see(work, chat.ask(REVOCATION))
    show_preview(chat, work, revocations.credential_of(work, revocation).snapshot)
    prompt(chat, work, revocation, _("看过了吗？"))


def confirm_revocation(chat: Chat, work: Work) -> None:
    """The document, its reason and whom it touches are shown again: one press is agreement."""
    number = chat.ask(REVOCATION)
    if own(chat, work, number):
        return
    revocation, application, credential = revocations.to_confirm(work, number)
    consent = chat.confirm(
        lines(
            _(
                "撤销 {title}？撤销以后不能恢复：验证页马上显示已作废，学生和最近核验过的人会收到通知。",
                title=title(work, revocation),
            ),
            reason(revocation),
        ),
        card=credential_card(chat, work, application, credential, revocation),
        facts=seen(work, credential, revocation.why, revocation),
        agree=_("撤销"),
        others=[LATER],
    )
    if chat.chosen == LATER.value:
        chat.say(
            _("好的，没有撤销。{until} 之前都可以确认。", until=revocation.expires_at),
            buttons=[review_button(chat, revocation)],
        )
        return
    revocations.confirm(work, number, consent)
    chat.say(
        _("已撤销 {number} 的成绩单，学生会收到通知。", number=application.number),
        buttons=rest(chat, work),
    )


def decline_revocation(chat: Chat, work: Work) -> None:
    number = chat.ask(REVOCATION)
    if own(chat, work, number):
        return
    revocation = revocations.to_decide(work, number)
    why = chat.ask(WHY_DECLINED)
    consent = chat.confirm(
        lines(
            _("不同意撤销 {title}，成绩单仍然有效？", title=title(work, revocation)),
            _("理由：{why}", why=as_given(WHY_DECLINED, why)),
        ),
        facts=seen(work, revocations.credential_of(work, revocation), why, revocation),
        agree=_("不同意撤销"),
        not_by=DECIDING,
    )
    revocations.decline(work, number, why, consent)
    chat.say(
        _("没有撤销，{title}仍然有效。已告诉提请的老师。", title=title(work, revocation)),
        buttons=rest(chat, work),
    )


def withdraw_revocation(chat: Chat, work: Work) -> None:
    revocation = revocations.to_withdraw(work, chat.ask(REVOCATION))
    consent = chat.confirm(
        _(
            "撤回 {number}，不撤销 {title}？",
            number=revocation.number,
            title=title(work, revocation),
        ),
        facts=f"{revocation.number}:{revocation.version}",
        agree=_("撤回提请"),
    )
    revocations.withdraw(work, revocation.number, consent)
    chat.say(_("已撤回 {number}，成绩单仍然有效。", number=revocation.number))


def own(chat: Chat, work: Work, number: str) -> bool:
    """Whoever proposed it is told that it is not theirs to decide, and what they can do (T10)."""
    revocation = revocations.to_see(work, number)
    if revocation.proposed_by != chat.person or not waits(work, revocation):
        return False
    prompt(chat, work, revocation)
    return True


def withdraw_button(chat: Chat, revocation: Revocation) -> Button:
    return chat.button(
        _("撤回提请"), "withdraw_revocation", lasting=True, revocation_number=revocation.number
    )


def review_button(chat: Chat, revocation: Revocation) -> Button:
    return chat.button(
        plain(revocation.number),
        "review_revocation",
        lasting=True,
        revocation_number=revocation.number,
    )


# --- the inbox ------------------------------------------------------------------------------


def waiting(work: Work, person: int) -> list[Revocation]:
    """What this person may confirm; nothing for whoever is not of academic affairs."""
    affairs = Role.ACADEMIC_AFFAIRS in authority.roles(work, person)
    return revocations.waiting(work) if affairs else []


def show_waiting(chat: Chat, work: Work, greeting: Words | None = None) -> bool:
    """Before the rest of the inbox; False where nothing of this kind waits."""
    found = waiting(work, chat.person or 0)
    if len(found) == 1:
        prompt(chat, work, found[0], greeting)
    elif found:
        card = chat.card(
            _("待确认的撤销：{count} 份", count=len(found)),
            *(
                (
                    plain(one.number),
                    _(
                        "{title}，{who}提请；{reason}",
                        title=title(work, one),
                        who=person_name(work, one.proposed_by),
                        reason=reason(one),
                    ),
                )
                for one in found[:MOST_SHOWN]
            ),
        )
        words = _("有同事提请撤销成绩单，请您确认。最先到期的在前面：")
        said = lines(greeting, words) if greeting else words
        chat.say(said, card=card, buttons=[review_button(chat, one) for one in found[:MOST_SHOWN]])
    return bool(found)


def count_button(chat: Chat, work: Work) -> list[Button]:
    found = waiting(work, chat.person or 0)
    if not found:
        return []
    words = _("待确认的撤销（{count}）", count=len(found))
    return [chat.button(words, "staff_inbox", lasting=True)]


def rest(chat: Chat, work: Work) -> list[Button]:
    return count_button(chat, work) + approvals.rest(chat, work)
