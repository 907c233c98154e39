"""查款 (tracing money): finance find what a payer speaks of, and what can be done about it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from backend import authority
from backend.authority import Role, require
from backend.models import Application, Charge, Order, Payment, Person
from backend.tracing import finding, seeing
from backend.work import Work
from dialogs.case_kinds import CASES
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button
from dialogs.engine.slots import fixed, text
from dialogs.engine.turn import Said
from dialogs.engine.words import Words, _, plain
from dialogs.orders import traced_words as words
from dialogs.titles import name_of

_NUMBER = r"(?P<number>[dcrk]\s?\d{6}\s?-?\s?\d{4}(-[0-9a-z]{1,6})?)"
_TRANSACTION = r"(?P<transaction>\d(?:[ -]?\d){23,31})"  # 28 digits at WeChat Pay
_ABOUT = r"(订单|定单|付款单|商户单|交易|流水|付款|支付|退款|发票|单)"
_STUDENT = r"(学号|学生|考生|准考证|同学)"
_LOOK = r"(请|帮我|麻烦|我要|我想|再)*(查询|查找|查看|查一查|查查|查|找|看)?(一下|下|看|看看)?"
_FOR = r"(的|这[笔张个]|那[笔张个])?"
_MONEY = r"(所有|全部)?(付款|支付|缴费|交费|订单|退款|发票|收费|账目?|钱|情况|记录|明细|状态|进度|和|、|到哪了|怎么样了|呢|\s)*"
BY_NUMBER = re.compile(
    rf"^{_LOOK}\s*{_FOR}{_ABOUT}*号?码?(编号)?[:：是\s]*({_NUMBER}|{_TRANSACTION})\s*{_FOR}{_MONEY}[?？。.!！]*$"
    rf"|^{_LOOK}\s*(交易|流水|商户)(单)?号[:：是\s]*(?P<other>[0-9a-z][0-9a-z-]{{3,39}})[?？。.!！]*$"
    rf"|^{_LOOK}\s*{_STUDENT}号?码?[:：是\s]*(?P<student>[0-9a-z]{{4,20}})\s*{_FOR}{_MONEY}[?？。.!！]*$"
    rf"|^(查询|查找|查看|查|找)(一下|下)?\s*(?P<bare>\d{{8,15}})\s*{_FOR}{_MONEY}[?？。.!！]*$"
    r"|^(please )?(find|look up|trace|show me|show) (the )?"
    r"(order|payment|transaction|refund|invoice|student|charge)?( number)?[: ]*"
    r"(?P<english>[a-z]?\d[0-9a-z -]{5,40})[?.!]*$"
)
BY_NAME = re.compile(
    rf"^{_LOOK}\s*{_STUDENT}?\s*(?P<name>[\u4e00-\u9fff·]{{2,12}}?|[a-z][a-z .'-]{{2,40}}?)(同学)?"
    r"(的(所有|全部)?(付款|支付|缴费|交费|订单|退款|发票|收费|账|钱)(付款|订单|退款|发票|和|、|情况|记录|明细)*)[?？。.!！]*$"
    rf"|^{_LOOK}\s*{_STUDENT}?\s*(?P<asked_name>(?![我他她它你您谁])[\u4e00-\u9fff·]{{2,12}}?)(同学)?(有没有)?(的[钱款])?"
    r"(到账|付[钱款]?|交[钱费]?|缴费|支付)了?(没有?|吗)[?？。.!！]*$"
    r"|^(查询|查找|查|找)(一下|下)?\s*(?P<bare_name>[\u4e00-\u9fff·]{2,12}|[a-z][a-z .'-]{2,40})[?？。.!！]*$"
    r"|^((please )?(find|look up|trace|show me|show) )?(the )?(payments?|orders?|refunds?|invoices?|money)"
    r" (of|by|for|from) (?P<english_name>[a-z][a-z .'-]{2,40})[?.!]*$"
)
WANTED = re.compile(
    r"^(我要|我想|帮我)?(查款|查付款|查交易)[。!！]?$|^(trace|look up) (a )?(payment|money)[.!]?$"
)
SHOWN, BUTTONS = 10, 6
PERSON = fixed("traced_person", _("付款人"))
BEFORE = fixed("before", _("更早的"))


def read(said: Said) -> str:
    return in_words(said.words) or said.text


WHAT = replace(
    text(
        "traced",
        _(
            "查哪一笔？可以写订单（D…）、付款单（C…）、退款（R…）、发票（K…）的编号，"
            "付款人手机上的交易单号，也可以写学号或姓名。"
        ),
        title=_("查什么"),
        at_most=80,
        verbatim=True,
    ),
    read=read,
)


def in_words(words: str) -> str | None:
    """The number or the name that somebody wants to be looked up by."""
    if WANTED.search(words.strip()):
        return None
    for pattern in (BY_NUMBER, BY_NAME):
        if match := pattern.search(words.strip()):
            return next((one for one in match.groupdict().values() if one), None)
    return None


def clear(work: Work, person: int | None, words: str) -> bool:
    """Of finance only, and only of names that somebody has here."""
    if person is None or Role.FINANCE not in authority.roles(work, person):
        return False
    if WANTED.search(words) or BY_NUMBER.search(words.strip()):
        return True
    match = BY_NAME.search(words.strip())
    name = next((one for one in match.groupdict().values() if one), None) if match else None
    return name is not None and finding.is_name(work, name)


def trace_money(chat: Chat, work: Work) -> None:
    """What the words name; of one person, all that there is."""
    require(work, Role.FINANCE)
    known = chat.known(PERSON)
    if known is not None:
        show_person(chat, work, int(known))
        return
    said = in_words(chat.opening.casefold()) if chat.opening else None
    what = chat.taken(WHAT, said) if said is not None else chat.ask(WHAT)
    found = finding.trace(work, what)
    if found.case is not None:
        seeing.looked(work, found.case.number)
        chat.go_on_with(CASES[found.case.kind].decide, application_number=found.case.number)
    elif found.order is not None:
        show_order(chat, work, found.order)
    elif found.charge is not None:
        show_charge(chat, work, found.charge)
    elif found.payment is not None:
        show_payment(chat, work, found.payment)
    elif len(found.people) == 1:
        show_person(chat, work, found.people[0].id)
    else:
        for one in found.people:
            seeing.looked(work, f"person:{one.id}")
        chat.say(
            _("有 {count} 位同名的，是哪一位？", count=len(found.people)),
            buttons=[person_button(chat, one) for one in found.people],
        )


def show_order(chat: Chat, work: Work, order: Order) -> None:
    seeing.looked(work, order.number)
    paid = seeing.payments_for(work, order)
    buyer = work.session.get_one(Person, order.buyer_id)
    going = seeing.refunds_of(work, paid)
    chat.say(
        _("订单 {number}：", number=order.number),
        card=chat.card(_("订单"), *words.of_order(work, order, buyer, paid, going)),
        buttons=[
            *case_buttons(chat, [*going, *seeing.invoices_of(work, [order])]),
            person_button(chat, buyer, _("这个人的全部")),
        ],
    )


def show_charge(chat: Chat, work: Work, charge: Charge) -> None:
    seeing.looked(work, charge.number)
    paid = seeing.payments_by(work, charge)
    buyer = work.session.get_one(Person, charge.buyer_id)
    wanted = seeing.orders_of(work, charge)
    chat.say(
        _("付款单 {number}：", number=charge.number),
        card=chat.card(_("付款单"), *words.of_charge(work, charge, buyer, wanted, paid)),
        buttons=[
            *case_buttons(chat, seeing.refunds_of(work, paid)),
            *order_buttons(chat, wanted),
            person_button(chat, buyer, _("这个人的全部")),
        ],
    )


def show_payment(chat: Chat, work: Work, payment: Payment) -> None:
    seeing.looked(work, f"{payment.provider}:{payment.transaction_id}")
    parts = seeing.parts_of(work, payment)
    going = seeing.refunds_of(work, [payment])
    wanted = [order for order, _part in parts]
    buyer = work.session.get_one(Person, wanted[0].buyer_id) if wanted else None
    chat.say(
        _("交易 {number}：", number=payment.transaction_id),
        card=chat.card(_("付款"), *words.of_payment(work, payment, buyer, parts, going)),
        buttons=[
            *case_buttons(chat, going),
            *order_buttons(chat, wanted),
            *([person_button(chat, buyer, _("这个人的全部"))] if buyer else []),
        ],
    )


def show_person(chat: Chat, work: Work, person: int) -> None:
    """Orders ten at a time; with the first ten the payments that wait, the refunds and invoices."""
    money = seeing.money_of(work, person)
    before = chat.known(BEFORE)
    place = next((n for n, one in enumerate(money.orders, 1) if one.number == before), 0)
    shown = money.orders[place : place + SHOWN]
    rows = words.of_orders(work, shown)
    buttons: list[Button] = []
    if not place:
        rows = [*words.summary(work, money), *rows, *words.of_cases(work, money)]
        buttons = case_buttons(chat, [*money.refunds, *money.invoices])
    buttons += order_buttons(chat, shown)
    if len(money.orders) > place + SHOWN:
        buttons.append(
            chat.button(
                _("更早的订单"),
                "trace_money",
                lasting=True,
                traced_person=str(person),
                before=shown[-1].number,
            )
        )
    name = name_of(money.person)
    if not (money.orders or money.payments):
        chat.say(_("{name}在这里没有订单，也没有付过款。", name=name))
        return
    chat.say(
        _("{name}（{number}）的订单和付款：", name=name, number=money.person.number),
        card=chat.card(_("查款"), *rows),
        buttons=buttons,
    )


def case_buttons(chat: Chat, found: Sequence[Application]) -> list[Button]:
    """What finance can do about each is said there; what waits for them stands first."""
    waiting = sorted(found, key=lambda one: one.holder != "finance")
    return [
        chat.button(
            label_of(one),
            CASES[one.kind].decide,
            style="primary" if one.holder == "finance" else "",
            lasting=True,
            application_number=one.number,
        )
        for one in waiting[:BUTTONS]
    ]


def label_of(one: Application) -> Words:
    if one.holder == "finance":
        return _("办理 {number}", number=one.number)
    return _("看 {number}", number=one.number)


def order_buttons(chat: Chat, found: Iterable[Order]) -> list[Button]:
    return [
        chat.button(
            _("看 {number}", number=one.number), "trace_money", lasting=True, traced=one.number
        )
        for one in [*found][:BUTTONS]
    ]


def person_button(chat: Chat, person: Person, label: Words | None = None) -> Button:
    same = _("{name}，{number}", name=name_of(person), number=plain(person.number))
    return chat.button(label or same, "trace_money", lasting=True, traced_person=str(person.id))
