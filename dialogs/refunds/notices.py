"""What is told of a refund when something happens to it, and to whom; the payer hears of every step."""

from collections.abc import Callable

from backend.refunds.states import payer, refund_of
from backend.work import Event, Work
from dialogs import audiences as everybodys
from dialogs import refusals
from dialogs.audiences import Audience
from dialogs.engine.chat import Chat
from dialogs.engine.slots import as_given
from dialogs.engine.words import Speech, Words, _, lines
from dialogs.refunds import audiences, documents
from dialogs.refunds.audiences import case
from dialogs.refunds.mine import status_button
from dialogs.refunds.prompting import (
    ODD,
    asked,
    delayed,
    document_kept,
    failed,
    odd,
    overdue,
    proposed,
    referred,
    reminder,
    tell,
)
from dialogs.refunds.refusing import WHY
from dialogs.refunds.words import ARRIVAL, named

Sentence = Callable[[Chat, Work, Event], None]
CLOSINGS: dict[str, Callable[[Speech], Words]] = {
    "refund.approve": lambda who: _("已由{who}同意", who=who),
    "refund.refer": lambda who: _("{who}已同意，等另一位老师确认", who=who),
    "refund.await_document": lambda who: _("已由{who}同意，等教务部撤销成绩单", who=who),
    "refund.refuse": lambda who: _("{who}没有同意", who=who),
    "refund.withdraw": lambda who: _("付款人已撤回"),
    "refund.document_ended": lambda who: _("成绩单已撤销，正在退款"),
    "refund.document_kept": lambda who: _("成绩单没有撤销，已交回财务处"),
    "refund.again": lambda who: _("{who}已再退一次", who=who),
    "refund.by_hand": lambda who: _("{who}已登记线下退款", who=who),
    "refund.succeed": lambda who: _("已退款"),
}


def approved(chat: Chat, work: Work, event: Event) -> None:
    application = case(work, event)
    tell(
        chat,
        application,
        _("财务处同意退款 {title}，正在原路退回。", title=named(work, application)),
        ARRIVAL,
    )


def awaiting(chat: Chat, work: Work, event: Event) -> None:
    application = case(work, event)
    if chat.person != payer(work, application):
        documents.prompt(chat, work, application)
        return
    tell(
        chat,
        application,
        _(
            "财务处同意退款 {title}。成绩单还有效，等教务部撤销以后自动退款。",
            title=named(work, application),
        ),
    )


def document_ended(chat: Chat, work: Work, event: Event) -> None:
    application = case(work, event)
    if chat.person != payer(work, application):
        chat.say(_("成绩单已撤销，退款 {title}已自动开始。", title=named(work, application)))
        return
    tell(
        chat,
        application,
        _("成绩单已撤销，退款 {title}正在原路退回。", title=named(work, application)),
        ARRIVAL,
    )


def refused(chat: Chat, work: Work, event: Event) -> None:
    application = case(work, event)
    why = as_given(WHY, refund_of(work, application).refused_why)
    if chat.person != payer(work, application):
        chat.say(
            lines(
                _("您同意过的退款 {title}，另一位老师没有同意。", title=named(work, application)),
                _("理由：{why}", why=why),
            )
        )
        return
    chat.say(
        lines(
            _("财务处没有同意退款 {title}。", title=named(work, application)),
            _("理由：{why}", why=why),
            refusals.office(work, "finance"),
        ),
        buttons=[
            chat.button(_("重新申请退款"), "request_refund", lasting=True),
            status_button(chat, application.number),
        ],
    )


def succeeded(chat: Chat, work: Work, event: Event) -> None:
    """Finance, who have forty of them, hear of what does not arrive only."""
    application = case(work, event)
    tell(chat, application, _("退款 {title}已退回。", title=named(work, application)), ARRIVAL)


def by_hand(chat: Chat, work: Work, event: Event) -> None:
    application = case(work, event)
    refund = refund_of(work, application)
    tell(
        chat,
        application,
        _(
            "财务处已于 {day} 另行退款 {title}，银行流水号 {number}。",
            day=refund.paid_back_on,
            title=named(work, application),
            number=refund.bank_reference,
        ),
    )


NOTICES: dict[str, tuple[Audience, Sentence]] = {
    "refund.ask": (audiences.those_who_decide, asked),
    "refund.propose": (audiences.payer_and_those_who_decide, proposed),
    "refund.refer": (audiences.those_who_decide, referred),
    "refund.await_document": (audiences.payer_and_academic_affairs, awaiting),
    "refund.document_kept": (audiences.those_who_decide, document_kept),
    "refund.document_ended": (audiences.payer_and_who_decided, document_ended),
    "refund.approve": (audiences.the_payer, approved),
    "refund.refuse": (audiences.payer_and_the_first, refused),
    "refund.succeed": (audiences.the_payer, succeeded),
    "refund.fail": (audiences.payer_and_those_who_decide, failed),
    "refund.by_hand": (audiences.the_payer, by_hand),
    "refund.remind": (audiences.those_it_waits_for, reminder),
    "refund.overdue": (audiences.everybody_waiting, overdue),
    "refund.delayed": (audiences.those_who_decide, delayed),
    **{f"refund.{outcome}": (everybodys.finance, odd) for outcome in ODD},
}
