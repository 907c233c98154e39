"""减免 (giving a waiver): whom, what, how much and why, on one card, and one press."""

import re
from datetime import timedelta

from backend.clock import local_date
from backend.errors import NotAllowed, Refused
from backend.fees import waivers
from backend.fees.waiver_workflow import State
from backend.goods import GOODS
from backend.models import Person
from backend.work import Work
from dialogs import refusals
from dialogs.engine import slots
from dialogs.engine.chat import Chat
from dialogs.engine.slots import Invalid, Option, Slot, as_given, choice, option_meant
from dialogs.engine.turn import Said
from dialogs.engine.words import Speech, Words, _, listed, plain, yuan
from dialogs.fees.deciding import withdraw_button
from dialogs.fees.words import HAS_ALREADY, title, waiver_words
from dialogs.titles import name_of, person_name

_NUMBER = r"(?<![0-9a-z])[a-z]?\d{5,15}(?![0-9a-z])"
_FEE = r"(成绩单|审定费|拍摄费|毕业照|费用?|收费|工本费)"
GIVING = re.compile(
    rf"^(?!.*([吗么?？]|怎么|如何|能不能|可不可以|什么)).{{0,12}}(给|为|替|帮|对|同意|办理?).{{0,24}}(减免|免收|免掉|免交|免缴|全免|减收).{{0,12}}{_FEE}?.{{0,4}}$"
    rf"|^(?!.*[?？吗])(减免|免收|减收).{{0,12}}{_FEE}.{{0,24}}$|^(办理?|新增?|做一个)?减免[。!！]?$"
    rf"|\bwaive .{{0,30}}\bfees?\b|^(give|grant) .{{0,20}}\bwaiver\b|^waivers?$"
)
NUMBER = re.compile(_NUMBER, re.IGNORECASE)
SUGGESTED_DAYS = 90  # a waiver is for what is about to be ordered; shown, and may be changed
LONGEST_DAYS = 3 * 366
WHOLLY = "all"
MOST_OFF = 1_000_000
WHY = slots.text(
    "waiver_why",
    _("为什么减免？本人会看到这句话。可以点一个，也可以自己写。"),
    title=_("理由"),
    suggestions=(_("家庭经济困难"), _("学校原因需要重办")),
    verbatim=True,
)


def person_slot(work: Work) -> Slot[str]:
    """Somebody by a number that is theirs."""

    def parse(stored: str) -> str:
        try:
            waivers.person_called(work, stored)
        except Refused as refused:
            raise Invalid(refusals.SENTENCES[refused.code](refused.facts)) from None
        return stored

    def read(said: Said) -> str | None:
        found = NUMBER.search(said.text)
        return found[0].upper() if found else None

    return Slot(
        "waiver_person", _("给谁减免？请写学号或准考证号。"), _("学号或准考证号"), parse, read
    )


def off_slot(listed_price: Words) -> Slot[int | None]:
    """Wholly, or so much each time; None is wholly."""
    wholly = Option(WHOLLY, _("全免"), aliases=("全部减免", "全部", "免费", "in full", "all of it"))
    base = slots.fen("fen", plain(""), title=_("减免多少"), most=MOST_OFF)

    def parse(stored: str) -> int | None:
        if stored == WHOLLY:
            return None
        if int(stored) == 0:
            raise Invalid(_("减免 0 元没有意义，请写减多少元，或者点“全免”。"))
        return base.parse(stored)

    def read(said: Said) -> str | None:
        return option_meant(said.words, (wholly,)) or base.read(said)

    return Slot(
        "waiver_off",
        _("每次减多少元？现在的标准是{price}。", price=listed_price),
        _("减免多少"),
        parse,
        read,
        (wholly,),
        told=lambda stored: wholly.label if stored == WHOLLY else yuan(int(stored)),
    )


