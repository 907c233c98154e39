"""A back-entry as reviewers see it, and what its applicant is told of the decision (E9)."""

from collections.abc import Sequence

from backend.exam import back_entry, back_entry_cases, windows
from backend.models import Application, ExamTicket
from backend.policy.exam import Service
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button
from dialogs.engine.words import Speech, Words, _, lines, plain
from dialogs.exam import back_entry_words
from dialogs.exam.back_entry import list_button
from dialogs.exam.back_entry_words import subject
from dialogs.reviewing.told import Told

DOUBTFUL_YEAR = "2002"  # the manual says once "before 2002" and once "2002 or earlier" (E9)


def rows(work: Work, application: Application) -> list[tuple[Words, Speech]]:
    request = back_entry_cases.request_of(work, application)
    ticket = work.session.get_one(ExamTicket, request.ticket_id)
    told: list[tuple[Words, Speech]] = [(_("准考证"), plain(ticket.number))]
    told += back_entry_words.rows(work, application)
    if request.passed_month.startswith(DOUBTFUL_YEAR):
        words = _("2002 年当年合格：手册里一处写“2002年以前”，一处写“2002年及以前”（E9）")
        told.append((_("请留意"), words))
    for gone in back_entry.left_before(work, application):
        words = _(
            "这门课有一条成绩已经转出（{kind}，{month}）：请核对登记的是不是同一条（E8）",
            kind=back_entry_words.KINDS[gone.kind],
            month=gone.passed_month,
        )
        told.append((_("请留意"), words))
    return told


def passed(work: Work, together: Sequence[Application]) -> Speech:
    return lines(
        *(
            _(
                "补登 {number}（{subject}）审核通过，从现在起计入（E9）。",
                number=one.number,
                subject=subject(work, one),
            )
            for one in together
        )
    )


def rejected(work: Work, application: Application) -> Speech:
    window = windows.standing(work, Service.BACK_ENTRY).window
    if window is None:
        return _("现在不在办理时间里，开放以后可以重新登记一条（E4）。")
    return _("{until} 之前可以重新登记一条（E9）。", until=window.closes_at)


def again(chat: Chat, work: Work, application: Application) -> list[Button]:
    found = [list_button(chat)]
    if windows.standing(work, Service.BACK_ENTRY).open:
        kind = back_entry_cases.request_of(work, application).kind
        found.insert(0, chat.button(_("重新登记"), "backfill_scores", kind=kind))
    return found


TOLD = Told(
    service=_("补登"),
    subject=subject,
    rows=rows,
    passed=passed,
    rejected=rejected,
    again=again,
    status="back_entries",
)
