"""What the owner of a link is told: somebody looked, it ends soon, it was locked."""

from collections.abc import Callable

from backend.clock import SHANGHAI
from backend.models import Share
from backend.sharing import making
from backend.work import Event, Work
from dialogs.engine.chat import Chat
from dialogs.engine.message import Button
from dialogs.engine.words import _
from dialogs.sharing.mine import stop_button
from dialogs.sharing.sharing import mine_button
from dialogs.sharing.terms import to_words

Audience = Callable[[Work, Event], list[int]]
Sentence = Callable[[Chat, Work, Event], None]


def its_owner(work: Work, event: Event) -> list[int]:
    return [int(event.facts["owner"])]


def still(chat: Chat, work: Work, event: Event) -> Share | None:
    """The link, unless it is not the business of whoever is told."""
    share = work.session.get(Share, event.facts["share"])
    return share if share and share.owner_id == chat.person else None


def viewed(chat: Chat, work: Work, event: Event) -> None:
    """At most once an hour for each link; who it was is in the record, as they call themselves."""
    share = still(chat, work, event)
    if share is None:
        return
    midnight = work.now.astimezone(SHANGHAI).replace(hour=0, minute=0, second=0, microsecond=0)
    count = making.views_since(work, share, midnight.astimezone(work.now.tzinfo))
    to = to_words(share.purpose, share.recipient)
    if count:
        words = _("您分享给“{to}”的链接有人看过（今天 {count} 次）。", to=to, count=count)
    else:  # told the next morning
        words = _("您分享给“{to}”的链接有人看过（{at}）。", to=to, at=share.last_view_at)
    live = making.is_live(share, work.now)
    chat.say(words, buttons=[record(chat, share), *([stop_button(chat, share)] if live else [])])


def expiring(chat: Chat, work: Work, event: Event) -> None:
    share = still(chat, work, event)
    if share is None or not making.is_live(share, work.now):
        return
    chat.say(
        _(
            "您分享给“{to}”的链接到 {until} 为止。对方还要看的话，请再做一个新的。",
            to=to_words(share.purpose, share.recipient),
            until=share.expires_at,
        ),
        buttons=[
            chat.button(_("再分享一次"), "share_transcript", application_number=event.subject),
            mine_button(chat),
        ],
    )


def locked(chat: Chat, work: Work, event: Event) -> None:
    share = still(chat, work, event)
    if share is None or share.stopped_why != making.LOCKED:
        return
    chat.say(
        _(
            "您分享给“{to}”的链接已锁住：有人把口令输错了很多次。没有人因此看到内容。"
            "要继续用，请换一个口令；不用了就停用。",
            to=to_words(share.purpose, share.recipient),
        ),
        buttons=[
            chat.button(_("换口令，重新启用"), "share_pin", style="primary", share=share.id),
            stop_button(chat, share),
            record(chat, share),
        ],
    )


def record(chat: Chat, share: Share) -> Button:
    return chat.button(_("看查看记录"), "share_record", lasting=True, share=share.id)


NOTICES: dict[str, tuple[Audience, Sentence]] = {
    "share.viewed": (its_owner, viewed),
    "share.expiring": (its_owner, expiring),
    "share.locked": (its_owner, locked),
}
