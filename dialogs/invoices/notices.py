"""Who is told what of an invoice: its owner by each step that matters, finance once a day."""

from collections.abc import Callable
from datetime import datetime

from backend.identity.stepup import Purpose
from backend.invoices import exporting, handing_over, lines, requesting
from backend.invoices.states import State
from backend.invoices.unreturned import late
from backend.models import Application, Blob
from backend.work import Event, Work
from dialogs import audiences
from dialogs.accounts import step_up
from dialogs.engine.chat import Chat
from dialogs.engine.words import _, plain, yuan
from dialogs.invoices.mine import following
from dialogs.invoices.requesting import status_button
from dialogs.invoices.staff import export_button, look_buttons, unreturned_rows, upload_button
from dialogs.invoices.words import invoice_card

Audience = Callable[[Work, Event], list[int]]
Sentence = Callable[[Chat, Work, Event], None]


def case(work: Work, event: Event) -> Application:
    application = requesting.find(work, event.subject)
    if application is None:
        raise LookupError(f"{event.name}: no invoice {event.subject}")
    return application


def handed_over(chat: Chat, work: Work, event: Event) -> None:
    """With its files, where the account may be given them at once."""
    application = case(work, event)
    if event.name == "invoice.issue" and application.state == State.EXPORTED:
        return
    files = handing_over.files_of(work, application)
    if not files or step_up.is_due(chat, work, Purpose.FIRST_FILE):
        words = _("发票 {number} 开好了。", number=application.number)
        chat.say(words, buttons=[status_button(chat, application.number)])
        return
    until = kept_until(files)
    chat.say(
        _("发票 {number} 开好了，文件在这里留到 {until}。", number=application.number, until=until),
        card=invoice_card(chat, work, application),
        files=[chat.file(one) for one in files],
        until=until,
    )


def kept_until(files: list[Blob]) -> datetime | None:
    return min((file.expires_at for file in files if file.expires_at), default=None)


def rejected(chat: Chat, work: Work, event: Event) -> None:
    application = case(work, event)
    request = requesting.request_of(work, application)
    if application.state != State.REJECTED:
        return
    chat.say(
        _(
            "发票 {number} 财务处没有开，退回了。理由：{why}",
            number=application.number,
            why=plain(request.rejected_why),
        ),
        buttons=following(chat, application),
    )


def lessened(chat: Chat, work: Work, event: Event) -> None:
    application = case(work, event)
    chat.say(
        _(
            "因为退款，发票 {number} 改为 {amount}。",
            number=application.number,
            amount=yuan(lines.amount_fen(work, application)),
        ),
        buttons=[status_button(chat, application.number)],
    )


def voided(chat: Chat, work: Work, event: Event) -> None:
    chat.say(_("钱已经退给您，发票 {number} 不用开了，已取消。", number=event.subject))


def red_due(chat: Chat, work: Work, event: Event) -> None:
    chat.say(
        _(
            "因为退款，财务处会给发票 {number} 开红字发票。原来的发票请不要再拿去报销。",
            number=event.subject,
        ),
        buttons=[status_button(chat, event.subject)],
    )


def red_issued(chat: Chat, work: Work, event: Event) -> None:
    """With its file, as the invoice itself comes."""
    red = str(event.facts["red"])
    files = handing_over.files_of(work, case(work, event), red)
    if not files or step_up.is_due(chat, work, Purpose.FIRST_FILE):
        chat.say(
            _("发票 {number} 的红字发票 {red} 开好了。", number=event.subject, red=red),
            buttons=[status_button(chat, event.subject)],
        )
        return
    until = kept_until(files)
    chat.say(
        _(
            "发票 {number} 的红字发票 {red} 开好了，文件在这里留到 {until}。",
            number=event.subject,
            red=red,
            until=until,
        ),
        files=[chat.file(one) for one in files],
        buttons=[status_button(chat, event.subject)],
        until=until,
    )


def waiting(chat: Chat, work: Work, event: Event) -> None:
    """To finance, in the morning: what is to be exported, and what should have come back."""
    count, overdue = exporting.count(work), late(work)
    if count:
        words = _("早上好，有 {count} 张发票等着开，可以一起导出。", count=count)
        chat.say(words, buttons=[export_button(chat)])
    if overdue:
        chat.say(
            _(
                "有 {count} 张发票导出以后没有发回，已经过了该开好的时间。开好的把文件发到这里；开不了的退回，写明理由，申请人好改。",
                count=len(overdue),
            ),
            card=chat.card(_("没有发回的发票"), *unreturned_rows(overdue)),
            buttons=[*look_buttons(chat, overdue), upload_button(chat)],
        )


NOTICES: dict[str, tuple[Audience, Sentence]] = {
    "invoice.issue": (audiences.the_applicant, handed_over),
    "invoice.more_files": (audiences.the_applicant, handed_over),
    "invoice.reject": (audiences.the_applicant, rejected),
    "invoice.lessen": (audiences.the_applicant, lessened),
    "invoice.void": (audiences.the_applicant, voided),
    "invoice.request_red": (audiences.the_applicant, red_due),
    "invoice.issue_red": (audiences.the_applicant, red_issued),
    "invoice.issue_one_red": (audiences.the_applicant, red_issued),
    "invoice.waiting": (audiences.finance, waiting),
}
