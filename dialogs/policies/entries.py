"""What academic affairs may change: every entry of every policy, how it is asked for and shown."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from backend.policy.transcript import GpaFormula
from backend.work import Work
from dialogs.engine import slots
from dialogs.engine.slots import Invalid, Slot, choice
from dialogs.engine.turn import Said
from dialogs.engine.words import Speech, Words, _, plain, yuan
from dialogs.policies.calendar import changed_days, days_slot, with_days
from dialogs.policies.credential import CREDENTIAL
from dialogs.policies.entry import Entry, arrow, literally
from dialogs.policies.exam import EXAM
from dialogs.policies.fees import fee_entries
from dialogs.policies.invoice import INVOICE
from dialogs.policies.notices import NOTICES
from dialogs.policies.offices import office_entries
from dialogs.policies.photo import PHOTO
from dialogs.policies.refund import REFUND


def transcript(
    name: str,
    title: Words,
    slot: Callable[[str], Slot[Any]],
    show: Callable[[Any], Speech],
    *,
    dated: bool = False,
) -> Entry:
    return Entry("transcript", (name,), title, slot, arrow(show), dated=dated)


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
        dated=True,
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
        lambda old, answer, now: with_days(old, answer),
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
        lambda old, answer, now: with_days(old, answer),
    ),
)


def entries(work: Work) -> Mapping[str, Entry]:
    """Every entry that can be published, by its name."""
    everything = (
        *(*TRANSCRIPT, *CREDENTIAL, *CALENDAR, *NOTICES, *EXAM, *PHOTO, *REFUND, *INVOICE),
        *fee_entries(),
        *office_entries(work),
    )
    return {one.name: one for one in everything}
