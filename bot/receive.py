"""One inbound message is one turn, and one turn is one transaction.

``accept`` makes a message safe and gives it its place; the channel can acknowledge it then.
``take_turns`` takes what waits in a conversation, in order. Words are parsed before, outside any
lock. Whatever a turn changes, says and sets in motion is committed together or not at all.
"""

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import timedelta
from secrets import token_hex, token_urlsafe
from typing import Any

from sqlalchemy import insert, literal, select, update
from sqlalchemy.exc import IntegrityError

from backend import accounts
from backend.models import ChatAccount, Conversation, Inbound, Outbound
from backend.office import Office
from backend.work import Event, Work
from dialogs import notices, repair
from dialogs.engine import Engine
from dialogs.message import Message
from dialogs.slots import tidy
from dialogs.talk import Talk, action_of
from dialogs.turn import Arrived, Attached, Done, Pressed, Said, Told, Turn
from nlu.interpreter import Interpreter, Parse

log = logging.getLogger(__name__)

TEXT_LIMIT = 20_000  # characters; what is longer is refused before it is stored
STALE = timedelta(seconds=2)  # an accepted message that nobody takes by then is taken by the sweep


class TooLong(ValueError):
    """More text than anybody reads."""


@dataclass(frozen=True, slots=True)
class Accepted:
    conversation_id: int
    inbound_id: int
    seq: int
    fresh: bool  # False: the same message had come before


