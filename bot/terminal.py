"""The chat in a terminal: the same conversations, for administrators and for trying things out."""

import sys
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

from sqlalchemy import or_, select

from backend import accounts
from backend.models import Conversation, Person
from bot import history
from bot.assemble import Assistant
from bot.receive import TooLong
from bot.sent import Sent
from dialogs.engine.words import Bilingual, Words, _

CHANNEL = accounts.TERMINAL
LOOK_AGAIN = 0.3  # seconds
LAST = 3  # messages that are shown again to whoever comes back
NO_CHAT = (
    "这里还没有数据：看演示请加 --demo；用自己的数据请先 registrar import。",
    "There is nobody here yet: add --demo for the demo, or registrar import your own people first.",
)


class NobodyThere(LookupError):
    """No person has this number or name, or several have the name."""


def to_screen(text: str) -> None:
    print(text, flush=True)


class Terminal:
    """One person's chat: lines that are typed, and what ``write`` puts on the screen.

    What stands there stays: a prompt that is settled is followed by a line that says so.
    """

    def __init__(
        self, assistant: Assistant, who: str, write: Callable[[str], None] = to_screen
    ) -> None:
        """Raises NobodyThere."""
        self.assistant = assistant
        self.office = assistant.office
        self.write = write
        with self.office.work() as work:
            self.person = find_person(work.session, work.institution, who)
            self.conversation = accounts.conversation_of(work, self.person.id)
        self.shown = 0
        self.open: dict[int, dict[str, Any]] = {}  # prompts that nobody has settled, by their place
        self.stopping = threading.Event()

    def run(self, typed: Iterable[str] = sys.stdin) -> None:
        """Until the end of input."""
        self.begin()
        watching = threading.Thread(target=self.watch, daemon=True)
        watching.start()
        for line in typed:
            if line.strip():
                self.say(line.strip())
        self.settle()
        self.stopping.set()
        watching.join()

    def begin(self) -> None:
        name = Bilingual(self.person.name, self.person.name_en)
        self.tell(
            _("您是{name}（{number}），按 Ctrl-D 结束。", name=name, number=self.person.number)
        )
        self.catch_up()

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
            self.tell(_("这段话太长了，请分几次发。"))

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

    # --- on the screen ----------------------------------------------------------------------

    def tell(self, words: Words) -> None:
        """Something that the terminal itself says, in the language of the conversation."""
        self.write(words.into(self.language()))

    def language(self) -> str:
        with self.office.read() as work:
            spoken = select(Conversation.language).where(Conversation.id == self.conversation)
            return work.session.scalar(spoken) or self.person.language

    def catch_up(self) -> None:
        """Show where the conversation stands: its last few messages."""
        before = self.read(0)
        for message in before[-LAST:]:
            self.show(message)
        self.shown = before[-1]["seq"] if before else 0

    def show_news(self) -> None:
        if self.open:
            for message in self.read(0, only=set(self.open)):
                if message["closed"]:
                    self.show_settled(message)
        for message in self.read(self.shown):
            self.shown = message["seq"]
            if message["from"] == "assistant":
                self.show(message)

    def read(self, after: int, *, only: set[int] | None = None) -> list[dict[str, Any]]:
        with self.office.read() as work:
            links = self.assistant.links
            return history.messages(work, links, self.conversation, after, only=only)

    def show(self, message: dict[str, Any]) -> None:
        if message["from"] == "me":
            self.tell(_("我 > {text}", text=message["text"]))
            return
        self.write("\n".join(line for line in screen_lines(message) if line))
        if message["buttons"] and not message["closed"]:
            self.open[message["seq"]] = message

    def show_settled(self, message: dict[str, Any]) -> None:
        """What can be answered no more."""
        self.open.pop(message["seq"])
        what = (message["card"] or {}).get("title") or message["text"].partition("\n")[0]
        self.write(pair(what, message["closed"], message["lang"]))


def pair(name: str, value: str, language: str) -> str:
    return _("{name}：{value}", name=name, value=value).into(language)


def screen_lines(message: dict[str, Any]) -> Iterator[str]:
    """Text, card, pictures and files as links, and numbers to type for the buttons."""
    language = message["lang"]
    yield message["text"]
    if card := message["card"]:
        yield f"┌ {card['title']}"
        for name, value in card["rows"]:
            yield f"│ {pair(name, value, language)}"
    for picture in message["pictures"]:
        yield f"  ▣ {pair(picture['alt'], picture['url'], language)}"
    for file in message["files"]:
        named = _("{name}（{size} B）", name=file["name"], size=file["size"]).into(language)
        yield f"  📄 {pair(named, file['url'], language)}"
    for button in message["buttons"]:
        if "url" in button:
            yield f"  ↗ {pair(button['label'], button['url'], language)}"
        elif not (message["used"] or message["closed"]):
            yield f"  [{button['n']}] {button['label']}"
    if message["closed"]:
        yield f"  {message['closed']}"


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
