"""A transfer out as reviewers see it, and what its applicant is told of the decision (E8)."""

from collections.abc import Sequence

from backend.exam import transfer_out
from backend.models import Application, ExamTicket
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button
from dialogs.engine.words import Speech, Words, _, lines, plain
from dialogs.exam.transfer_out import status_button
from dialogs.exam.transfer_out_status import again_words, next_steps
from dialogs.exam.transfer_out_words import courses_words, form_rows, label, subject
from dialogs.reviewing.told import Told


def rows(work: Work, application: Application) -> list[tuple[Words, Speech]]:
    request = transfer_out.request_of(work, application)
    ticket = work.session.get_one(ExamTicket, request.ticket_id)
    told: list[tuple[Words, Speech]] = [(_("准考证"), plain(ticket.number))]
    told += form_rows(transfer_out.destination_of(work, application))
    return told + [
        (_("转出的成绩"), label(one, ticket)) for one in transfer_out.scores_of(work, application)
    ]


def passed(work: Work, together: Sequence[Application]) -> Speech:
    return lines(
        *(
            _(
                "转出申请 {number} 审核通过：{courses} 已经转出，在上海不再计入毕业（E8）。",
                number=one.number,
                courses=courses_words(work, one),
            )
            for one in together
        )
    )


def rejected(work: Work, application: Application) -> Speech:
    return _("这些成绩没有转出，仍然计入。{again}。", again=again_words(work))


def again(chat: Chat, work: Work, application: Application) -> list[Button]:
    return [*next_steps(chat, work, application), status_button(chat)]


TOLD = Told(
    service=_("转出"),
    subject=subject,
    rows=rows,
    passed=passed,
    rejected=rejected,
    again=again,
    status="transfer_out_status",
)
