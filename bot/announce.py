"""Giving events to the conversations of those they concern, in the transaction that caused them.

An event only leaves an inbound row behind; what is said about it is said in a turn of that
conversation, in its language and its order (docs/decisions/0002).
"""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

from sqlalchemy import insert, select

from backend import accounts
from backend.models import Conversation, Inbound
from backend.work import Event, Work
from bot import outbox
from dialogs import notices

Wake = Callable[[int], None]
Spoken = Callable[[int, frozenset[int]], None]

_PUT = insert(Inbound)


def announce(work: Work, wake: Wake, spoken: Spoken) -> None:
    """Everybody concerned is told once it is committed, and prompts that are settled say so."""
    for event in work.events:
        for conversation, place in outbox.close_prompts(work, event):
            _look_again(work, conversation, place, spoken)
        if event.name == "job.done":
            _wake_waiting(work, event, wake)
            continue
        for conversation, account in _addressees(work, event):
            put(work, conversation, "notice", asdict(event), wake, account)
    work.events.clear()


def _addressees(work: Work, event: Event) -> Iterator[tuple[int, int | None]]:
    """Conversations, and the one account it is meant for, where an event names it (``told``)."""
    account = event.facts.get("told")
    if "conversation" in event.facts:
        yield event.facts["conversation"], account
    for person in notices.audience(work, event):
        yield accounts.conversation_of(work, person), account


def _look_again(work: Work, conversation: int, place: int, spoken: Spoken) -> None:
    work.after_commit(lambda: spoken(conversation, frozenset({place})))


def _wake_waiting(work: Work, event: Event, wake: Wake) -> None:
    """Dialogs that wait for this job go on."""
    waiting = select(Conversation.id).where(
        Conversation.institution_id == work.institution, Conversation.waiting_for == event.subject
    )
    for conversation in work.session.scalars(waiting):
        body = {"key": event.subject, "ok": event.facts.get("ok", True)}
        put(work, conversation, "done", body, wake, event.facts.get("account"))


def put(
    work: Work,
    conversation: int,
    kind: str,
    body: dict[str, Any],
    wake: Wake,
    account: int | None = None,
) -> None:
    """Something for a conversation to take that no person sent."""
    row = {
        "institution_id": work.institution,
        "conversation_id": conversation,
        "account_id": account,
        "kind": kind,
        "body": body,
        "received_at": work.now,
    }
    work.writing.execute(_PUT, row)
    work.after_commit(lambda: wake(conversation))
