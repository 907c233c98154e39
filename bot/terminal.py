"""The chat in a terminal: the same conversations, for administrators and for trying things out."""

import sys
import threading
import time
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import or_, select

from backend import accounts
from backend.models import Person
from bot import history
from bot.assemble import Assistant
from bot.receive import Sent, TooLong

CHANNEL = "terminal"
LOOK_AGAIN = 0.3  # seconds


class NobodyThere(LookupError):
    """No person has this number or name, or several have the name."""


class Terminal:
    """One person's chat, read from standard input and written to standard output."""

    def __init__(self, assistant: Assistant, who: str) -> None:
        self.assistant = assistant
        self.office = assistant.office
        with self.office.work() as work:
            self.person = find_person(work.session, work.institution, who)
            self.conversation = accounts.conversation_of(work, self.person.id)
        self.shown = 0
        self.stopping = threading.Event()

    def run(self) -> None:
        """Until the end of input."""
        print(f"您是 {self.person.name}（{self.person.number}）。Ctrl-D 结束。")
        self.catch_up()
        watching = threading.Thread(target=self.watch, daemon=True)
        watching.start()
        for line in sys.stdin:
            if line.strip():
                self.say(line.strip())
        self.settle()
        self.stopping.set()
        watching.join()

    def say(self, text: str) -> None:
        try:
            self.assistant.reception.accept(
                Sent(
                    CHANNEL,
                    self.person.number,
                    self.person.id,
                    token_hex(8),
                    "said",
                    {"text": text},
                )
            )
        except TooLong:
            print("这段话太长了，请分几次发。")

    def settle(self) -> None:
        """Wait until everything said has been answered."""
        deadline = datetime.now(UTC).timestamp() + 60
        while datetime.now(UTC).timestamp() < deadline:
            with self.office.read() as work:
                if not history.typing(work, self.conversation):
                    return
            time.sleep(LOOK_AGAIN)

    def watch(self) -> None:
        while not self.stopping.wait(LOOK_AGAIN):
            self.show_news()
        self.show_news()

    def catch_up(self) -> None:
        """Show where the conversation stands: its last few messages."""
        with self.office.read() as work:
            before = history.messages(work, self.assistant.links, self.conversation, 0)
        for message in before[-3:]:
            show(message)
        self.shown = before[-1]["seq"] if before else 0

    def show_news(self) -> None:
        with self.office.read() as work:
            news = history.messages(work, self.assistant.links, self.conversation, self.shown)
        for message in news:
            self.shown = message["seq"]
            if message["from"] == "assistant":
                show(message)


def find_person(session: Any, institution: str, who: str) -> Person:
    """By number or name; raises NobodyThere."""
    found = session.scalars(
        select(Person).where(
            Person.institution_id == institution, or_(Person.number == who, Person.name == who)
        )
    ).all()
    if len(found) != 1:
        raise NobodyThere(who)
    person: Person = found[0]
    return person


def show(message: dict[str, Any]) -> None:
    """Text, card, pictures and files as links, and numbers to type for the buttons."""
    lines = [message["text"]]
    if card := message["card"]:
        lines.append(f"┌ {card['title']}")
        lines += [f"│ {name}：{value}" for name, value in card["rows"]]
    lines += [f"  ▣ {picture['alt']}：{picture['url']}" for picture in message["pictures"]]
    lines += [
        f"  📄 {file['name']}（{file['size']} B）：{file['url']}" for file in message["files"]
    ]
    for button in message["buttons"]:
        if "url" in button:
            lines.append(f"  ↗ {button['label']}：{button['url']}")
        else:
            lines.append(f"  [{button['n']}] {button['label']}")
    mark = "我 > " if message["from"] == "me" else ""
    print(mark + "\n".join(line for line in lines if line), flush=True)
