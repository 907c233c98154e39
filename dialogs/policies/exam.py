"""What the exam office publishes: windows, fees, lengths, limits, notices, reasons (E4–E9, E11)."""

from collections.abc import Callable, Mapping
from datetime import time
from typing import Any

from dialogs.engine import slots
from dialogs.engine.numerals import numbers_in
from dialogs.engine.slots import Invalid, Slot, tidy
from dialogs.engine.turn import Said
from dialogs.engine.words import Speech, Words, _, yuan
from dialogs.policies.entry import Entry, Reach, arrow, literally
from dialogs.policies.exam_lists import (
    hotlines_slot,
    reasons_slot,
    show_hotlines,
    show_reasons,
    with_reasons,
)
from dialogs.policies.exam_matrix import changed_matrix, matrix_slot, with_ways
from dialogs.policies.exam_reach import announced, tell
from dialogs.policies.exam_windows import spoken_of, windows_slot
from dialogs.policies.exam_windows_changed import changed_windows, standing, with_windows
from dialogs.policies.notices import show_time, time_slot

LONGEST = 2000  # characters of a notice
NOTICES: dict[str, Words] = {
    "exemption": _("免考考生须知"),
    "graduation": _("毕业考生须知"),
    "transfer_out": _("转出考生须知"),
}
REASONS: dict[str, Words] = {
    "exemption": _("免考驳回理由"),
    "graduation": _("毕业驳回理由"),
    "transfer_out": _("转出驳回理由"),
    "back_entry": _("补登驳回理由"),
}
LIMITS: dict[str, Words] = {
    "theory_last_month": _("成绩补登的最晚年月（E9）"),
    "exemption_last_month": _("免考补登的最晚年月（E9）"),
    "transfer_last_month": _("转入补登的最晚年月（E9）"),
}


def entry(
    path: str, title: Words, slot: Callable[[str], Slot[Any]], show: Callable[[Any], Speech]
) -> Entry:
    return Entry("exam", tuple(path.split(".")), title, slot, arrow(show))


def whole(path: str, title: Words, prompt: Words, least: int, most: int) -> Entry:
    def slot(name: str) -> Slot[int]:
        return slots.number(name, prompt, title=title, least=least, most=most)

    return entry(path, title, slot, literally)


def fee_slot(name: str) -> Slot[int]:
    title = _("毕业审定费（E6）")
    return slots.fen(name, _("毕业审定费每人多少元？"), title=title, most=1_000_000)


def length_slot(prompt: Words, title: Words) -> Callable[[str], Slot[Mapping[str, int]]]:
    """``200-800``"""

    def parse(stored: str) -> Mapping[str, int]:
        least, _dash, most = stored.partition("-")
        if not 1 <= int(least) <= int(most) <= 2000:
            raise Invalid(_("要在 1 到 2000 字之间，先写下限再写上限，例如“200 到 800”。"))
        return {"least": int(least), "most": int(most)}

    def read(said: Said) -> str | None:
        found = numbers_in(said.words)
        return f"{found[0]}-{found[1]}" if len(found) == 2 else None

    return lambda name: Slot(name, prompt, title, parse, read)


def length(path: str, title: Words, prompt: Words) -> Entry:
    return entry(path, title, length_slot(prompt, title), show_length)


def show_length(value: Any) -> Speech:
    bounds = value if isinstance(value, Mapping) else value.model_dump()
    return _("{least} 到 {most} 字", least=bounds["least"], most=bounds["most"])


def words_slot(prompt: Words, title: Words) -> Callable[[str], Slot[str]]:
    """Paragraphs, as they are written."""

    def make(name: str) -> Slot[str]:
        def parse(stored: str) -> str:
            words = tidy(stored)
            if not 1 <= len(words) <= LONGEST:
                raise Invalid(
                    _(
                        "太长了：最多 {most} 字，您写了 {count} 字。请精简后再发一次。",
                        most=LONGEST,
                        count=len(words),
                    )
                )
            return words

        return Slot(
            name, prompt, title, parse, lambda said: said.text or None, free=True, verbatim=True
        )

    return make


def month_slot(prompt: Words, title: Words) -> Callable[[str], Slot[str]]:
    def make(name: str) -> Slot[str]:
        return slots.month(name, prompt, title=title, earliest="1981-01", latest="2100-12")

    return make


def evening_slot(name: str) -> Slot[time]:
    return time_slot(
        name, _("现场确认前一天几点提醒？例如 18:00。"), _("转入前一天的提醒时间（E7）")
    )


EXAM = (
    Entry(
        "exam",
        ("windows",),
        _("办理时间（E4）"),
        windows_slot,
        changed_windows,
        with_windows,
        dated=True,
        at_once=True,
        spoken_of=spoken_of,
        reach=Reach(announced, tell),
        shown=standing,
    ),
    entry("graduation.review_fee_fen", _("毕业审定费（E6）"), fee_slot, yuan),
    whole(
        "graduation.order_hours", _("毕业审定费订单有效小时"), _("几个小时不付就关闭？"), 1, 1440
    ),
    length(
        "graduation.appraisal",
        _("自我鉴定字数（E6）"),
        _("自我鉴定最少几个字、最多几个字？例如“200 到 800”。"),
    ),
    length(
        "graduation.explanation",
        _("缺课程的说明字数（E6）"),
        _("一门课程没有成绩的说明最少几个字、最多几个字？例如“10 到 300”。"),
    ),
    whole("scores.pass_mark", _("合格分数线（E3）"), _("多少分及以上合格？"), 1, 100),
    whole(
        "picture.record_months",
        _("备案表能验证几个月（E10）"),
        _("备案表更新多久以后提醒可能过期？几个月？"),
        1,
        120,
    ),
    Entry(
        "exam",
        ("matrix",),
        _("免考凭证（E5）"),
        matrix_slot,
        changed_matrix,
        lambda old, answer, now: with_ways(old, answer),
    ),
    whole(
        "prior_diploma.split_year",
        _("前置学历按哪一年分（E6）"),
        _("哪一年及以后毕业的用电子注册备案表？"),
        1950,
        2100,
    ),
    *(
        entry(
            f"back_entry.{name}",
            title,
            month_slot(_("到哪一年哪一月为止的可以补登？"), title),
            literally,
        )
        for name, title in LIMITS.items()
    ),
    *(
        entry(f"notices.{name}", title, words_slot(_("请把须知全文发过来。"), title), literally)
        for name, title in NOTICES.items()
    ),
    *(
        Entry(
            "exam",
            ("reasons", name),
            title,
            reasons_slot(title),
            arrow(show_reasons),
            lambda old, answer, now: with_reasons(old, answer),
        )
        for name, title in REASONS.items()
    ),
    entry(
        "transfer_in.remind_evening_at", _("转入前一天的提醒时间（E7）"), evening_slot, show_time
    ),
    whole(
        "transfer_in.remind_hours",
        _("转入当天提前几小时提醒（E7）"),
        _("现场确认之前几小时提醒？"),
        1,
        24,
    ),
    entry(
        "transfer_in.bring",
        _("转入现场确认要带什么（E7）"),
        words_slot(_("现场确认要带什么？"), _("转入现场确认要带什么（E7）")),
        literally,
    ),
    whole(
        "review.remind_after_days", _("自考几个工作日后提醒"), _("几个工作日没审核就提醒？"), 1, 60
    ),
    whole(
        "review.escalate_after_days",
        _("自考几个工作日后转自考办"),
        _("几个工作日没审核就转自考办？"),
        1,
        90,
    ),
    entry("hotlines", _("客服电话（E11）"), hotlines_slot, show_hotlines),
)
