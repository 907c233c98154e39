"""What is said of results from before the platform (E9): kinds, states, one entry in rows."""

import re

from backend.exam import back_entry_cases
from backend.exam.back_entry_cases import State
from backend.models import Application
from backend.work import Work
from dialogs.engine.words import Speech, Words, _, lines, plain
from dialogs.exam.exemption_words import course_words

KINDS: dict[str, Words] = {
    "theory": _("理论成绩"),
    "practice": _("实践成绩"),
    "exemption": _("以前办过的免考"),
    "transfer_in": _("以前办过的转入"),
}
STATES: dict[str, Words] = {
    State.PENDING: _("待审核"),
    State.ASKED: _("老师有问题等您回答"),
    State.SECOND: _("待复核"),
    State.REJECTED: _("未通过"),
    State.WITHDRAWN: _("已撤回"),
    State.SUPERSEDED: _("已有合格成绩，不用再办"),
    State.APPROVED: _("通过，已计入"),
}
# Words that mean what was done before the platform and is not shown there, not something new.
_GONE = r"(没|没有|不)(有?显示|记录|录入|登记|看到|见)|看不到|查不到|不见了|找不到|平台上没有|系统里没有"
_DONE = r"(以前|早就|当年|之前|(20[01]|[89]|[01])\d年?)"
BEFORE = re.compile(
    rf"(免考|免试).{{0,14}}({_GONE})|({_GONE}).{{0,10}}(免考|免试)"
    rf"|{_DONE}.{{0,8}}(办|批|申请|通过)(过|了|的|完)?.{{0,6}}(免考|免试)"
    rf"|(转入|转过来|转来).{{0,14}}({_GONE})|({_GONE}).{{0,10}}转入"
    r"|补登(记|录)?(成绩|免考|转入|以前|\d|理论|实践|一)"
    r"|back.?entry|(exemption|transfer).{0,20}(not|isn.?t|is missing).{0,12}(shown|platform|record|there)"
)
SAID: dict[str, re.Pattern[str]] = {  # which kind the words name, the more particular first
    "transfer_in": re.compile(r"转入|转过来|转来|transfer"),
    "exemption": re.compile(r"免考|免试|exempt"),
    "practice": re.compile(r"实践|实验|practi"),
    "theory": re.compile(r"理论|theory"),
}


def kind_said(words: str) -> str | None:
    folded = words.casefold()
    return next((kind for kind, said in SAID.items() if said.search(folded)), None)


def subject(work: Work, application: Application) -> Words:
    """``英语（二）（00015），理论成绩``"""
    request = back_entry_cases.request_of(work, application)
    return _(
        "{course}，{kind}",
        course=course_words(back_entry_cases.course_of(work, application)),
        kind=KINDS[request.kind],
    )


def title_of(work: Work, application: Application) -> Words:
    return _(
        "{number}（补登 {subject}）",
        number=application.number,
        subject=subject(work, application),
    )


def month_label(kind: str) -> Words:
    if kind in back_entry_cases.RESULTS:
        return _("合格年月")
    return _("办理免考的年月") if kind == "exemption" else _("办理转入的年月")


def rows(work: Work, application: Application) -> list[tuple[Words, Speech]]:
    """The fields as they were filled in, without the proof."""
    entry = back_entry_cases.entry_of(work, application)
    told: list[tuple[Words, Speech]] = [
        (_("种类"), KINDS[entry.kind]),
        (_("课程"), course_words(back_entry_cases.course_of(work, application))),
        (month_label(entry.kind), plain(entry.month)),
    ]
    if entry.score is not None:
        told.append((_("成绩"), _("{score} 分", score=entry.score)))
    if entry.kind == "transfer_in":
        told += moved_rows(entry)
    if entry.remark:
        told.append((_("说明"), plain(entry.remark)))
    return told


def moved_rows(entry: back_entry_cases.Entry) -> list[tuple[Words, Speech]]:
    return [
        (_("转出省"), plain(entry.from_province)),
        (_("原准考证号"), plain(entry.from_ticket)),
        (_("转入专业"), plain(entry.into_major)),
    ]


def limits(last: str) -> Words:
    """The manual has two wordings for results (E9): both are told."""
    return _(
        "理论和实践成绩能补登到 {last} 为止。手册里一处写“2002年以前”，一处写“2002年及以前”，按“2002年及以前”办（E9）。",
        last=last,
    )


def state_rows(work: Work, application: Application) -> Speech:
    """``待审核，2026年3月2日 09:00 起；理由：…``"""
    told: list[Speech] = [
        _("{state}，{at} 起", state=STATES[application.state], at=application.since)
    ]
    if application.state == State.REJECTED:
        why = back_entry_cases.request_of(work, application).rejected_why
        told.append(_("理由：{why}", why=plain(why)))
        told.append(_("开放期间可以重新登记一条（E9）"))
    return lines(*told)
