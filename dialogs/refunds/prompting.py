"""What finance and academic affairs are told of a refund: whatever waits for them is one press from done."""

from backend import authority
from backend.authority import Role
from backend.models import Application
from backend.refunds.settle import Outcome
from backend.refunds.states import State, payer, refund_of
from backend.work import Event, Work
from dialogs import refusals
from dialogs.engine.chat import Chat
from dialogs.engine.words import Speech, Words, _, lines, plain, yuan
from dialogs.refunds import documents, mending
from dialogs.refunds.audiences import case
from dialogs.refunds.deciding import prompt
from dialogs.refunds.mine import status_button
from dialogs.refunds.words import REASONS, TROUBLES, case_card, named
from dialogs.titles import person_name


def tell(chat: Chat, application: Application, *said: Speech) -> None:
    """To the payer, with how it stands one press away."""
    chat.say(lines(*said), buttons=[status_button(chat, application.number)])


def asked(chat: Chat, work: Work, event: Event) -> None:
    application = case(work, event)
    if application.state == State.ASKED:
        prompt(chat, work, application, _("有人申请退款，请您决定。"))


def proposed(chat: Chat, work: Work, event: Event) -> None:
    application = case(work, event)
    refund = refund_of(work, application)
    if chat.person == payer(work, application):
        chat.say(
            lines(
                _(
                    "收到您一笔要退的款（{reason}）：{amount}。已请财务处退回，您不用再申请，退款编号 {number}。",
                    reason=REASONS[refund.reason],
                    amount=yuan(refund.amount_fen),
                    number=application.number,
                )
            ),
            buttons=[status_button(chat, application.number)],
        )
    elif application.state == State.ASKED:
        prompt(
            chat,
            work,
            application,
            _("收到一笔要退的款（{reason}），请您决定。", reason=REASONS[refund.reason]),
        )


def referred(chat: Chat, work: Work, event: Event) -> None:
    application = case(work, event)
    if application.state == State.CONFIRMING:
        who = person_name(work, refund_of(work, application).decided_by or 0)
        prompt(chat, work, application, _("{who}已同意这笔退款，金额较大，请您确认。", who=who))


def document_kept(chat: Chat, work: Work, event: Event) -> None:
    application = case(work, event)
    if application.state == State.ASKED:
        prompt(chat, work, application, _("成绩单没有撤销，这笔退款请您重新决定。"))


def failed(chat: Chat, work: Work, event: Event) -> None:
    application = case(work, event)
    if chat.person == payer(work, application):
        tell(
            chat,
            application,
            _(
                "您的退款 {title}没有退成功，财务处正在处理，您不用再做什么。",
                title=named(work, application),
            ),
        )
    elif application.state == State.ABNORMAL:
        mending.prompt(chat, work, application)


def delayed(chat: Chat, work: Work, event: Event) -> None:
    application, trouble = case(work, event), str(event.facts["trouble"])
    why = TROUBLES.get(trouble, plain(trouble)) if trouble else _("支付平台暂时没有回应")
    words = _(
        "退款 {number} 还没有退出去：{why}。会自动再试，钱不会退两次。",
        number=application.number,
        why=why,
    )
    if application.state == State.SENT:
        words = _(
            "退款 {number} 支付平台已经受理，但问不到结果：{why}。会一直再问，请不要另外付。",
            number=application.number,
            why=why,
        )
    chat.say(words, card=case_card(chat, work, application))


def reminder(chat: Chat, work: Work, event: Event) -> None:
    application = case(work, event)
    words = _("这笔退款 {at} 起在等您处理，请尽快。", at=application.since)
    if application.state == State.DOCUMENT:
        documents.prompt(chat, work, application, words)
    elif application.state == State.ABNORMAL:
        mending.prompt(chat, work, application, words)
    else:
        prompt(chat, work, application, words)


def overdue(chat: Chat, work: Work, event: Event) -> None:
    application = case(work, event)
    held = authority.roles(work, chat.person or 0)
    if chat.person == payer(work, application):
        chat.say(
            lines(
                _("您的退款 {title}等得太久了，已经催办。", title=named(work, application)),
                refusals.office(work, "finance"),
            ),
            buttons=[status_button(chat, application.number)],
        )
    elif held & {Role.FINANCE, Role.ACADEMIC_AFFAIRS}:
        reminder(chat, work, event)
    else:
        who = _("教务部") if application.state == State.DOCUMENT else _("财务处")
        words = _(
            "退款 {number} 超过期限还没有人处理，请提醒{who}。", number=application.number, who=who
        )
        chat.say(words)


ODD: dict[str, Words] = {
    Outcome.MISMATCH: _("和这里的金额或付款对不上，没有入账"),
    Outcome.UNDECIDED: _("这里还没有同意，钱已经退了"),
    Outcome.TWICE: _("已经登记过线下退款，现在又从支付平台退了一次，请向付款人追回"),
    Outcome.UNKNOWN: _("这里没有这笔退款"),
}


def odd(chat: Chat, work: Work, event: Event) -> None:
    chat.say(
        _(
            "支付平台说退款 {number}（{amount}，平台编号 {refund}）已有结果，但{what}。请与支付平台核对。",
            number=event.subject,
            amount=yuan(event.facts["amount_fen"]),
            refund=event.facts["refund_id"],
            what=ODD[event.name.partition(".")[2]],
        )
    )
