"""收费标准 (the price list): every fee as it is published, for everybody; one's own waivers below."""

import re

from backend.clock import local_date
from backend.fees import listing, waivers
from backend.policy import store
from backend.work import Work
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button
from dialogs.engine.words import Bilingual, Speech, Words, _
from dialogs.fees.words import row_words, waiver_words

LIST = re.compile(
    r"^(请问|麻烦|帮我|给我|我想|我要|查一?下?|看看?|看一下|学校|你们|这里|都|有|收|的){0,5}"
    r"(哪些|什么|全部|所有)?(的)?(收费标准|价目表?|收费项目|收费清单|费用清单|费用一览|收费一览)"
    r"(是什么|有哪些|给我看看|看一下|查一下|呢|都有什么){0,2}[。.!！?？]*$"
    r"|^(show me |what is |where is )?(the |your )?(price list|list of fees|fee list|schedule of fees)[.!?]*$"
    r"|^what fees are there[.!?]*$"
)


def price_list(chat: Chat, work: Work) -> None:
    """What is published today, with its clause and since when; what will change is said too."""
    today = local_date(work.now)
    rows: list[tuple[Words, Speech]] = [
        (Words("{text}", {"text": Bilingual(row.title.zh, row.title.en)}), row_words(row))
        for row in listing.price_list(work, today)
    ]
    mine = waivers.of_person(work, chat.person) if chat.person else []
    rows += [(_("您的减免 {number}", number=one.number), waiver_words(work, one)) for one in mine]
    chat.say(
        _("收费标准（{day}）。下单时以当天的标准为准，确认了的订单在付款期内不变。", day=today),
        card=chat.card(_("收费标准"), *rows),
        buttons=buttons(chat, work),
    )


def buttons(chat: Chat, work: Work) -> list[Button]:
    found = []
    if waivers.kinds_of(work):
        found.append(chat.button(_("减免记录"), "waivers", lasting=True))
    if store.published_by(work, chat.person):
        found.append(chat.button(_("发布新规定"), "publish_policy", lasting=True))
    return found or [chat.button(_("收费和规定"), "ask_rule", lasting=True)]
