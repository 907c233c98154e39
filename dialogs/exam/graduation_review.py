"""A graduation as reviewers see it, and what its applicant is told of the decision (E6)."""

from collections.abc import Sequence

from backend.exam import graduation_cases, graduation_doubts, windows
from backend.exam.graduation_cases import State
from backend.models import Application, ExamMajor, ExamOption, ExamTicket
from backend.policy.exam import Service
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button
from dialogs.engine.words import Bilingual, Speech, Words, _, lines, plain
from dialogs.engine.writing import characters
from dialogs.exam.exemption_words import course_words
from dialogs.exam.graduation import status_button
from dialogs.exam.graduation_status import again_words, next_steps, pay_time
from dialogs.exam.graduation_words import fee_words, major_words, personal_rows, points, subject
from dialogs.reviewing.told import Told


def rows(work: Work, application: Application) -> list[tuple[Words, Speech]]:
    """Credits, each missing course with its explanation, the appraisal, the proofs."""
    request = graduation_cases.request_of(work, application)
    ticket = work.session.get_one(ExamTicket, request.ticket_id)
    major = work.session.get_one(ExamMajor, request.major_id)
    counted = graduation_cases.scores_of(work, application)
    told: list[tuple[Words, Speech]] = [
        (_("准考证"), plain(ticket.number)),
        (_("专业"), major_words(major)),
        (
            _("计入的成绩"),
            _(
                "{count} 条，应修 {total} 学分",
                count=len(counted),
                total=points(major.total_credit_tenths),
            ),
        ),
    ]
    if request.option_id is not None:
        option = work.session.get_one(ExamOption, request.option_id)
        told.append((_("加考选项"), Bilingual(option.name_zh, option.name_en)))
    for course, words in graduation_cases.explained(work, application):
        told.append((_("没有成绩：{course}", course=course_words(course)), plain(words)))
    told += personal_rows(graduation_cases.personal_of(work, request))
    count = characters(request.appraisal)
    told.append((_("自我鉴定，{count} 字", count=count), plain(request.appraisal)))
    return told


def to_check(work: Work, application: Application) -> list[Words]:
    """What it rests on that may be taken back."""
    doubted = graduation_doubts.doubted(work, [application]).get(application.id, [])
    return [
        _("计入的 {number} 有人说通过错了，还在等同事复核。", number=number) for number in doubted
    ]


def passed(work: Work, together: Sequence[Application]) -> Speech:
    first = together[0]
    fee = graduation_cases.request_of(work, first).fee_fen
    parts: list[Speech] = [
        _(
            "自考毕业 {number}（{major}）审核通过。请根据提示和学校官网公告办理后续事宜（E6）。",
            number=first.number,
            major=subject(work, first),
        )
    ]
    if fee is None:
        parts.append(_("毕业审定费：{fee}。", fee=fee_words(None)))
    else:
        parts.append(
            _("毕业审定费 {fee}，缴费时间：{time}。", fee=fee_words(fee), time=pay_time(work))
        )
    return lines(*parts)


def rejected(work: Work, application: Application) -> Speech:
    return _("{again}。", again=again_words(work))


def again(chat: Chat, work: Work, application: Application) -> list[Button]:
    if application.state != State.REJECTED or not windows.standing(work, Service.GRADUATION).open:
        return [status_button(chat)]
    return [*next_steps(chat, work, application), status_button(chat)]


TOLD = Told(
    service=_("自考毕业"),
    subject=subject,
    rows=rows,
    passed=passed,
    rejected=rejected,
    again=again,
    status="exam_graduation_status",
    to_check=to_check,
)
