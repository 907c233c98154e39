"""What has become of every message: for whoever watches over the server (``registrar deliveries``)."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, union

from backend import telling
from backend.accounts import BOUND
from backend.models import (
    Absence,
    Application,
    Broadcast,
    ChatAccount,
    Conversation,
    Delivery,
    Digest,
    Handoff,
    Inbound,
    Order,
    Outbound,
    Person,
)
from backend.policy import store
from backend.work import Work


def table(work: Work, about: str | None) -> Iterator[str]:
    """A line for each channel and state; for one case, a line for each message about it.

    ``id channel address kind state time why``. What is not pushed is in ``chat``, and the address is
    the person's number: ``seen`` where they have written since, ``unopened`` where they have not,
    ``digest`` where the digest of a morning tells of it, ``unsaid`` while it is not said yet.
    """
    if about is None:
        counted = work.session.execute(
            select(Delivery.channel, Delivery.state, Delivery.why, func.count())
            .where(Delivery.institution_id == work.institution)
            .group_by(Delivery.channel, Delivery.state, Delivery.why)
            .order_by(Delivery.channel, Delivery.state)
        )
        for channel, state, why, count in counted:
            yield f"{channel} {state} {count} {why}".rstrip()
        return
    number = about.upper()
    pushed = defaultdict(list)
    for one, address in work.session.execute(
        select(Delivery, ChatAccount.address)
        .join(ChatAccount, ChatAccount.id == Delivery.account_id)
        .where(Delivery.outbound_id.in_(said_of(work, number)))
        .order_by(Delivery.id)
    ):
        pushed[one.outbound_id].append(
            line(one.id, one.channel, address, one.kind, one.state, one.ended_at, one.why)
        )
    for said in in_chat(work, number):
        if said.id in pushed:
            yield from pushed[said.id]
        else:
            yield line(f"m{said.id}", "chat", said.number, "say", *unpushed(work, said))
    yield from unsaid(work, number)


def is_case(work: Work, about: str) -> bool:
    """Whether there is a case or an announcement with this number, whatever was said of it."""
    return any(
        work.session.scalar(
            select(of.id).where(of.institution_id == work.institution, of.number == about.upper())
        )
        for of in (Application, Order, Absence, Handoff, Broadcast)
    )


def line(*columns: Any) -> str:
    shown = (
        one.isoformat(timespec="seconds") if isinstance(one, datetime) else str(one or "")
        for one in columns
    )
    return " ".join(shown).rstrip()


def of_case(work: Work, number: str) -> tuple[Any, ...]:
    """Notices of a case, as they came into conversations."""
    return (
        Inbound.institution_id == work.institution,
        Inbound.kind == "notice",
        Inbound.body["subject"].as_string() == number,
    )


SAID_THEN = (  # what a notice has made the assistant say: in its turn, which is one moment
    Outbound.conversation_id == Inbound.conversation_id,
    Outbound.created_at == Inbound.done_at,
    Outbound.account_id.is_not_distinct_from(Inbound.account_id),
)


def said_of(work: Work, number: str) -> Select[int]:
    """Ids of all that was said of a case, asked or told."""
    asked = select(Outbound.id).where(
        Outbound.institution_id == work.institution, Outbound.about == number
    )
    told = select(Outbound.id).join(Inbound, SAID_THEN[0]).where(*SAID_THEN, *of_case(work, number))
    both = union(asked, told).subquery()
    return select(both.c.id)


def in_chat(work: Work, number: str) -> Iterator[Any]:
    """All that was said of a case, with whom it was said to."""
    yield from work.session.execute(
        select(
            Outbound.id,
            Outbound.conversation_id,
            Outbound.seq,
            Outbound.created_at,
            Outbound.account_id,
            Outbound.pressed_at,
            Person.number,
        )
        .join(Conversation, Conversation.id == Outbound.conversation_id)
        .outerjoin(Person, Person.id == Conversation.person_id)
        .where(Outbound.id.in_(said_of(work, number)))
        .order_by(Outbound.id)
    )


def unpushed(work: Work, said: Any) -> tuple[str, datetime | None, str]:
    """State, time and more of what stands in the conversation only."""
    seen = work.session.scalar(
        select(func.min(Inbound.received_at)).where(
            Inbound.conversation_id == said.conversation_id, Inbound.seq > said.seq
        )
    )
    if said.pressed_at or seen:
        return "seen", said.pressed_at or seen, ""
    if is_gathered(work, said):
        day = work.session.scalar(
            select(func.min(Digest.day)).where(
                Digest.institution_id == work.institution, Digest.sent_at > said.created_at
            )
        )
        return "digest", None, day.isoformat() if day else "next"
    return "unopened", None, ""


def is_gathered(work: Work, said: Any) -> bool:
    """Whether it would have been pushed, but is left to the digest."""
    reached = select(ChatAccount.id).where(
        ChatAccount.conversation_id == said.conversation_id, ChatAccount.channel.in_(BOUND)
    )
    if work.session.scalar(reached.limit(1)) is None:
        return False
    kinds = work.session.scalars(
        select(Inbound.body["name"].as_string()).where(
            Inbound.conversation_id == said.conversation_id,
            Inbound.kind == "notice",
            Inbound.done_at == said.created_at,
        )
    )
    policy, calendar = store.telling(work), store.calendar(work)
    return any(telling.gathered(policy, calendar, kind, said.created_at) for kind in kinds)


def unsaid(work: Work, number: str) -> Iterator[str]:
    """Notices that are still to be said, or could not be."""
    left = work.session.execute(
        select(Inbound.id, Inbound.received_at, Inbound.failed, Person.number)
        .join(Conversation, Conversation.id == Inbound.conversation_id)
        .outerjoin(Person, Person.id == Conversation.person_id)
        .where(*of_case(work, number), Inbound.done_at.is_(None) | Inbound.failed.is_not(None))
        .order_by(Inbound.id)
    )
    for one in left:
        state = "failed" if one.failed else "unsaid"
        yield line(f"n{one.id}", "chat", one.number, "say", state, one.received_at, one.failed)
