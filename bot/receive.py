"""One inbound message is one turn, and one turn is one transaction.

A message that finds nothing waiting before it is taken in the very transaction that makes it safe.
Otherwise, or when taking it fails, it is only made safe, and ``take_turns`` takes what waits in its
order. Words are parsed before, outside any lock. Whatever a turn changes, says and sets in motion
is committed together or not at all.
"""

import contextlib
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from secrets import token_hex
from typing import Any

from sqlalchemy import or_, select

from backend import accounts
from backend.errors import Refused
from backend.models import Conversation, Inbound
from backend.office import Office
from backend.work import Work
from bot import outbox, rows
from bot.announce import announce, put
from bot.sent import Sent, readable, withheld
from bot.taking import FROM_PEOPLE, Turns, apology, outbound
from dialogs.engine.engine import Engine
from dialogs.engine.talk import Talk
from nlu.interpreter import Interpreter, Parse

log = logging.getLogger(__name__)

TEXT_LIMIT = 12_000  # characters; what is longer is refused before it is stored
STALE = timedelta(seconds=2)  # an accepted message that nobody takes by then is taken by the sweep
ATTEMPTS = 6  # at a notice that fails, with pauses that double
FIRST_PAUSE = timedelta(seconds=5)
MOST_AT_ONCE = 50  # turns taken before others in the queue have theirs
RANKED = 3  # meanings that are kept with a message


class TooLong(ValueError):
    """More text than anybody reads."""


class Declined(Exception):
    """A message does not come in, because what should have come in with it did not: see ``why``."""

    def __init__(self, why: Refused | None = None) -> None:
        super().__init__(why)
        self.why = why


def nothing(_: Work) -> None:
    """Most messages come in alone."""


@dataclass(frozen=True, slots=True)
class Accepted:
    conversation_id: int
    inbound_id: int
    seq: int
    fresh: bool  # False: the same message had come before


