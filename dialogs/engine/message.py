"""What the assistant says, before a channel shows it as well as it can."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Action:
    """What a press means: an answer to a question of an open dialog, or a dialog to open.

    ``revise`` asks an answered question again, ``change`` asks which, ``resume`` goes on where the dialog stood, ``leave``
    ends it. Actions never leave the server: a button carries an opaque name for its action.
    """

    dialog: str = ""
    answers: Mapping[str, str] = field(default_factory=dict)
    frame: str = ""
    slot: str = ""
    value: str = ""
    do: str = ""  # "", "revise", "change", "resume", "leave"
    lasting: bool = False  # may be pressed again (looking at something)

    def to_json(self) -> dict[str, Any]:
        return {
            name: value
            for name in self.__slots__
            if (value := getattr(self, name)) not in ("", {}, False)
        }


@dataclass(frozen=True, slots=True)
class Button:
    """Pressed, or a link to follow (``url``); ``number`` is what one may type instead."""

    label: str
    action: Action | None = None
    url: str = ""
    style: str = ""  # "primary", "danger" or ""
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Card:
    title: str
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Picture:
    blob_id: str
    alt: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class File:
    blob_id: str
    name: str
    size: int
    media_type: str


@dataclass(frozen=True, slots=True)
class Length:
    """Of something that is being written: characters so far, and how many it must and may have."""

    written: int
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Message:
    """``about`` is the number of the case it asks a decision on. After ``until`` it is of no use to
    anybody, as a link that is good for minutes: then it is not pushed any more.
    """

    text: str = ""
    language: str = "zh"
    card: Card | None = None
    buttons: tuple[Button, ...] = ()
    pictures: tuple[Picture, ...] = ()
    files: tuple[File, ...] = ()
    about: str = ""
    until: datetime | None = None
    length: Length | None = None

    def to_json(self) -> dict[str, Any]:
        """As it is kept: everything but what its buttons mean."""
        until = {"until": self.until.isoformat()} if self.until else {}
        length = {"length": asdict(self.length)} if self.length else {}
        return (
            until
            | length
            | {
                "text": self.text,
                "language": self.language,
                "card": self.card
                and {"title": self.card.title, "rows": [*map(list, self.card.rows)]},
                "buttons": [
                    {
                        "label": button.label,
                        "press": button.action is not None,
                        "url": button.url,
                        "style": button.style,
                        "number": button.number,
                    }
                    for button in self.buttons
                ],
                "pictures": [asdict(picture) for picture in self.pictures],
                "files": [asdict(file) for file in self.files],
            }
        )
