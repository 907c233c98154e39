"""The rows of a turn, read and written with statements that are built once.

Every turn of everybody passes here, and building SQL costs several times what running it does.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, exists, insert, or_, select, update

from backend.accounts import BOUND
from backend.database import in_each_dialect
from backend.models import Base

_TABLES = Base.metadata.tables
_A, _C = _TABLES["chat_account"], _TABLES["conversation"]
_I, _O = _TABLES["inbound"], _TABLES["outbound"]

_PUSHED = _A.alias("pushed")
_STANDS = (
    _C.c.id,
    _C.c.person_id,
    _C.c.language,
    _C.c.state,
    _C.c.next_seq,
    exists()
    .where(_PUSHED.c.conversation_id == _C.c.id, _PUSHED.c.channel.in_(sorted(BOUND)))
    .label("pushed"),
)
_AT_ADDRESS = (
    select(*_STANDS, _A.c.id.label("account_id"))
    .join_from(_A, _C, _C.c.id == _A.c.conversation_id)
    .where(
        _A.c.institution_id == bindparam("institution"),
        _A.c.channel == bindparam("channel"),
        _A.c.address == bindparam("address"),
        _A.c.person_id.is_not_distinct_from(bindparam("person")),
    )
)
# Nobody else changes it; what is only put into it (an event to be told, KEY SHARE) need not wait, which would
# be a deadlock with whoever holds what this turn wants next.
_OF_ADDRESS = _AT_ADDRESS.with_for_update(of=_C, key_share=True)
_LOCK = select(*_STANDS).where(_C.c.id == bindparam("conversation")).with_for_update(key_share=True)
_IN_CONVERSATION = _I.c.conversation_id == bindparam("conversation")
_UNDONE = (
    _IN_CONVERSATION,
    _I.c.done_at.is_(None),
    or_(_I.c.try_after.is_(None), _I.c.try_after <= bindparam("now")),
)
_SOMETHING_WAITS = select(exists().where(*_UNDONE))
_WAITING = (
    select(_I.c.id, _I.c.kind, _I.c.body, _I.c.account_id, _I.c.attempts, _C.c.person_id)
    .join_from(_I, _C, _C.c.id == _I.c.conversation_id)
    .where(*_UNDONE)
    .order_by(_I.c.id)
    .limit(bindparam("most"))
)
_ARRIVE = in_each_dialect(_I, lambda insert: insert.on_conflict_do_nothing().returning(_I.c.id))
_REPEATED = select(_I.c.id, _I.c.seq).where(
    _I.c.account_id == bindparam("account"), _I.c.message_key == bindparam("key")
)
_UNTOUCHED = (  # since it was read
    _I.c.id == bindparam("inbound"),
    _I.c.done_at.is_(None),
    _I.c.attempts == bindparam("tried"),
)
_CLAIM = update(_I).where(*_UNTOUCHED).values(done_at=bindparam("at"), parse=bindparam("meaning"))
_FAILED = (
    update(_I).where(*_UNTOUCHED).values(done_at=bindparam("at"), failed=bindparam("reference"))
)
_AGAIN = (
    update(_I).where(*_UNTOUCHED).values(attempts=_I.c.attempts + 1, try_after=bindparam("later"))
)
_SAY = insert(_O)
_USE = (
    update(_O)
    .where(
        _O.c.conversation_id == bindparam("conversation"),
        _O.c.seq == bindparam("place"),
        _O.c.pressed_at.is_(None),
    )
    .values(pressed_at=bindparam("at"))
)
_BUTTON = select(_O.c.id, _O.c.seq, _O.c.body, _O.c.actions, _O.c.pressed_at).where(
    _O.c.token == bindparam("name"), _O.c.conversation_id == bindparam("conversation")
)
_KEEP = (
    update(_C)
    .where(_C.c.id == bindparam("conversation"))
    .values(
        state=bindparam("talk"),
        language=bindparam("speaking"),
        waiting_for=bindparam("awaited"),
        next_seq=bindparam("after"),
    )
)
_ADVANCE = (
    update(_C).where(_C.c.id == bindparam("conversation")).values(next_seq=bindparam("after"))
)


def lock_of_address(
    connection: Connection, institution: str, channel: str, address: str, person: int | None
) -> Any:
    """As ``lock``, with the account's id, by the address it talks from.

    None when the address is new or has been somebody else's.
    """
    where = {"institution": institution, "channel": channel, "address": address, "person": person}
    return connection.execute(_OF_ADDRESS, where).one_or_none()


def of_address(
    connection: Connection, institution: str, channel: str, address: str, person: int | None
) -> Any:
    """As ``lock_of_address``, to be read only."""
    where = {"institution": institution, "channel": channel, "address": address, "person": person}
    return connection.execute(_AT_ADDRESS, where).one_or_none()


def lock(connection: Connection, conversation: int) -> Any:
    """The conversation's row, which nobody else may change until this transaction is over.

    ``pushed``: some of its accounts are on channels that one pushes to.
    """
    return connection.execute(_LOCK, {"conversation": conversation}).one()


def something_waits(connection: Connection, conversation: int, now: datetime) -> bool:
    where = {"conversation": conversation, "now": now}
    return bool(connection.execute(_SOMETHING_WAITS, where).scalar())


def waiting(connection: Connection, conversation: int, now: datetime, most: int) -> Sequence[Any]:
    """The inbound rows to be taken next, in order, with the person they come from."""
    where = {"conversation": conversation, "now": now, "most": most}
    return connection.execute(_WAITING, where).all()


def arrive(connection: Connection, row: dict[str, Any]) -> int | None:
    """Store an inbound message; its id, or None when it has come before."""
    statement = _ARRIVE[connection.dialect.name]
    stored: int | None = connection.execute(statement, row).scalar_one_or_none()
    return stored


def repeated(connection: Connection, account_id: int, key: str) -> Any:
    """Id and place of a message that has come before."""
    return connection.execute(_REPEATED, {"account": account_id, "key": key}).one()


def claim(
    connection: Connection, inbound: int, tried: int, at: datetime, parse: dict[str, Any] | None
) -> bool:
    """Mark it as taken; False when another process has done so, or has failed to."""
    values = {"inbound": inbound, "tried": tried, "at": at, "meaning": parse}
    return connection.execute(_CLAIM, values).rowcount > 0


def failed(connection: Connection, inbound: int, tried: int, at: datetime, reference: str) -> bool:
    """Done with, without having been taken; False when another process has it."""
    values = {"inbound": inbound, "tried": tried, "at": at, "reference": reference}
    return connection.execute(_FAILED, values).rowcount > 0


def take_again(connection: Connection, inbound: int, tried: int, later: datetime) -> None:
    """It failed; others in the conversation need not wait for it."""
    connection.execute(_AGAIN, {"inbound": inbound, "tried": tried, "later": later})


def say(connection: Connection, rows: list[dict[str, Any]]) -> None:
    connection.execute(_SAY, rows)


def use(connection: Connection, conversation: int, place: int, at: datetime) -> None:
    """The buttons of this message are done with."""
    connection.execute(_USE, {"conversation": conversation, "place": place, "at": at})


def button_message(connection: Connection, conversation: int, name: str) -> Any:
    """The message whose buttons bear this name; None when there is none in this conversation."""
    where = {"name": name, "conversation": conversation}
    return connection.execute(_BUTTON, where).one_or_none()


def advance(connection: Connection, conversation: int, next_seq: int) -> None:
    connection.execute(_ADVANCE, {"conversation": conversation, "after": next_seq})


def keep(
    connection: Connection,
    conversation: int,
    *,
    state: dict[str, Any],
    language: str,
    waiting_for: str | None,
    next_seq: int,
) -> None:
    """How the conversation stands after a turn."""
    connection.execute(
        _KEEP,
        {
            "conversation": conversation,
            "talk": state,
            "speaking": language,
            "awaited": waiting_for,
            "after": next_seq,
        },
    )
