"""What whoever pays is told of an order, whatever it is for: a kind of goods adds nothing here.

A service that has more to say of its own has its own sentence in ``dialogs/notices.py``, which goes
before these.
"""

from collections.abc import Callable

from backend import orders
from backend.goods import GOODS
from backend.work import Event, Work
from dialogs import audiences
from dialogs.audiences import Audience
from dialogs.engine.chat import Chat
from dialogs.engine.words import Bilingual, _, yuan
from dialogs.orders import reopening

Sentence = Callable[[Chat, Work, Event], None]


def paid(chat: Chat, work: Work, event: Event) -> None:
    """What cost nothing was told so when it was confirmed."""
    application = audiences.case(work, event)
    order = orders.paid_order(work, application)
    if order is not None and order.total_fen:
        title = GOODS[application.kind].title
        chat.say(
            _(
                "收到{what} {amount}（订单 {order}，申请 {number}）。",
                what=Bilingual(title.zh, title.en),
                amount=yuan(order.total_fen),
                order=order.number,
                number=application.number,
            )
        )


TOLD: dict[str, tuple[Audience, Sentence]] = {
    "pay": (audiences.the_applicant, paid),
    "pay_late": (audiences.the_applicant, paid),
    "order_expired": (audiences.the_applicant, reopening.expired),
}


def told(name: str) -> tuple[Audience, Sentence] | None:
    """For an event of a kind of goods: who is told what where its service says nothing of its own."""
    kind, _dot, event = name.rpartition(".")
    return TOLD.get(event) if kind in GOODS else None
