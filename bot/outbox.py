"""What is said goes to the channels one pushes to as rows, in the transaction that says it.

A web page or a terminal looks into the history by itself. A pushed account gets a ``Delivery`` for
each message; ``deliver.py`` sends them.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, select, update

from backend import telling
from backend.accounts import BOUND
from backend.database import in_each_dialect
from backend.identity import stepup
from backend.identity.stepup import Purpose
from backend.models import ChatAccount, Conversation, Delivery, Outbound
from backend.work import Event, Work
from dialogs.engine.turn import Arrived, Told
from dialogs.staff import closings

ANSWERS, NOTICES, BROADCASTS = 0, 1, 2  # who goes first where limits bind
PASSIVE = timedelta(seconds=4)  # a platform waits five for the acknowledgement
LIFETIMES = {  # afterwards a message would only puzzle; it stays in the history
    ANSWERS: timedelta(days=1),
    NOTICES: timedelta(days=14),
    BROADCASTS: timedelta(days=3),
}

_ACCOUNTS = (
    select(ChatAccount.id, ChatAccount.channel)
    .where(
        ChatAccount.conversation_id == bindparam("conversation"),
        ChatAccount.blocked_at.is_(None),
    )
    .order_by(ChatAccount.last_seen_at.desc(), ChatAccount.id.desc())
)
_SEEN = (
    update(ChatAccount)
    .where(ChatAccount.id == bindparam("account"))
    .values(last_seen_at=bindparam("at"), blocked_at=None)
)
_SAID = (
    select(Outbound.id, Outbound.body)
    .where(
        Outbound.conversation_id == bindparam("conversation"), Outbound.seq >= bindparam("first")
    )
    .order_by(Outbound.seq)
)
_SHOWN = (
    select(Delivery.outbound_id, Delivery.account_id, Delivery.channel)
    .join(Outbound, Outbound.id == Delivery.outbound_id)
    .join(ChatAccount, ChatAccount.id == Delivery.account_id)
    .where(
        Outbound.conversation_id == bindparam("conversation"),
        Outbound.seq == bindparam("place"),
        ChatAccount.conversation_id == Outbound.conversation_id,  # it may have been unbound since
        Delivery.kind == "say",
        Delivery.state.in_(("waiting", "sent")),
    )
)
_PROMPTS = (
    select(
        Outbound.id,
        Outbound.seq,
        Outbound.conversation_id,
        Conversation.language,
        Conversation.person_id,
    )
    .join(Conversation, Conversation.id == Outbound.conversation_id)
    .where(
        Outbound.institution_id == bindparam("institution"),
        Outbound.about == bindparam("about"),
        Outbound.closed.is_(None),
    )
    .with_for_update(of=Outbound, skip_locked=True)  # one that is being pressed closes itself
)
_CLOSE = (
    update(Outbound).where(Outbound.id == bindparam("outbound")).values(closed=bindparam("words"))
)
_DELIVER = in_each_dialect(Delivery, lambda insert: insert.on_conflict_do_nothing())


def heard_from(work: Work, account_id: int) -> None:
    """Its owner has just written there: notices go there from now on."""
    work.writing.execute(_SEEN, {"account": account_id, "at": work.now})


def answer(
    work: Work,
    conversation_id: int,
    first: int,
    account_id: int | None,
    *,
    passive: bool = False,
) -> None:
    """What was said from a place on goes where the question came from (None: the latest account).

    ``passive``: whoever acknowledges the message may show it, and has a moment for that.
    """
    later = work.now + PASSIVE if passive else None
    accounts = _accounts(work, conversation_id)
    asked = [one for one in accounts if account_id in (None, one.id)][:1]
    for account in asked:
        if account.channel in BOUND:
            _send(work, conversation_id, first, account, ANSWERS, later)


def notify(work: Work, conversation_id: int, first: int, turn: Told | Arrived) -> None:
    """It goes to the pushed account that its owner used last, at a time when one may be told."""
    rank, later = NOTICES, None
    if isinstance(turn, Told):
        kind = turn.event.name
        if telling.left_to_digest(work, kind):
            return
        rank, later = rank_of(kind), telling.later(work, kind)
    for account in _accounts(work, conversation_id):
        if account.channel in BOUND:
            _send(work, conversation_id, first, account, rank, later)
            return


def tell(work: Work, conversation_id: int, first: int, account_id: int) -> None:
    """It goes to this very account and to no other, whichever conversation it is said in."""
    account = work.session.get(ChatAccount, account_id)
    if account is not None and account.channel in BOUND and account.blocked_at is None:
        _send(work, conversation_id, first, account, NOTICES)


def _accounts(work: Work, conversation_id: int) -> Sequence[Any]:
    return work.writing.execute(_ACCOUNTS, {"conversation": conversation_id}).all()


def _send(
    work: Work,
    conversation_id: int,
    first: int,
    account: Any,
    rank: int,
    later: datetime | None = None,
) -> None:
    said = work.writing.execute(_SAID, {"conversation": conversation_id, "first": first}).all()
    to = (account.id, account.channel)
    _put(
        work,
        [
            row(work, one.id, *to, "say", rank=rank, later=later, until=until(one.body))
            for one in said
            if may_carry(work, account.id, one.body)
        ],
    )


def may_carry(work: Work, account_id: int, body: dict[str, Any]) -> bool:
    """No document, nor the picture of one, goes to an account that has not shown whose it is,
    whatever way it comes there."""
    if not (body["files"] or body["pictures"]):
        return True
    account = work.session.get(ChatAccount, account_id)
    due = stepup.due(work, account, Purpose.FIRST_FILE)
    return not (due and stepup.possible(work, account))


def until(body: dict[str, Any]) -> datetime | None:
    """As the message itself says (``dialogs.engine.message.Message.until``)."""
    said = body.get("until")
    return datetime.fromisoformat(said) if said else None


def rank_of(kind: str) -> int:
    """Who goes first with a notice of this kind (the name of an event): announcements come last."""
    return BROADCASTS if kind == "broadcast" else NOTICES


def close(work: Work, conversation_id: int, place: int) -> None:
    """The buttons of a message are done with, also where it has been pushed to."""
    shown = work.writing.execute(_SHOWN, {"conversation": conversation_id, "place": place}).all()
    _put(work, [row(work, one.outbound_id, one.account_id, one.channel, "close") for one in shown])


def close_prompts(work: Work, event: Event) -> list[tuple[int, int]]:
    """Whoever was asked about this case sees how it was decided, in place of the buttons.

    Returns the conversation and place of each message that has changed.
    """
    if event.name not in closings.CLOSINGS:
        return []
    where = {"institution": work.institution, "about": event.subject}
    prompts = work.writing.execute(_PROMPTS, where).all()
    for one in prompts:
        words = closings.closing(work, event, one.person_id)
        said = {"outbound": one.id, "words": words.into(one.language)}
        work.writing.execute(_CLOSE, said)
        close(work, one.conversation_id, one.seq)
    return [(one.conversation_id, one.seq) for one in prompts]


def row(
    work: Work,
    outbound_id: int,
    account_id: int,
    channel: str,
    kind: str,
    *,
    rank: int = ANSWERS,
    later: datetime | None = None,
    until: datetime | None = None,
) -> dict[str, Any]:
    """A delivery as it is stored, ``kind`` "say" or "close"; not pushed before ``later``.

    It expires with the lifetime of its rank, or at ``until`` if that is sooner.
    """
    expires = (later or work.now) + LIFETIMES[rank]
    return {
        "institution_id": work.institution,
        "account_id": account_id,
        "channel": channel,
        "outbound_id": outbound_id,
        "kind": kind,
        "rank": rank,
        "state": "waiting",
        "remote": [],
        "made_at": work.now,
        "expires_at": min(expires, until) if until else expires,
        "attempts": 0,
        "try_after": later,
        "why": "",
    }


def _put(work: Work, rows: Iterable[dict[str, Any]]) -> None:
    if new := list(rows):
        work.writing.execute(_DELIVER[work.writing.dialect.name], new)
