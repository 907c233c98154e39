"""付款二维码 (the code to scan): once more when the last one is over, and one for several orders together."""

from backend import charges
from backend.payments import showing, together
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button
from dialogs.engine.slots import fixed
from dialogs.engine.words import Joined, _, plain, yuan

ORDERS = fixed("orders", _("订单"))  # joined, as in ``together``


def payment_code(chat: Chat, work: Work) -> None:
    """The code for the orders of the button; the link where none can be shown."""
    joint = chat.known(ORDERS) or ""
    wanted = showing.still_wanted(work, joint, chat.person)
    if not wanted:
        chat.go_on_with("my_orders")
        return
    numbers = together.numbers_in(joint)
    amount, named = yuan(together.total(wanted)), numbers_words(joint)
    if showing.ask(work, *numbers, again=True):
        chat.say(
            _("付款二维码马上发到这里：{amount}，订单 {numbers}。", amount=amount, numbers=named)
        )
        return
    chat.say(
        _(
            "这里不显示二维码，请打开链接支付：{amount}，订单 {numbers}。",
            amount=amount,
            numbers=named,
        ),
        buttons=[chat.link(_("去支付"), f"order:{joint}", style="primary")],
    )


def buttons(chat: Chat, work: Work, shown: str) -> list[Button]:
    """Below a code: a new one in its place, and one for all that this person has to pay."""
    found = [chat.button(_("换一张二维码"), "payment_code", lasting=True, orders=shown)]
    waiting = together.waiting(work, chat.person or 0)[: charges.MOST_ORDERS]
    joint = together.joined(one.number for one in waiting)
    if len(waiting) > len(together.numbers_in(shown)):
        label = _(
            "一起付的二维码，{count} 笔，共 {amount}",
            count=len(waiting),
            amount=yuan(together.total(waiting)),
        )
        found.append(chat.button(label, "payment_code", lasting=True, orders=joint))
    return found


def numbers_words(joint: str) -> Joined:
    return Joined(tuple(map(plain, together.numbers_in(joint))), "、", ", ")
