"""What held money is called, what is known of it, and what became of it."""

from datetime import datetime

from backend.clock import local_date
from backend.held import states
from backend.held.listing import Item
from backend.held.states import State, Way
from backend.models import Disposal, Order
from backend.refunds.money import Share
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.message import Card
from dialogs.engine.slots import fixed
from dialogs.engine.words import Bilingual, Speech, Words, _, plain, yuan
from dialogs.orders.ordering import order_rows
from dialogs.orders.payment_notices import provider_words
from dialogs.refunds import words as refunds
from dialogs.titles import person_name

SHARE = fixed("held_share", _("款项"))
DISPOSAL = fixed("disposal", _("处理编号"))
STANDINGS: dict[str, Words] = {
    "late": _("订单关闭以后才付款"),
    "double": _("同一订单付了两次"),
    "mismatch": _("金额与要付的不符"),
    "unknown": _("对不上这里的任何订单"),
}
WAYS: dict[str, Words] = {
    Way.ORDER: _("归到订单"),
    Way.ELSEWHERE: _("另行交付"),
    Way.PORTAL: _("记入商户后台的退款"),
}
STATES: dict[str, Words] = {
    State.CONFIRMING: _("等财务处另一位老师确认"),
    State.DONE: _("已办好"),
    State.REFUSED: _("没有办"),
}


def day_of(moment: datetime) -> str:
    return local_date(moment).isoformat()


def standing_words(share: Share) -> Speech:
    return STANDINGS.get(share.standing, plain(share.standing))


def doing_words(work: Work, item: Item) -> Words | None:
    """What is under way with it; None: nothing."""
    if item.disposal is not None:
        return _(
            "{way} {number}：{state}",
            way=WAYS[item.disposal.way],
            number=item.disposal.number,
            state=STATES[item.disposal.state],
        )
    if item.refund is not None:
        return _(
            "退款 {number}：{state}",
            number=item.refund.number,
            state=refunds.STATES[item.refund.state],
        )
    return None


def line(work: Work, item: Item) -> Words:
    """One of several: ``20.00 元，2026-03-02，对不上这里的任何订单``."""
    doing = doing_words(work, item)
    said = _(
        "{amount}，{day}，{why}",
        amount=yuan(item.amount_fen),
        day=day_of(item.share.payment.paid_at),
        why=standing_words(item.share),
    )
    return said if doing is None else _("{said}（{doing}）", said=said, doing=doing)


def card(chat: Chat, work: Work, item: Item) -> Card:
    """All that is known."""
    rows = [*share_rows(work, item.share, item.amount_fen)]
    if (doing := doing_words(work, item)) is not None:
        rows.append((_("办理"), doing))
    return chat.card(_("待处理款项"), *rows)


def share_rows(work: Work, share: Share, fen: int) -> list[tuple[Words, Speech]]:
    payment = share.payment
    rows: list[tuple[Words, Speech]] = [
        (_("金额"), yuan(fen)),
        (_("交易号"), plain(payment.transaction_id)),
        (_("付款时间"), _("{at}", at=payment.paid_at)),
        (_("支付平台"), provider_words(payment.provider)),
        (_("原因"), standing_words(share)),
    ]
    if payment.amount_fen != fen:
        rows.append((_("这笔付款一共"), yuan(payment.amount_fen)))
    if payment.charge_number:
        rows.append((_("付款单"), plain(payment.charge_number)))
    if share.order is not None:
        rows += [(_("原订单"), numbered(row)) for row in order_rows(work, share.order)]
    payer: Speech = _("不知道是谁") if share.buyer_id is None else person_name(work, share.buyer_id)
    rows.append((_("付款人"), payer))
    return rows


def disposal_card(chat: Chat, work: Work, one: Disposal) -> Card:
    """What is to be agreed to, or was done."""
    rows: list[tuple[Words, Speech]] = [(_("办理"), WAYS[one.way])]
    if one.target_order_id is not None:
        order = work.session.get_one(Order, one.target_order_id)
        rows += order_card_rows(work, order)
    if one.how:
        rows += [(_("怎么交付"), plain(one.how)), (_("交给"), plain(one.given_to))]
    rows.append((_("理由"), plain(one.why)))
    for share, fen in states.parts(work, one):
        rows += share_rows(work, share, fen)
    who: Bilingual = person_name(work, one.decided_by)
    rows.append((_("经办"), _("{who}，{at}", who=who, at=one.decided_at)))
    if one.second_by is not None:
        rows.append((_("确认"), person_name(work, one.second_by)))
    if one.refused_why:
        rows.append((_("没有办的理由"), plain(one.refused_why)))
    rows.append((_("状态"), STATES[one.state]))
    return chat.card(_("款项处理 {number}", number=one.number), *rows)


def order_card_rows(work: Work, order: Order) -> list[tuple[Words, Speech]]:
    return [
        *((_("归到"), numbered(row)) for row in order_rows(work, order)),
        (_("订单的人"), person_name(work, order.buyer_id)),
    ]


def numbered(row: tuple[Words, Speech]) -> Words:
    number, words = row
    return _("{number}，{words}", number=number, words=words)


def facts(item: Item, *said: str) -> str:
    """What an end rests on: another state of the money is another question."""
    under_way = f"{item.refund.number if item.refund else ''}{item.disposal.number if item.disposal else ''}"
    return ":".join((item.key, str(item.amount_fen), under_way, *said))


def version(one: Disposal) -> str:
    return f"{one.number}:{one.version}"
