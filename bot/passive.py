"""An answer that is shown as its message is acknowledged, on a channel that has that (被动回复).

It costs none of what may be pushed. Only one message of plain words fits, and only where nothing said
earlier is still on its way to the same account; everything else is pushed, behind that.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import ColumnElement, CursorResult, func, select, update

from backend.models import Delivery, Inbound, Outbound
from backend.work import Work
from bot.outbox import ANSWERS
from bot.receive import Accepted, Reception

SAFELY = timedelta(seconds=1)  # later, the dispatcher may have it in hand
SHOWN = "passive"  # the name of such a message, which the platform does not give one


def words_for(reception: Reception, accepted: Accepted, most: int) -> str:
    """What to show, of at most so many bytes; empty where it is pushed instead.

    A message that is brought again is answered in the same words again.
    """
    with reception.office.work() as work:
        held = _held(work, accepted)
        if held and held[0].remote == [SHOWN]:
            return str(held[0].body["text"])
        waiting = [one for one in held if one.state == "waiting" and not one.attempts]
        fits = len(held) == len(waiting) == 1 and plain(waiting[0].body, most)
        if fits and not _something_before(work, waiting[0]):
            shown = {"state": "sent", "remote": [SHOWN], "ended_at": work.now}
            if _change(work, waiting, shown, Delivery.try_after > work.now + SAFELY):
                return str(waiting[0].body["text"])
        _change(work, waiting, {"try_after": None})
    reception.has_news(accepted.conversation_id)
    return ""


def plain(body: dict[str, Any], most: int) -> bool:
    more = (body["card"], body["buttons"], body["pictures"], body["files"])
    return not any(more) and 0 < len(body["text"].encode()) <= most


def _held(work: Work, accepted: Accepted) -> Sequence[Any]:
    """What was said since, until the person's next message."""
    after = func.coalesce(
        select(func.min(Inbound.seq))
        .where(Inbound.conversation_id == accepted.conversation_id, Inbound.seq > accepted.seq)
        .scalar_subquery(),
        2**31,
    )
    return work.session.execute(
        select(
            Delivery.id,
            Delivery.account_id,
            Delivery.outbound_id,
            Delivery.state,
            Delivery.attempts,
            Delivery.remote,
            Outbound.body,
        )
        .join(Outbound, Outbound.id == Delivery.outbound_id)
        .where(
            Outbound.conversation_id == accepted.conversation_id,
            Outbound.seq > accepted.seq,
            Outbound.seq < after,
            Delivery.kind == "say",
            Delivery.rank == ANSWERS,
        )
        .order_by(Delivery.id)
    ).all()


def _something_before(work: Work, held: Any) -> bool:
    """Whether the account is still to be shown an earlier answer, or the rest of any message."""
    others = work.session.execute(
        select(Delivery.rank, Delivery.outbound_id, Delivery.remote).where(
            Delivery.account_id == held.account_id,
            Delivery.kind == "say",
            Delivery.state == "waiting",
            Delivery.id != held.id,
        )
    )
    return any(
        remote or (rank == ANSWERS and outbound_id < held.outbound_id)
        for rank, outbound_id, remote in others
    )


def _change(
    work: Work, held: Sequence[Any], values: dict[str, Any], *only: ColumnElement[bool]
) -> int:
    changed = work.session.execute(
        update(Delivery)
        .where(Delivery.id.in_([one.id for one in held]), Delivery.state == "waiting", *only)
        .values(**values)
    )
    return cast(CursorResult[Any], changed).rowcount
