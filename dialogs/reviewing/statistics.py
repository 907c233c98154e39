"""审核统计 (statistics of reviewing): how many, how fast, for which reasons."""

import re
from datetime import timedelta

from backend.clock import local_date
from backend.reviewing.kinds import reasons
from backend.reviewing.statistics import OfKind, statistics
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.slots import Slot
from dialogs.engine.spans import span_in
from dialogs.engine.words import Bilingual, Joined, Speech, Words, _, listed, plain
from dialogs.reviewing.kinds import TOLD
from dialogs.titles import person_name

_WHEN = (
    r"(今天|昨天|上个?周|上个?星期|这个?周|这个?星期|本周|这个?月|本月|上个?月|今年|"
    r"(20\d\d ?[-年] ?)?(\d{1,2}|[一二三四五六七八九十]{1,2}) ?月(份)?)"
)
_SPAN = r"( (today|yesterday|(this|last) (week|month)|this year|in [a-z]+( 20\d\d)?))"
ASKED = re.compile(
    rf"^{_WHEN}?的?审核的?(统计|数据|情况)[。!！?？]*$"
    rf"|^(我|我们|咱们)?{_WHEN}?(一共|总共|我们|我)?(审核|审|驳回)了?(多少|几)(份|个|件)?(申请|免考)?了?[。?？]*$"
    rf"|^(我|我们|咱们)?{_WHEN}?(一共|总共|我们|我)?(通过|收到)了?(多少|几)(份|件)(申请|免考)?了?[。?？]*$"
    rf"|^review(ing)? statistics{_SPAN}?[.!?]*$"
    rf"|^how many( cases| applications)? (did|have) (we|i) (review|reject|approve)(ed|d)?{_SPAN}?[.?]*$"
)
MONTH = Slot("month", plain(""), _("月份"), str, lambda said: None, entity="month")


def review_statistics(chat: Chat, work: Work) -> None:
    """Of the days that were named, or of this month so far; for the units this person reviews for."""
    today = local_date(work.now)
    since, until = span_in((chat.known(MONTH) or chat.opening or "").casefold(), today)
    found = statistics(work, since, until)
    rows: list[tuple[Words, Speech]] = [
        (TOLD[one.kind].service, kind_words(work, one)) for one in found.kinds if one.kind in TOLD
    ]
    rows.append((_("您自己"), _("{count} 次", count=found.own)))
    if found.by_reviewer:
        people = [
            _("{who} {count} 次", who=person_name(work, person), count=count)
            for person, count in found.by_reviewer.most_common()
        ]
        rows.append((_("审核人"), listed(*people)))
    before = (since.replace(day=1) - timedelta(days=1)).replace(day=1)
    chat.say(
        _("{since} 到 {until} 的审核：", since=found.since, until=found.until),
        card=chat.card(_("审核统计"), *rows),
        buttons=[
            chat.button(
                _("{month} 的统计", month=f"{before:%Y-%m}"),
                "review_statistics",
                lasting=True,
                month=f"{before:%Y-%m}",
            ),
            chat.button(_("待我审核"), "staff_inbox", lasting=True),
        ],
    )


def kind_words(work: Work, one: OfKind) -> Speech:
    parts: list[Speech] = [
        _(
            "收到 {filed} 份，通过 {approved} 份，驳回 {rejected} 份，还在等 {waiting} 份",
            filed=one.filed,
            approved=one.approved,
            rejected=one.rejected,
            waiting=one.waiting,
        )
    ]
    if one.wait is not None:
        parts.append(_("等待时间的中位数：{wait}", wait=span(one.wait)))
    if one.reasons:
        named = {reason.id: Bilingual(reason.zh, reason.en) for reason in reasons(work, one.kind)}
        own: Speech = _("自己写的理由")
        told = [
            _("{reason} {count} 次", reason=named.get(name, own), count=count)
            for name, count in one.reasons.most_common()
        ]
        parts.append(_("驳回理由：{reasons}", reasons=listed(*told)))
    return Joined(tuple(parts), "；", "; ")


def span(time: timedelta) -> Words:
    hours = round(time.total_seconds() / 3600)
    if hours < 1:
        return _("不到 1 小时")
    return _("{hours} 小时", hours=hours) if hours < 48 else _("{days} 天", days=round(hours / 24))
