"""Who is told of a proposal to revoke, and what the holder is told of a document that does not stand."""

from collections.abc import Callable

from backend import authority, credentials, reach, revocations, second_person
from backend.authority import Role
from backend.models import Application, Revocation
from backend.revocations import State
from backend.work import Event, Work
from dialogs import audiences, refusals
from dialogs.audiences import Audience
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button
from dialogs.engine.slots import as_given
from dialogs.engine.words import Speech, Words, _, lines
from dialogs.revocations import review
from dialogs.revocations.revoked import why_words
from dialogs.revocations.words import title
from dialogs.titles import person_name, title_of
from dialogs.transcripts.applying import status_button

CLOSINGS: dict[str, Callable[[Speech], Words]] = {
    "revocation.confirm": lambda who: _("已由{who}确认撤销", who=who),
    "revocation.decline": lambda who: _("{who}没有同意撤销", who=who),
    "revocation.withdraw": lambda who: _("{who}已撤回提请", who=who),
    "revocation.lapse": lambda who: _("到期没有确认，没有撤销"),
    "revocation.settle": lambda who: _("已重新出具，不用再撤销"),
}


def case(work: Work, event: Event) -> Revocation:
    found = revocations.find(work, event.subject)
    if found is None:
        raise LookupError(f"{event.name}: no revocation {event.subject}")
    return found


def those_who_confirm(work: Work, event: Event) -> list[int]:
    return second_person.deciders(work, case(work, event))


def whoever_proposed(work: Work, event: Event) -> list[int]:
    return [case(work, event).proposed_by]


def both(work: Work, event: Event) -> list[int]:
    return whoever_proposed(work, event) + those_who_confirm(work, event)


def whoever_proposed_unless_they_did_it(work: Work, event: Event) -> list[int]:
    one = case(work, event)
    return [] if one.decided_by == one.proposed_by else [one.proposed_by]


def administrators(work: Work, event: Event) -> list[int]:
    return authority.people(work, Role.ADMINISTRATOR)


def proposed(chat: Chat, work: Work, event: Event) -> None:
    """To whoever may confirm: all that is needed, one press from looking."""
    one = case(work, event)
    if one.state == State.PROPOSED:
        review.prompt(chat, work, one)


def confirmed(chat: Chat, work: Work, event: Event) -> None:
    one = case(work, event)
    chat.say(
        _(
            "{who}确认了撤销，{title}已经作废，学生会收到通知。",
            who=person_name(work, one.decided_by or 0),
            title=title(work, one),
        )
    )


def declined(chat: Chat, work: Work, event: Event) -> None:
    one = case(work, event)
    why = as_given(review.WHY_DECLINED, one.decided_why)
    chat.say(
        lines(
            _(
                "{who}不同意撤销 {title}，成绩单仍然有效。",
                who=person_name(work, one.decided_by or 0),
                title=title(work, one),
            ),
            _("理由：{why}", why=why),
        )
    )


def lapsed(chat: Chat, work: Work, event: Event) -> None:
    one = case(work, event)
    mine = one.proposed_by == chat.person
    if not second_person.stands_behind(work, one):
        words = _(
            "{number} 没有撤销：提请的老师已经不在教务部。{title}仍然有效，要撤销请重新提请。",
            number=one.number,
            title=title(work, one),
        )
    elif mine:
        words = _(
            "您提请的撤销 {number} 到期没有人确认，没有撤销。{title}仍然有效，要撤销请重新提请。",
            number=one.number,
            title=title(work, one),
        )
    else:
        words = _(
            "{number} 到期没有确认，没有撤销。{title}仍然有效。",
            number=one.number,
            title=title(work, one),
        )
    again = Role.ACADEMIC_AFFAIRS in authority.roles(work, chat.person or 0)
    number = revocations.application_of(work, one).number
    again_button = chat.button(
        _("重新提请"), "revoke_transcript", lasting=True, application_number=number
    )
    chat.say(words, buttons=[again_button] if again else [])


def settled(chat: Chat, work: Work, event: Event) -> None:
    one = case(work, event)
    chat.say(
        _(
            "{title}已经重新出具，原来那份已作废，您提请的撤销 {number} 不用再办了。",
            title=title(work, one),
            number=one.number,
        )
    )


def second_missing(chat: Chat, work: Work, event: Event) -> None:
    """To administrators: what to do, and why."""
    chat.say(
        _(
            "教务部要撤销成绩单 {number}，撤销要两位老师（T10），现在没有第二位能确认。"
            "请在 roles 表里再加一位教务部老师并导入，马上生效；加好后请告诉教务部重新提请。",
            number=event.subject,
        )
    )


# --- what the holder is told ----------------------------------------------------------------


def revoked(chat: Chat, work: Work, event: Event) -> None:
    application = audiences.case(work, event)
    said = [
        _(
            "您的成绩单 {title}已被教务部撤销，请不要再使用；验证页会显示它已作废。",
            title=title_of(work, application),
        ),
        _("理由：{why}", why=why_words(event.facts["reason"])),
    ]
    if shares := live_shares(work, application, "revoked"):
        said.append(_("您分享出去的 {count} 个链接，对方已经看不到内容。", count=shares))
    chat.say(
        lines(*said, refusals.office(work, "academic_affairs")),
        buttons=[chat.button(_("重新申请"), "apply_transcript", lasting=True)],
    )


def reissued(chat: Chat, work: Work, event: Event) -> None:
    application = audiences.case(work, event)
    said = [
        _(
            "您的成绩单 {title}有更正，正在免费重新出具，做好就发给您。"
            "原来那份请不要再使用；验证页会显示它已被新文件取代。",
            title=title_of(work, application),
        ),
        _("理由：{why}", why=why_words(event.facts["reason"])),
    ]
    if shares := live_shares(work, application, "superseded"):
        said.append(
            _(
                "您分享出去的 {count} 个链接，对方已经看不到内容；新的一份做好后请重新分享。",
                count=shares,
            )
        )
    buttons: list[Button] = [status_button(chat, application)]
    chat.say(lines(*said), buttons=buttons)


def live_shares(work: Work, application: Application, status: str) -> int:
    """Links to the document that has just ended."""
    ended = credentials.ended_last(work, application, status)
    return reach.live_shares(work, ended) if ended else 0


Sentence = Callable[[Chat, Work, Event], None]
NOTICES: dict[str, tuple[Audience, Sentence]] = {
    "revocation.propose": (those_who_confirm, proposed),
    "revocation.confirm": (whoever_proposed, confirmed),
    "revocation.decline": (whoever_proposed, declined),
    "revocation.lapse": (both, lapsed),
    "revocation.settle": (whoever_proposed_unless_they_did_it, settled),
    "revocation.nobody": (administrators, second_missing),
    "transcript.revoke": (audiences.the_applicant, revoked),
    "transcript.reissue": (audiences.the_applicant, reissued),
}
