"""What a difference is called, what it shows, and what to do about it."""

from backend.held import listing as held
from backend.models import BillDifference, DailyBill
from backend.payments.provider import RefundState
from backend.payments.settle import Outcome
from backend.reconciliation import differences, reports
from backend.reconciliation.comparing import About, Kind
from backend.reconciliation.differences import State
from backend.reconciliation.reports import Sum
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button, Card
from dialogs.engine.words import Bilingual, Speech, Words, _, plain, yuan
from dialogs.held import portal as held_portal
from dialogs.ledger.words import amount
from dialogs.orders.ordering import order_rows
from dialogs.refunds import words as refunds
from dialogs.titles import name_of, person_name

ABOUT: dict[str, Words] = {
    About.PAYMENT: _("付款"),
    About.REFUND: _("退款"),
    About.FEE: _("手续费"),
}
KINDS: dict[tuple[str, str], Words] = {
    (About.PAYMENT, Kind.ONLY_BILLED): _("账单里有、这里没有收到通知的付款"),
    (About.PAYMENT, Kind.ONLY_HERE): _("这里收到、账单里没有的付款"),
    (About.PAYMENT, Kind.OTHER_AMOUNT): _("付款金额不同"),
    (About.PAYMENT, Kind.OTHER_NUMBER): _("付款单号不同"),
    (About.PAYMENT, Kind.BILLED_TWICE): _("同一笔付款在账单里出现两次"),
    (About.REFUND, Kind.ONLY_BILLED): _("账单里有、这里没有申请的退款"),
    (About.REFUND, Kind.ONLY_HERE): _("这里已申请、账单里还没有的退款"),
    (About.REFUND, Kind.OTHER_AMOUNT): _("退款金额不同"),
    (About.REFUND, Kind.OTHER_NUMBER): _("退款对应的付款不同"),
    (About.REFUND, Kind.OTHER_STATE): _("退款状态不同"),
    (About.REFUND, Kind.BILLED_TWICE): _("同一笔退款在账单里出现两次"),
    (About.FEE, Kind.OTHER_AMOUNT): _("手续费与已记账的不同"),
}
ASK_PROVIDER = _("请用这个交易号在支付平台的商户后台查一下，查清后标记已处理。")
TO_DO: dict[tuple[str, str], Words] = {
    (About.PAYMENT, Kind.ONLY_HERE): _(
        "第二天的账单里有的话会自动消除；一直没有，请与支付平台核对。"
    ),
    (About.REFUND, Kind.ONLY_HERE): _(
        "第二天的账单里有的话会自动消除；一直没有，请在商户后台看退款是否受理。"
    ),
    (About.REFUND, Kind.ONLY_BILLED): _(
        "可能有人在商户后台直接退了款。请查清是谁退的，钱确实退了就记入账目，账就和账单一致。"
    ),
    (About.REFUND, Kind.OTHER_STATE): _("请先在商户后台看这笔退款的结果，不要重复退款。"),
    (About.FEE, Kind.OTHER_AMOUNT): _(
        "账单重新出过，手续费变了。账目里记的是原来的数，请与支付平台核对。"
    ),
}
OUTCOMES: dict[str, Words] = {
    Outcome.SETTLED: _("已按账单补记，订单已付清，不用处理。"),
    Outcome.HONOURED: _("已按账单补记，订单过期后仍按已付办理，不用处理。"),
    Outcome.LATE: _("已按账单补记为待处理款项：订单已经不能再办，应退款，见待办的退款。"),
    Outcome.DOUBLE: _("已按账单补记为待处理款项：同一订单付了两次，应退一次，见待办的退款。"),
    Outcome.MISMATCH: _("已按账单补记为待处理款项：金额与要付的不符，应退款，见待办的退款。"),
    Outcome.UNKNOWN: _(
        "已按账单补记为待处理款项，但对不上这里的任何订单。请办理这笔款，办完标记已处理。"
    ),
}
STATES: dict[str, Words] = {
    State.OPEN: _("待处理"),
    State.EXPLAINED: _("已自动消除"),
    State.SETTLED: _("已处理"),
}
REFUND_STATES: dict[str, Words] = {
    RefundState.PROCESSING: _("退款中"),
    RefundState.SUCCESS: _("已退款"),
    RefundState.ABNORMAL: _("退款异常"),
    RefundState.CLOSED: _("退款已关闭"),
}
TROUBLES: dict[str, Words] = {
    "not_ready": _("支付平台还没有出账单"),
    "unreachable": _("支付平台暂时没有回应，或者账单读不了"),
    "failed": _("这里处理账单时出错"),
}


def sums(one: Sum) -> Words:
    """``12 笔 60.00 元``"""
    return _("{count} 笔 {amount}", count=one.count, amount=yuan(one.fen))


