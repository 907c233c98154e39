"""Somebody with Telegram, and somebody with WeCom, through the wires of both."""

import base64
import re
from abc import ABC, abstractmethod
from typing import Any

from tests.channels.everywhere import Meeting, kind_of, signs_in_if_asked
from tests.peers.telegram.bot_api import BotApi
from tests.peers.telegram.people import Person
from tests.peers.wecom.simulator import readable

ADDRESS = re.compile(r"https?://[^\s）)]+")


def is_shown_as(label: str, shown: str) -> bool:
    """A platform may cut a label."""
    return label == shown or (shown.endswith("…") and label.startswith(shown[:-1]))


class OnAPhone(ABC):
    """Messages come by themselves, and buttons are pressed."""

    meeting: Meeting
    who: str

    def settle(self) -> None:
        self.meeting.settle()
        signs_in_if_asked(self.meeting, self.who)

    @abstractmethod
    def press(self, label: str) -> None: ...

    def decide(self, label: str) -> None:
        self.press(label)


class OnTelegram(OnAPhone):
    def __init__(self, meeting: Meeting, who: str) -> None:
        house, address = meeting.telegram, next(meeting.addresses)
        assert isinstance(house.api, BotApi)
        self.meeting, self.api, self.who = meeting, house.api, who
        self.person = Person(house.api, address)
        house.bind(address, who)

    def say(self, text: str) -> None:
        self.person.say(text)
        self.settle()

    def press(self, label: str) -> None:
        for _, button in self.person.buttons():
            if "callback_data" in button and is_shown_as(label, button["text"]):
                self.person.press(button["text"])
                self.settle()
                return
        raise LookupError(f"no button {label}: {self.words()}")

    def attach(self, name: str, data: bytes) -> None:
        self.person.send_document(name, data, kind_of(name))
        self.meeting.settle()

    def words(self) -> str:
        return self.person.seen

    def pieces(self) -> list[str]:
        return [one.get("text") or one.get("caption", "") for one in self.person.messages]

    def links(self) -> list[str]:
        shown = [button["url"] for _, button in self.person.buttons() if "url" in button]
        return [*shown, *ADDRESS.findall(self.words())]

    def pictures(self) -> int:
        return sum("photo" in one for one in self.person.messages)

    def files(self) -> list[tuple[str, bytes]]:
        sent: Any = [one for one in self.person.messages if "document" in one]
        uploads = [self.api.uploads[one["message_id"]] for one in sent]
        return [(one.name, one.data) for one in uploads]


class OnWecom(OnAPhone):
    def __init__(self, meeting: Meeting, who: str) -> None:
        self.meeting, self.who = meeting, who
        self.phone = meeting.wecom.phone(who)
        self.say("你好")  # a member who has never written has no account yet

    def say(self, text: str) -> None:
        self.phone.says(text)
        self.settle()

    def press(self, label: str) -> None:
        for card in reversed(self.phone.cards()):
            for button in card["card"].get("button_list", []):
                if not card["done"] and "key" in button and is_shown_as(label, button["text"]):
                    self.phone.presses(button["text"])
                    self.settle()
                    return
        raise LookupError(f"no button {label}: {self.words()}")

    def attach(self, name: str, data: bytes) -> None:
        self.phone.sends("file", data, name=name)
        self.meeting.settle()

    def words(self) -> str:
        return self.phone.words()

    def pieces(self) -> list[str]:
        return [readable(one) for one in self.phone.shown()]

    def links(self) -> list[str]:
        shown = [
            button["url"]
            for one in self.phone.cards()
            for button in one["card"].get("button_list", [])
            if button.get("url")
        ]
        return [*shown, *ADDRESS.findall(self.words())]

    def pictures(self) -> int:
        return sum(one["kind"] == "image" for one in self.phone.shown())

    def files(self) -> list[tuple[str, bytes]]:
        return [
            (one["name"], base64.b64decode(one["data"]))
            for one in self.phone.shown()
            if one["kind"] == "file"
        ]
