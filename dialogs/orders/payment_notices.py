"""What finance is told of money that fits nothing, and of charges that the provider will not take."""

from backend import authority, orders
from backend.authority import Role
from backend.held import listing
from backend.work import Event, Work
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button, Card
from dialogs.engine.words import Bilingual, Speech, Words, _, plain, yuan
from dialogs.orders.ordering import STATES, order_rows

TROUBLES: dict[str, Words] = {
    "payment.late": _("订单过期或取消后才付款，申请已不能再办，应退款"),
    "payment.double": _("同一订单付了两次，应退一次"),
    "payment.mismatch": _("金额与要付的不符，记在待处理款项里，应退款"),
    "payment.unknown": _("对不上这里的任何订单，记在待处理款项里"),
}
PROVIDERS: dict[str, Words] = {"wechat": _("微信支付"), "by_hand": _("演示支付")}


def finance_and_administrators(work: Work, _event: Event) -> list[int]:
    return [
        *authority.people(work, Role.FINANCE),
        *authority.people(work, Role.ADMINISTRATOR),
    ]


def payment_trouble(chat: Chat, work: Work, event: Event) -> None:
    """``subject`` is the order, or the number of the charge where no order is known."""
    what, facts = TROUBLES[event.name], event.facts
    chat.say(
        _(
            "{provider}的一笔付款需要处理（{number}）：{what}。",
            provider=provider_words(str(facts["provider"])),
            number=event.subject,
            what=what,
        ),
        card=payment_card(chat, work, event),
        buttons=held_buttons(chat, work, event),
    )


def held_buttons(chat: Chat, work: Work, event: Event) -> list[Button]:
    """To what can be done with money that fits nothing, or to all that is held."""
    facts = event.facts
    provider, transaction = str(facts["provider"]), str(facts["transaction"])
    if event.name == "payment.unknown":
        key = listing.key_of(work, provider, transaction)
        if key is not None:
            return [chat.button(_("办理这笔款"), "held_payment", lasting=True, held_share=key)]
    return [chat.button(_("待处理款项"), "held_money", lasting=True)]


def payment_card(chat: Chat, work: Work, event: Event) -> Card:
    """The money as the provider names it, beside the order as it stands."""
    facts = event.facts
    rows: list[tuple[Words, Speech]] = [
        (_("金额"), amount_words(int(facts["amount_fen"]), str(facts["currency"]))),
        (_("交易号"), plain(str(facts["transaction"]))),
    ]
    if facts["expected_fen"] is not None:
        rows.append((_("订单应付"), yuan(int(facts["expected_fen"]))))
    if facts["order_state"]:
        rows.append((_("付款时订单"), STATES[str(facts["order_state"])]))
    order = orders.find(work, event.subject)
    if order is not None:
        rows += order_rows(work, order)
    return chat.card(_("付款"), *rows)


def not_opened(chat: Chat, work: Work, event: Event) -> None:
    """The provider answers and will not take the money: somebody has to look at the contract."""
    chat.say(
        _(
            "支付平台没有受理付款单 {charge}（订单 {number}），学生现在付不了。平台给的代码是 {code}，"
            "请检查商户号、支付产品和额度。",
            charge=event.facts["charge"],
            number=event.subject,
            code=event.facts["code"],
        )
    )


def provider_words(name: str) -> Speech:
    return PROVIDERS.get(name, plain(name))


def amount_words(amount: int, currency: str) -> Speech:
    if currency == "CNY":
        return yuan(amount)
    text = f"{amount // 100}.{amount % 100:02} {currency}"
    return Bilingual(text, text)
