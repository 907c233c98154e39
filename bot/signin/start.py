"""Opening the bot by a link of one's own from the web chat: ``t.me/BOT?start=TOKEN``."""

from backend.errors import Refused
from backend.identity import bindings
from backend.models import Person
from backend.office import Office
from bot.links import Links
from dialogs.refusals import SENTENCES
from dialogs.words import _

CHANNEL = "telegram"
LINKED = _("绑定好了。")


class Starting:
    """``bind`` is what the Telegram channel calls."""

    def __init__(self, office: Office, links: Links) -> None:
        self._office = office
        self._links = links

    def bind(self, token: str, address: str) -> str | None:
        """The address becomes the account of whoever was given the token; what is said to it.

        None for a token that is not ours. More is said in the conversation, as a notice.
        """
        link_id = self._links.read_one_time("start", token)
        if link_id is None:
            return None
        try:
            with self._office.work() as work:
                bound = bindings.bind_by_start(work, link_id, CHANNEL, address)
                return LINKED.into(work.session.get_one(Person, bound.person).language)
        except Refused as refused:
            sentence = SENTENCES[refused.code](refused.facts)
            return f"{sentence.into('zh')}\n{sentence.into('en')}"