@dataclass(frozen=True, slots=True)
class Waiting:
    """An inbound message that is to be taken."""

    id: int
    kind: str
    body: dict[str, Any]
    parse: Parse | None


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
        self._engine = engine
        self._interpreter = interpreter
        self._wake = wake
        self._spoken = spoken
        office.announce = self.announce

    # --- coming in --------------------------------------------------------------------------

    def accept(
        self,
        channel: str,
        address: str,
        person: int | None,
        key: str,
        kind: str,
        body: dict[str, Any],
    ) -> Accepted:
        """Make a message safe; the same key from the same address counts once.

        Raises TooLong.
        """
        if len(body.get("text", "")) > TEXT_LIMIT:
            raise TooLong
        with self.office.work(person) as work:
            account = accounts.account(work, channel, address, person)
            cid = account.conversation_id
            seq = accounts.next_seq(work, cid)
            if kind == "pressed":
                body = {**body, "text": self._label(work, cid, body["press"])}
            row = {
                "institution_id": work.institution,
                "conversation_id": cid,
                "account_id": account.id,
                "message_key": key,
                "seq": seq,
                "kind": kind,
                "body": body,
                "received_at": work.now,
            }
            try:
                with work.session.begin_nested():
                    new = work.session.execute(insert(Inbound).values(row).returning(Inbound.id))
                    inbound_id = new.scalar_one()
            except IntegrityError:
                return self._repeated(work, account, key, cid)
            work.after_commit(lambda: self._wake(cid))
            return Accepted(cid, inbound_id, seq, fresh=True)

    def _label(self, work: Work, conversation_id: int, press: str) -> str:
        """What stands on the button, for the history."""
        row = self._button(work, conversation_id, press)
        if row is None:
            return ""
        pressable = [button for button in row.body["buttons"] if button["press"]]
        return str(pressable[row.place]["label"])

    def _button(self, work: Work, conversation_id: int, press: str) -> Any:
        """The message and place of a button; None when there is none in this conversation."""
        token, _dot, place = press.partition(".")
        if not (place.isascii() and place.isdigit() and len(place) < 4):
            return None
        row = work.session.execute(
            select(
                Outbound.id,
                Outbound.seq,
                Outbound.body,
                Outbound.actions,
                Outbound.pressed_at,
                literal(int(place)).label("place"),
            ).where(Outbound.token == token, Outbound.conversation_id == conversation_id)
        ).one_or_none()
        return row if row is not None and row.place < len(row.actions) else None

    def _repeated(self, work: Work, account: ChatAccount, key: str, cid: int) -> Accepted:
        known = work.session.execute(
            select(Inbound.id, Inbound.seq).where(
                Inbound.account_id == account.id, Inbound.message_key == key
            )
        ).one()
        work.after_commit(lambda: self._wake(cid))
        return Accepted(cid, known.id, known.seq or 0, fresh=False)

    def welcome(self, channel: str, address: str, person: int) -> None:
        """Greet somebody who opens the chat for the first time; once."""
        with self.office.work(person) as work:
            account = accounts.account(work, channel, address, person)
            first = select(Conversation.next_seq).where(Conversation.id == account.conversation_id)
            if work.session.scalar(first) == 1:
                self._put(work, account.conversation_id, "arrived", {})
                accounts.next_seq(work, account.conversation_id)

    def announce(self, work: Work) -> None:
        """Give each event to the conversations of those it concerns, in the same transaction."""
        for event in work.events:
            if event.name == "job.done":
                self._wake_waiting(work, event)
                continue
            for person in notices.audience(work, event):
                conversation = accounts.conversation_of(work, person)
                self._put(work, conversation, "notice", asdict(event))
        work.events.clear()

    def _wake_waiting(self, work: Work, event: Event) -> None:
        waiting = select(Conversation.id).where(
            Conversation.institution_id == work.institution,
            Conversation.waiting_for == event.subject,
        )
        for conversation in work.session.scalars(waiting):
            body = {"key": event.subject, "ok": event.facts.get("ok", True)}
            self._put(work, conversation, "done", body)

    def _put(self, work: Work, conversation: int, kind: str, body: dict[str, Any]) -> None:
        work.session.execute(
            insert(Inbound).values(
                institution_id=work.institution,
                conversation_id=conversation,
                kind=kind,
                body=body,
                received_at=work.now,
            )
        )
        work.after_commit(lambda: self._wake(conversation))

    # --- taking turns -----------------------------------------------------------------------

    def take_turns(self, conversation_id: int) -> int:
        """Take everything that waits in this conversation; returns how many turns it was."""
        taken = 0
        while (waiting := self._next(conversation_id)) is not None:
            self._take(conversation_id, waiting)
            taken += 1
        return taken

    def _next(self, conversation_id: int) -> Waiting | None:
        with self.office.read() as work:
            row = work.session.execute(
                select(Inbound.id, Inbound.kind, Inbound.body)
                .where(Inbound.conversation_id == conversation_id, Inbound.done_at.is_(None))
                .order_by(Inbound.id)
                .limit(1)
            ).one_or_none()
        if row is None:
            return None
        parse = self._interpreter.parse(row.body["text"]) if row.kind == "said" else None
        return Waiting(row.id, row.kind, row.body, parse)

    def _take(self, conversation_id: int, waiting: Waiting) -> None:
        try:
            self._turn(conversation_id, waiting)
        except Exception:
            reference = token_hex(4)
            log.exception(
                "turn %s of conversation %s failed (%s)", waiting.id, conversation_id, reference
            )
            self._apologise(conversation_id, waiting, reference)

    def _turn(self, conversation_id: int, waiting: Waiting) -> None:
        with self.office.read() as work:
            person = work.session.scalar(
                select(Conversation.person_id).where(Conversation.id == conversation_id)
            )
        with self.office.work(person) as work:
            conversation = self._lock(work, conversation_id)
            inbound = work.session.execute(
                select(Inbound.id, Inbound.account_id)
                .where(Inbound.conversation_id == conversation_id, Inbound.done_at.is_(None))
                .order_by(Inbound.id)
                .limit(1)
            ).one_or_none()
            if inbound is None or inbound.id != waiting.id:
                return  # another process has taken it
            talk = Talk.from_json(conversation.state)
            turn = self._meaning(work, conversation_id, waiting)
            reply = self._engine.take(
                talk, turn, work, person=person, language=conversation.language
            )
            places = self._say(work, conversation, inbound.account_id, reply.messages)
            self._close_question(work, conversation_id, talk, turn, reply.messages, places)
            top = talk.top
            work.session.execute(
                update(Conversation)
                .where(Conversation.id == conversation_id)
                .values(
                    state=talk.to_json(),
                    language=reply.language,
                    waiting_for=(top.waiting or None) if top else None,
                )
            )
            work.session.execute(
                update(Inbound)
                .where(Inbound.id == waiting.id)
                .values(done_at=work.now, parse=asdict(waiting.parse) if waiting.parse else None)
            )
            work.after_commit(lambda: self._spoken(conversation_id, frozenset()))

    def _lock(self, work: Work, conversation_id: int) -> Any:
        """The conversation's row, which nobody else may change until this turn is over."""
        return work.session.execute(
            select(
                Conversation.id, Conversation.language, Conversation.state, Conversation.next_seq
            )
            .where(Conversation.id == conversation_id)
            .with_for_update()
        ).one()

    def _meaning(self, work: Work, conversation_id: int, waiting: Waiting) -> Turn:
        body = waiting.body
        match waiting.kind:
            case "said":
                return Said(tidy(body["text"]), waiting.parse or Parse())
            case "pressed":
                return self._press(work, conversation_id, body["press"])
            case "attached":
                return Attached("", body["name"], body["type"], body["size"])
            case "arrived":
                return Arrived()
            case "notice":
                return Told(Event(**body))
        return Done(body["key"], body["ok"])

    def _press(self, work: Work, conversation_id: int, press: str) -> Turn:
        """A button counts only in the conversation it was shown in; what it means is looked up."""
        row = self._button(work, conversation_id, press)
        if row is None:
            return Pressed(action_of({"frame": "unknown"}))
        action = action_of(row.actions[row.place])
        if row.pressed_at is None and not action.lasting:
            self._use(work, conversation_id, row.seq)
        return Pressed(action, used=row.pressed_at is not None)

    def _use(self, work: Work, conversation_id: int, seq: int) -> None:
        """The buttons of this message are done with."""
        work.session.execute(
            update(Outbound)
            .where(
                Outbound.conversation_id == conversation_id,
                Outbound.seq == seq,
                Outbound.pressed_at.is_(None),
            )
            .values(pressed_at=work.now)
        )
        work.after_commit(lambda: self._spoken(conversation_id, frozenset({seq})))

    def _say(
        self, work: Work, conversation: Any, account_id: int | None, messages: list[Message]
    ) -> int:
        """Put messages into the history and the outbox; returns the place of the first."""
        if not messages:
            return 0
        first = accounts.next_seq(work, conversation.id, len(messages))
        work.session.execute(
            insert(Outbound),
            [
                {
                    "institution_id": work.institution,
                    "conversation_id": conversation.id,
                    "account_id": account_id,
                    "seq": first + place,
                    "body": stored(message),
                    "actions": [b.action.to_json() for b in message.buttons if b.action],
                    "token": token_urlsafe(12),
                    "created_at": work.now,
                    "attempts": 0,
                }
                for place, message in enumerate(messages)
            ],
        )
        return first

    def _close_question(
        self,
        work: Work,
        conversation_id: int,
        talk: Talk,
        turn: Turn,
        said: list[Message],
        first: int,
    ) -> None:
        """Buttons of a question that was answered in words, or asked again, are done with."""
        if isinstance(turn, Told):
            return
        if talk.question:
            self._use(work, conversation_id, talk.question)
            talk.question = 0
        for place, message in enumerate(said):
            if any(button.action and button.action.frame for button in message.buttons):
                talk.question = first + place

    def _apologise(self, conversation_id: int, waiting: Waiting, reference: str) -> None:
        """The turn is undone; the person is told, and can go on where they were."""
        with self.office.work() as work:
            conversation = self._lock(work, conversation_id)
            work.session.execute(
                update(Inbound)
                .where(Inbound.id == waiting.id)
                .values(done_at=work.now, failed=reference)
            )
            if waiting.kind in ("said", "pressed", "attached"):
                words = repair.broken(reference).into(conversation.language)
                self._say(work, conversation, None, [Message(words, conversation.language)])
            work.after_commit(lambda: self._spoken(conversation_id, frozenset()))

    def sweep(self) -> int:
        """Wake conversations in which something accepted has been left, as after a crash."""
        with self.office.read() as work:
            left = work.session.scalars(
                select(Inbound.conversation_id)
                .where(Inbound.done_at.is_(None), Inbound.received_at < work.now - STALE)
                .distinct()
            ).all()
        for conversation_id in left:
            self._wake(conversation_id)
        return len(left)


def stored(message: Message) -> dict[str, Any]:
    """A message as it is kept: without what its buttons mean."""
    body = asdict(message)
    for button in body["buttons"]:
        button["press"] = button.pop("action") is not None
    return body
