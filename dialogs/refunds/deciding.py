"""退款审批 (finance decides): one press under the facts, or many at once.

A prompt's [同意退款] is consent to the very words above it.
"""

import re
from collections.abc import Sequence

from backend import authority
from backend.authority import Role
from backend.identity.stepup import Purpose
from backend.models import Application
from backend.refunds import deciding, money, states, using
from backend.refunds.states import DECIDABLE, State, refund_of
from backend.work import Work
from dialogs.accounts import step_up
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button
from dialogs.engine.slots import fixed
from dialogs.engine.words import Speech, Words, _, lines, listed, plain, yuan
from dialogs.refunds import documents, mending
from dialogs.refunds.words import (
    APPLICATION,
    STATES,
    case_card,
    case_facts,
    had_already,
    line,
)
from dialogs.titles import person_name

APPLICATIONS = fixed("applications", _("退款"))
MOST_SHOWN, MOST_BUTTONS = 40, 12  # whatever has no button is opened by writing its number
WAITING = re.compile(
    r"^(看看?|查|办|处理|有没有|还?有)?(一下|哪些|什么|多少)?(待|等我|等着|没|未)(审批?|办理?|处理|决定|同意)过?的?退款(申请)?"
    r"(吗|有多少)?[。!！?？]?$"
    r"|^退款(审批|审核|待办|待审批?|待处理)[。!！?？]?$"
    r"|^(要|申请)?退款的?(都)?有(哪些|谁|哪几笔|几笔|多少)[。!！?？]?$|^(谁|哪些人)(要|申请了?)退款[。!！?？]?$"
    r"|^(show |see )?(the |my )?(refunds (waiting|to decide|to approve)|pending refunds|refund requests)[.!?]?$"
)


def refund_inbox(chat: Chat, work: Work) -> None:
    """Whoever asks for the refunds that wait gets those alone."""
    if not authority.roles(work, chat.person or 0):
        chat.go_on_with("my_refunds")
    elif not show_waiting(chat, work):
        chat.say(_("没有等您办理的退款。"))


def decide_refund(chat: Chat, work: Work) -> None:
    """One refund as it stands, for whoever has to act on it."""
    number = chat.ask(APPLICATION)
    if Role.FINANCE not in authority.roles(work, chat.person or 0):
        documents.prompt(chat, work, documents.to_keep(work, number))
        return
    prompt(chat, work, deciding.to_see(work, number))


def prompt(chat: Chat, work: Work, application: Application, words: Words | None = None) -> None:
    """The facts, and buttons that each are one press from done."""
    if application.state == State.ABNORMAL:
        mending.prompt(chat, work, application)
        return
    number = application.number
    first = application.state == State.CONFIRMING and (
        refund_of(work, application).decided_by == chat.person
    )
    if application.state not in DECIDABLE or first:
        said = _("退款 {number}：{state}。", number=number, state=STATES[application.state])
        chat.say(said, card=case_card(chat, work, application))
        return
    card = case_card(chat, work, application)
    refuse = chat.button(
        _("不同意"), "refuse_refund", style="danger", lasting=True, application_number=number
    )
    words = words or _("有一笔退款等您决定。")
    if had_already(work, application) is not None:
        chat.say(words, card=card, buttons=[refuse], about=number)
        return
    agree = chat.agreed(
        _("同意退款"),
        "approve_refund",
        approval_words(application),
        card,
        case_facts(work, application),
        style="primary",
        application_number=number,
    )
    chat.say(words, card=card, buttons=[agree, refuse], about=number)


def approval_words(application: Application) -> Words:
    return _("同意退款 {number}？", number=application.number)


def approve_refund(chat: Chat, work: Work) -> None:
    application = deciding.to_decide(work, chat.ask(APPLICATION))
    held = money.share_of(work, refund_of(work, application))
    using.require_unused(work, held, application.number)
    consent = chat.confirm(
        approval_words(application),
        card=case_card(chat, work, application),
        facts=case_facts(work, application),
        agree=_("同意退款"),
    )
    deciding.approve(work, [application.number], consent)
    chat.say(what_follows(work, application), buttons=rest(chat, work))


def what_follows(work: Work, application: Application) -> Words:
    number, amount = application.number, yuan(refund_of(work, application).amount_fen)
    match application.state:
        case State.CONFIRMING:
            others = (person_name(work, one) for one in deciding.deciders(work, application))
            return _(
                "已同意 {number}（{amount}）。金额较大，请{who}再确认一次，之后自动退款。",
                number=number,
                amount=amount,
                who=listed(*others),
            )
        case State.DOCUMENT:
            return _(
                "已同意 {number}（{amount}）。成绩单还有效，已请教务部撤销，撤销后自动退款。",
                number=number,
                amount=amount,
            )
    return _(
        "已同意 {number}（{amount}），正在退款，付款人会收到通知。", number=number, amount=amount
    )


