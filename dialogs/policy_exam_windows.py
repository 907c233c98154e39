"""The windows of the exam's services, written as the exam office announces them (E4)."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from unicodedata import normalize

from backend.clock import SHANGHAI
from backend.policy.exam import Service, Window
from dialogs.exam_words import service_name, session_words
from dialogs.slots import Invalid, Slot
from dialogs.turn import Said
from dialogs.words import Joined, Speech, _

Windows = Mapping[Service, tuple[Window, ...]]  # a service that is named has these and no others
NAMES: dict[str, Service] = {
    "毕业审定费": Service.GRADUATION_PAYMENT,
    "毕业缴费": Service.GRADUATION_PAYMENT,
    "缴费": Service.GRADUATION_PAYMENT,
    "免考": Service.EXEMPTION,
    "毕业": Service.GRADUATION,
    "转出": Service.TRANSFER_OUT,
    "补登": Service.BACK_ENTRY,
    "graduation payment": Service.GRADUATION_PAYMENT,
    "exemption": Service.EXEMPTION,
    "graduation": Service.GRADUATION,
    "transfer out": Service.TRANSFER_OUT,
    "back-entry": Service.BACK_ENTRY,
}
_NAMED = "|".join(map(re.escape, NAMES))
_DAY = r"(\d{4})\s?[-年./]\s?(\d{1,2})\s?[-月./]\s?(\d{1,2})\s?日?"
_AT = r"(?:\s?(\d{1,2})(?:[:点时]\s?(\d{2})?分?))?"
_TO = r"\s?(?:至|到|~|—|–|-|to)\s?"
ITEM = re.compile(
    rf"\s*(?P<service>{_NAMED})\s*[::]?\s*"
    rf"(?:(?P<none>没有|不开放|none)|{_DAY}{_AT}{_TO}{_DAY}{_AT})"
    r"\s*(?P<session>[^;。\n]{0,40}?)\s*(?:[;。\n]|$)",
    re.IGNORECASE,
)


def windows_slot(name: str) -> Slot[Windows]:
    prompt = _(
        "请写办理时间，例如“免考 2026-04-10 09:00 至 2026-04-20 16:00 2026年4月考次”。"
        "一次可以写几条，用分号隔开；写到的业务整个换成新的，不开放写“免考 没有”。"
        "业务有：免考、毕业、毕业缴费、转出、补登。"
    )

    def read(said: Said) -> str | None:
        return said.text or None

    return Slot(name, prompt, _("办理时间（E4）"), parsed, read, free=True, verbatim=True)


def parsed(stored: str) -> Windows:
    words = normalize("NFKC", stored)[:2000].strip()
    found: dict[Service, list[Window]] = {}
    at = 0
    while at < len(words):
        item = ITEM.match(words, at)
        if item is None:
            rest = words[at : at + 30]
            raise Invalid(
                _("“{rest}”看不懂，请按“免考 2026-04-10 09:00 至 2026-04-20 16:00”写。", rest=rest)
            )
        at = item.end()
        service = NAMES[item["service"].casefold()]
        kept = found.setdefault(service, [])
        if not item["none"]:
            kept.append(window(service, item))
    if not found:
        raise Invalid(_("这里需要写几个字。"))
    return {service: tuple(some) for service, some in found.items()}


def window(service: Service, item: re.Match[str]) -> Window:
    """Without a time it opens as the day begins and closes as it ends."""
    year, month, day, hour, minute = item.groups()[2:7]
    opens = moment(year, month, day, hour or "0", minute)
    year, month, day, hour, minute = item.groups()[7:12]
    closes = moment(year, month, day, hour or "23", minute or ("00" if hour else "59"))
    try:
        return Window(
            service=service, session=item["session"].strip(), opens_at=opens, closes_at=closes
        )
    except ValueError:
        raise Invalid(
            _("{service}的结束时间要在开始之后。", service=service_name(service))
        ) from None


def moment(year: str, month: str, day: str, hour: str, minute: str | None) -> datetime:
    try:
        return datetime(
            int(year), int(month), int(day), int(hour), int(minute or 0), tzinfo=SHANGHAI
        )
    except ValueError:
        raise Invalid(_("没有这一天：{day}。", day=f"{year}-{month}-{day} {hour}")) from None


def with_windows(old: Any, answer: Windows) -> tuple[dict[str, Any], ...]:
    """The services that were named have the new windows; the others keep theirs."""
    kept = [one for one in old or () if one.service not in answer]
    new = [one for some in answer.values() for one in some]
    return tuple(one.model_dump() for one in [*kept, *new])


def changed_windows(old: Any, new: Any) -> Speech:
    """Each service whose windows are others now, with the new ones."""
    before, after = by_service(old), by_service(new)
    parts: list[Speech] = []
    for service in Service:
        some = after.get(service, ())
        if before.get(service, ()) != some:
            shown = Joined(tuple(span(one) for one in some), "、", ", ") if some else _("不开放")
            parts.append(_("{service}：{windows}", service=service_name(service), windows=shown))
    return Joined(tuple(parts), "；", "; ") if parts else _("没有变化")


def by_service(windows: Sequence[Window]) -> dict[Service, tuple[Window, ...]]:
    found: dict[Service, tuple[Window, ...]] = {}
    for one in sorted(windows or (), key=lambda one: one.opens_at):
        found[one.service] = (*found.get(one.service, ()), one)
    return found


def span(one: Window) -> Speech:
    words = _("{opens} 至 {closes}", opens=one.opens_at, closes=one.closes_at)
    return Joined((words, session_words(one.session)), "，", ", ") if one.session else words
