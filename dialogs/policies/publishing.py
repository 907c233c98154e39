"""发布新规定 (publishing rules): what changes, from when, and the look at both before it counts.

Staff publish next year's notice here; nothing is coded. What was filed keeps its own terms.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from pydantic import BaseModel, ValidationError

from backend import authority
from backend.authority import Role
from backend.clock import local_date
from backend.errors import NotAllowed, Refused
from backend.goods import GOODS
from backend.policy import store
from backend.registry import units
from backend.work import Work
from dialogs.engine import slots
from dialogs.engine.chat import Chat
from dialogs.engine.slots import Option, Slot, choice
from dialogs.engine.turn import Said
from dialogs.engine.words import Bilingual, Speech, Words, _, lines, plain
from dialogs.policies.entries import entries
from dialogs.policies.entry import Entry
from dialogs.policies.said import Spoken, spoken, with_full_dates

UNIT = "unit"
POLICIES: dict[str, Words] = {
    "transcript": _("成绩单规定"),
    "credential": _("分享和撤销的规定"),
    "refund": _("退款规定"),
    "calendar": _("工作日历"),
    "notices": _("通知时间"),
    "offices": _("联系方式"),
    "exam": _("自考规定"),
    "photo": _("毕业照规定"),
    "fees": _("减免的规定"),
    "invoice": _("发票规定"),
}
CONTRADICTIONS: dict[str, tuple[str, str]] = {  # the refusal, and the rules it rests on
    "transcript": ("policy_contradiction", "T1, T3"),
    "credential": ("credential_contradiction", ""),
    "refund": ("times_contradiction", ""),
    "calendar": ("times_contradiction", ""),
    "notices": ("times_contradiction", ""),
    "offices": ("times_contradiction", ""),
    "exam": ("windows_contradiction", "E4"),
    "photo": ("sizes_contradiction", "R15"),
    "fees": ("policy_contradiction", ""),
    "invoice": ("invoice_contradiction", ""),
}
# What an order costs: it is that of the day it is confirmed, whenever it was applied for.
PRICES = frozenset(
    (goods.fee.policy, path)
    for goods in GOODS.values()
    for path in (goods.fee.price, goods.fee.free)
)
Unit = tuple[str, str, str]  # code, Chinese and English name

CODE = slots.text("unit_code", _("单位代码是多少？"), title=_("单位代码"), at_most=20)
NAME_ZH = slots.text("unit_name_zh", _("单位的中文全称？"), title=_("中文全称"), at_most=60)
NAME_EN = slots.text("unit_name_en", _("单位的英文全称？"), title=_("英文全称"), at_most=120)


def publish_policy(chat: Chat, work: Work) -> None:
    """Collect the changes, show old and new side by side, and publish them from a day on.

    Whoever says entry and value in one sentence sees the summary at once.

    Each office publishes its own; units are named by academic affairs.
    """
    theirs = store.published_by(work, chat.person)
    if not theirs:
        raise NotAllowed
    if chat.agreeing:  # so that what is compared is still so when it is published
        store.lock(work)
    known = {key: one for key, one in entries(work).items() if one.policy in theirs}
    names_units = authority.holds(work, chat.person or 0, Role.ACADEMIC_AFFAIRS)
    today = local_date(work.now)
    said = spoken(chat.opening, known, today)
    answers, unit = collect(chat, known, said, today, names_units=names_units)
    valid_from = from_when(chat, work, said, answers, unit)
    require_in_time(answers, today, valid_from)
    policies = [name for name in POLICIES if any(one.policy == name for one, _to in answers)]
    bases = {name: store.version_in_force(work, name, valid_from) for name in policies}
    old = {name: store.load(work, name, base) for name, base in bases.items()}
    new = {
        name: changed(old[name], [(one, to) for one, to in answers if one.policy == name], work.now)
        for name in policies
    }
    if unit is None and old == new:
        raise Refused("policy_unchanged", now=as_it_is(answers, old))
    store.require_calendar(work, new, valid_from)
    rows: list[tuple[Words, Speech]] = [
        (one.title, as_changed(one, old[one.policy], new[one.policy])) for one, _to in answers
    ]
    if unit:
        rows.append(unit_row(work, unit, valid_from))
    rows.append((_("实行日期"), plain(valid_from.isoformat())))
    for name, base in bases.items():
        rows.append((POLICIES[name], _("现在是第 {version} 版", version=base)))
        for day in store.later_versions(work, name, valid_from):
            rows.append((_("注意"), _("{day} 起的版本已经发布，不会被这次改动改变。", day=day)))
    for one, _to in answers:
        if one.reach is not None:
            concerned = one.reach.announced(work, one.of(old[one.policy]), one.of(new[one.policy]))
            chat.say(concerned)
    consent = chat.confirm(
        what_it_means(answers, unit, valid_from),
        card=chat.card(_("发布新规定"), *rows),
        facts=f"{bases}:{[one.key for one, _to in answers]}",
        agree=_("发布"),
    )
    for name, policy in new.items():
        version = store.publish(work, name, policy, valid_from, consent)
        chat.say(
            _(
                "已发布{policy}第 {version} 版，{day} 起实行。",
                policy=POLICIES[name],
                version=version,
                day=valid_from,
            )
        )
    for one, _to in answers:
        if one.reach is not None:
            one.reach.tell(work, one.of(old[one.policy]), one.of(new[one.policy]))
    if unit:
        units.publish(work, *unit, valid_from, consent)
        chat.say(_("已发布培养单位 {code}，{day} 起使用新名称。", code=unit[0], day=valid_from))


def what_it_means(answers: Sequence[tuple[Entry, Any]], unit: Unit | None, day: date) -> Words:
    """What has its own dates counts for everybody; a rule for what is filed from then on."""
    if unit is None and all(one.at_once for one, _to in answers):
        return _("请核对改动。发布后，{day} 起对所有人按新的时间办。", day=day)
    if any((one.policy, one.key) in PRICES for one, _to in answers):
        return _(
            "请核对改动。发布后，{day} 起的新申请按新规定办；之前提交的按原来的规定办，"
            "但收费按确认订单那天的标准，已经确认的订单在付款期内不变。",
            day=day,
        )
    return _("请核对改动。发布后，{day} 起的新申请按新规定办；之前提交的按原来的规定办。", day=day)


def as_it_is(answers: Sequence[tuple[Entry, Any]], old: Mapping[str, BaseModel]) -> Speech:
    """What stands of the entries that were to be changed, where they can be shown alone."""
    shown = [one.shown(one.of(old[one.policy])) for one, _to in answers if one.shown is not None]
    return lines(*shown)


def as_changed(entry: Entry, old: BaseModel, new: BaseModel) -> Speech:
    """Old and new; what no document gave and the demo made up is marked."""
    words = entry.change(entry.of(old), entry.of(new))
    marked = getattr(old, "demo", ())
    made_up = entry.of(old) is not None and any(
        entry.key == one or entry.key.startswith(f"{one}.") for one in marked
    )
    return _("{change}（原值为演示）", change=words) if made_up else words


def changed(old: BaseModel, answers: Sequence[tuple[Entry, Any]], now: datetime) -> BaseModel:
    """The policy with its new entries; raises Refused where they contradict each other."""
    document = old.model_dump()
    for entry, answer in answers:
        place = document
        for step in entry.path[:-1]:
            place = place[step]
        place[entry.path[-1]] = entry.put(entry.of(old), answer, now)
        if "demo" in document:
            document["demo"] = tuple(one for one in document["demo"] if one != entry.key)
    try:
        return type(old).model_validate(document)
    except ValidationError:
        raise Refused(*CONTRADICTIONS[next(one.policy for one, _to in answers)]) from None


def unit_row(work: Work, unit: Unit, valid_from: date) -> tuple[Words, Speech]:
    code, name_zh, name_en = unit
    known = units.by_code(work, code)
    before = Bilingual(*units.name(work, known.id, valid_from)) if known else _("新增")
    after = lines(plain(name_zh), plain(name_en))
    return _("培养单位 {code}", code=code), _("{old} → {new}", old=before, new=after)


def collect(
    chat: Chat, known: Mapping[str, Entry], said: Spoken | None, today: date, *, names_units: bool
) -> tuple[list[tuple[Entry, Any]], Unit | None]:
    """The entries that change, each with its answer, and a unit where one changes.

    What was said, and what has its own dates, is shown without asking for more.
    """
    answers: list[tuple[Entry, Any]] = []
    unit: Unit | None = None
    left = dict(known)
    for place in range(1, len(known) + 2):
        if said is not None and place == 1:
            kinds = first_choices(left, names_units)
            key = chat.taken(kind_slot("entry.1", kinds, left), said.key)
            key = key if key in left or key == UNIT else item(chat, place, key, left)
        else:
            key = chosen(chat, place, left, names_units and unit is None)
        enough = False
        if key == UNIT:
            unit = chat.ask(CODE), chat.ask(NAME_ZH), chat.ask(NAME_EN)
        else:
            entry = left.pop(key)
            slot = entry.slot(f"value.{key}")
            slot = with_full_dates(slot, today) if entry.dated else slot
            told = said.value if said is not None and said.key == key else None
            answers.append((entry, chat.ask(slot) if told is None else chat.taken(slot, told)))
            enough = place == 1 and (told is not None or entry.at_once)
        more = more_slot(place)
        if not (chat.taken(more, "no") if enough else chat.ask(more)):
            break
    return answers, unit


def chosen(chat: Chat, place: int, left: Mapping[str, Entry], unit: bool) -> str:
    """An entry by its title, or step by step: which policy, which office, which entry of it."""
    first = first_choices(left, unit)
    slot = kind_slot(f"entry.{place}", first, left)
    if len(first) == 1:  # a choice of one is none
        key = chat.taken(replace(slot, revisable=False), next(iter(first)))
        asked = _("{policy}：要改哪一项？", policy=first[key]) if key in first else None
        return item(chat, place, key, left, asked)
    return item(chat, place, chat.ask(slot), left)


def first_choices(left: Mapping[str, Entry], unit: bool) -> dict[str, Words]:
    kinds = {one.policy for one in left.values()}
    first = {name: title for name, title in POLICIES.items() if name in kinds}
    return first | ({UNIT: _("培养单位（新增或改名）")} if unit else {})


def item(
    chat: Chat, place: int, key: str, left: Mapping[str, Entry], prompt: Words | None = None
) -> str:
    """The entry itself, of the kind that was chosen."""
    if key == "offices":
        offices = {one.path[1]: one for one in left.values() if one.policy == "offices"}
        titles = {f"offices.{name}": office_title(one) for name, one in offices.items()}
        key = chat.ask(choice(f"office.{place}", _("要改哪个部门的？"), titles, title=_("部门")))
    if key == UNIT or key in left:
        return key
    titles = {name: one.title for name, one in left.items() if covers(key, one)}
    asked = prompt or _("要改哪一项？")
    return chat.ask(choice(f"item.{place}", asked, titles, title=_("改的内容")))


def covers(key: str, entry: Entry) -> bool:
    return entry.policy == key or entry.key.startswith(f"{key}.")


def office_title(entry: Entry) -> Words:
    return Words("{text}", {"text": entry.title.params["office"]})


def kind_slot(name: str, first: Mapping[str, Words], left: Mapping[str, Entry]) -> Slot[str]:
    """Asks for the kind of rule; whoever names the very entry goes straight to it."""
    base = choice(name, _("要改哪一方面的规定？"), first, title=_("改的内容"))
    direct = tuple(Option(key, one.title) for key, one in left.items())

    def parse(stored: str) -> str:
        return stored if stored in left else base.parse(stored)

    def read(said: Said) -> str | None:
        return base.read(said) or slots.option_meant(said.words, direct)

    return Slot(base.name, base.prompt, base.title, parse, read, base.options)


def more_slot(place: int) -> Slot[bool]:
    asked = slots.yes_no(f"more.{place}", _("还要改别的吗？"), _("再改一项"), _("就这些"))
    return replace(asked, title=_("再改一项"))


def from_when(
    chat: Chat,
    work: Work,
    said: Spoken | None,
    answers: Sequence[tuple[Entry, Any]],
    unit: Unit | None,
) -> date:
    """From today on where the entries have dates of their own; else it is asked for."""
    slot = from_slot(work)
    if said is not None:  # the dates of that sentence have been read
        slot = replace(slot, entity="")
        if said.valid_from is not None:
            return chat.taken(slot, said.valid_from.isoformat())
    if unit is None and all(one.at_once for one, _to in answers):
        return chat.taken(slot, local_date(work.now).isoformat())
    return chat.ask(slot)


def require_in_time(answers: Sequence[tuple[Entry, Any]], today: date, valid_from: date) -> None:
    """A window is told to those it concerns as it is published, so it counts from that day on."""
    if valid_from > today and any(one.reach is not None for one, _to in answers):
        raise Refused("counts_at_once", "E4")


def from_slot(work: Work) -> Slot[date]:
    today = local_date(work.now)
    new_year = date(today.year + 1, 1, 1)
    base = slots.day(
        "valid_from",
        _("从哪一天起实行？可以直接写日期，例如 {example}。", example=new_year),
        title=_("实行日期"),
        earliest=today,
        latest=today + timedelta(days=3 * 366),
    )
    options = (
        Option(today.isoformat(), _("今天")),
        Option((today + timedelta(days=1)).isoformat(), _("明天")),
        Option(new_year.isoformat(), plain(new_year.isoformat())),
    )

    def read(said: Said) -> str | None:
        return slots.option_meant(said.words, options) or base.read(said)

    whole = Slot(base.name, base.prompt, base.title, base.parse, read, options, base.entity)
    return with_full_dates(whole, today)
