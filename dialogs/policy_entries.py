"""What academic affairs may change: every entry of every policy, how it is asked for and shown."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from unicodedata import normalize

from pydantic import BaseModel, ValidationError

from backend.policy import store
from backend.policy.transcript import GpaFormula
from backend.work import Work
from dialogs import slots
from dialogs.policy_calendar import changed_days, days_slot, with_days
from dialogs.slots import Invalid, Option, Slot, choice
from dialogs.turn import Said
from dialogs.words import Bilingual, Speech, Words, _, plain, yuan

NOT_SET = _("没有定")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of one policy. ``path`` leads to it inside the policy's document.

    ``put`` makes the new value of the old one and the answer; ``change`` tells old and new apart.
    """

    policy: str
    path: tuple[str, ...]
    title: Words
    slot: Callable[[str], Slot[Any]]
    change: Callable[[Any, Any], Speech]
    put: Callable[[Any, Any], Any] = lambda old, answer: answer

    @property
    def key(self) -> str:
        return ".".join(self.path)

    def of(self, policy: BaseModel) -> Any:
        value: Any = policy
        for step in self.path:
            value = value[step] if isinstance(value, dict) else getattr(value, step)
        return value


def arrow(show: Callable[[Any], Speech]) -> Callable[[Any, Any], Speech]:
    def change(old: Any, new: Any) -> Speech:
        return _(
            "{old} → {new}",
            old=NOT_SET if old is None else show(old),
            new=NOT_SET if new is None else show(new),
        )

    return change


def literally(value: Any) -> Speech:
    return plain(str(value)) if value != "" else _("没有")


def transcript(
    name: str, title: Words, slot: Callable[[str], Slot[Any]], show: Callable[[Any], Speech]
) -> Entry:
    return Entry("transcript", (name,), title, slot, arrow(show))


def whole(name: str, title: Words, prompt: Words, least: int, most: int) -> Entry:
    return transcript(
        name,
        title,
        lambda slot: slots.number(slot, prompt, title=title, least=least, most=most),
        literally,
    )


def a_day(name: str, title: Words, prompt: Words) -> Entry:
    return transcript(
        name,
        title,
        lambda slot: slots.day(
            slot, prompt, title=title, earliest=date(1978, 1, 1), latest=date(2100, 1, 1)
        ),
        literally,
    )


