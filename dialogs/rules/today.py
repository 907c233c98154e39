"""What a clause amounts to today: what is policy comes from the policy in force, with its source.

A clause that policy does not know is as its document says.
"""

from collections.abc import Callable
from dataclasses import dataclass

from backend.clauses.library import Entry
from backend.models import PolicyVersion
from backend.policy import notices, store
from backend.policy.transcript import TranscriptPolicy
from backend.work import Work
from dialogs import refusals
from dialogs.engine.words import Bilingual, Joined, Speech, Words, _, lines, yuan

Fact = Callable[[TranscriptPolicy], Speech]


@dataclass(frozen=True, slots=True)
class Today:
    """``entries`` of the transcript policy and the sentence that they make."""

    entries: tuple[str, ...]
    fact: Fact


def fee(policy: TranscriptPolicy) -> Words:
    if not policy.free_copies:
        return _("每份 {price}，没有免费份额。", price=yuan(policy.price_fen))
    return _(
        "中文/英文、带/不带 GPA 四种，每种免费 {free} 份；免费份额用完以后，每份 {price}。",
        free=policy.free_copies,
        price=yuan(policy.price_fen),
    )


def by_email(policy: TranscriptPolicy) -> Words:
    return _(
        "{start} 至 {end} 用邮件申请过的那一种，没有免费份额了；别的种类不受影响。",
        start=policy.email_from,
        end=policy.email_until,
    )


def who(policy: TranscriptPolicy) -> Words:
    return _(
        "{central} 年及以后入学、参加北京集中教学的，可以办集中教学期间的成绩单；"
        "{combined} 年及以后入学的，可以办集中教学和所级教学合在一起的。",
        central=policy.centralized_from,
        combined=policy.combined_from,
    )


def approval(policy: TranscriptPolicy) -> Joined:
    enrolled, graduated = policy.approval_for_enrolled, policy.approval_for_graduated
    return Joined(
        (
            _("在读研究生每次申请都要写理由，由培养单位审批，通过后才能缴费、下载。")
            if enrolled
            else _("在读研究生写明理由即可，不用审批。"),
            _("已毕业研究生每次申请都要写理由，由培养单位审批，通过后才能缴费、下载。")
            if graduated
            else _("已毕业研究生写明理由即可，不用审批。"),
        )
    )


def preview(policy: TranscriptPolicy) -> Words:
    if policy.preview_before_order:
        return _("确认订单之前必须先预览成绩单，核对姓名、专业、所修课程和成绩。")
    return _("现在确认订单之前不要求预览。")


def download(policy: TranscriptPolicy) -> Words:
    return _(
        "缴费成功之日起 {months} 个月内可以反复下载，超过就要重新办理。",
        months=policy.download_months,
    )


FEE = Today(("price_fen", "free_copies"), fee)
BY_EMAIL = Today(("email_from", "email_until"), by_email)
WHO = Today(("centralized_from", "combined_from"), who)
APPROVAL = Today(("approval_for_enrolled", "approval_for_graduated"), approval)
PREVIEW = Today(("preview_before_order",), preview)
DOWNLOAD = Today(("download_months",), download)
TODAY: dict[str, Today] = {
    **dict.fromkeys(("T2.free", "T2.fee", "T2.second_same_kind"), FEE),
    **dict.fromkeys(("T3.email_no_free", "T3.window", "T3.other_kinds"), BY_EMAIL),
    **dict.fromkeys(("T1.who", "T1.centralized", "T1.combined"), WHO),
    **dict.fromkeys(
        ("T4.approval", "T4.not_before_approval", "T5.no_approval", "T5.difference"), APPROVAL
    ),
    **dict.fromkeys(("T6.preview",), PREVIEW),
    **dict.fromkeys(("T7.one_month", "T7.expired"), DOWNLOAD),
}
# Clauses whose fact is how to reach an office. R17 and P1 print different people for the same one:
# whoever asks is told what policy has, and both clauses.
REACHING = {
    "T10.content_error": ("academic_affairs",),
    "T10.seal_fails": ("academic_affairs",),
    "T10.academic_contact": ("academic_affairs",),
    "T10.invoice": ("finance",),
    "T10.finance_contact": ("finance",),
    "T10.login": ("technical_support",),
    "T10.tech_contact": ("technical_support",),
    "T10.overview": ("academic_affairs", "finance", "technical_support"),
    "R17.contact": ("student_affairs",),
    "R17.email": ("student_affairs",),
    "E11.consult-phone": ("exam_policy",),
}


def fact_today(work: Work, entry: Entry, version: int | None = None) -> Speech:
    """The sentence that answers; ``version`` of the transcript policy is today's where none is given."""
    clause = entry.clause
    if clause.id in TODAY:
        return TODAY[clause.id].fact(store.transcript(work, version))
    called = [refusals.office(work, office) for office in REACHING.get(clause.id, ())]
    if len(called) == 1:
        return called[0]
    return lines(Bilingual(clause.fact, clause.fact_en), *called)


def superseding(work: Work, entry: Entry, version: int | None = None) -> Words | None:
    """The source of today's fact where published policy has changed what the clause says."""
    clause = entry.clause.id
    if clause in TODAY:
        policy = store.transcript(work, version).model_dump(mode="json")
        if any(policy[name] != notices.TRANSCRIPT[name] for name in TODAY[clause].entries):
            return published(work, "transcript", entry, version)
    for office in REACHING.get(clause, ()):
        today = store.offices(work).offices[office].model_dump(mode="json")
        printed = notices.OFFICES["offices"][office]
        if any(today[name] != words for name, words in printed.items()):
            return published(work, "offices", entry)
    return None


NAMES = {"transcript": _("成绩单规定"), "offices": _("联系方式")}


def published(work: Work, name: str, entry: Entry, version: int | None = None) -> Words:
    version = version or store.version_in_force(work, name)
    row = work.session.get_one(PolicyVersion, (work.institution, name, version))
    return _(
        "依据：教务部发布的{name}第 {version} 版，{day} 起实行；{title}（{rule}）里原来的写法不再适用。",
        name=NAMES[name],
        version=version,
        day=row.valid_from,
        title=entry.document.title,
        rule=entry.clause.rule,
    )
