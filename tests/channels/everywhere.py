"""Somebody with the assistant on one channel, whichever it is."""

import base64
from typing import Any, Protocol

from sqlalchemy import select

from backend.models import Blob, Person
from backend.registry.demo import FEATURED
from bot import history
from bot.play import Stage
from bot.receive import Sent
from tests.channels.telegram.house import House as TelegramHouse
from tests.channels.wecom.house import House as WecomHouse
from tests.peers.telegram.people import Person as TelegramPerson


def number_of(who: str) -> str:
    return next(one.number for one in FEATURED if one.key == who)


class Someone(Protocol):
    """``press`` takes the label as the dialog gives it, however the channel shortens it."""

    stage: Stage

    def say(self, text: str) -> None: ...
    def press(self, label: str) -> None: ...
    def attach(self, name: str, data: bytes) -> None: ...
    def words(self) -> str: ...
    def pieces(self) -> list[str]: ...
    def show_who(self) -> None: ...
    def pictures(self) -> int: ...
    def files(self) -> list[bytes]: ...


def signs_in(stage: Stage, who: str) -> None:
    """On the page whose link they have just been sent."""
    stage.cast(who, who)
    stage.sign_in(who)


class OnTelegram:
    most = 4096  # UTF-16 units of one message

    def __init__(self, house: TelegramHouse, who: str, address: int) -> None:
        self.house, self.stage, self.who = house, house.stage, who
        self.person = TelegramPerson(house.api, address)  # type: ignore[arg-type]
        house.bind(address, who)

    def say(self, text: str) -> None:
        self.person.say(text)
        self.house.settle()

    def press(self, label: str) -> None:
        self.person.press(label)
        self.house.settle()

    def attach(self, name: str, data: bytes) -> None:
        self.person.send_document(name, data, "application/pdf")
        self.house.settle()

    def show_who(self) -> None:
        self.press("下载")
        signs_in(self.stage, self.who)
        self.house.settle()

    def words(self) -> str:
        return self.person.seen

    def pieces(self) -> list[str]:
        return [one.get("text", "") for one in self.person.messages]

    def pictures(self) -> int:
        return sum("photo" in one for one in self.person.messages)

    def files(self) -> list[bytes]:
        uploads: Any = self.house.api.uploads  # type: ignore[union-attr]
        return [
            uploads[one["message_id"]].data for one in self.person.messages if "document" in one
        ]


class OnWecom:
    most = 2048  # bytes of one message

    def __init__(self, house: WecomHouse, who: str) -> None:
        self.house, self.stage, self.who = house, house.stage, who
        self.phone = house.phone(who)

    def say(self, text: str) -> None:
        self.phone.says(text)
        self.house.settle()

    def press(self, label: str) -> None:
        for card in reversed(self.phone.cards()):
            for button in card["card"].get("button_list", []):
                shown = button["text"]
                if not card["done"] and label.startswith(shown.rstrip("…")):
                    self.phone.presses(shown)
                    self.house.settle()
                    return
        raise LookupError(label)

    def attach(self, name: str, data: bytes) -> None:
        self.phone.sends("file", data, name=name)
        self.house.settle()

    def show_who(self) -> None:
        self.press("下载")
        signs_in(self.stage, self.who)
        self.house.settle()

    def words(self) -> str:
        return self.phone.words()

    def pieces(self) -> list[str]:
        return [str(one.get("text") or "") for one in self.phone.shown()]

    def pictures(self) -> int:
        return sum(one["kind"] == "image" for one in self.phone.shown())

    def files(self) -> list[bytes]:
        return [
            base64.b64decode(one["data"]) for one in self.phone.shown() if one["kind"] == "file"
        ]


class OnTheWeb:
    """What the page gets, without the page."""

    most = 1_000_000

    def __init__(self, stage: Stage, who: str) -> None:
        self.stage = stage
        self.sent = 0
        with stage.assistant.office.read() as work:
            self.person = work.session.scalars(
                select(Person.id).where(Person.number == number_of(who))
            ).one()

    def _accept(self, kind: str, body: dict[str, Any]) -> None:
        self.sent += 1
        sent = Sent("web", str(self.person), self.person, f"w{self.sent}", kind, body)
        self.conversation = self.stage.assistant.reception.accept(sent).conversation_id
        self.stage.news()

    def say(self, text: str) -> None:
        self._accept("said", {"text": text})

    def press(self, label: str) -> None:
        for message in reversed(self.shown()):
            for button in message["buttons"]:
                if button["label"] == label and not message["used"] and "press" in button:
                    self._accept("pressed", {"press": button["press"]})
                    return
        raise LookupError(label)

    def attach(self, name: str, data: bytes) -> None:
        body = {"name": name, "type": "application/pdf", "size": len(data)}
        self._accept("attached", body)

    def show_who(self) -> None:
        """Whoever is in the web chat has signed in to it."""

    def shown(self) -> list[dict[str, Any]]:
        with self.stage.assistant.office.read() as work:
            found = history.messages(work, self.stage.assistant.links, self.conversation, 0)
        return [one for one in found if one["from"] == "assistant"]

    def words(self) -> str:
        return "\n".join(self.pieces())

    def pieces(self) -> list[str]:
        return [
            "\n".join([one["text"], *(f"{name}：{value}" for name, value in rows_of(one))])
            for one in self.shown()
        ]

    def pictures(self) -> int:
        return sum(len(one["pictures"]) for one in self.shown())

    def files(self) -> list[bytes]:
        office = self.stage.assistant.office
        found = []
        for message in self.shown():
            for file in message["files"]:
                token = file["url"].rsplit("/", 1)[1]
                blob_id = self.stage.assistant.links.read_file(token, office.clock.now())
                with office.read() as work:
                    blob = work.session.get_one(Blob, blob_id)
                found.append(office.blobs.get(blob.key))
        return found


def rows_of(message: dict[str, Any]) -> list[list[str]]:
    return message["card"]["rows"] if message["card"] else []
