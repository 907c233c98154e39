"""发布新规定 (publishing rules): what changes, from when, and the look at both before it counts.

Staff publish next year's notice here; nothing is coded. What was filed keeps its own terms.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from backend.authority import Role, require
from backend.clock import local_date
from backend.errors import Refused
from backend.policy import store
from backend.policy.transcript import GpaFormula, TranscriptPolicy
from backend.registry import units
from backend.work import Work
from dialogs import slots
from dialogs.chat import Chat
from dialogs.slots import Invalid, Option, Slot, choice
from dialogs.turn import Said
from dialogs.words import Bilingual, Speech, Words, _, lines, plain, yuan


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the policy that staff may change, and how it is asked for and shown."""

    title: Words
    slot: Callable[[str], Slot[Any]]
    show: Callable[[Any], Speech]


def whole(title: Words, prompt: Words, least: int, most: int) -> Entry:
    return Entry(
        title,
        lambda name: slots.number(name, prompt, title=title, least=least, most=most),
        lambda value: _("没有定") if value is None else plain(f"{value}"),
    )


def a_day(title: Words, prompt: Words) -> Entry:
    return Entry(
        title,
        lambda name: slots.day(
            name, prompt, title=title, earliest=date(1978, 1, 1), latest=date(2100, 1, 1)
        ),
        lambda value: plain(str(value)),
    )


PAIR = re.compile(
    r"(?:(?P<low>\d{1,3})|(?P<letter>[A-F][+-]?))=(?P<points>\d{1,2}(\.\d{1,2})?)", re.ASCII
)


def formula_slot(name: str) -> Slot[GpaFormula]:
    """``90=4.0 85=3.7 … 0=0 A=4.0 B=3.0``: the lowest score or the letter, and its points."""

    def parse(stored: str) -> GpaFormula:
        bands: list[tuple[int, str]] = []
        letters: dict[str, str] = {}
        for pair in stored.replace("，", " ").replace(",", " ").split():
            found = PAIR.fullmatch(pair.upper())
            if found is None:
                raise Invalid(_("“{pair}”看不懂，请按“90=4.0 85=3.7 0=0”的样子写。", pair=pair))
            if found["low"]:
                bands.append((int(found["low"]), found["points"]))
            else:
                letters[found["letter"]] = found["points"]
        bands.sort(reverse=True)
        try:
            return GpaFormula(
                scale=max((points for _low, points in bands), key=Decimal, default="0"),
                bands=tuple(bands),
                letters=letters,
                note_zh="平均学分绩点：各课程绩点按学分加权平均，“通过”不计入。",
                note_en="GPA: grade points weighted by credits; Pass not counted.",
            )
        except ValidationError:
            raise Invalid(
                _("每一档的最低分要从 0 到 100、各不相同，最低一档是 0 分；绩点在 0 到 10 之间。")
            ) from None

    def read(said: Said) -> str | None:
        return said.text if "=" in said.text else None

    prompt = _(
        "新的 GPA 算法：请写每一档的最低分和绩点，例如“90=4.0 85=3.7 60=1.0 0=0 A=4.0 B=3.0”。"
    )
    return Slot(name, prompt, _("GPA 算法"), parse, read)


def show_formula(formula: Any) -> Speech:
    if formula is None:
        return _("没有定")
    bands = " ".join(f"{low}={points}" for low, points in formula.bands)
    return plain(" ".join((bands, *(f"{key}={points}" for key, points in formula.letters.items()))))


ENTRIES: dict[str, Entry] = {
    "price_fen": Entry(
        _("每份收费（T2）"),
        lambda name: slots.fen(
            name, _("免费份额之外，每份多少元？"), title=_("每份收费"), most=100_000
        ),
        yuan,
    ),
    "free_copies": whole(_("每种免费份数（T2）"), _("每种免费几份？"), 0, 100),
    "download_months": whole(_("下载月数（T7）"), _("可以下载几个月？"), 1, 24),
    "order_hours": whole(_("订单有效小时"), _("订单几个小时不付就关闭？"), 1, 1440),
    "remind_after_days": whole(_("几个工作日后提醒"), _("几个工作日没审批就提醒？"), 1, 60),
    "escalate_after_days": whole(
        _("几个工作日后转教务部"), _("几个工作日没审批就转教务部？"), 1, 90
    ),
    "centralized_from": whole(
        _("集中教学最早入学年（T1）"), _("哪一年起入学的可以办集中教学成绩单？"), 1978, 2100
    ),
    "combined_from": whole(
        _("合并成绩单最早入学年（T1）"), _("哪一年起入学的可以办合并成绩单？"), 1978, 2100
    ),
    "email_from": a_day(_("邮件申请起始日（T3）"), _("从哪一天起的邮件申请算用掉免费份额？")),
    "email_until": a_day(_("邮件申请截止日（T3）"), _("到哪一天为止的邮件申请算用掉免费份额？")),
    "gpa": Entry(_("GPA 算法"), formula_slot, show_formula),
}
UNIT = "unit"


