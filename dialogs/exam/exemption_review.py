"""An exemption as reviewers see it, and what its applicant is told of the decision (E5)."""

from collections.abc import Sequence

from backend.exam import candidates, exemption_cases, exemptions, matrix, windows
from backend.models import Application, ExamTicket
from backend.policy import store
from backend.policy.exam import Service
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button
from dialogs.engine.words import Bilingual, Speech, Words, _, listed, plain
from dialogs.exam.exemption import change_button, status_button
from dialogs.exam.exemption_words import course_of, course_words, credits
from dialogs.reviewing.told import Told


def rows(work: Work, application: Application) -> list[tuple[Words, Speech]]:
    request = exemption_cases.request_of(work, application)
    ticket = work.session.get_one(ExamTicket, request.ticket_id)
    course = exemption_cases.course_of(work, application)
    major = candidates.major_of(work, ticket)
    told: list[tuple[Words, Speech]] = [(_("准考证"), plain(ticket.number))]
    if major is not None:
        told.append((_("专业"), Bilingual(major.name_zh, major.name_en)))
    told.append(
        (
            _("课程"),
            _("{course}，{credits} 学分", course=course_words(course), credits=credits(course)),
        )
    )
    return told


def to_check(work: Work, application: Application) -> list[Words]:
    """What only a person can read off the pictures, by the matrix it was filed under."""
    way = exemption_cases.request_of(work, application).way
    code = exemption_cases.course_of(work, application).code
    policy = store.exam(work, application.policy_version)
    chosen = next((one for one in matrix.ways(policy, code) if one.way == way), None)
    if chosen is None:
        return []
    least = [need.least_score for need in chosen.needs if need.least_score is not None]
    told = [_("成绩不低于 {least} 分", least=one) for one in least]
    levels = [level for need in chosen.needs for level in need.level]
    told += [_("学历层次要是本科") for level in levels[:1] if level == "bachelor"]
    return told + ([plain(chosen.reviewer_note)] if chosen.reviewer_note else [])


def passed(work: Work, together: Sequence[Application]) -> Speech:
    courses = listed(*(course_of(work, one) for one in together))
    return _("审核通过，已经成功办理免考：{courses}。从现在起计入毕业审核（E5）。", courses=courses)


def rejected(work: Work, application: Application) -> Speech:
    window = windows.standing(work, Service.EXEMPTION).window
    if window is None:
        return _("现在不在办理时间里，开放以后可以重新提交（E4）。")
    return _(
        "{until} 之前可以重新提交：改凭证，或者再加别的凭证（E5）。只重新交这一门就行。",
        until=window.closes_at,
    )


def again(chat: Chat, work: Work, application: Application) -> list[Button]:
    if application.state != exemptions.State.REJECTED:
        return [status_button(chat)]
    return [change_button(chat, work, application), status_button(chat)]


TOLD = Told(
    service=_("免考"),
    subject=course_of,
    rows=rows,
    to_check=to_check,
    passed=passed,
    rejected=rejected,
    again=again,
    status="exemption_status",
)
