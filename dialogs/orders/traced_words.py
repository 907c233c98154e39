"""What finance read of money that they traced."""

from collections.abc import Sequence

from backend import charges, orders
from backend.models import Application, Charge, Order, Payment, PaymentShare, Person
from backend.payments.provider import Way
from backend.payments.settle import Outcome
from backend.tracing import seeing
from backend.tracing.seeing import Money
from backend.work import Work
from dialogs.case_kinds import CASES, case_title, in_short
from dialogs.engine.words import Speech, Words, _, listed, plain, yuan
from dialogs.orders.ordering import order_rows, short_rows
from dialogs.orders.payment_notices import amount_words, provider_words
from dialogs.titles import name_of

Rows = list[tuple[Words, Speech]]
MOST = 5  # refunds, and invoices, in what is shown of a person
STANDINGS: dict[str, Words] = {
    Outcome.SETTLED: _("已入账"),
    Outcome.LATE: _("订单关闭以后才付，待处理"),
    Outcome.DOUBLE: _("付了两次，待处理"),
    Outcome.MISMATCH: _("金额不符，待处理"),
    Outcome.UNKNOWN: _("对不上订单，待处理"),
}
CHARGES: dict[str, Words] = {
    charges.State.OPEN: _("等付款"),
    charges.State.PAID: _("已付"),
    charges.State.CLOSED: _("没有付，已关闭"),
}
WAYS: dict[str, Words] = {
    Way.NATIVE: _("扫码"),
    Way.H5: _("手机浏览器"),
    Way.JSAPI: _("微信里"),
}


def payer(person: Person) -> Rows:
    return [(_("付款人"), _("{name}，{number}", name=name_of(person), number=person.number))]


def of_order(
    work: Work, order: Order, buyer: Person, paid: Sequence[Payment], going: Sequence[Application]
) -> Rows:
    application = orders.application_of(work, order)
    rows: Rows = [*payer(buyer), *order_rows(work, order)]
    rows.append((_("下单时间"), _("{at}", at=order.created_at)))
    if order.state == orders.State.CONFIRMED and order.expires_at is not None:
        rows.append((_("付款截止"), _("{at}", at=order.expires_at)))
    if order.paid_at is not None:
        rows.append((_("付款时间"), _("{at}", at=order.paid_at)))
    rows.append((case_title(work, application), in_short(work, application)))
    rows += [(_("付款单"), charge_words(one)) for one in seeing.charges_for(work, order)]
    rows += [row for one in paid for row in payment_rows(one)]
    return [*rows, *case_rows(work, [*going, *seeing.invoices_of(work, [order])])]


def of_charge(
    work: Work, charge: Charge, buyer: Person, wanted: Sequence[Order], paid: Sequence[Payment]
) -> Rows:
    rows: Rows = [*payer(buyer), (_("付款单"), charge_words(charge))]
    rows.append((_("支付平台"), provider_words(charge.provider)))
    rows.append((_("付款截止"), _("{at}", at=charge.expires_at)))
    rows += [row for one in wanted for row in order_rows(work, one)]
    rows += [row for one in paid for row in payment_rows(one)]
    return [*rows, *case_rows(work, seeing.refunds_of(work, paid))]


def of_payment(
    work: Work,
    payment: Payment,
    buyer: Person | None,
    parts: Sequence[tuple[Order, PaymentShare | None]],
    going: Sequence[Application],
) -> Rows:
    rows: Rows = payer(buyer) if buyer else [(_("付款人"), _("不知道：这里没有要过这笔款"))]
    rows += payment_rows(payment)
    rows.append((_("支付平台"), provider_words(payment.provider)))
    rows.append((_("付款单"), plain(payment.charge_number)))
    for order, part in parts:
        if part is None:
            rows += order_rows(work, order)
            continue
        (name, what), *_rest = short_rows(work, order)
        rows.append((name, _("{what}，{standing}", what=what, standing=STANDINGS[part.state])))
    return [*rows, *case_rows(work, going)]


def summary(work: Work, money: Money) -> Rows:
    """How much came in in all, and what of it waits."""
    paid = sum(one.amount_fen for one in money.payments if one.currency == "CNY")
    rows: Rows = [
        (_("一共付过"), _("{amount}，{count} 笔", amount=yuan(paid), count=len(money.payments)))
    ]
    waiting = [one for one in money.payments if one.state != Outcome.SETTLED]
    return rows + [row for one in waiting[:MOST] for row in payment_rows(one)]


def of_orders(work: Work, found: Sequence[Order]) -> Rows:
    """Each with the transaction that paid it."""
    rows: Rows = []
    for order in found:
        ((name, what),) = order_rows(work, order)
        paid = [plain(one.transaction_id) for one in seeing.what_paid(work, order)]
        if paid:
            what = _("{what}，交易 {numbers}", what=what, numbers=listed(*paid))
        rows.append((name, what))
    return rows


def of_cases(work: Work, money: Money) -> Rows:
    return case_rows(work, [*money.refunds[:MOST], *money.invoices[:MOST]])


def case_rows(work: Work, found: Sequence[Application]) -> Rows:
    return [(case_title(work, one), CASES[one.kind].states[one.state]) for one in found]


def payment_rows(payment: Payment) -> Rows:
    words = _(
        "{number}，{amount}，{at}，{standing}",
        number=payment.transaction_id,
        amount=amount_words(payment.amount_fen, payment.currency),
        at=payment.paid_at,
        standing=STANDINGS[payment.state],
    )
    return [(_("交易"), words)]


def charge_words(charge: Charge) -> Words:
    return _(
        "{number}，{amount}，{way}，{state}",
        number=charge.number,
        amount=yuan(charge.total_fen),
        way=WAYS[charge.way],
        state=CHARGES[charge.state],
    )
