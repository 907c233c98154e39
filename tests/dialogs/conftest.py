"""A conversation with toy dialogs, on a real database with the published rules."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import pytest

from backend.clock import SystemClock, local_date
from backend.database import Database
from backend.jobs import DirectJobs
from backend.models import Base, Institution
from backend.policy import notices
from backend.work import Event, Work
from dialogs.engine.chat import Chat
from dialogs.engine.dialog import Dialog, Script
from dialogs.engine.engine import Engine
from dialogs.engine.message import Message
from dialogs.engine.talk import Talk, action_of
from dialogs.engine.turn import Done, Pressed, Said, Told, Turn
from dialogs.engine.words import plain
from nlu.interpreter import Entity, Parse


@dataclass
class Chatter:
    """Says things to an engine and keeps what a database would keep between turns."""

    work: Work
    dialogs: dict[str, Dialog]
    stored: dict[str, object] = field(default_factory=dict)
    notice: Callable[[Chat], None] | None = None  # how a notice is told; its subject otherwise

    def take(self, turn: Turn) -> list[Message]:
        engine = Engine(self.dialogs, self.tell)
        talk = Talk.from_json(self.stored)
        reply = engine.take(talk, turn, self.work, person=1, language="zh")
        self.stored = talk.to_json()
        return reply.messages

    def tell(self, chat: Chat, _: Work, told: Told) -> None:
        if self.notice:
            self.notice(chat)
        else:
            chat.say(plain(told.event.subject))

    def say(self, text: str, intent: str = "", sure: float = 0.95, **entities: str) -> list[str]:
        found = tuple(Entity(name, value, 0, len(value)) for name, value in entities.items())
        parse = Parse(intent or "out_of_scope", sure if intent else 0.9, (), found)
        return [message.text for message in self.take(Said(text, parse))]

    def press(self, label: str, *, used: bool = False) -> list[str]:
        buttons = self.stored["buttons"]
        assert isinstance(buttons, list)
        entry = next(one for one in reversed(buttons) if one["label"] == label)
        turn = Pressed(action_of(entry["action"]), used)
        return [message.text for message in self.take(turn)]

    def told(self, subject: str) -> list[str]:
        return [message.text for message in self.take(Told(Event("something", subject)))]

    def done(self, key: str, *, ok: bool = True) -> list[str]:
        return [message.text for message in self.take(Done(key, ok))]

    def redeploy(self, **scripts: Script) -> None:
        """A new release: other dialogs meet the conversations that are under way."""
        self.dialogs = as_dialogs(scripts)


def as_dialogs(scripts: Mapping[str, Script]) -> dict[str, Dialog]:
    return {name: Dialog(script, plain(name)) for name, script in scripts.items()}


@pytest.fixture
def chatter(tmp_path: object) -> Iterator[Callable[..., Chatter]]:
    database = Database(f"sqlite:///{tmp_path}/talk.db")
    Base.metadata.create_all(database.engine)
    with database.write() as session:
        session.add(Institution(id="ucas", name_zh="中国科学院大学", name_en="UCAS"))
        session.flush()
        notices.load(session, "ucas", demo=True, today=local_date(SystemClock().now()))
        work = Work(session, institution="ucas", actor=1, clock=SystemClock(), jobs=DirectJobs())
        yield lambda **scripts: Chatter(work, as_dialogs(scripts))
    database.close()
