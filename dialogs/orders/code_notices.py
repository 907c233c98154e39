"""What a buyer is told a moment after confirming an order: a code to scan, or why there is none yet."""

from datetime import datetime

from backend.models import Blob
from backend.payments import showing, together
from backend.work import Event, Work
from dialogs.engine.chat import Chat
from dialogs.engine.words import _, yuan
from dialogs.orders import code
from dialogs.orders.ordering import pay_button


def scan(chat: Chat, work: Work, event: Event) -> None:
    wanted = showing.still_wanted(work, event.subject, chat.person)
    picture = work.session.get(Blob, event.facts["blob"])
    until = datetime.fromisoformat(str(event.facts["until"]))
    if not wanted or picture is None or picture.deleted_at is not None or until <= work.now:
        return
    chat.say(
        _(
            "也可以用微信扫这个二维码支付：{amount}，订单 {numbers}，{until} 之前有效。",
            amount=yuan(together.total(wanted)),
            numbers=code.numbers_words(event.subject),
            until=until,
        ),
        pictures=[
            chat.picture(
                picture,
                _(
                    "支付二维码，{amount}，订单 {numbers}",
                    amount=yuan(together.total(wanted)),
                    numbers=code.numbers_words(event.subject),
                ),
            )
        ],
        buttons=code.buttons(chat, work, event.subject),
        about=wanted[0].number,
        until=until,
    )


def away(chat: Chat, work: Work, event: Event) -> None:
    wanted = showing.still_wanted(work, event.subject, chat.person)
    if not wanted:
        return
    chat.say(
        _(
            "支付平台暂时连不上，没有扣款。订单 {numbers} 保留到 {until}；连上之后，二维码会发到这里，"
            "您也可以过一会儿点“去支付”再试。",
            numbers=code.numbers_words(event.subject),
            until=min(one.expires_at for one in wanted if one.expires_at is not None),
        ),
        buttons=[pay_button(chat, wanted[0])],
    )
