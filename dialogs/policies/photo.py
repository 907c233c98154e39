"""What student affairs may change about graduation photos: fee, dates, dress, reminders, files (P2-P7, R15)."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from dialogs.engine import slots
from dialogs.engine.numerals import numbers_in
from dialogs.engine.slots import Invalid, Slot, choice, plainest
from dialogs.engine.turn import Said
from dialogs.engine.words import Speech, Words, _, listed, plain, yuan
from dialogs.photos.code import WAYS
from dialogs.photos.words import DRESS
from dialogs.policies.entry import Entry, arrow, literally

COLLECTED: dict[str, Words] = {
    "on_site": _("拍摄时付给图片社"),
    "institution": _("由学校在这里收"),
}
_TIME = re.compile(r"(?<!\d)([01]?\d|2[0-3])\s*(?::|点)\s*([0-5]\d)?(?!\d)")


def photo(
    path: str,
    title: Words,
    slot: Callable[[str], Slot[Any]],
    show: Callable[[Any], Speech],
    *,
    dated: bool = False,
) -> Entry:
    at = tuple(path.split("."))
    return Entry("photo", at, title, slot, arrow(show), dated=dated, at_once=dated)


def whole(path: str, title: Words, prompt: Words, least: int, most: int) -> Entry:
    return photo(
        path,
        title,
        lambda slot: slots.number(slot, prompt, title=title, least=least, most=most),
        literally,
    )


def some(path: str, title: Words, prompt: Words, labels: Mapping[str, Words], least: int) -> Entry:
    return photo(
        path,
        title,
        lambda slot: some_slot(slot, prompt, labels, title, least),
        lambda value: listed(*(labels[one] for one in value)) if value else _("没有"),
    )


def some_slot(
    name: str, prompt: Words, labels: Mapping[str, Words], title: Words, least: int
) -> Slot[tuple[str, ...]]:
    """Which of these count from now on, by their numbers: "1、3"; none of them is "没有"."""
    keys = tuple(labels)

    def parse(stored: str) -> tuple[str, ...]:
        chosen = tuple(one for one in keys if one in stored.split(","))
        if len(chosen) < least:
            raise Invalid(_("至少要留一种。"))
        return chosen

    def read(said: Said) -> str | None:
        if plainest(said.words) in {"没有", "都不要", "none"}:
            return ""
        found = numbers_in(said.words)
        if not found or any(not 1 <= one <= len(keys) for one in found):
            return None
        return ",".join(keys[one - 1] for one in found)

    numbered = listed(
        *(_("{number} {label}", number=n, label=labels[key]) for n, key in enumerate(keys, 1))
    )
    asked = _("{prompt}写要留下的编号，例如 1、3：{labels}", prompt=prompt, labels=numbered)
    return Slot(name, asked, title, parse, read)


def time_slot(name: str) -> Slot[str]:
    def parse(stored: str) -> str:
        return stored

    def read(said: Said) -> str | None:
        found = _TIME.search(said.words)
        if found is None:
            raise Invalid(_("请写一个时间，例如 18:00。"))
        return f"{int(found[1]):02}:{found[2] or '00'}"

    return Slot(name, _("前一天几点提醒？例如 18:00。"), _("前一晚提醒的时间"), parse, read)


PHOTO = (
    photo(
        "fee_fen",
        _("拍摄费（P3）"),
        lambda slot: slots.fen(slot, _("每人多少元？"), title=_("拍摄费"), most=100_000),
        yuan,
    ),
    photo(
        "fee_collected",
        _("拍摄费怎么收（P3）"),
        lambda slot: choice(slot, _("拍摄费怎么收？"), COLLECTED, title=_("拍摄费怎么收")),
        lambda value: COLLECTED[value],
    ),
    whole("keep_months", _("往年照片能用几个月（P5）"), _("往年的照片几个月内不用重拍？"), 1, 120),
    photo(
        "makeup.until",
        _("补拍最后一天（P6）"),
        lambda slot: slots.day(
            slot,
            _("补拍到哪一天？"),
            title=_("补拍最后一天"),
            earliest=date(2024, 1, 1),
            latest=date(2100, 1, 1),
        ),
        lambda value: plain(str(value)),
        dated=True,
    ),
    some("code_ways", _("取采集码的办法（P2）"), _("告诉学生哪几种取法？"), WAYS, 1),
    some("dress", _("着装要求（P4）"), _("着装有哪几条要求？"), DRESS, 0),
    photo(
        "remind_evening_at", _("前一晚提醒的时间"), time_slot, lambda value: plain(str(value)[:5])
    ),
    whole("remind_hours_before", _("开拍前几小时提醒"), _("开拍前几小时再提醒一次？"), 1, 12),
    whole("last_days", _("补拍剩几天时催"), _("补拍只剩几天时算“不能再等”？"), 1, 90),
    whole(
        "replaced_kept_days", _("换下来的照片留几天"), _("被新照片换下来的，留几天再删？"), 1, 3650
    ),
    whole("fee_order_hours", _("拍摄费订单有效小时"), _("拍摄费订单几个小时不付就关闭？"), 1, 1440),
    whole(
        "file.least_quality",
        _("照片最低压缩质量（R15）"),
        _("JPEG 质量低于多少就提醒可能被压缩过？"),
        1,
        100,
    ),
    whole("file.least_dpi", _("照片最低分辨率（R15）"), _("最低多少 dpi？"), 72, 1200),
    whole("file.most_bytes", _("照片最多字节（R15）"), _("照片文件最多多少字节？"), 1000, 100_000),
)
