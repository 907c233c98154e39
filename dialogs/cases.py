"""我的申请 (applications of every kind): the list, one that is named by its number, taking one back."""

from backend import authority, cases, orders, revocations
from backend.authority import Role
from backend.models import Application
from backend.sharing import making
from backend.tracing import finding as tracing
from backend.work import Work
from dialogs.case_kinds import CASES, case_title, in_short
from dialogs.engine.chat import Chat
from dialogs.engine.words import Words, _
from dialogs.menu import menu
from dialogs.orders.ordering import APPLICATION, ORDER


def about_case(chat: Chat, work: Work) -> None:
    """Somebody names a case by its number: their own, or one that is theirs to decide."""
    number, order_number = chat.known(APPLICATION), chat.known(ORDER)
    if looking_up(chat, work, number or order_number or ""):
        return
    if order_number and not number:
        order = orders.own(work, order_number)
        if order.state == orders.State.PAID:
            chat.go_on_with("paid_order", order_number=order.number)
            return
        number = orders.application_of(work, order).number
    if not number:
        return
    affairs = Role.ACADEMIC_AFFAIRS in authority.roles(work, chat.person or 0)
    if affairs and revocations.find(work, number) is not None:
        chat.go_on_with("review_revocation", revocation_number=number)
        return
    application = cases.find(work, number)
    foreign = application is not None and application.applicant_id != chat.person
    if application and foreign and authority.roles(work, chat.person or 0):
        chat.go_on_with(CASES[application.kind].decide, application_number=number)
        return
    application = cases.own(work, number)
    chat.go_on_with(CASES[application.kind].status, application_number=application.number)


def looking_up(chat: Chat, work: Work, number: str) -> bool:
    """Finance trace money of others; what somebody decides in another office's name is shown there."""
    held = authority.roles(work, chat.person or 0)
    if not number or Role.FINANCE not in held or not tracing.is_money(work, number):
        return False
    application = cases.find(work, number)
    deciders = CASES[application.kind].deciders if application else frozenset()
    if deciders & held and Role.FINANCE not in deciders:
        return False
    chat.go_on_with("trace_money", traced=number)
    return True


def my_applications(chat: Chat, work: Work) -> None:
    """Everything this person has filed, newest first."""
    mine = cases.of_person(work, chat.person or 0)
    if not mine:
        say_none(chat, work)
        return
    listing = [(case_title(work, one), in_short(work, one)) for one in mine[:10]]
    buttons = [
        chat.button(
            _("看 {number}", number=one.number),
            CASES[one.kind].status,
            lasting=True,
            application_number=one.number,
        )
        for one in mine[:5]
    ]
    if making.shareable(work):
        buttons.append(chat.button(_("分享成绩单"), "share_transcript", lasting=True))
    chat.say(
        _("您一共有 {count} 份申请，最近的在前面：", count=len(mine)),
        card=chat.card(_("我的申请"), *listing),
        buttons=buttons,
    )


def say_none(chat: Chat, work: Work) -> None:
    chat.say(_("您还没有提交过申请。"), buttons=menu(work, chat.person, chat.language))


def withdraw_application(chat: Chat, work: Work) -> None:
    """Take an application back, as long as its kind allows it."""
    number = chat.known(APPLICATION)
    if number is None:
        mine = cases.of_person(work, chat.person or 0)
        open_ones = [one for one in mine if CASES[one.kind].withdrawable(one)]
        if len(open_ones) != 1:
            choose_one(chat, work, open_ones, "withdraw_application", _("要撤回哪一份？"))
            return
        number = open_ones[0].number
    application = cases.own(work, number)
    kind = CASES[application.kind]
    if kind.withdraw is None or not kind.withdrawable(application):
        chat.go_on_with(kind.status, application_number=application.number)
        return
    consent = chat.confirm(
        _("撤回申请 {title}？撤回后需要重新申请。", title=case_title(work, application)),
        facts=f"{application.number}:{application.version}",
        agree=_("撤回"),
    )
    kind.withdraw(work, application.number, consent)
    chat.say(_("已撤回 {number}。", number=application.number))


def choose_one(
    chat: Chat, work: Work, several: list[Application], dialog: str, question: Words
) -> None:
    """A button for each; where there is none, all that there is."""
    if not several:
        chat.go_on_with("my_applications")
        return
    buttons = [
        chat.button(case_title(work, one), dialog, lasting=True, application_number=one.number)
        for one in several[:6]
    ]
    chat.say(question, buttons=buttons)
