"""Whom to ask about what: campus (T10, R17) and the self-study exam (E11)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from backend import handoff
from backend.identity import exam_tickets
from backend.policy import store
from backend.registry import students
from backend.work import Work
from dialogs import refusals
from dialogs.engine.words import Bilingual, Joined, Words, _, lines, listed, plain


@dataclass(frozen=True, slots=True)
class Desk:
    """What an office is for, its clause, and the words by which that is known."""

    subjects: Words
    rule: str
    said: re.Pattern[str]


CAMPUS = {
    "academic_affairs": Desk(
        _("成绩单内容有误、电子章验证失败"),
        "T10",
        re.compile(r"成绩|课程|电子章|盖章|印章|教务|学分|grade|course|seal|academic affairs"),
    ),
    "finance": Desk(_("开发票"), "T10", re.compile(r"发票|退款|财务|退钱|invoice|refund|financ")),
    "technical_support": Desk(
        _("账号登录"),
        "T10",
        re.compile(r"账号|帐号|登录|登陆|登不|技术|绑定|\baccount|log ?in|sign ?in|technical"),
    ),
    "student_affairs": Desk(
        _("毕业证书注册、毕业照片"),
        "R17",
        re.compile(
            r"毕业照|照片|图像采集|采集码|毕业注册|毕业证|生源地|学生处|photo|student affairs"
            r"|graduation certificate"
        ),
    ),
}
EXAM = {
    "exam_policy": Desk(
        _("自考的免考、转考、毕业等考籍业务"),
        "E11",
        re.compile(r"自考|自学考试|免考|转考|考籍|准考证|主考|exempt|self.study|transfer"),
    ),
    "exam_technical": Desk(
        _("自考平台的登录和使用"),
        "E11",
        re.compile(r"账号|帐号|登录|登陆|登不|平台|密码|技术|绑定|log ?in|sign ?in|technical"),
    ),
}
DESKS = CAMPUS | EXAM


def concerning(work: Work, person: int | None) -> dict[str, Desk]:
    """The offices for this person: of the campus, of the exam, or both where that is not known."""
    studies = person is not None and students.find(work, person) is not None
    sits_exams = person is not None and exam_tickets.has_any(work, person)
    if studies == sits_exams:
        return DESKS
    return CAMPUS if studies else EXAM


def contacts(work: Work, person: int | None) -> Joined:
    desks = concerning(work, person)
    clauses = listed(*(plain(rule) for rule in dict.fromkeys(d.rule for d in desks.values())))
    return lines(_("请按问题联系（{clauses}）：", clauses=clauses), *calls(work, desks))


def calls(work: Work, offices: Iterable[str]) -> list[Words]:
    """For each office what it is for, and how to reach it."""
    return [
        _("{subjects}：{office}", subjects=DESKS[one].subjects, office=refusals.office(work, one))
        for one in offices
    ]


def reachable(work: Work, person: int | None) -> dict[str, Bilingual]:
    """The offices somebody of which can be talked to here; nobody's for who is not signed in."""
    if person is None:
        return {}
    return {
        office: office_name(work, office)
        for office in concerning(work, person)
        if handoff.officers(work, office, person)
    }


def meant(words: str, offices: Iterable[str]) -> str | None:
    """The office of these that the words are about, if they are about one of them only."""
    folded = words.casefold()
    found = [office for office in offices if DESKS[office].said.search(folded)]
    return found[0] if len(found) == 1 else None


def office_name(work: Work, office: str) -> Bilingual:
    entry = store.offices(work).offices[office]
    return Bilingual(entry.name_zh, entry.name_en)
