"""What is said of an exemption, to candidates and to reviewers: courses, states, what is missing."""

from collections.abc import Sequence

from backend.clauses import shelf
from backend.exam import exemption_cases
from backend.exam.matrix import Missing
from backend.models import Application, ExamCourse
from backend.policy.exam import ExamPolicy, Need
from backend.work import Work
from dialogs.engine.words import Bilingual, Joined, Speech, Words, _, lines, listed, plain
from dialogs.proofs.kinds import Kind, kind_words

STATES: dict[str, Words] = {
    "not_applied": _("未申请"),
    "passed": _("已有合格成绩"),
    "elsewhere": _("用另一个准考证申请过"),
    "pending": _("待审核"),
    "asked": _("老师有问题等您回答"),
    "second": _("待复核"),
    "rejected": _("未通过"),
    "approved": _("已通过"),
    "withdrawn": _("已撤回"),
    "superseded": _("已有合格成绩，不用再办"),
    "revoked": _("已撤销"),
}
IN_THE_NOTICE = ("E5b.several", "E5c.image", "E5c.size", "E5c.add")  # clauses


def course_words(course: ExamCourse) -> Words:
    """``英语（二）（00015）``"""
    return _("{name}（{code}）", name=Bilingual(course.name_zh, course.name_en), code=course.code)


def course_of(work: Work, application: Application) -> Words:
    return course_words(exemption_cases.course_of(work, application))


def title(work: Work, application: Application) -> Words:
    """``M260302-0001（免考，英语（二））``"""
    course = exemption_cases.course_of(work, application)
    name = Bilingual(course.name_zh, course.name_en)
    return _("{number}（免考，{course}）", number=application.number, course=name)


def credits(course: ExamCourse) -> str:
    whole, tenth = divmod(course.credit_tenths, 10)
    return f"{whole}.{tenth}" if tenth else str(whole)


def notice(work: Work, policy: ExamPolicy) -> Speech:
    """The university's notice to candidates; where none was published, what the manual says (E5)."""
    if policy.notices.exemption is not None:
        return plain(policy.notices.exemption)
    library = shelf.in_force(work)
    told = [
        Bilingual(clause.fact, clause.fact_en)
        for clause in (library[one].clause for one in IN_THE_NOTICE)
    ]
    return lines(_("考生须知（E5）："), *told)


def kinds_of(needs: Sequence[Need]) -> list[Kind]:
    """The proofs one may choose from, each once."""
    kinds = [Kind(need.type, grade) for need in needs for grade in (need.grade or ("",))]
    return list(dict.fromkeys(kinds))


def missing_words(missing: Sequence[Missing]) -> Words:
    """``还缺：学历证书电子注册备案表或学历认证报告``"""
    told = [any_of(one) for one in missing]
    return _("还缺：{missing}", missing=Joined(tuple(told), "；", "; "))


def any_of(missing: Missing) -> Speech:
    sets = [listed(*(kind_words(one) for one in kinds_of(group))) for group in missing.any_of]
    return Joined(tuple(sets), "，或者", ", or ")