def grant_waiver(chat: Chat, work: Work) -> None:
    """Whoever may waive nothing sees their own, and whom to ask."""
    kinds = waivers.kinds_of(work)
    if not kinds:
        tell_own(chat, work)
        return
    person = waivers.person_called(work, asked_person(chat, work))
    kind = asked_kind(chat, kinds)
    waivers.require(work, kind, person.id)
    today = local_date(work.now)
    off = chat.taken(off_slot(now_costs(work, kind)), WHOLLY)
    times = chat.taken(
        slots.number(
            "waiver_times", _("可以用几次？"), title=_("次数"), least=1, most=waivers.MOST_TIMES
        ),
        "1",
    )
    until = chat.taken(
        slots.day(
            "waiver_until",
            _("到哪一天为止？"),
            title=_("有效期"),
            earliest=today,
            latest=today + timedelta(days=LONGEST_DAYS),
        ),
        (today + timedelta(days=SUGGESTED_DAYS)).isoformat(),
    )
    why = chat.ask(WHY)
    second = waivers.needs_second(work, person.id, kind, times, off)
    asked = waivers.seconds(work, kind, chat.person or 0, person.id) if second else []
    if second and not asked:
        raise Refused("waiver_no_second")
    names = listed(*(person_name(work, one) for one in asked))
    has = waivers.standing_fen(work, person.id, kind)
    rows: list[tuple[Words, Speech]] = [
        (_("给谁"), whom(person)),
        (_("项目"), _("{what}，{price}", what=title(kind), price=now_costs(work, kind))),
        (_("减免"), _("全免") if off is None else _("每次减 {off}", off=yuan(off))),
        (_("次数"), plain(str(times))),
        (_("有效期"), _("到 {day} 为止", day=until)),
        (_("理由"), as_given(WHY, why)),
        *([(HAS_ALREADY, yuan(has))] if has else []),
        *([(_("要谁确认"), names)] if second else []),
    ]
    consent = chat.confirm(
        (
            _("加上名下没用完的减免，要另一位老师确认才算数。提请减免吗？")
            if has
            else _("这么多要另一位老师确认才算数。提请减免吗？")
        )
        if second
        else _("减免以后，本人会收到通知，下单时自动减去。"),
        card=chat.card(_("减免"), *rows),
        facts=f"{person.id}:{kind}:{off}:{times}:{until}:{second}",
        agree=_("提请减免") if second else _("减免"),
    )
    waiver = waivers.give(
        work,
        person.id,
        kind,
        times=times,
        off_fen=off,
        until=until,
        why=why,
        consent=consent,
    )
    said = (
        _("已减免（{number}），{name}会收到通知。", number=waiver.number, name=name_of(person))
        if waiver.state == State.GRANTED
        else _("已提请减免（{number}），请{who}确认。", number=waiver.number, who=names)
    )
    chat.say(said, buttons=[withdraw_button(chat, waiver)])


def whom(person: Person) -> Words:
    return _("{name}（{number}）", name=name_of(person), number=person.number)


def asked_person(chat: Chat, work: Work) -> str:
    """As the words that opened the dialog say; otherwise it is asked."""
    slot = person_slot(work)
    for found in NUMBER.findall(chat.opening):
        try:
            slot.parse(found.upper())
        except Invalid:
            continue
        return chat.taken(slot, found.upper())
    return chat.ask(slot)


def asked_kind(chat: Chat, kinds: list[str]) -> str:
    labels = {kind: title(kind) for kind in kinds}
    slot = choice("waiver_kind", _("减免什么费用？"), labels, title=_("项目"))
    opening = chat.opening.casefold()
    meant = [one for one in GOODS if any(word in opening for word in spoken(one))]
    named = [one for one in meant if one in kinds]
    if meant and not named:  # of another office
        raise NotAllowed
    if len(named) == 1 or len(kinds) == 1:
        return chat.taken(slot, (named or kinds)[0])
    return chat.ask(slot)


def spoken(kind: str) -> tuple[str, ...]:
    """Words that mean it: its name, without what is in every name."""
    name = GOODS[kind].title
    return (
        name.zh,
        name.zh.removeprefix("电子").removeprefix("毕业照").removeprefix("毕业"),
        name.en.casefold().removeprefix("electronic ").removeprefix("graduation "),
    )


def now_costs(work: Work, kind: str) -> Words:
    worth = waivers.worth_fen(work, kind, 1, None)
    return _("还没有公布") if worth is None else yuan(worth)


def tell_own(chat: Chat, work: Work) -> None:
    mine = waivers.of_person(work, chat.person or 0)
    if mine:
        rows = [(plain(one.number), waiver_words(work, one)) for one in mine]
        chat.say(_("您有这些减免，下单时自动减去："), card=chat.card(_("我的减免"), *rows))
        return
    chat.say(
        _(
            "减免由学校的老师办理，您名下现在没有。{office}",
            office=refusals.office(work, "finance"),
        ),
        buttons=[chat.button(_("收费标准"), "price_list", lasting=True)],
    )
