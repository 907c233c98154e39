"""What academic affairs may change about documents that have been issued: sharing, revoking, warnings."""

from collections.abc import Callable
from typing import Any

from dialogs.engine import slots
from dialogs.engine.numerals import numbers_in
from dialogs.engine.slots import Invalid, Slot
from dialogs.engine.turn import Said
from dialogs.engine.words import Speech, Words, _, plain
from dialogs.policies.entry import Entry, arrow, literally
from dialogs.policies.offices import line_slot

MOST_DAYS = 365


def credential(
    name: str, title: Words, slot: Callable[[str], Slot[Any]], show: Callable[[Any], Speech]
) -> Entry:
    return Entry("credential", (name,), title, slot, arrow(show))


def whole(name: str, title: Words, prompt: Words, least: int, most: int) -> Entry:
    return credential(
        name,
        title,
        lambda slot: slots.number(slot, prompt, title=title, least=least, most=most),
        literally,
    )


def days_slot(name: str) -> Slot[tuple[int, ...]]:
    """Several numbers of days: "60、30、14"."""

    def parse(stored: str) -> tuple[int, ...]:
        days = tuple(int(one) for one in stored.split(","))
        if not all(1 <= one <= MOST_DAYS for one in days):
            raise Invalid(_("要在 {least} 到 {most} 之间。", least=1, most=MOST_DAYS))
        return tuple(sorted(set(days), reverse=True))

    def read(said: Said) -> str | None:
        return ",".join(str(one) for one in numbers_in(said.words)) or None

    return Slot(
        name,
        _("签名证书到期前几天提醒？写天数，例如 60、30、14、7。"),
        _("证书到期前几天提醒"),
        parse,
        read,
    )


def show_days(days: Any) -> Speech:
    return plain("、".join(str(one) for one in days))


def note(name: str, title: Words, prompt: Words) -> Entry:
    """Words that stand on every page with a letter score, or none."""
    return Entry(
        "credential",
        (name,),
        title,
        line_slot(prompt, title, optional=True),
        arrow(literally),
        lambda old, answer, now: answer or None,
    )


CREDENTIAL = (
    whole("share_months_most", _("分享最长几个月"), _("一个分享链接最长有效几个月？"), 1, 6),
    whole("share_months_first", _("分享先提议几个月"), _("分享时先提议几个月？"), 1, 6),
    whole("share_live_most", _("同时有效的分享"), _("一个人同时最多有几个有效的分享？"), 1, 100),
    whole("share_views_months", _("查看记录留几个月"), _("谁看过分享，记录留几个月？"), 1, 60),
    whole("share_pin_digits", _("分享口令位数"), _("分享口令要几位数字？"), 6, 8),
    whole("revocation_days", _("撤销等确认的天数"), _("提请撤销几天没人确认就失效？"), 1, 30),
    whole(
        "follow_days",
        _("变化告知的天数"),
        _("在对话里核验过的人，几天之内告诉他后来的变化？"),
        1,
        MOST_DAYS,
    ),
    credential("expiry_warn_days", _("证书到期前几天提醒"), days_slot, show_days),
    note(
        "scale_note_zh",
        _("等级成绩的中文说明"),
        _("中文成绩单上怎么说明等级成绩？没有就写“没有”。"),
    ),
    note(
        "scale_note_en",
        _("等级成绩的英文说明"),
        _("英文成绩单上怎么说明等级成绩？没有就写“没有”。"),
    ),
)
