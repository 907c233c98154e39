"""待处理款项 (all that is held), and one of it with what can be done."""

import re

from backend.authority import Role, require
from backend.held import listing, states
from backend.held.listing import Item
from backend.models import Disposal
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button
from dialogs.engine.slots import fixed
from dialogs.engine.words import Speech, Words, _, lines, plain, yuan
from dialogs.held import agreeing
from dialogs.held.words import SHARE, card, line

ASKED = re.compile(
    r"^(看看?|查(一?下|看)?|列出|处理|办(理)?|还?有(没有|哪些|什么|多少)?|哪些(是)?|现在)?(一下)?"
    r"(还?没(有)?处理|待处理|未处理|没人认领|无主|不明|对不上(订单)?|来路不明|挂账)的?"
    r"(款项|款|钱|付款|收款|资金|账款)(有)?(哪些|吗|多少|列表|清单)?[。!！?？]*$"
    r"|^(有)?(哪些|什么)(钱|款|付款)(还)?(没(有)?处理|对不上(订单)?|没人认领)(的)?[。!！?？]*$"
    r"|^(show |list |see )?(me )?(the |all )?(held|unmatched|unclaimed|unidentified|suspense) "
    r"(money|payments?|funds)[.!?]*$"
)
FROM = fixed("held_from", _("从第几笔"))
PAGE = 10


def held_money(chat: Chat, work: Work) -> None:
    """Everything that came in and fits nothing, the oldest first; finance only."""
    held = listing.everything(work)
    first = int(chat.known(FROM) or 0)
    page = held.items[first : first + PAGE]
    if not page:
        chat.say(_("没有待处理的款项。"), buttons=[_books(chat)])
        return
    rows: list[tuple[Words, Speech]] = [
        (plain(one.share.payment.transaction_id), line(work, one)) for one in page
    ]
    listed = sum(one.amount_fen for one in held.items)
    if listed != held.total_fen:
        rows.append((_("查不到付款记录的"), yuan(held.total_fen - listed)))
    buttons = [open_button(chat, one) for one in page]
    if len(held.items) > first + PAGE:
        more = _("后面 {count} 笔", count=len(held.items) - first - PAGE)
        buttons.append(chat.button(more, "held_money", lasting=True, held_from=str(first + PAGE)))
    chat.say(
        _(
            "待处理款项共 {count} 笔 {total}，最早的在前面。点开一笔可以退回、归到订单或者另行交付。",
            count=len(held.items),
            total=yuan(held.total_fen),
        ),
        card=chat.card(_("待处理款项"), *rows),
        buttons=[*buttons, _books(chat)],
    )


def held_payment(chat: Chat, work: Work) -> None:
    """One of it, by its button."""
    show(chat, work, listing.to_see(work, chat.ask(SHARE)))


def show(chat: Chat, work: Work, item: Item | None, said: Words | None = None) -> None:
    """With the three ends, each its own press; or what is under way."""
    if item is None:
        chat.say(_("这笔款已经处理完了，不再是待处理款项。"), buttons=[list_button(chat)])
        return
    if item.disposal is not None:
        agreeing.show(chat, work, item.disposal)
        return
    chat.say(said or what_to_do(item), card=card(chat, work, item), buttons=ends(chat, item))


def what_to_do(item: Item) -> Words:
    if item.refund is not None:
        return _("这笔款已经有退款 {number}，在那里办理。", number=item.refund.number)
    return _("这笔款还没有处理。退回付款人，归到一个还没付的订单，或者登记另行交付，选一种：")


def ends(chat: Chat, item: Item) -> list[Button]:
    if item.refund is not None:
        number = item.refund.number
        return [
            chat.button(_("看退款"), "decide_refund", lasting=True, application_number=number),
            list_button(chat),
        ]
    return [
        chat.button(
            _("退回付款人"), "held_back", style="primary", lasting=True, held_share=item.key
        ),
        chat.button(_("归到订单"), "held_for_order", lasting=True, held_share=item.key),
        chat.button(_("另行交付"), "held_hand_over", lasting=True, held_share=item.key),
        list_button(chat),
    ]


def open_button(chat: Chat, item: Item) -> Button:
    label = plain(item.share.payment.transaction_id)
    return chat.button(label, "held_payment", lasting=True, held_share=item.key)


def list_button(chat: Chat) -> Button:
    return chat.button(_("待处理款项"), "held_money", lasting=True)


def count_button(chat: Chat, work: Work) -> list[Button]:
    """For whoever looks at the books; none where nothing is held."""
    count = len(listing.everything(work).items)
    if not count:
        return []
    return [chat.button(_("待处理款项（{count}）", count=count), "held_money", lasting=True)]


def waiting_button(chat: Chat, work: Work) -> list[Button]:
    """For finance, to what waits for this person; none where nothing does."""
    count = len(_to_confirm(work, chat.person)) + len(listing.undecided(work))
    if not count:
        return []
    return [chat.button(_("待处理款项（{count}）", count=count), "staff_inbox", lasting=True)]


def _to_confirm(work: Work, person: int | None) -> list[Disposal]:
    return [one for one in states.waiting(work) if one.decided_by != person]


def show_waiting(chat: Chat, work: Work, greeting: Words | None = None) -> bool:
    """In the inbox of finance: what another has decided, and what nobody has begun."""
    person = require(work, Role.FINANCE)
    to_confirm = _to_confirm(work, person)
    for one in to_confirm[:PAGE]:
        agreeing.show(chat, work, one)
    found = listing.undecided(work)
    if not found:
        return bool(to_confirm)
    rows: list[tuple[Words, Speech]] = [
        (plain(one.share.payment.transaction_id), line(work, one)) for one in found[:PAGE]
    ]
    words: Speech = _("有 {count} 笔款还没有人处理，点开一笔看怎么办。", count=len(found))
    chat.say(
        lines(greeting, words) if greeting else words,
        card=chat.card(_("待处理款项"), *rows),
        buttons=[*(open_button(chat, one) for one in found[:PAGE]), list_button(chat)],
    )
    return True


def _books(chat: Chat) -> Button:
    return chat.button(_("本月账目"), "ledger_report", lasting=True)
