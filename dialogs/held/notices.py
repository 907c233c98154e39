"""What is told of held money: to the second person, to whoever decided first, and to whoever had paid."""

from collections.abc import Callable

from backend import authority
from backend.authority import Role
from backend.held import deciding, states
from backend.held.states import State, Way
from backend.models import Disposal
from backend.work import Event, Work
from dialogs import audiences
from dialogs.audiences import Audience
from dialogs.engine.chat import Chat
from dialogs.engine.words import _, lines, plain, yuan
from dialogs.held import agreeing
from dialogs.held.words import WAYS


def case(work: Work, event: Event) -> Disposal:
    found = states.find(work, event.subject)
    if found is None:
        raise LookupError(f"there is no disposal {event.subject}")
    return found


def the_second(work: Work, event: Event) -> list[int]:
    one = case(work, event)
    return deciding.seconds(work, one.decided_by, states.parts(work, one))


def the_first(work: Work, event: Event) -> list[int]:
    """Who decided, unless they did this themselves."""
    one = case(work, event)
    still = authority.holds(work, one.decided_by, Role.FINANCE)
    return [one.decided_by] if still and one.decided_by != work.actor else []


def payers(work: Work, event: Event) -> list[int]:
    """Whose money has gone another way; of an order that is paid its own notice tells."""
    one = case(work, event)
    if one.way == Way.ORDER:
        return []
    return sorted(states.people(work, states.parts(work, one)))


def first_and_payers(work: Work, event: Event) -> list[int]:
    return the_first(work, event) + payers(work, event)


def referred(chat: Chat, work: Work, event: Event) -> None:
    one = case(work, event)
    if one.state == State.CONFIRMING:
        agreeing.show(chat, work, one)


def refused(chat: Chat, work: Work, event: Event) -> None:
    one = case(work, event)
    chat.say(
        lines(
            _(
                "您提出的{way} {number}（{amount}），另一位老师没有同意，款项还在待处理里。",
                way=WAYS[one.way],
                number=one.number,
                amount=yuan(one.amount_fen),
            ),
            _("理由：{why}", why=plain(one.refused_why)),
        ),
        buttons=[chat.button(_("待处理款项"), "held_money", lasting=True)],
    )


def done(chat: Chat, work: Work, event: Event) -> None:
    one = case(work, event)
    if chat.person == one.decided_by:
        chat.say(
            _(
                "您提出的{way} {number}（{amount}）已由另一位老师确认，办好了。",
                way=WAYS[one.way],
                number=one.number,
                amount=yuan(one.amount_fen),
            )
        )
        return
    transaction = plain(states.payment_of(work, one).transaction_id)
    if one.way == Way.PORTAL:
        chat.say(
            _(
                "学校已经在支付平台退给您 {amount}（付款交易号 {transaction}）。",
                amount=yuan(one.amount_fen),
                transaction=transaction,
            )
        )
        return
    chat.say(
        lines(
            _(
                "您付的一笔款（{amount}，交易号 {transaction}）没有对上订单，财务处已另行交付。",
                amount=yuan(one.amount_fen),
                transaction=transaction,
            ),
            _("怎么交付：{how}。交给：{to}。", how=plain(one.how), to=plain(one.given_to)),
        ),
        buttons=[chat.button(_("找财务处"), "ask_person", lasting=True, office="finance")],
    )


def document_stands(chat: Chat, work: Work, event: Event) -> None:
    application = str(event.facts["application"])
    chat.say(
        _(
            "成绩单 {number} 的费用已经在支付平台全部退给学生，成绩单仍然有效。不该再有效的，请提请撤销。",
            number=application,
        ),
        buttons=[
            chat.button(
                _("提请撤销"), "revoke_transcript", lasting=True, application_number=application
            )
        ],
    )


NOTICES: dict[str, tuple[Audience, Callable[[Chat, Work, Event], None]]] = {
    "disposal.refer": (the_second, referred),
    "disposal.refer_again": (the_second, referred),
    "disposal.refuse": (the_first, refused),
    "disposal.decide": (payers, done),
    "disposal.confirm": (first_and_payers, done),
    "disposal.document": (audiences.academic_affairs, document_stands),
}