def trouble_words(bill: DailyBill) -> Speech:
    return TROUBLES.get(bill.trouble, plain(bill.trouble)) if bill.trouble else _("还没有轮到")


def kind_words(one: BillDifference) -> Words:
    return KINDS[one.about, one.kind]


def to_do(one: BillDifference) -> Words:
    """What to do, or that there is nothing to do."""
    if one.state == State.SETTLED:
        return _("已经处理过，不用再做什么。")
    if one.outcome:
        return OUTCOMES[one.outcome]
    if one.state == State.EXPLAINED:
        return _("已经对上，不用处理。")
    return TO_DO.get((one.about, one.kind), ASK_PROVIDER)


def line(work: Work, one: BillDifference) -> Words:
    """One of several, in a list."""
    fen = one.their_fen if one.their_fen is not None else one.our_fen
    return _(
        "{kind}，{amount}（{state}）",
        kind=kind_words(one),
        amount=plain(amount(fen or 0)),
        state=STATES[one.state],
    )


def card(chat: Chat, work: Work, one: BillDifference) -> Card:
    """What differs, of which order, whose."""
    bill, about = reports.bill_of(work, one), reports.concerned(work, one)
    rows: list[tuple[Words, Speech]] = [
        (_("账单日期"), plain(bill.day.isoformat())),
        (_("差异"), kind_words(one)),
    ]
    if one.about != About.FEE:
        name = _("交易号") if one.about == About.PAYMENT else _("退款编号")
        rows.append((name, plain(one.reference)))
    if one.their_fen is not None:
        rows.append((_("账单上"), _side(one, one.their_fen, _theirs(one))))
    if one.our_fen is not None:
        rows.append((_("这里"), _side(one, one.our_fen, _ours(one))))
    if about.order is not None:
        rows += [(_("订单"), _numbered(row)) for row in order_rows(work, about.order)]
    if about.buyer is not None:
        rows.append((_("付款人"), name_of(about.buyer)))
    rows.append((_("状态"), STATES[one.state]))
    if one.settled_by is not None:
        rows.append((_("处理"), _settled(work, one)))
    return chat.card(_("对账差异 {number}", number=one.number), *rows)


def buttons(chat: Chat, work: Work, one: BillDifference) -> list[Button]:
    about, found = reports.concerned(work, one), held_portal.enter_button(chat, work, one)
    if one.outcome == Outcome.UNKNOWN:
        found += held_button(chat, work, one)
    if one.state == State.OPEN:
        found.append(
            chat.button(
                _("标记已处理"),
                "settle_difference",
                style="" if found else "primary",
                lasting=True,
                difference=one.number,
            )
        )
    if about.refund:
        found.append(
            chat.button(_("看退款"), "decide_refund", lasting=True, application_number=about.refund)
        )
    if about.order is not None:
        found.append(
            chat.button(_("看订单"), "trace_money", lasting=True, traced=about.order.number)
        )
    found.append(chat.button(_("本月账目"), "ledger_report", lasting=True))
    return found


def held_button(chat: Chat, work: Work, one: BillDifference) -> list[Button]:
    """To money that was taken from the bill, and fits nothing."""
    key = held.key_of(work, reports.bill_of(work, one).provider, one.reference)
    if key is None:
        return []
    return [chat.button(_("办理这笔款"), "held_payment", lasting=True, held_share=key)]


def waiting_button(chat: Chat, work: Work) -> list[Button]:
    count = differences.count(work)
    if not count:
        return []
    label = _("对账差异（{count}）", count=count)
    return [chat.button(label, "open_differences", lasting=True)]


def _side(one: BillDifference, fen: int, more: Speech | None) -> Speech:
    money = plain(amount(fen)) if one.about == About.FEE else yuan(fen)
    return money if more is None else _("{amount}，{more}", amount=money, more=more)


def _theirs(one: BillDifference) -> Speech | None:
    return _named(one, one.theirs, REFUND_STATES)


def _ours(one: BillDifference) -> Speech | None:
    return _named(one, one.ours, refunds.STATES)


def _named(one: BillDifference, said: str, states: dict[str, Words]) -> Speech | None:
    if not said:
        return None
    if one.kind == Kind.OTHER_STATE:
        return states[said]
    if one.about == About.PAYMENT:
        return _("付款单 {number}", number=said)
    return _("付款交易号 {number}", number=said)


def _numbered(row: tuple[Words, Speech]) -> Words:
    number, words = row
    return _("{number}，{words}", number=number, words=words)


def _settled(work: Work, one: BillDifference) -> Words:
    who: Bilingual = person_name(work, one.settled_by or 0)
    return _("{at}，{who}：{why}", at=one.closed_at, who=who, why=plain(one.settled_why))
