"""Opening the bot by a link of one's own from the web chat: ``t.me/BOT?start=TOKEN``."""

from backend.accounts import TELEGRAM
from backend.errors import Refused
from backend.identity import bindings
from backend.office import Office
from bot.links import Links
from dialogs.engine.words import _
from dialogs.refusals import SENTENCES

LOOK = _("这是绑定账号的链接。请看清楚下面写的是谁，是您本人再按“绑定”。")
LINKED = _("这个账号已经绑定好了。")


class Starting:
    """``bind`` is what the Telegram channel calls."""

    def __init__(self, office: Office, links: Links) -> None:
        self._office = office
        self._links = links

    def bind(self, token: str, address: str) -> str | None:
        """The address is asked whether it is the account of whoever was given the token; what is
        said to it first. None for a token that is not ours.

        The question is a notice in its conversation (``dialogs/accounts/notices.py``), and a press
        there binds: whoever opens a link somebody sent them becomes nobody by that alone.
        """
        link_id = self._links.read_one_time("start", token)
        if link_id is None:
            return None
        try:
            with self._office.work() as work:
                offered = bindings.offer_by_start(work, link_id, TELEGRAM, address)
            sentence = LOOK if offered else LINKED
        except Refused as refused:
            sentence = SENTENCES[refused.code](refused.facts)
        return f"{sentence.into('zh')}\n{sentence.into('en')}"
