"""Why the exam's services say no: sentences for the codes of ``backend/exam``."""

from collections.abc import Callable, Mapping
from datetime import datetime

from backend.policy.exam import Service
from dialogs.engine.words import Words, _, plain
from dialogs.exam.words import service_name

Facts = Mapping[str, object]
NAMES: dict[str, Words] = {str(service): service_name(service) for service in Service}


def window_closed(facts: Facts) -> Words:
    """When it closed and when it opens again, as far as it is known (E4)."""
    service = NAMES.get(str(facts["service"]), plain(str(facts["service"])))
    closed, opens = facts.get("closed"), facts.get("next")
    if isinstance(opens, datetime):
        return _("{service}现在没有开放，下次 {opens} 开放。", service=service, opens=opens)
    if isinstance(closed, datetime):
        return _(
            "{service}上次到 {closed} 为止，现在没有开放；下次时间还没有公布，请在下一次按时办理。",
            service=service,
            closed=closed,
        )
    return _("{service}现在没有开放，办理时间还没有公布。", service=service)


SENTENCES: dict[str, Callable[[Facts], Words]] = {
    "window_closed": window_closed,
    "which_ticket": lambda f: _("您有 {count} 个准考证，请先选用哪一个。", count=f["count"]),
    "not_your_ticket": lambda f: _("您名下没有有效的准考证 {number}。", number=f["number"]),
    "appointment_incomplete": lambda f: _("现场确认要写明时间和地点。"),
    "appointment_over": lambda f: _("现场确认的时间 {at} 已经过去，请另定时间。", at=f["at"]),
    "no_window_to_move": lambda f: _(
        "{service}现在没有开放，也没有公布下一次，请把开始和结束的两天都写上。",
        service=NAMES.get(str(f["service"]), plain(str(f["service"]))),
    ),
    "window_ends_first": lambda f: _(
        "{service}从 {opens} 起，不能到 {closes} 就结束，请把开始和结束的两天都写上。",
        service=NAMES.get(str(f["service"]), plain(str(f["service"]))),
        opens=f["opens"],
        closes=f["closes"],
    ),
    "counts_at_once": lambda f: _(
        "办理时间一发布就告诉考生，从当天起算，不能定以后的实行日期：请到那一天再发布，或者把开始和结束的日期写进办理时间。"
    ),
    "windows_contradiction": lambda f: _(
        "这些规定互相矛盾：同一项业务的办理时间不能重叠，字数的下限不能大于上限。"
    ),
}
NEXT: dict[str, tuple[Words, str]] = {
    "window_closed": (_("现在能办的业务"), "open_services"),
    "which_ticket": (_("换准考证"), "switch_exam_ticket"),
    "not_your_ticket": (_("换准考证"), "switch_exam_ticket"),
}
EVENTS: dict[str, Words] = {
    "receive": _("已收到转入"),
    "invite": _("已约现场确认"),
    "reschedule": _("已改约现场确认"),
    "attend": _("已到场确认"),
    "miss": _("没有到场"),
    "accept": _("已转入"),
}
