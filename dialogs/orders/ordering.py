"""订单 (the order): look, confirm, save for later or pay (T6), and the way to the payment."""

from backend import charges, offers, orders, previews, transcript_orders, transcripts
from backend.consent import Consent
from backend.documents.facts import TranscriptFacts
from backend.fees import ordering
from backend.models import Application, Order
from backend.offers import KindOffer, Offer
from backend.payments import showing, together
from backend.refunds import standing
from backend.refunds.standing import Standing
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button, Card
from dialogs.engine.slots import Option, fixed
from dialogs.engine.words import Bilingual, Speech, Words, _, plain, yuan
from dialogs.fees.words import amount, change_words, changed, order_price, price_rows
from dialogs.titles import kind_title
from dialogs.transcripts.preview import show_preview

SAVE = Option(
    "save", _("保存，以后再办"), aliases=("保存", "先保存", "以后再办", "save it", "later")
)
APPLICATION = fixed("application_number", _("申请"))
ORDER = fixed("order_number", _("订单"))
REOPENED = fixed("reopened", _("重新下单"))  # the order that ended unpaid


def order_transcript(chat: Chat, work: Work) -> None:
    """Order what was approved: seen as the data stand today, confirmed, and then paid."""
    application = transcripts.own(work, chat.ask(APPLICATION))
    order = orders.open_order(work, application)
    if application.state == transcripts.State.ORDERED and order:
        tell_how_to_pay(chat, work, order)
        return
    if application.state != transcripts.State.APPROVED:
        chat.go_on_with("transcript_status", application_number=application.number)
        return
    given, facts, kind = today(work, application)
    if given.policy.preview_before_order and not previews.seen(work, facts.digest):
        if chat.once("changed") and not chat.agreeing:
            chat.say(_("成绩数据在申请之后有更新，请先看一遍新的预览（T6）。"))
        show_preview(chat, work, facts.digest)
    ended = chat.known(REOPENED)
    if ended is not None:
        consent = chat.confirm(
            anew(ended, kind.price.due_fen),
            facts=facts.digest,
            agree=_("确认订单"),
            others=[SAVE],
        )
    else:
        consent = chat.confirm(
            _("预览看过了，没有问题就确认订单。")
            if given.policy.preview_before_order
            else _("没有问题就确认订单。"),
            card=order_card(chat, work, application, kind),
            facts=facts.digest,
            agree=_("确认订单"),
            others=[SAVE],
        )
    if chat.chosen == SAVE.value:
        keep_for_later(chat, ordering.save(work, application, kind.price, consent), application)
    else:
        confirm_order(chat, work, application, facts, kind, consent)


def today(work: Work, application: Application) -> tuple[Offer, TranscriptFacts, KindOffer]:
    """What the document would say and cost now."""
    given = offers.offer(work, application.applicant_id, application.policy_version)
    request = transcripts.request_of(work, application)
    wanted = transcripts.kind_of(request)
    facts = previews.facts_today(
        work, given, wanted.language, wanted.gpa, transcripts.coverage_of(request)
    )
    return given, facts, offers.price(work, given, facts)


def confirm_order(
    chat: Chat,
    work: Work,
    application: Application,
    facts: TranscriptFacts,
    price: KindOffer,
    consent: Consent,
) -> None:
    order = transcript_orders.confirm(work, application, facts, price, consent)
    if order.state == orders.State.PAID and price.price.waived:
        chat.say(
            _(
                "订单 {order} 已确认，费用已经减免。正在生成成绩单 {number}，做好就发给您。",
                order=order.number,
                number=application.number,
            )
        )
    elif order.state == orders.State.PAID:
        chat.say(
            _(
                "订单 {order} 已确认，这一份免费。正在生成成绩单 {number}，做好就发给您。",
                order=order.number,
                number=application.number,
            )
        )
    else:
        tell_how_to_pay(chat, work, order)


def anew(ended: str, price_fen: int) -> Words:
    """What one agrees to by a press: this order again, at the price of today."""
    price = yuan(price_fen) if price_fen else _("免费")
    return _("重新下单 {number}，{price}", number=ended, price=price)


def tell_how_to_pay(chat: Chat, work: Work, order: Order) -> None:
    """In words and by the link; where the channel shows pictures, a code to scan follows."""
    showing.ask(work, order.number)
    chat.say(
        _(
            "订单 {number}，{amount}，请在 {until} 之前支付；过时订单自动关闭，可以重新下单。",
            number=order.number,
            amount=yuan(order.total_fen),
            until=order.expires_at,
        ),
        buttons=to_pay(chat, work, order),
        about=order.number,
    )


