"""请假和代办 (absence): an officer is away for some days, and a deputy decides meanwhile."""

import re
from collections.abc import Callable
from datetime import date, timedelta

from backend import absences
from backend.authority import DECIDERS, REVIEWERS, Role, require, roles
from backend.clock import local_date
from backend.errors import Refused
from backend.models import Absence, Person
from backend.registry import units
from backend.work import Event, Work
from dialogs.engine import periods
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button
from dialogs.engine.periods import Period
from dialogs.engine.slots import Invalid, Option, Slot, fixed, option_meant, text
from dialogs.engine.turn import Said
from dialogs.engine.words import Bilingual, Words, _, lines
from dialogs.staff import inboxes
from dialogs.titles import name_of, person_name

ABSENCE = fixed("absence", _("请假"))
ANOTHER = fixed("another", _("请假"))
BACK = re.compile(
    r"^我?(已经|提前)?(回来了|回来上班了?|销假|结束请假|取消请假)[。!]?$|^i'?m back\b"
)
NAMING = re.compile(r"^(我要)?(指定|任命|添加)(一个|一位)?代办人[。!]?$|^name a deputy\b")
STAFF_NUMBER = text("staff_number", _("代办人的工号或学号是多少？"), title=_("工号"), at_most=30)
UNIT_CODE = text("unit_code", _("哪个培养单位？请写单位代码。"), title=_("单位代码"), at_most=20)
MOST_LISTED = 20
DECIDED: dict[str, Callable[[str], Words]] = {
    "approve": lambda number: _("{number}：已同意", number=number),
    "reject": lambda number: _("{number}：已驳回", number=number),
}
WEEKDAYS = tuple(
    Bilingual(zh, en)
    for zh, en in zip(
        "一二三四五六日", ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"], strict=True
    )
)


def absence(chat: Chat, work: Work) -> None:
    """From when to when, and who stands in; shown in full before it counts."""
    if not roles(work, chat.person or 0) & (DECIDERS | REVIEWERS):
        chat.say(_("这里的请假是给审批和审核的老师安排代办人的。学生请假请找培养单位。"))
        return
    person = absences.require_officer(work)
    days = period_slot(local_date(work.now))
    heard = understood(chat.opening, local_date(work.now))
    planned = absences.of_person(work, person)
    if planned and not heard and not chat.known(ANOTHER):
        show(chat, work, planned)
        return
    chat.overheard(days, heard)
    first, last = chat.ask(days)
    others = absences.deputies(work, person)
    if not others:
        raise Refused("no_deputies")
    deputy = deputy_slot(others)
    chat.overheard(deputy, named(chat.opening, others))
    chosen = chat.ask(deputy)
    stand_in = name_of(work.session.get_one(Person, chosen))
    consent = chat.confirm(
        _("{days}请假，由{deputy}代您审批？", days=days_words(first, last), deputy=stand_in),
        facts=f"{first}/{last}:{chosen}",
        agree=_("确认请假"),
    )
    arranged = absences.plan(work, chosen, first, last, consent)
    chat.say(
        _(
            "已登记：{days}由{deputy}代您审批。提前回来就说“我回来了”。",
            days=days_words(first, last),
            deputy=stand_in,
        ),
        buttons=[end_button(chat, arranged)],
    )


def show(chat: Chat, work: Work, planned: list[Absence]) -> None:
    rows = [
        (days_of(one), _("由{deputy}代办", deputy=person_name(work, one.deputy_id)))
        for one in planned
    ]
    buttons = [end_button(chat, one) for one in planned]
    chat.say(
        _("您登记的请假："),
        card=chat.card(_("请假"), *rows),
        buttons=[*buttons, chat.button(_("再登记一次"), "absence", another="yes", lasting=True)],
    )


def end_absence(chat: Chat, work: Work) -> None:
    """Back sooner, or not going; one press, since it only takes back what was given."""
    person = absences.require_officer(work)
    number = chat.known(ABSENCE)
    planned = absences.of_person(work, person)
    if number is None and len(planned) != 1:
        if planned:
            show(chat, work, planned)
        else:
            chat.say(_("您没有登记请假。"))
        return
    say_over(chat, work, absences.end(work, number or planned[0].number))


def name_deputy(chat: Chat, work: Work) -> None:
    """Academic affairs name somebody who may stand in for the officers of a unit."""
    require(work, Role.ACADEMIC_AFFAIRS)
    number, code = chat.ask(STAFF_NUMBER), chat.ask(UNIT_CODE)
    person, unit = absences.to_name(work, number, code)
    name, unit_name = name_of(person), Bilingual(*units.name(work, unit.id))
    consent = chat.confirm(
        _(
            "指定{name}（{number}）为{unit}的代办人？这个单位审批的老师请假时可以选。",
            name=name,
            number=person.number,
            unit=unit_name,
        ),
        facts=f"{person.id}:{unit.id}",
        agree=_("指定"),
    )
    absences.name_deputy(work, number, code, consent)
    chat.say(_("好的，{name}现在是{unit}的代办人。", name=name, unit=unit_name))


# --- questions ------------------------------------------------------------------------------