def approve_refunds(chat: Chat, work: Work) -> None:
    """Consent to that very list; what others have decided meanwhile is no longer on it."""
    wanted = chat.ask(APPLICATIONS).split(",")
    found = [one for one in together(work, decidable(work)) if one.number in wanted]
    if not found:
        chat.say(_("这些退款都已经有人办过了。"), buttons=rest(chat, work))
        return
    step_up.require(chat, work, Purpose.BULK)
    consent = chat.confirm(
        _("同意下面这 {count} 笔退款，一共 {total}？", count=len(found), total=sum_of(work, found)),
        card=chat.card(_("一起同意"), *((plain(one.number), line(work, one)) for one in found)),
        facts=",".join(case_facts(work, one) for one in found),
        agree=_("全部同意"),
    )
    done = deciding.approve(work, [one.number for one in found], consent)
    chat.say(lines(*in_sum(done)), buttons=rest(chat, work))


def in_sum(done: Sequence[Application]) -> list[Words]:
    """How many of them go which way."""
    of = {state: sum(one.state == state for one in done) for state in State}
    said = [_("已同意 {count} 笔，付款人会收到通知。", count=len(done))]
    if count := of[State.CONFIRMING]:
        said.append(_("其中 {count} 笔金额较大，请财务处另一位老师再确认。", count=count))
    if count := of[State.DOCUMENT]:
        said.append(
            _("其中 {count} 笔的成绩单还有效，已请教务部撤销，撤销后自动退款。", count=count)
        )
    return said


# --- the inbox ------------------------------------------------------------------------------


def is_finance(work: Work, person: int) -> bool:
    return Role.FINANCE in authority.roles(work, person)


def decidable(work: Work) -> list[Application]:
    return [one for one in deciding.inbox(work) if one.state in DECIDABLE]


def together(work: Work, found: Sequence[Application]) -> list[Application]:
    """Those that may be agreed to at once: one that cannot be agreed to holds up no other."""
    able = (one for one in found if one.state in DECIDABLE and deciding.can_agree(work, one))
    return [one for one in able if had_already(work, one) is None]


def show_waiting(chat: Chat, work: Work, greeting: Words | None = None) -> bool:
    """Before the rest of the inbox; False where nothing of this kind waits for this person."""
    shown = documents.show_waiting(chat, work, greeting)
    found = deciding.inbox(work) if is_finance(work, chat.person or 0) else []
    if len(found) == 1:
        prompt(chat, work, found[0], greeting)
    elif found:
        show_list(chat, work, found, greeting)
    return shown or bool(found)


def sum_of(work: Work, found: Sequence[Application]) -> Speech:
    return yuan(sum(refund_of(work, one).amount_fen for one in found))


def show_list(chat: Chat, work: Work, found: Sequence[Application], greeting: Words | None) -> None:
    page = sorted(found[:MOST_SHOWN], key=lambda one: one.state in DECIDABLE)  # what is stuck first
    at_once = together(work, page)
    card = chat.card(
        _("等您决定的退款：{count} 笔，{total}", count=len(found), total=sum_of(work, found)),
        *((plain(one.number), line(work, one)) for one in page),
    )
    buttons = [
        chat.button(plain(one.number), "decide_refund", lasting=True, application_number=one.number)
        for one in page[:MOST_BUTTONS]
    ]
    if len(at_once) > 1:
        buttons.insert(
            0,
            chat.button(
                _("同意这 {count} 笔", count=len(at_once)),
                "approve_refunds",
                style="primary",
                applications=",".join(one.number for one in at_once),
            ),
        )
    words: Speech = _("可以一起同意，也可以点开一笔或者写编号看。")
    chat.say(lines(greeting, words) if greeting else words, card=card, buttons=buttons)


def count_button(chat: Chat, work: Work) -> list[Button]:
    person = chat.person or 0
    count = documents.count(work, person)
    count += deciding.count(work) if is_finance(work, person) else 0
    if not count:
        return []
    return [chat.button(_("待办的退款（{count}）", count=count), "staff_inbox", lasting=True)]


def rest(chat: Chat, work: Work) -> list[Button]:
    return count_button(chat, work)


def find(work: Work, number: str) -> Application:
    """Raises LookupError."""
    found = states.find(work, number)
    if found is None:
        raise LookupError(f"there is no refund {number}")
    return found