def either(name: str, title: Words, prompt: Words, yes: Words, no: Words) -> Entry:
    labels = {True: yes, False: no}
    return transcript(
        name,
        title,
        lambda slot: choice(slot, prompt, labels, title=title, yes=True, no=False),
        lambda value: labels[value],
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
    bands = " ".join(f"{low}={points}" for low, points in formula.bands)
    return plain(" ".join((bands, *(f"{key}={points}" for key, points in formula.letters.items()))))


TRANSCRIPT = (
    transcript(
        "price_fen",
        _("每份收费（T2）"),
        lambda slot: slots.fen(
            slot, _("免费份额之外，每份多少元？"), title=_("每份收费"), most=100_000
        ),
        yuan,
    ),
    whole("free_copies", _("每种免费份数（T2）"), _("每种免费几份？"), 0, 100),
    either(
        "approval_for_enrolled",
        _("在读研究生要审批（T4）"),
        _("在读研究生的申请要不要培养单位审批？"),
        _("要审批"),
        _("不用审批"),
    ),
    either(
        "approval_for_graduated",
        _("毕业研究生要审批（T5）"),
        _("已毕业研究生的申请要不要培养单位审批？"),
        _("要审批"),
        _("不用审批"),
    ),
    either(
        "preview_before_order",
        _("先看预览（T6）"),
        _("确认订单之前要不要先看成绩单预览？"),
        _("要先看"),
        _("不用先看"),
    ),
    whole("download_months", _("下载月数（T7）"), _("可以下载几个月？"), 1, 24),
    whole("order_hours", _("订单有效小时"), _("订单几个小时不付就关闭？"), 1, 1440),
    whole("remind_after_days", _("几个工作日后提醒"), _("几个工作日没审批就提醒？"), 1, 60),
    whole(
        "escalate_after_days", _("几个工作日后转教务部"), _("几个工作日没审批就转教务部？"), 1, 90
    ),
    whole(
        "centralized_from",
        _("集中教学最早入学年（T1）"),
        _("哪一年起入学的可以办集中教学成绩单？"),
        1978,
        2100,
    ),
    whole(
        "combined_from",
        _("合并成绩单最早入学年（T1）"),
        _("哪一年起入学的可以办合并成绩单？"),
        1978,
        2100,
    ),
    a_day("email_from", _("邮件申请起始日（T3）"), _("从哪一天起的邮件申请算用掉免费份额？")),
    a_day("email_until", _("邮件申请截止日（T3）"), _("到哪一天为止的邮件申请算用掉免费份额？")),
    transcript("gpa", _("GPA 算法"), formula_slot, show_formula),
)
CALENDAR = (
    Entry(
        "calendar",
        ("holidays",),
        _("放假的日子"),
        lambda slot: days_slot(
            slot,
            _(
                "请写放假的日子，周末不用写，例如“2027年1月1日、2月5日至11日”。"
                "写到的年份整年换成新的；哪一年没有，写“2027年没有”。"
            ),
            title=_("放假的日子"),
            weekend=False,
        ),
        changed_days,
        with_days,
    ),
    Entry(
        "calendar",
        ("worked_weekends",),
        _("调休上班的周末"),
        lambda slot: days_slot(
            slot,
            _(
                "请写要上班的周六、周日，例如“2027年2月13日、2月14日”。"
                "写到的年份整年换成新的；哪一年没有，写“2027年没有”。"
            ),
            title=_("调休上班的周末"),
            weekend=True,
        ),
        changed_days,
        with_days,
    ),
)
PHONE = re.compile(r"[+0-9][0-9 ()\-]{4,28}")
EMAIL = re.compile(r"[^@\s<>]{1,60}@[^@\s<>]{1,60}\.[a-zA-Z]{2,20}")
NONE = Option("none", _("没有"))


def line_slot(
    prompt: Words,
    title: Words,
    *,
    like: re.Pattern[str] | None = None,
    or_else: Words | None = None,
    optional: bool = False,
) -> Callable[[str], Slot[str]]:
    """One line of words; ``or_else`` is said when it does not look ``like`` what it should."""

    def make(name: str) -> Slot[str]:
        base = slots.text(name, prompt, title=title, at_most=120)

        def parse(stored: str) -> str:
            if optional and stored == NONE.value:
                return ""
            words = base.parse(normalize("NFKC", stored) if like else stored)
            if like and or_else and not like.fullmatch(words):
                raise Invalid(or_else)
            return words

        def read(said: Said) -> str | None:
            return slots.option_meant(said.text, options) or said.text

        options = (NONE,) if optional else ()
        return Slot(name, prompt, title, parse, read, options, free=True)

    return make


def office_entries(work: Work) -> tuple[Entry, ...]:
    """The entries of every office there is."""
    return tuple(
        Entry("offices", ("offices", key, field), title, slot, arrow(literally))
        for key, office in store.offices(work).offices.items()
        for field, title, slot in office_fields(Bilingual(office.name_zh, office.name_en))
    )


def office_fields(office: Speech) -> tuple[tuple[str, Words, Callable[[str], Slot[str]]], ...]:
    phone = _("{office}的电话", office=office)
    email = _("{office}的邮箱", office=office)
    contact = _("{office}的联系人", office=office)
    name_zh = _("{office}的中文名称", office=office)
    name_en = _("{office}的英文名称", office=office)
    return (
        (
            "phone",
            phone,
            line_slot(
                _("新的电话是多少？"),
                phone,
                like=PHONE,
                or_else=_("电话只能有数字、空格、括号和短横，例如 010-12345678。"),
            ),
        ),
        (
            "email",
            email,
            line_slot(
                _("新的邮箱是什么？"),
                email,
                like=EMAIL,
                or_else=_("这不像邮箱地址，例如 office@example.edu.cn。"),
                optional=True,
            ),
        ),
        ("contact", contact, line_slot(_("联系人怎么称呼？"), contact, optional=True)),
        ("name_zh", name_zh, line_slot(_("新的中文名称是什么？"), name_zh)),
        ("name_en", name_en, line_slot(_("新的英文名称是什么？"), name_en)),
    )


def entries(work: Work) -> Mapping[str, Entry]:
    """Every entry that can be published, by its key."""
    everything = (*TRANSCRIPT, *CALENDAR, *office_entries(work))
    return {one.key: one for one in everything}
