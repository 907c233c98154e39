"""要退款的成绩单 (documents whose money is to go back): academic affairs revoke them, or keep them (T10)."""

from backend import authority
from backend.authority import Role
from backend.models import Application
from backend.refunds import documents, money
from backend.refunds.states import State, refund_of
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.slots import as_given, text
from dialogs.engine.words import Words, _, lines, plain
from dialogs.refunds.words import APPLICATION, case_card, case_facts, line
from dialogs.staff.approvals import DECIDING

KEPT_WHY = text(
    "document_kept_why",
    _("为什么不撤销？会告诉财务处，由财务处答复付款人。"),
    title=_("理由"),
    verbatim=True,
    suggestions=(_("成绩单内容没有错"), _("可以更正后重新出具")),
)
MOST_SHOWN = 20


def to_keep(work: Work, number: str) -> Application:
    application, _held = documents.to_keep(work, number)
    return application


def prompt(chat: Chat, work: Work, application: Application, greeting: Words | None = None) -> None:
    """One press leads to revoking it, as ever by two; another one keeps it."""
    if application.state != State.DOCUMENT:
        return
    number = application.number
    transcript = money.share_of(work, refund_of(work, application)).application.number
    words = _(
        "财务处同意退款 {number}。成绩单 {transcript} 仍然有效：内容确实有错的请撤销，撤销后自动退款。",
        number=number,
        transcript=transcript,
    )
    revoke = chat.button(
        _("提请撤销"),
        "revoke_transcript",
        style="danger",
        lasting=True,
        application_number=transcript,
    )
    keep = chat.button(_("不撤销"), "keep_document", lasting=True, application_number=number)
    chat.say(
        lines(greeting, words) if greeting else words,
        card=case_card(chat, work, application),
        buttons=[revoke, keep],
        about=number,
    )


def keep_document(chat: Chat, work: Work) -> None:
    application = to_keep(work, chat.ask(APPLICATION))
    why = chat.ask(KEPT_WHY)
    consent = chat.confirm(
        lines(
            _("不撤销成绩单，退款 {number} 交回财务处？", number=application.number),
            _("理由：{why}", why=as_given(KEPT_WHY, why)),
        ),
        facts=f"{case_facts(work, application)}:{why}",
        agree=_("不撤销"),
        not_by=DECIDING,
    )
    documents.keep_document(work, application.number, why, consent)
    chat.say(_("成绩单仍然有效，已告诉财务处。"))


def waiting(work: Work, person: int) -> list[Application]:
    affairs = Role.ACADEMIC_AFFAIRS in authority.roles(work, person)
    return documents.waiting(work) if affairs else []


def count(work: Work, person: int) -> int:
    return len(waiting(work, person))


def show_waiting(chat: Chat, work: Work, greeting: Words | None = None) -> bool:
    found = waiting(work, chat.person or 0)
    if len(found) == 1:
        prompt(chat, work, found[0], greeting)
    elif found:
        words = _("财务处同意退款，成绩单还有效，请撤销或者告诉财务处不撤销：")
        chat.say(
            lines(greeting, words) if greeting else words,
            card=chat.card(
                _("要退款的成绩单：{count} 份", count=len(found)),
                *((plain(one.number), line(work, one)) for one in found[:MOST_SHOWN]),
            ),
            buttons=[
                chat.button(
                    plain(one.number), "decide_refund", lasting=True, application_number=one.number
                )
                for one in found[:MOST_SHOWN]
            ],
        )
    return bool(found)
