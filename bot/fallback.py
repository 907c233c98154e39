"""What one channel cannot deliver goes another way: together, in its order, to each account once."""

from datetime import timedelta

from sqlalchemy import Select, exists, or_, select, update
from sqlalchemy.orm import aliased

from backend.accounts import BOUND
from backend.models import ChatAccount, Delivery, Outbound
from backend.work import Work
from bot.outbox import may_carry

PATIENCE = timedelta(minutes=8)  # of failing; an answer is hardly read much later
LATELY = timedelta(hours=1)  # as long the first failure is enough, once an account was given up
SEVERAL = 3  # accounts that fail at once, with nothing getting through: it is the platform
BATCH = 100  # messages in one transaction, which others wait for
BLOCKED = "blocked"


def of_account(work: Work, account_id: int) -> list[int]:
    """All that waits for an account, in its order."""
    waiting = select(Delivery.id).where(
        Delivery.account_id == account_id, Delivery.state == "waiting"
    )
    return list(work.session.scalars(in_order(waiting)))


def of_channel(work: Work, channel: str, after: int) -> list[int]:
    """What waits on a channel now, and not for a later time, and may go to another channel.

    Part of it: what was said after ``after``, an outbound id.
    """
    other = other_accounts(Delivery).where(ChatAccount.channel != channel)
    waiting = select(Delivery.id).where(
        Delivery.institution_id == work.institution,
        Delivery.channel == channel,
        Delivery.state == "waiting",
        Delivery.kind == "say",
        Delivery.outbound_id > after,
        or_(Delivery.try_after.is_(None), Delivery.try_after <= work.now, Delivery.attempts > 0),
        exists(other.with_only_columns(ChatAccount.id)),
    )
    by_place = waiting.order_by(Delivery.outbound_id, Delivery.id)
    return list(work.session.scalars(by_place.limit(BATCH)))


def in_order(waiting: Select[int]) -> Select[int]:
    return waiting.order_by(Delivery.rank, Delivery.outbound_id, Delivery.id)


def fall_back(work: Work, waiting: list[int], why: str, *, besides: str = "") -> list[int]:
    """These go to other accounts of their person, where there are any, not on channel ``besides``.

    Returns the ids of those that do. ``why`` is noted with what has not failed itself.
    """
    moved = []
    for delivery_id in waiting:
        lost = work.session.get_one(Delivery, delivery_id, populate_existing=True)
        if lost.kind != "say" or lost.state != "waiting":
            continue
        other = another_account(work, lost, besides)
        if other is None:
            continue
        said = work.session.get_one(Outbound, lost.outbound_id)
        if not may_carry(work, other.id, said.body):
            continue
        held = lost.try_after if not lost.attempts else None  # for the night, say
        if not replaced(work, lost, why):
            continue
        work.session.add(
            Delivery(
                institution_id=lost.institution_id,
                account_id=other.id,
                channel=other.channel,
                outbound_id=lost.outbound_id,
                kind="say",
                rank=lost.rank,
                state="waiting",
                remote=[],
                made_at=work.now,
                expires_at=lost.expires_at,
                attempts=0,
                try_after=held,
            )
        )
        moved.append(delivery_id)
    work.session.flush()
    return moved


def replaced(work: Work, lost: Delivery, why: str) -> bool:
    """False where it has been stopped or unbound meanwhile: then it goes nowhere."""
    ended = work.session.execute(
        update(Delivery)
        .where(Delivery.id == lost.id, Delivery.state == "waiting")
        .values(state="replaced", ended_at=work.now, why=lost.why or why)
        .returning(Delivery.id)
    )
    return ended.one_or_none() is not None


def another_account(work: Work, lost: Delivery, besides: str = "") -> ChatAccount | None:
    """One that has not been tried: on another channel if possible, and the one used last."""
    found: ChatAccount | None = work.session.scalar(
        other_accounts(lost)
        .where(ChatAccount.channel != besides)
        .order_by(ChatAccount.channel == lost.channel, ChatAccount.last_seen_at.desc())
        .limit(1)
    )
    return found


def other_accounts(lost: Delivery | type[Delivery]) -> Select[ChatAccount]:
    """Where else its person can be reached with it; each account is tried once."""
    tried = aliased(Delivery)
    return (
        select(ChatAccount)
        .join(Outbound, Outbound.conversation_id == ChatAccount.conversation_id)
        .where(
            Outbound.id == lost.outbound_id,
            ChatAccount.channel.in_(BOUND),
            ChatAccount.blocked_at.is_(None),
            ~exists().where(
                tried.outbound_id == Outbound.id,
                tried.account_id == ChatAccount.id,
                tried.kind == "say",
            ),
        )
    )


def given_up_lately(work: Work, account_id: int) -> bool:
    """Whether the last that happened there was that something went elsewhere, as it failed."""
    last = work.session.execute(
        select(Delivery.state, Delivery.why)
        .where(Delivery.account_id == account_id, Delivery.ended_at > work.now - LATELY)
        .order_by(Delivery.ended_at.desc(), Delivery.id.desc())
        .limit(1)
    ).one_or_none()
    return last is not None and last.state == "replaced" and last.why != BLOCKED


def several_fail(work: Work, channel: str) -> bool:
    failing = (
        select(Delivery.account_id)
        .where(
            Delivery.institution_id == work.institution,
            Delivery.channel == channel,
            Delivery.state == "waiting",
            Delivery.attempts > 0,
        )
        .distinct()
        .limit(SEVERAL)
    )
    return len(work.session.scalars(failing).all()) == SEVERAL
