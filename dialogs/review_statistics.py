"""审核统计 (statistics of reviewing): how many, how fast, for which reasons."""

import re
from datetime import timedelta

from backend.clock import local_date
from backend.reviewing.kinds import reasons
from backend.reviewing.statistics import OfKind, statistics
from backend.work import Work
from dialogs.chat import Chat
from dialogs.reviewed_kinds import TOLD
from dialogs.titles import person_name
from dialogs.words import Bilingual, Joined, Speech, Words, _, listed

ASKED = re.compile(r"^(本月|这个月)?(的)?审核(的)?统计[。!！?？]*$|^review(ing)? statistics[.!?]*$")


def review_statistics(chat: Chat, work: Work) -> None:
    """Of this month so far, for the units this person reviews for."""
    today = local_date(work.now)
    found = statistics(work, today.replace(day=1), today)
    rows: list[tuple[Words, Speech]] = [
        (TOLD[one.kind].service, kind_words(work, one)) for one in found.kinds if one.kind in TOLD
    ]
    if found.by_reviewer:
        people = [
            _("{who} {count} 次", who=person_name(work, person), count=count)
            for person, count in found.by_reviewer.most_common()
        ]
        rows.append((_("审核人"), listed(*people)))
    chat.say(
        _("{since} 到 {until} 的审核：", since=found.since, until=found.until),
        card=chat.card(_("审核统计"), *rows),
        buttons=[chat.button(_("待我审核"), "staff_inbox", lasting=True)],
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
