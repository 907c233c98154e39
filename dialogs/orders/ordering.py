"""订单 (the order): look, confirm, save for later or pay (T6), and the way to the cashier."""

from backend import offers, orders, previews, transcript_orders, transcripts
from backend.consent import Consent
from backend.documents.facts import TranscriptFacts
from backend.models import Application, Order
from backend.offers import KindOffer
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button, Card
from dialogs.engine.slots import Option, fixed
from dialogs.engine.words import Bilingual, Words, _, plain, yuan
from dialogs.titles import kind_title
from dialogs.transcripts.preview import show_preview

SAVE = Option(
    "save", _("保存，以后再办"), aliases=("保存", "先保存", "以后再办", "save it", "later")
)
APPLICATION = fixed("application_number", _("申请"))
ORDER = fixed("order_number", _("订单"))


def order_transcript(chat: Chat, work: Work) -> None:
    """Order what was approved: seen as the data stand today, confirmed, and then paid."""
    application = transcripts.own(work, chat.ask(APPLICATION))
    order = orders.open_order(work, application)
    if application.state == transcripts.State.ORDERED and order:
        tell_how_to_pay(chat, order)
        return
    if application.state != transcripts.State.APPROVED:
        chat.go_on_with("transcript_status", application_number=application.number)
        return
    given = offers.offer(work, application.applicant_id, application.policy_version)
    request = transcripts.request_of(work, application)
    wanted = transcripts.kind_of(request)
    facts = previews.facts_today(
        work, given, wanted.language, wanted.gpa, transcripts.coverage_of(request)
    )
    if given.policy.preview_before_order and not previews.seen(work, facts.digest):
        if chat.once("changed") and not chat.agreeing:
            chat.say(_("成绩数据在申请之后有更新，请先看一遍新的预览（T6）。"))
        show_preview(chat, work, facts.digest)
    kind = offers.price(work, given, facts)
    consent = chat.confirm(
        _("预览看过了，没有问题就确认订单。")
        if given.policy.preview_before_order
        else _("没有问题就确认订单。"),
        card=order_card(chat, application, kind_title(kind.kind), kind.next_copy_fen),
        facts=facts.digest,
        agree=_("确认订单"),
        others=[SAVE],
    )
    if chat.chosen == SAVE.value:
        keep_for_later(
            chat, orders.save(work, application, kind.next_copy_fen, consent), application
        )
    else:
        confirm_order(chat, work, application, facts, kind, consent)


def confirm_order(
    chat: Chat,
    work: Work,
    application: Application,
    facts: TranscriptFacts,
    price: KindOffer,
    consent: Consent,
) -> None:
    order = transcript_orders.confirm(work, application, facts, price, consent)
    if order.state == orders.State.PAID:
        chat.say(
            _(
                "订单 {order} 已确认，这一份免费。正在生成成绩单 {number}，做好就发给您。",
                order=order.number,
                number=application.number,
            )
        )
    else:
        tell_how_to_pay(chat, order)


def tell_how_to_pay(chat: Chat, order: Order) -> None:
    chat.say(
        _(
            "订单 {number}，{amount}，请在 {until} 之前支付；过时订单自动关闭，可以重新下单。",
            number=order.number,
            amount=yuan(order.total_fen),
            until=order.expires_at,
        ),
        buttons=to_pay(chat, order),
        about=order.number,
    )


def to_pay(chat: Chat, order: Order) -> list[Button]:
    """What can be done about an order that waits for its payment."""
    return [pay_button(chat, order), cancel_button(chat, order, _("取消订单"))]


def cancel_button(chat: Chat, order: Order, label: Words) -> Button:
    return chat.button(label, "cancel_order", lasting=True, order_number=order.number)


def pay_button(chat: Chat, order: Order) -> Button:
    """``order:`` is made into a link to the cashier when the message is sent."""
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


def order_card(chat: Chat, application: Application, kind: Words, price_fen: int) -> Card:
    return chat.card(
        _("电子成绩单订单"),
        (_("申请"), plain(application.number)),
        (_("种类"), kind),
        (_("费用"), yuan(price_fen) if price_fen else _("免费")),
    )


STATES: dict[str, Words] = {
    orders.State.SAVED: _("已保存，未确认"),
    orders.State.CONFIRMED: _("待支付"),
    orders.State.PAID: _("已支付"),
    orders.State.EXPIRED: _("已过期"),
    orders.State.CLOSED: _("已关闭"),
}


def order_rows(order: Order) -> list[tuple[Words, Words]]:
    amount = yuan(order.total_fen) if order.total_fen else _("免费")
    free_and_settled = order.state == orders.State.PAID and not order.total_fen
    state = _("已确认") if free_and_settled else STATES[order.state]
    title = Bilingual(order.title_zh, order.title_en)
    words = _("{title}，{state}，{amount}", title=title, state=state, amount=amount)
    return [(plain(order.number), words)]
