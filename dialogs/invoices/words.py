"""What is said of an invoice wherever it is mentioned."""

from backend.invoices import buyers, lines, requesting, tax_numbers
from backend.invoices.buyers import Buyer, Kind
from backend.invoices.states import RedState, State
from backend.models import Application
from backend.policy.invoice import InvoicePolicy
from backend.work import Work
from dialogs.engine.message import Card
from dialogs.engine.saying import Saying
from dialogs.engine.words import Speech, Words, _, listed, plain, yuan

STATES: dict[str, Words] = {
    State.FILED: _("等财务处导出"),
    State.EXPORTED: _("财务处正在开具"),
    State.REJECTED: _("退回了，等您改"),
    State.ISSUED: _("已开具"),
    State.RED_REQUESTED: _("已退款，等财务处开红字发票"),
    State.RED_ISSUED: _("已开红字发票"),
    State.CANCELLED: _("已取消"),
}
RED_STATES: dict[str, Words] = {
    RedState.WAITING: _("等原发票开出"),
    RedState.REQUESTED: _("等财务处导出"),
    RedState.EXPORTED: _("财务处正在开具"),
    RedState.ISSUED: _("已开具"),
    RedState.DROPPED: _("不用开了，金额已经改小"),
}
UNDER_WAY = (State.FILED, State.EXPORTED)
KINDS: dict[Kind, Words] = {Kind.PERSON: _("个人"), Kind.COMPANY: _("公司或单位")}


def title_of(work: Work, application: Application) -> Words:
    """``K260302-0001（发票，10.00 元）``"""
    amount = yuan(lines.amount_fen(work, application))
    if application.state == State.CANCELLED:
        return _("{number}（发票）", number=application.number)
    return _("{number}（发票，{amount}）", number=application.number, amount=amount)


def buyer_rows(buyer: Buyer) -> list[tuple[Words, Speech]]:
    """As its owner sees it."""
    rows: list[tuple[Words, Speech]] = [
        (_("抬头"), _("{title}（{kind}）", title=buyer.title, kind=KINDS[buyer.kind]))
    ]
    if buyer.kind is Kind.COMPANY:
        rows.append((_("税号"), plain(buyer.tax_number) if buyer.tax_number else _("没有")))
    if buyer.tax_number and len(buyer.tax_number) != tax_numbers.LENGTH:
        rows.append((_("注意"), _("这是 15 位的旧税号，请确认单位没有 18 位的统一社会信用代码")))
    return rows


def kept_rows(buyer: Buyer) -> list[tuple[Words, Speech]]:
    """As it stays with the consent: masked; title and number are sealed with the request."""
    return buyer_rows(buyer.masked)


def goods_rows(policy: InvoicePolicy, fen: int, orders: list[str]) -> list[tuple[Words, Speech]]:
    relief = f"（{policy.exempt_note}）" if policy.exempt_note else ""
    return [
        (_("开票项目"), plain(f"{policy.goods_name}{relief}")),
        (_("金额"), yuan(fen)),
        (_("订单"), listed(*map(plain, orders))),
    ]


def invoice_card(chat: Saying, work: Work, application: Application) -> Card:
    """Of one invoice, for its owner."""
    request = requesting.request_of(work, application)
    rows = [(_("状态"), STATES[application.state]), *buyer_rows(buyers.opened(work, request))]
    rows += common_rows(work, application)
    return chat.card(_("发票 {number}", number=application.number), *rows)


def staff_card(chat: Saying, work: Work, application: Application) -> Card:
    """For finance: whole numbers are in the export only."""
    request = requesting.request_of(work, application)
    buyer = buyers.opened(work, request)
    shown = _("{title}（{kind}）", title=buyer.shown, kind=KINDS[buyer.kind])
    rows: list[tuple[Words, Speech]] = [(_("状态"), STATES[application.state]), (_("抬头"), shown)]
    if buyer.tax_number:
        rows.append((_("税号"), plain(tax_numbers.masked(buyer.tax_number))))
    rows += common_rows(work, application)
    return chat.card(_("发票 {number}", number=application.number), *rows)


def common_rows(work: Work, application: Application) -> list[tuple[Words, Speech]]:
    request = requesting.request_of(work, application)
    orders = [plain(order.number) for order in requesting.orders_on(work, application)]
    rows: list[tuple[Words, Speech]] = []
    if application.state != State.CANCELLED:
        rows.append((_("金额"), yuan(lines.amount_fen(work, application))))
    rows.append((_("订单"), listed(*orders)))
    if application.state in UNDER_WAY and request.due_at is not None:
        rows.append((_("最晚开好"), _("{at}", at=request.due_at)))
    if request.rejected_why:
        rows.append((_("退回的理由"), plain(request.rejected_why)))
    if request.invoice_number:
        rows.append((_("发票号码"), plain(request.invoice_number)))
    for red in lines.reds_of(work, application):
        told = _("{amount}，{state}", amount=yuan(red.amount_fen), state=RED_STATES[red.state])
        rows.append((_("红字发票 {number}", number=red.number), told))
    return rows
