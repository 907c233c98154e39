"""What is said of graduation from the self-study exam: states, requirements, personal data (E6)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from backend.exam import candidates, graduation_cases
from backend.exam.eligibility import Item, Who
from backend.exam.graduation_cases import Personal, State
from backend.exam.scores import CreditLine
from backend.models import Application, ExamCourse, ExamMajor, ExamTicket
from backend.sealing import masked_number
from backend.work import Work
from dialogs.engine.words import Bilingual, Joined, Speech, Words, _, listed, plain, yuan
from dialogs.exam.exemption_words import course_words

STATES: dict[str, Words] = {
    State.PENDING: _("待审核"),
    State.ASKED: _("老师有问题等您回答"),
    State.SECOND: _("待复核"),
    State.REJECTED: _("未通过"),
    State.WITHDRAWN: _("已撤回"),
    State.APPROVED: _("审核通过，等缴费"),
    State.PAYABLE: _("审核通过，可以缴费"),
    State.ORDERED: _("等待支付审定费"),
    State.PAID: _("已缴费，办好了"),
    State.LAPSED: _("缴费时间已过，没有缴费"),
}
FIELDS: dict[str, Words] = {
    "mobile": _("手机号码"),
    "phone": _("联系电话"),
    "education": _("学历"),
    "political": _("政治面貌"),
    "household": _("户籍类型"),
    "study_mode": _("学习方式"),
    "occupation": _("职业类型"),
    "email": _("电子邮箱"),
    "employer": _("工作单位"),
    "address": _("通讯地址"),
    "postcode": _("邮政编码"),
}
WHO: dict[Who, Words] = {
    Who.APPLICANT: _("您自己办"),
    Who.EXAM: _("参加下次考试"),
    Who.REVIEWER: _("等审核人"),
    Who.EXAM_OFFICE: _("自考办"),
    Who.UNIVERSITY: _("主考学校"),
    Who.NOBODY: _("不用做什么"),
}
PARTS: dict[str, Words] = {"theory": _("理论"), "practice": _("实践")}
SOURCES: dict[str, Words] = {
    "exam": _("考试"),
    "exemption": _("免考"),
    "transfer_in": _("转入"),
    "back_entry": _("补登"),
}


def title_of(work: Work, application: Application) -> Words:
    """``B260302-0001（自考毕业，行政管理（专升本））``"""
    return _(
        "{number}（自考毕业，{major}）",
        number=application.number,
        major=subject(work, application),
    )


def subject(work: Work, application: Application) -> Words:
    request = graduation_cases.request_of(work, application)
    return major_words(work.session.get_one(ExamMajor, request.major_id))


def major_words(major: ExamMajor) -> Words:
    return _("{major}", major=Bilingual(major.name_zh, major.name_en))


def ticket_major(work: Work, ticket: ExamTicket) -> Words:
    major = candidates.major_of(work, ticket)
    return major_words(major) if major else _("没有专业")


def points(tenths: object) -> str:
    """Credits as they are told: ``66``, ``4.5``."""
    if not isinstance(tenths, int):
        return str(tenths)
    whole, tenth = divmod(tenths, 10)
    return f"{whole}.{tenth}" if tenth else str(whole)


def course(facts: Mapping[str, object]) -> Words:
    found = facts["course"]
    return course_words(found) if isinstance(found, ExamCourse) else plain("")


def courses(facts: Mapping[str, object]) -> Speech:
    found = facts["courses"]
    named = found if isinstance(found, list) else []
    return listed(*(course_words(one) for one in named))


def numbers(facts: Mapping[str, object]) -> Speech:
    found = facts["numbers"]
    return listed(*(plain(str(one)) for one in found)) if isinstance(found, list) else plain("")


def window(facts: Mapping[str, object]) -> Words:
    if isinstance(opens := facts["next"], datetime):
        return _("现在不在办理时间里，下次 {opens} 开放", opens=opens)
    return _("现在不在办理时间里，下次什么时候开放还没有公布")


def left(facts: Mapping[str, object]) -> Words:
    lines = facts["lines"]
    codes = dict.fromkeys(one.code for one in lines) if isinstance(lines, list) else {}
    return _("已经转出、不再计入的：{codes}", codes=listed(*map(plain, codes)))


# What is said of a requirement that is not met.
UNMET: dict[str, Callable[[Mapping[str, object]], Words]] = {
    "window": window,
    "major": lambda f: _("准考证上没有专业"),
    "filed": lambda f: _(
        "申请 {number}：{state}", number=f["number"], state=STATES[str(f["state"])]
    ),
    "course": lambda f: _(
        "{course}（{part}）没有合格成绩", course=course(f), part=PARTS[str(f["kind"])]
    ),
    "choice": lambda f: _("选考课程至少合格一门：{courses}", courses=courses(f)),
    "option_course": lambda f: _("{course}（加考）没有合格成绩", course=course(f)),
    "credits": lambda f: _(
        "学分 {earned}，应修 {total}", earned=points(f["earned"]), total=points(f["total"])
    ),
    "exemptions_pending": lambda f: _("免考还在审核：{numbers}", numbers=numbers(f)),
    "back_entries_pending": lambda f: _(
        "补登还在审核，通过以后才计入：{numbers}", numbers=numbers(f)
    ),
    "leaving": lambda f: _("有成绩正在申请转出：{numbers}，要先撤回或者等结果", numbers=numbers(f)),
    "left": left,
    "mobile": lambda f: _("本人常用的手机号码"),
    "option": lambda f: _("选一项加考选项"),
    "appraisal": lambda f: _("自我鉴定，{least} 到 {most} 字", least=f["least"], most=f["most"]),
    "appraisal_not_set": lambda f: _("自我鉴定的字数还没有公布"),
    "prior_diploma": lambda f: _(
        "前置学历的毕业证书；{year} 年及以后毕业的，加电子注册备案表；{year} 年以前的，加学历认证报告",
        year=f["year"],
    ),
    "fee": lambda f: _("毕业审定费还没有公布，通过以后请联系主考学校咨询缴费办法"),
}


def item_words(item: Item) -> Words:
    """``英语（二）（00015）（理论）没有合格成绩（E6，参加下次考试）``"""
    who = WHO[item.who]
    if item.who is Who.APPLICANT and item.code in ("course", "option_course"):
        who = _("用凭证申请免考，或者参加下次考试")
    return _(
        "{words}（{rule}，{who}）", words=UNMET[item.code](item.facts), rule=item.rule, who=who
    )


def fee_words(fen: int | None) -> Words:
    if fen is None:
        return _("没有公布；不显示缴费提示时，请联系主考学校咨询缴费办法（E6）")
    return yuan(fen)


def personal_rows(personal: Personal) -> list[tuple[Words, Speech]]:
    """What is known, for its owner to check; long numbers and the address in part."""
    return [
        (label, shown(name, getattr(personal, name)))
        for name, label in FIELDS.items()
        if getattr(personal, name)
    ]


def shown(name: str, value: str) -> Words:
    if name in ("mobile", "phone"):
        return plain(masked_number(value))
    if name == "email":
        user, at, host = value.partition("@")
        return plain(f"{user[:1]}***{at}{host}")
    if name == "address" and len(value) > 6:
        return plain(f"{value[:6]}…")
    return plain(value)


def joined(parts: Sequence[Speech]) -> Speech:
    return Joined(tuple(parts), "，", ", ")


def score_words(one: CreditLine, ticket: ExamTicket) -> Speech:
    """``理论，71 分，2 学分，2025-10``; another ticket than the one in use is named."""
    parts: list[Speech] = [PARTS[one.kind] if one.kind in PARTS else SOURCES[one.kind]]
    if one.score is not None:
        parts.append(_("{score} 分", score=one.score))
    parts.append(_("{credits} 学分", credits=points(one.credit_tenths)))
    if one.month:
        parts.append(plain(one.month))
    if one.source == "back_entry":
        parts.append(SOURCES[one.source])
    if one.ticket != ticket.number:
        parts.append(_("准考证 {number}", number=one.ticket))
    return joined(parts)
