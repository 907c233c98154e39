"""记入账目: a refund that somebody made in the provider's own pages, entered from its difference."""

from backend.held import portal
from backend.held.portal import Choice
from backend.held.states import State
from backend.identity.stepup import Purpose
from backend.models import BillDifference
from backend.refunds.money import SETTLED, Share
from backend.work import Work
from dialogs.accounts import step_up
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button
from dialogs.engine.slots import as_given, choice, fixed, text
from dialogs.engine.words import Speech, Words, _, lines, listed, plain, yuan
from dialogs.held.ending import digest
from dialogs.held.words import numbered, standing_words
from dialogs.orders.ordering import order_rows
from dialogs.titles import person_name

DIFFERENCE = fixed("difference", _("对账差异"))
WHY = text(
    "portal_why",
    _("谁在商户后台退的，为什么退？会和您的名字一起留下。"),
    title=_("退款说明"),
    verbatim=True,
    suggestions=(_("财务处在商户后台退的，付款人要求"), _("与支付平台核实过")),
)


def enter_button(chat: Chat, work: Work, one: BillDifference) -> list[Button]:
    """Under a difference that is such a refund."""
    if not portal.enterable(work, one):
        return []
    label = _("记入账目")
    return [
        chat.button(
            label, "enter_portal_refund", style="primary", lasting=True, difference=one.number
        )
    ]


def enter_portal_refund(chat: Chat, work: Work) -> None:
    """The bill says how much and of which payment; which order, where that is not clear, and why."""
    one = portal.to_enter(work, chat.ask(DIFFERENCE))
    step_up.require(chat, work, Purpose.BOOKS)
    chosen = choose(chat, work, portal.choices(work, one))
    why = chat.ask(WHY)
    amount = yuan(one.their_fen or 0)
    rows: list[tuple[Words, Speech]] = [
        (_("退款编号"), plain(one.reference)),
        (_("退款金额"), amount),
        (_("交易号"), plain(one.theirs)),
    ]
    for share, fen in chosen.parts:
        rows += part_rows(work, share, fen)
    consent = chat.confirm(
        lines(
            _("把这笔退款（{amount}）记入账目？请先在商户后台看清楚，钱确实退了。", amount=amount),
            _("退款说明：{why}", why=as_given(WHY, why)),
        ),
        card=chat.card(_("商户后台的退款"), *rows),
        facts=f"{one.number}:{one.reference}:{chosen.key}:{digest(why)}",
        agree=_("记入账目"),
    )
    done = portal.enter(work, one.number, chosen.key, why, consent)
    if done.state == State.CONFIRMING:
        said = _(
            "已提出，编号 {number}（{amount}）。金额较大，等财务处另一位老师确认以后才记账。",
            number=done.number,
            amount=amount,
        )
    else:
        said = _(
            "已记入账目，编号 {number}（{amount}）。差异 {difference} 已处理。",
            number=done.number,
            amount=amount,
            difference=one.number,
        )
    chat.say(said, buttons=[chat.button(_("本月账目"), "ledger_report", lasting=True)])


def choose(chat: Chat, work: Work, found: list[Choice]) -> Choice:
    """The only one is not asked for."""
    by_key = {one.key: one for one in found}
    labels = {key: choice_words(one) for key, one in by_key.items()}
    slot = choice("portal_of", _("退的是哪一个订单的钱？"), labels, title=_("订单"))
    if len(found) == 1:
        return by_key[chat.taken(slot, found[0].key)]
    return by_key[chat.ask(slot)]


def choice_words(one: Choice) -> Words:
    orders = [share.order for share, _fen in one.parts]
    return _(
        "{orders}",
        orders=listed(*(plain(each.number) if each else _("待处理款项") for each in orders)),
    )


def part_rows(work: Work, share: Share, fen: int) -> list[tuple[Words, Speech]]:
    """What it is taken from."""
    from_income = share.standing == SETTLED
    rows: list[tuple[Words, Speech]] = []
    if share.order is not None:
        rows += [(_("订单"), numbered(row)) for row in order_rows(work, share.order)]
    if share.buyer_id is not None:
        rows.append((_("付款人"), person_name(work, share.buyer_id)))
    source = _("收入") if from_income else _("待处理款项（{why}）", why=standing_words(share))
    rows.append((_("从哪里减"), _("{source}，{amount}", source=source, amount=yuan(fen))))
    return rows