def understood(words: str, today: date) -> str | None:
    """The days named in the words that opened the dialog, if they are clear."""
    try:
        found = periods.period_in(words, today)
    except ValueError:
        return None
    return None if found is None else f"{found[0]}/{found[1]}"


def period_slot(today: date) -> Slot[Period]:
    def parse(stored: str) -> Period:
        first, last = (date.fromisoformat(one) for one in stored.split("/"))
        if not today <= first <= last or last - today > absences.LONGEST:
            raise Invalid(_("要从今天或以后开始，一年之内结束。"))
        return first, last

    def read(said: Said) -> str | None:
        if (meant := option_meant(said.words, options)) is not None:
            return meant
        try:
            found = periods.period_in(said.words, today)
        except ValueError as error:
            raise Invalid(_("没有这一天：{day}。", day=str(error))) from None
        return None if found is None else f"{found[0]}/{found[1]}"

    tomorrow = today + timedelta(days=1)
    monday = today + timedelta(days=7 - today.weekday())
    options = (
        Option(f"{today}/{today}", _("今天")),
        Option(f"{tomorrow}/{tomorrow}", _("明天")),
        Option(f"{monday}/{monday + timedelta(days=6)}", _("下周")),
    )
    prompt = _("从哪天到哪天？例如“3月9日到13日”“明天起三天”“到周五”。")
    name = "absence_period"
    return Slot(name, prompt, _("日期"), parse, read, options, entity=name)


def deputy_slot(people: list[Person]) -> Slot[int]:
    """One of those who may; a surname with 老师 is enough where only one bears it."""
    options = tuple(Option(str(one.id), _("{name}", name=name_of(one))) for one in people)

    def parse(stored: str) -> int:
        if stored not in {option.value for option in options}:
            raise Invalid(_("这位老师不能代您审批，请从下面选。"))
        return int(stored)

    def read(said: Said) -> str | None:
        return option_meant(said.words, options) or named(said.text, people)

    name = "absence_deputy"
    return Slot(name, _("请谁代您审批？"), _("代办人"), parse, read, options, entity=name)


def named(words: str, people: list[Person]) -> str | None:
    """The one of them whose name is in the words."""
    folded = words.casefold()
    found = [
        one
        for one in people
        if one.name in words or (one.name_en and one.name_en.casefold() in folded)
    ] or [one for one in people if re.search(rf"{re.escape(one.name[0])}\w?老师", words)]
    return str(found[0].id) if len(found) == 1 else None


# --- words ----------------------------------------------------------------------------------


def day_words(day: date) -> Words:
    return _("{day}（周{weekday}）", day=day.isoformat(), weekday=WEEKDAYS[day.weekday()])


def days_words(first: date, last: date) -> Words:
    if first == last:
        return day_words(first)
    return _("{first}至{last}", first=day_words(first), last=day_words(last))


def days_of(one: Absence) -> Words:
    return days_words(
        local_date(one.begins_at), local_date(one.ends_at - timedelta(microseconds=1))
    )


def end_button(chat: Chat, one: Absence) -> Button:
    return chat.button(_("提前结束"), "end_absence", absence=one.number)


# --- notices --------------------------------------------------------------------------------


def the_deputy(work: Work, event: Event) -> list[int]:
    return [case(work, event).deputy_id]


def both(work: Work, event: Event) -> list[int]:
    return [case(work, event).deputy_id, case(work, event).person_id]


def case(work: Work, event: Event) -> Absence:
    found = absences.find(work, event.subject)
    if found is None:
        raise LookupError(f"{event.name}: no absence {event.subject}")
    return found


def planned(chat: Chat, work: Work, event: Event) -> None:
    one = case(work, event)
    if one.state != absences.State.PLANNED:
        return  # it has begun at once, and that is told
    chat.say(
        _(
            "{who}{days}请假，请您代为审批。这段时间的申请会发给您。",
            who=person_name(work, one.person_id),
            days=days_of(one),
        )
    )


def begun(chat: Chat, work: Work, event: Event) -> None:
    """From now on; what has been waiting is a press away."""
    one = case(work, event)
    if one.state != absences.State.CURRENT:
        return
    who = person_name(work, one.person_id)
    words = _("{who}{days}请假，从现在起由您代为审批。", who=who, days=days_of(one))
    chat.say(words, buttons=inboxes.buttons(chat, work))


def over(chat: Chat, work: Work, event: Event) -> None:
    """The officer learns what was decided meanwhile; the deputy, that it is over."""
    one = case(work, event)
    if chat.person == one.deputy_id:
        chat.say(_("您代{who}审批到此结束，谢谢。", who=person_name(work, one.person_id)))
        return
    say_over(chat, work, one)


def say_over(chat: Chat, work: Work, one: Absence) -> None:
    deputy = person_name(work, one.deputy_id)
    done = absences.decided(work, one)
    listing = [DECIDED[event](number) for number, event in done[:MOST_LISTED]]
    words = _("{deputy}不再代您审批。", deputy=deputy)
    if done:
        words = _("{deputy}不再代您审批，这段时间办了 {count} 份：", deputy=deputy, count=len(done))
    chat.say(lines(words, *listing), buttons=inboxes.buttons(chat, work))