class Reception:
    """``wake`` is told of conversations with something to take, ``spoken`` of those with news."""

    def __init__(
        self,
        office: Office,
        engine: Engine,
        interpreter: Interpreter,
        *,
        wake: Callable[[int], None],
        spoken: Callable[[int, frozenset[int]], None] = lambda _, __: None,
    ) -> None:
        self.office = office
        self._turns = Turns(engine, spoken)
        self._interpreter = interpreter
        self._wake = wake
        self._spoken = spoken
        office.announce = lambda work: announce(work, wake, spoken)

    # --- coming in --------------------------------------------------------------------------

    def accept(self, sent: Sent, claim: Callable[[Work], None] = nothing) -> Accepted:
        """Make a message safe, and take it unless others wait; the same key counts once.

        ``claim`` is done in the transaction that makes it safe; where it raises Declined, nothing
        has happened. Raises TooLong, Declined.
        """
        if len(sent.body.get("text", "")) > TEXT_LIMIT:
            raise TooLong
        sent = withheld(self.office, readable(sent))
        try:
            parse = self._parsed(sent.kind, sent.body)
            with self.office.work(sent.person) as work:
                return self._arrive(work, sent, parse, claim, take=True)
        except (accounts.Rebound, Declined):
            raise
        except Exception:
            log.exception("a turn failed as its message came in; it is taken again")
        with self.office.work(sent.person) as work:
            return self._arrive(work, sent, None, claim, take=False)

    def hear(
        self,
        channel: str,
        address: str,
        key: str,
        kind: str,
        body: dict[str, Any],
        *,
        passive: bool = False,
    ) -> Accepted:
        """As ``accept``, from an address whose person is known by binding, if at all.

        ``passive``: what is said is held back for a moment, and ``bot/passive.py`` takes it.
        """
        while True:
            with self.office.read() as work:
                person = accounts.person_behind(work, channel, address)
            with contextlib.suppress(accounts.Rebound):
                return self.accept(Sent(channel, address, person, key, kind, body, passive))

    def _arrive(
        self,
        work: Work,
        sent: Sent,
        parse: Parse | None,
        claim: Callable[[Work], None],
        *,
        take: bool,
    ) -> Accepted:
        connection = work.writing
        address = (work.institution, sent.channel, sent.address, sent.person)
        conversation = rows.lock_of_address(connection, *address)
        if conversation is None:
            accounts.account(work, sent.channel, sent.address, sent.person)
            conversation = rows.lock_of_address(connection, *address)
        cid, account_id = conversation.id, conversation.account_id
        work.account = account_id
        claim(work)
        take = take and not rows.something_waits(connection, cid, work.now)
        body, button = sent.body, None
        if sent.kind == "pressed":
            button = self._turns.button(connection, cid, body["press"])
            body = {**body, "text": button.label if button else ""}
        seq = conversation.next_seq
        inbound_id = rows.arrive(
            connection,
            {
                "institution_id": work.institution,
                "conversation_id": cid,
                "account_id": account_id,
                "message_key": sent.key,
                "seq": seq,
                "kind": sent.kind,
                "body": body,
                "parse": stored_parse(parse),
                "received_at": work.now,
                "done_at": work.now if take else None,
            },
        )
        if inbound_id is not None and conversation.pushed:
            outbox.heard_from(work, account_id)
        if inbound_id is None:
            known = rows.repeated(connection, account_id, sent.key)
            return Accepted(cid, known.id, known.seq or 0, fresh=False)
        if take:
            turn = self._turns.meaning(work, conversation, sent.kind, body, parse, button)
            self._turns.take(work, conversation, account_id, turn, seq + 1, passive=sent.passive)
        else:
            rows.advance(connection, cid, seq + 1)
            work.after_commit(lambda: self._wake(cid))
        return Accepted(cid, inbound_id, seq, fresh=True)

    def welcome(self, channel: str, address: str, person: int) -> None:
        """Greet somebody who opens the chat for the first time; once."""
        with self.office.read(person) as work:
            begun = select(Conversation.next_seq).where(Conversation.person_id == person)
            if (work.session.scalar(begun) or 1) > 1:
                return
        with self.office.work(person) as work:
            account = accounts.account(work, channel, address, person)
            first = select(Conversation.next_seq).where(Conversation.id == account.conversation_id)
            if work.session.scalar(first) == 1:
                put(work, account.conversation_id, "arrived", {}, self._wake)
                accounts.next_seq(work, account.conversation_id)

    # --- taking turns -----------------------------------------------------------------------

    def take_turns(self, conversation_id: int) -> int:
        """Take what waits in this conversation; returns how many turns it was.

        What comes in meanwhile wakes the conversation once more.
        """
        with self.office.read() as work:
            all_waiting = rows.waiting(work.reading, conversation_id, work.now, MOST_AT_ONCE)
        if len(all_waiting) == MOST_AT_ONCE:
            self._wake(conversation_id)
        for waiting in all_waiting:
            try:
                parse = self._parsed(waiting.kind, waiting.body)
                self._take(conversation_id, waiting, parse)
            except Exception:
                reference = token_hex(4)
                log.exception("turn %s failed (%s)", waiting.id, reference)
                self._fail(conversation_id, waiting, reference)
        return len(all_waiting)

    def _parsed(self, kind: str, body: dict[str, Any]) -> Parse | None:
        return self._interpreter.parse(body["text"]) if kind == "said" else None

    def _take(self, conversation_id: int, waiting: Any, parse: Parse | None) -> None:
        with self.office.work(waiting.person_id) as work:
            work.account = waiting.account_id
            connection = work.writing
            conversation = rows.lock(connection, conversation_id)
            meaning = stored_parse(parse)
            if not rows.claim(connection, waiting.id, waiting.attempts, work.now, meaning):
                return
            button = None
            if waiting.kind == "pressed":
                button = self._turns.button(connection, conversation_id, waiting.body["press"])
            turn = self._turns.meaning(
                work, conversation, waiting.kind, waiting.body, parse, button
            )
            self._turns.take(work, conversation, waiting.account_id, turn, conversation.next_seq)

    # --- when it goes wrong -----------------------------------------------------------------

    def _fail(self, conversation_id: int, waiting: Any, reference: str) -> None:
        """The turn is undone. What came from inside is taken again later; a person is told."""
        from_inside = waiting.kind not in FROM_PEOPLE
        with self.office.work() as work:
            connection = work.writing
            conversation = rows.lock(connection, conversation_id)
            if from_inside and waiting.attempts < ATTEMPTS:
                later = work.now + FIRST_PAUSE * 2**waiting.attempts
                rows.take_again(connection, waiting.id, waiting.attempts, later)
                return
            if not rows.failed(connection, waiting.id, waiting.attempts, work.now, reference):
                return  # another process has taken it meanwhile
            talk = Talk.from_json(conversation.state)
            messages = apology(talk, waiting, reference, conversation.language)
            first = conversation.next_seq
            if messages:
                said = outbound(work, conversation_id, waiting.account_id, messages, first)
                rows.say(connection, said)
                if conversation.pushed:
                    outbox.answer(work, conversation_id, first, waiting.account_id)
            rows.keep(
                connection,
                conversation_id,
                state=talk.to_json(),
                language=conversation.language,
                waiting_for=(talk.top.waiting or None) if talk.top else None,
                next_seq=first + len(messages),
            )
            work.after_commit(lambda: self._spoken(conversation_id, frozenset()))

    def has_news(self, conversation_id: int) -> None:
        """Whoever shows it may look at once."""
        self._spoken(conversation_id, frozenset())

    def sweep(self) -> int:
        """Wake conversations in which something accepted has been left, as after a crash."""
        with self.office.read() as work:
            left = work.session.scalars(
                select(Inbound.conversation_id)
                .where(
                    Inbound.institution_id == work.institution,
                    Inbound.done_at.is_(None),
                    Inbound.received_at < work.now - STALE,
                    or_(Inbound.try_after.is_(None), Inbound.try_after <= work.now),
                )
                .distinct()
            ).all()
        for conversation_id in left:
            self._wake(conversation_id)
        return len(left)


def stored_parse(parse: Parse | None) -> dict[str, Any] | None:
    """What was understood, as it is kept with the message."""
    if parse is None:
        return None
    return {
        "intent": parse.intent,
        "confidence": round(parse.confidence, 4),
        "ranking": [[intent, round(score, 4)] for intent, score in parse.ranking[:RANKED]],
        "entities": [[one.entity, one.value, one.start, one.end] for one in parse.entities],
    }
