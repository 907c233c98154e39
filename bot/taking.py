"""Taking a turn: what it means in its conversation, what is said, and how the talk then stands."""

from collections.abc import Callable
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import Connection

from backend.file_names import NameFacts
from backend.work import Event, Work
from bot import outbox, rows
from dialogs.engine import repair
from dialogs.engine.engine import Engine
from dialogs.engine.message import Action, Message
from dialogs.engine.slots import tidy
from dialogs.engine.talk import Talk, action_of
from dialogs.engine.turn import READ_AT_MOST, Arrived, Attached, Done, Pressed, Said, Told, Turn
from nlu.interpreter import Parse
from nlu.normalize import fold

FROM_PEOPLE = ("said", "pressed", "attached", "withheld")


@dataclass(frozen=True, slots=True)
class Button:
    """One that was shown: where, what stands on it (for the history) and what it means."""

    seq: int
    label: str
    action: Action
    pressed: bool  # it, or another one of the same message


class Turns:
    """``spoken`` is told of conversations with news, and of earlier messages that have changed."""

    def __init__(self, engine: Engine, spoken: Callable[[int, frozenset[int]], None]) -> None:
        self._engine = engine
        self._spoken = spoken

    def take(
        self,
        work: Work,
        conversation: Any,
        account_id: int | None,
        turn: Turn,
        next_seq: int,
        *,
        passive: bool = False,
    ) -> None:
        """The turn itself: what it means, what is said, and how the conversation then stands."""
        talk = Talk.from_json(conversation.state)
        reply = self._engine.take(
            talk, turn, work, person=conversation.person_id, language=conversation.language
        )
        work.session.flush()
        connection = work.writing
        if reply.messages:
            said = outbound(work, conversation.id, account_id, reply.messages, next_seq)
            rows.say(connection, said)
            if isinstance(turn, Told) and account_id is not None:
                outbox.tell(work, conversation.id, next_seq, account_id)
            elif conversation.pushed and isinstance(turn, Told | Arrived):
                outbox.notify(work, conversation.id, next_seq, turn)
            elif conversation.pushed:
                outbox.answer(work, conversation.id, next_seq, account_id, passive=passive)
        if reply.messages and not isinstance(turn, Told):
            self._move_question(work, conversation, talk, reply.messages, next_seq)
        rows.keep(
            connection,
            conversation.id,
            state=talk.to_json(),
            language=reply.language,
            waiting_for=(talk.top.waiting or None) if talk.top else None,
            next_seq=next_seq + len(reply.messages),
        )
        work.after_commit(lambda: self._spoken(conversation.id, frozenset()))

    def _move_question(
        self, work: Work, conversation: Any, talk: Talk, said: list[Message], first: int
    ) -> None:
        """Buttons of a question that was answered in words, or asked again, are done with."""
        if talk.question:
            self.use(work, conversation, talk.question)
            talk.question = 0
        for place, message in enumerate(said):
            if any(button.action and button.action.frame for button in message.buttons):
                talk.question = first + place

    def meaning(
        self,
        work: Work,
        conversation: Any,
        kind: str,
        body: dict[str, Any],
        parse: Parse | None,
        button: Button | None,
    ) -> Turn:
        if kind in FROM_PEOPLE:
            work.browser = body.get("browser", "")
        turn: Turn = Done(body.get("key", ""), body.get("ok", True))
        match kind:
            case "said":
                turn = Said(text := tidy(body["text"]), parse or Parse(), fold(text[:READ_AT_MOST]))
            case "pressed":
                turn = self._press(work, conversation, button)
            case "withheld":
                turn = Pressed(Action(dialog="withheld", answers={"what": body["what"]}))
            case "attached":
                blob = body.get("blob", "")
                named = NameFacts.from_json(body.get("named", {}))
                compressed = body.get("recompressed", False)
                turn = Attached(blob, body["name"], body["type"], body["size"], named, compressed)
            case "arrived":
                turn = Arrived()
            case "notice":
                turn = Told(Event(**body))
        return turn

    # --- buttons ----------------------------------------------------------------------------

    def _press(self, work: Work, conversation: Any, button: Button | None) -> Turn:
        """A button counts only in the conversation it was shown in; what it means is looked up."""
        if button is None:
            return Pressed(action_of({"frame": "unknown"}))
        if not button.pressed and not button.action.lasting:
            self.use(work, conversation, button.seq)
        return Pressed(button.action, used=button.pressed)

    def button(self, connection: Connection, conversation_id: int, press: str) -> Button | None:
        name, _dot, place = press.partition(".")
        if not (place.isascii() and place.isdigit() and len(place) < 4):
            return None
        row = rows.button_message(connection, conversation_id, name)
        if row is None or int(place) >= len(row.actions):
            return None
        labels = [button["label"] for button in row.body["buttons"] if button["press"]]
        return Button(
            seq=row.seq,
            label=labels[int(place)],
            action=action_of(row.actions[int(place)]),
            pressed=row.pressed_at is not None,
        )

    def use(self, work: Work, conversation: Any, place: int) -> None:
        rows.use(work.writing, conversation.id, place, work.now)
        if conversation.pushed:
            outbox.close(work, conversation.id, place)
        work.after_commit(lambda: self._spoken(conversation.id, frozenset({place})))


def apology(talk: Talk, waiting: Any, reference: str, language: str) -> list[Message]:
    """A person can go on where they were, and nobody waits for what will not come."""
    if waiting.kind == "done":
        awaited = [one for one in talk.stack if one.waiting == waiting.body["key"]]
        for one in awaited:
            one.waiting = ""
        return [repair.job_failed(one, language) for one in awaited[-1:]]
    if waiting.kind in FROM_PEOPLE:
        return [Message(repair.broken(reference).into(language), language)]
    return []


def outbound(
    work: Work, conversation_id: int, account_id: int | None, messages: list[Message], first: int
) -> list[dict[str, Any]]:
    """Rows for the history and the outbox, from a place on."""
    return [
        {
            "institution_id": work.institution,
            "conversation_id": conversation_id,
            "account_id": account_id,
            "seq": first + place,
            "body": message.to_json(),
            "actions": [button.action.to_json() for button in message.buttons if button.action],
            "token": token_urlsafe(12),
            "created_at": work.now,
            "about": message.about or None,
        }
        for place, message in enumerate(messages)
    ]