def to_pay(chat: Chat, work: Work, order: Order) -> list[Button]:
    """What can be done about an order that waits for its payment."""
    return [
        pay_button(chat, order),
        *together_button(chat, work, order.buyer_id),
        cancel_button(chat, order, _("取消订单")),
    ]


def together_button(chat: Chat, work: Work, buyer: int) -> list[Button]:
    """All orders that wait for this person's payment in one, or as many as go into one; nothing
    where there is but one."""
    waiting = together.waiting(work, buyer)
    if len(waiting) < 2:
        return []
    chosen = waiting[: charges.MOST_ORDERS]
    count, amount = len(chosen), yuan(together.total(chosen))
    if len(waiting) > len(chosen):
        label = _("先付最早到期的 {count} 笔，共 {amount}", count=count, amount=amount)
    else:
        label = _("一起支付 {count} 笔，共 {amount}", count=count, amount=amount)
    return [chat.link(label, f"order:{together.joined(one.number for one in chosen)}")]


def cancel_button(chat: Chat, order: Order, label: Words) -> Button:
    return chat.button(label, "cancel_order", lasting=True, order_number=order.number)


def pay_button(chat: Chat, order: Order) -> Button:
    """``order:`` is made into a link to the checkout when the message is sent."""
    return chat.link(_("去支付"), f"order:{order.number}", style="primary")


def keep_for_later(chat: Chat, order: Order, application: Application) -> None:
    chat.say(
        _(
            "已保存，订单 {order}（申请 {number}）。什么时候想办，说“我的订单”就行，换个地方登录也可以。",
            order=order.number,
            number=application.number,
        ),
        buttons=[order_button(chat, application)],
    )


def order_button(chat: Chat, application: Application, dialog: str = "order_transcript") -> Button:
    return chat.button(
        _("办理订单"),
        dialog,
        style="primary",
        lasting=True,
        application_number=application.number,
    )


def order_card(chat: Chat, work: Work, application: Application, offer: KindOffer) -> Card:
    return chat.card(
        _("电子成绩单订单"),
        (_("申请"), plain(application.number)),
        (_("种类"), kind_title(offer.kind)),
        *price_rows(work, offer.price, changed(work, application, offer.price)),
    )


STATES: dict[str, Words] = {
    orders.State.SAVED: _("已保存，未确认"),
    orders.State.CONFIRMED: _("待支付"),
    orders.State.PAID: _("已支付"),
    orders.State.EXPIRED: _("已过期"),
    orders.State.CLOSED: _("已关闭"),
}


PAID_BACK: dict[Standing, Words] = {
    Standing.GOING_BACK: _("已支付，退款办理中"),
    Standing.PARTLY_BACK: _("已支付，部分已退"),
    Standing.BACK: _("已退款"),
}


def state_words(work: Work, order: Order) -> Words:
    """How it stands, and what has become of its money."""
    if order.state != orders.State.PAID:
        return STATES[order.state]
    if not order.total_fen:
        return _("已确认")
    return PAID_BACK.get(standing.of_order(work, order), STATES[order.state])


def bought(work: Work, order: Order) -> Words:
    """What it is for: ``电子成绩单（中文，不带 GPA）``, ``毕业审定费``."""
    title = Bilingual(order.title_zh, order.title_en)
    application = orders.application_of(work, order)
    if application.kind != transcripts.KIND:
        return _("{title}", title=title)
    kind = transcripts.kind_of(transcripts.request_of(work, application))
    return _("{title}（{kind}）", title=title, kind=kind_title(kind))


def short_rows(work: Work, order: Order) -> list[tuple[Words, Speech]]:
    """Where how it stands has been said."""
    words = _("{title}，{amount}", title=bought(work, order), amount=yuan(order.total_fen))
    return [(plain(order.number), words)]


def order_rows(work: Work, order: Order) -> list[tuple[Words, Speech]]:
    """A saved order shows what it costs today, and since when that is another price."""
    title = bought(work, order)
    if order.state == orders.State.SAVED:
        price, news = order_price(work, orders.application_of(work, order))
        state, cost = STATES[order.state], amount(price.due_fen)
        if news is not None:
            cost = _("{cost}（{change}）", cost=cost, change=change_words(*news))
    else:
        cost = amount(order.total_fen)
        state = state_words(work, order)
    off = orders.line_of(work, order).waived_fen
    if off:
        cost = _("{cost}（已减免 {off}）", cost=cost, off=yuan(off))
    words = _("{title}，{state}，{amount}", title=title, state=state, amount=cost)
    return [(plain(order.number), words)]
