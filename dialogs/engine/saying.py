"""What a dialog says: sentences, cards, buttons, pictures and files, in the person's language."""

import json
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from backend.models import Blob
from dialogs.engine.message import Action, Button, Card, File, Message, Picture
from dialogs.engine.talk import Frame
from dialogs.engine.words import Speech, Words

CONSENT = "consent."
AGREE = "agree"


class Saying:
    """``outbox`` is what one run of a dialog says."""

    def __init__(self, language: str, frame: Frame) -> None:
        self.language = language
        self.outbox: list[Message] = []
        self._frame = frame

    def say(
        self,
        words: Speech,
        *,
        card: Card | None = None,
        buttons: Iterable[Button] = (),
        pictures: Iterable[Picture] = (),
        files: Iterable[File] = (),
        about: str = "",
        until: datetime | None = None,
    ) -> None:
        """``about`` and ``until``: see ``Message``."""
        self.outbox.append(
            Message(
                words.into(self.language),
                self.language,
                card,
                tuple(buttons),
                tuple(pictures),
                tuple(files),
                about,
                until,
            )
        )

    def has_shown(self, key: str) -> bool:
        return key in self._frame.shown

    def once(self, key: str) -> bool:
        """True the first time in this dialog: what is long to look at is shown once."""
        if key in self._frame.shown:
            return False
        self._frame.shown.append(key)
        return True

    def words(self, words: Speech) -> str:
        return words.into(self.language)

    def card(self, title: Words, *rows: tuple[Words, Speech]) -> Card:
        return Card(
            title.into(self.language),
            tuple((name.into(self.language), value.into(self.language)) for name, value in rows),
        )

    def button(
        self,
        label: Speech,
        dialog: str,
        *,
        style: str = "",
        lasting: bool = False,
        **answers: str,
    ) -> Button:
        """A button that opens a dialog with some answers given."""
        action = Action(dialog=dialog, answers=answers, lasting=lasting)
        return Button(label.into(self.language), action, style=style)

    def agreed(
        self,
        label: Speech,
        dialog: str,
        words: Speech,
        card: Card | None,
        facts: str,
        *,
        style: str = "",
        **answers: str,
    ) -> Button:
        """A button under words that are themselves the question: pressing it is consent to them.

        ``dialog`` must ``confirm`` the same words, card and facts; if they have changed by then,
        it asks again.
        """
        name = consent_name(self.language, words.into(self.language), card, facts)
        action = Action(dialog=dialog, answers=answers, slot=name, value=AGREE)
        return Button(label.into(self.language), action, style=style)

    def link(self, label: Words, url: str, *, style: str = "") -> Button:
        return Button(label.into(self.language), url=url, style=style)

    def picture(self, blob: Blob, alt: Words) -> Picture:
        return Picture(blob.id, alt.into(self.language), blob.width or 0, blob.height or 0)

    def file(self, blob: Blob) -> File:
        return File(blob.id, blob.name, blob.size, blob.media_type)


def as_shown(words: Speech, card: Card | None, language: str) -> str:
    """The whole text a person agrees to."""
    shown = words.into(language)
    if card is None:
        return shown
    return "\n".join((shown, card.title, *(": ".join(row) for row in card.rows)))


def consent_name(language: str, words: str, card: Card | None, facts: str) -> str:
    """The slot that holds consent to exactly this."""
    shown = json.dumps([language, words, card and [card.title, card.rows], facts])
    return f"{CONSENT}{sha256(shown.encode()).hexdigest()[:16]}"
