"""Who is told of a waiver: whom it is for, who has to agree to it, and who gave it."""

from collections.abc import Callable

from backend.fees import waivers
from backend.fees.waiver_workflow import State
from backend.models import Waiver
from backend.work import Event, Work
from dialogs.audiences import Audience
from dialogs.engine.chat import Chat
from dialogs.engine.words import _, lines, plain
from dialogs.fees.deciding import prompt
from dialogs.fees.words import called, off_words, title
from dialogs.titles import person_name


def case(work: Work, event: Event) -> Waiver:
    found = waivers.find(work, event.subject)
    if found is None:
        raise LookupError(f"{event.name}: no waiver {event.subject}")
    return found


def its_person(work: Work, event: Event) -> list[int]:
    return [case(work, event).person_id]


def those_who_confirm(work: Work, event: Event) -> list[int]:
    one = case(work, event)
    return waivers.seconds(work, one.kind, one.given_by, one.person_id)


def whoever_gave_it(work: Work, event: Event) -> list[int]:
    return [case(work, event).given_by]


def both(work: Work, event: Event) -> list[int]:
    one = case(work, event)
    return [one.person_id, one.given_by]


def whom_it_was_for_and_who_gave_it(work: Work, event: Event) -> list[int]:
    """Whoever takes back their own knows; whoever never had it is not told."""
    one = case(work, event)
    told = [one.person_id] if event.facts["counted"] else []
    return told + ([one.given_by] if one.decided_by != one.given_by else [])


def granted(chat: Chat, work: Work, event: Event) -> None:
    one = case(work, event)
    if one.state != State.GRANTED:
        return
    if chat.person != one.person_id:
        words = _(
            "{who}同意了您提请的减免 {number}，已经生效。",
            who=person_name(work, one.decided_by or 0),
            number=one.number,
        )
        chat.say(words)
        return
    chat.say(
        lines(
            _(
                "您有一份减免（{number}）：{what}，{off}，可以用 {times} 次，有效到 {until}（含当天），下单时自动减去。",
                number=one.number,
                what=title(one.kind),
                off=off_words(one),
                times=one.times,
                until=one.until,
            ),
            _("理由：{why}。经办人：{who}。", why=one.why, who=person_name(work, one.given_by)),
        ),
        buttons=[chat.button(_("收费标准"), "price_list", lasting=True)],
    )


def proposed(chat: Chat, work: Work, event: Event) -> None:
    one = case(work, event)
    if one.state == State.PROPOSED:
        prompt(chat, work, one)


def declined(chat: Chat, work: Work, event: Event) -> None:
    one = case(work, event)
    chat.say(
        lines(
            _(
                "{who}不同意给{whom}的减免 {number}，没有生效。",
                who=person_name(work, one.decided_by or 0),
                whom=called(work, one.person_id),
                number=one.number,
            ),
            _("理由：{why}", why=plain(one.decided_why)),
        )
    )


def withdrawn(chat: Chat, work: Work, event: Event) -> None:
    one = case(work, event)
    facts = {
        "number": one.number,
        "what": title(one.kind),
        "who": person_name(work, one.decided_by or 0),
    }
    chat.say(
        lines(
            _("您的减免 {number}（{what}）已由{who}撤回。已经确认的订单在付款期内不变。", **facts)
            if chat.person == one.person_id
            else _(
                "{whom}的减免 {number}（{what}）已由{who}撤回。",
                whom=called(work, one.person_id),
                **facts,
            ),
            _("理由：{why}", why=plain(one.decided_why)),
        )
    )


NOTICES: dict[str, tuple[Audience, Callable[[Chat, Work, Event], None]]] = {
    "waiver.grant": (its_person, granted),
    "waiver.propose": (those_who_confirm, proposed),
    "waiver.confirm": (both, granted),
    "waiver.decline": (whoever_gave_it, declined),
    "waiver.withdraw": (whom_it_was_for_and_who_gave_it, withdrawn),
}
