"""What can be done about an order that is paid: how it goes on, an invoice, the money back.

Whether there is an invoice or a refund to be had is for those services to say; what they would refuse is
not offered.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from backend import orders
from backend.errors import Refused
from backend.invoices import requesting as invoices
from backend.models import Application, Order
from backend.refunds import asking as refunds
from backend.refunds import money
from backend.work import Work
from dialogs.case_kinds import CASES, in_short
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button
from dialogs.engine.words import Speech, Words, _, plain
from dialogs.invoices.asked import FIRST_ORDER
from dialogs.orders.ordering import ORDER, order_rows


@dataclass(frozen=True, slots=True)
class After:
    """Of one order: what can be asked for, and what was."""

    order: Order
    case: Application
    invoiceable: bool
    refundable: bool
    invoice: Application | None
    refund: Application | None


def after(work: Work, chosen: Sequence[Order], buyer: int) -> list[After]:
    """Of each of these paid orders of the person who acts."""
    if not chosen:
        return []
    may = _invoiceable(work)
    found = []
    paid = [held for held in money.of_person(work, buyer) if held.order is not None]
    for order in chosen:
        shares = [held for held in paid if held.order is order]
        going = [one for held in shares for one in refunds.live(work, held)]
        found.append(
            After(
                order,
                orders.application_of(work, order),
                order.id in may,
                any(refunds.candidate(work, held).refused is None for held in shares),
                invoices.of_order(work, order.id),
                going[0] if going else None,
            )
        )
    return found


def _invoiceable(work: Work) -> set[int]:
    try:
        return {line.order.id for line in invoices.offer(work).lines}
    except Refused:  # invoices are not open here, as whoever asks for one is told
        return set()


def buttons(chat: Chat, work: Work, *chosen: Order) -> list[Button]:
    """Under one order by its name; under several what asks which of them is meant."""
    found = after(work, chosen, chat.person or 0)
    return of_one(chat, found[0]) if len(found) == 1 else of_several(chat, found)


def of_one(chat: Chat, one: After, *, named: bool = False) -> list[Button]:
    """``named``: the number of the order is on the buttons, where there are other orders beside it."""
    number = one.order.number
    labels = (
        (
            _("看进度 {number}", number=number),
            _("开发票 {number}", number=number),
            _("退款 {number}", number=number),
        )
        if named
        else (_("看进度"), _("开发票"), _("退款"))
    )
    progress, invoice, refund = labels
    found = [_to_case(chat, progress, one.case)]
    if one.invoiceable:
        chosen = {FIRST_ORDER: number}
        found.append(chat.button(invoice, "request_invoice", lasting=True, **chosen))
    elif one.invoice is not None:
        label = _("看发票 {number}", number=one.invoice.number)
        found.append(_to_case(chat, label, one.invoice))
    if one.refundable:
        found.append(chat.button(refund, "request_refund", lasting=True, order_number=number))
    elif one.refund is not None:
        found.append(_to_case(chat, _("看退款 {number}", number=one.refund.number), one.refund))
    return found


def of_several(chat: Chat, several: Sequence[After]) -> list[Button]:
    if not several:
        return []
    found = [chat.button(_("我的申请"), "my_applications", lasting=True)]
    if any(one.invoiceable for one in several):
        found.append(chat.button(_("开发票"), "request_invoice", lasting=True))
    if any(one.invoice for one in several):
        found.append(chat.button(_("我的发票"), "my_invoices", lasting=True))
    if any(one.refundable for one in several):
        found.append(chat.button(_("我要退款"), "request_refund", lasting=True))
    if any(one.refund for one in several):
        found.append(chat.button(_("我的退款"), "my_refunds", lasting=True))
    return found


def paid_order(chat: Chat, work: Work) -> None:
    """One paid order, by its number: what it was for, what became of it, what can be done."""
    order = orders.own(work, chat.ask(ORDER))
    (one,) = after(work, [order], chat.person or 0)
    rows: list[tuple[Words, Speech]] = [
        *order_rows(work, order),
        (_("申请"), plain(one.case.number)),
        (_("进度"), in_short(work, one.case)),
    ]
    if order.paid_at is not None:
        rows.insert(1, (_("付款时间"), _("{at}", at=order.paid_at)))
    for name, case in ((_("发票"), one.invoice), (_("退款"), one.refund)):
        if case is not None:
            state = CASES[case.kind].states[case.state]
            rows.append((name, _("{number}，{state}", number=case.number, state=state)))
    chat.say(
        _("订单 {number}：", number=order.number),
        card=chat.card(_("订单"), *rows),
        buttons=of_one(chat, one),
    )


def _to_case(chat: Chat, label: Words, case: Application) -> Button:
    return chat.button(label, CASES[case.kind].status, lasting=True, application_number=case.number)