def entry_slot(place: int, taken: set[str]) -> Slot[str]:
    titles = {name: entry.title for name, entry in ENTRIES.items() if name not in taken}
    if UNIT not in taken:
        titles[UNIT] = _("培养单位（新增或改名）")
    return choice(f"entry.{place}", _("要改哪一项规定？"), titles, title=_("改的内容"))


def more_slot(place: int) -> Slot[bool]:
    return slots.yes_no(f"more.{place}", _("还要改别的吗？"), _("再改一项"), _("就这些"))


def from_slot(work: Work) -> Slot[date]:
    today = local_date(work.now)
    base = slots.day(
        "valid_from",
        _("从哪一天起实行？可以直接写日期，例如 {example}。", example=date(today.year + 1, 1, 1)),
        title=_("实行日期"),
        earliest=today,
        latest=today + timedelta(days=3 * 366),
    )
    new_year = date(today.year + 1, 1, 1)
    options = (
        Option((today + timedelta(days=1)).isoformat(), _("明天")),
        Option(new_year.isoformat(), plain(new_year.isoformat())),
    )

    def read(said: Said) -> str | None:
        return slots.option_meant(said.text, options) or base.read(said)

    return Slot(base.name, base.prompt, base.title, base.parse, read, options, base.entity)


CODE = slots.text("unit_code", _("单位代码是多少？"), title=_("单位代码"), at_most=20)
NAME_ZH = slots.text("unit_name_zh", _("单位的中文全称？"), title=_("中文全称"), at_most=60)
NAME_EN = slots.text("unit_name_en", _("单位的英文全称？"), title=_("英文全称"), at_most=120)


def publish_policy(chat: Chat, work: Work) -> None:
    """Collect the changes, show old and new side by side, and publish them from a day on."""
    require(work, Role.ACADEMIC_AFFAIRS)
    changes, unit = collect(chat)
    valid_from = chat.ask(from_slot(work))
    base = store.version_in_force(work, "transcript", valid_from)
    old = store.transcript(work, base)
    new = checked(
        old.model_dump() | changes | {"demo": tuple(one for one in old.demo if one not in changes)}
    )
    rows: list[tuple[Words, Speech]] = [
        (
            ENTRIES[name].title,
            arrow(ENTRIES[name].show(getattr(old, name)), ENTRIES[name].show(getattr(new, name))),
        )
        for name in changes
    ]
    if unit:
        code, name_zh, name_en = unit
        known = units.by_code(work, code)
        before = Bilingual(*units.name(work, known.id, valid_from)) if known else _("新增")
        rows.append(
            (_("培养单位 {code}", code=code), arrow(before, lines(plain(name_zh), plain(name_en))))
        )
    rows.append((_("实行日期"), plain(valid_from.isoformat())))
    for day in store.later_versions(work, "transcript", valid_from) if changes else []:
        rows.append((_("注意"), _("{day} 起的版本已经发布，不会被这次改动改变。", day=day)))
    consent = chat.confirm(
        _(
            "请核对改动。发布后，{day} 起的新申请按新规定办；之前提交的按原来的规定办。",
            day=valid_from,
        ),
        card=chat.card(_("发布新规定"), *rows),
        facts=f"{base}:{sorted(changes)}",
        agree=_("发布"),
    )
    if changes:
        version = store.publish(work, "transcript", new, valid_from, consent)
        chat.say(
            _("已发布成绩单规定第 {version} 版，{day} 起实行。", version=version, day=valid_from)
        )
    if unit:
        units.publish(work, *unit, valid_from, consent)
        chat.say(_("已发布培养单位 {code}，{day} 起使用新名称。", code=unit[0], day=valid_from))


def checked(values: dict[str, Any]) -> TranscriptPolicy:
    """Raises Refused where entries contradict each other."""
    try:
        return TranscriptPolicy.model_validate(values)
    except ValidationError:
        raise Refused("policy_contradiction", "T1") from None


def collect(chat: Chat) -> tuple[dict[str, Any], tuple[str, str, str] | None]:
    """The changed entries with their new values, and a unit where one changes."""
    changes: dict[str, Any] = {}
    unit: tuple[str, str, str] | None = None
    taken: set[str] = set()
    for place in range(1, len(ENTRIES) + 2):
        name = chat.ask(entry_slot(place, taken))
        taken.add(name)
        if name == UNIT:
            unit = chat.ask(CODE), chat.ask(NAME_ZH), chat.ask(NAME_EN)
        else:
            changes[name] = chat.ask(ENTRIES[name].slot(f"value.{name}"))
        if not chat.ask(more_slot(place)):
            break
    return changes, unit


def arrow(old: Speech, new: Speech) -> Words:
    return _("{old} → {new}", old=old, new=new)
