"""What a turn says about each question of a dialog: this turn's words, or earlier ones."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from typing import NoReturn, TypeVar

from dialogs.engine.saying import AGREE, CONSENT, Saying
from dialogs.engine.slots import FILE, Invalid, Option, Slot, option_meant, yes_or_no
from dialogs.engine.talk import Frame
from dialogs.engine.turn import SEVERAL, Meant, Said

T = TypeVar("T")
CAME = "came."  # in a frame's prefill, before the number of a file that nobody had asked for yet
TYPED = "typed."  # in a frame's prefill, before the name of a slot


class Unheard(BaseException):
    """What was said is no answer to the question on the table."""


class Hearing(Saying, ABC):
    """``heard`` are new answers by slot name (from a press), ``said`` what was typed: the slot it was
    said to finds its own answer in it, and the entities fill whichever slots they belong to."""

    def __init__(
        self,
        language: str,
        frame: Frame,
        *,
        heard: Mapping[str, str] | None,
        said: Said | None,
        entities: Mapping[str, str] | None,
        named: Iterable[str],
    ) -> None:
        super().__init__(language, frame)
        self._heard = dict(heard or {})
        self._said = said
        self._entities = dict(entities or {})
        self._asked = frame.asked
        self._named = tuple(named)  # words that may be another answer to what was answered
        self._trail: list[str] = []

    @abstractmethod
    def _put(self, slot: Slot[T]) -> NoReturn:
        """Ends the turn with the question."""

    def _news_for(self, slot: Slot[T]) -> str | None:
        """What this turn says about this slot."""
        if slot.name in self._heard:
            return self._heard.pop(slot.name)
        if slot.name == self._asked and self._said is not None:
            said, self._said = self._said, None
            try:
                meant = slot.read(said)
            except Invalid as invalid:
                self.say(invalid.words)
                self._put(slot)
            if meant is None:
                raise Unheard
            if not slot.free:
                self._entities |= {
                    entity: value
                    for entity, value in said.entities().items()
                    if entity != slot.entity
                }
            return meant
        if (entity := heard_as(slot.entity, self._entities)) is not None:
            return self._entities.pop(entity)
        if self._named and slot.name in self._frame.answers and slot.name != self._asked:
            named = [option_meant(words, slot.options) for words in self._named]
            return next((value for value in named if value is not None), None)
        if slot.name not in self._frame.answers:
            return self._said_before(slot) or self._heard_before(slot)
        return None

    def _heard_before(self, slot: Slot[T]) -> str | None:
        """An entity of earlier words, or a file that came before it was asked for."""
        prefill = self._frame.prefill
        if slot.entity == FILE:
            return prefill.pop(
                min((one for one in prefill if one.startswith(CAME)), default=""), None
            )
        return prefill.pop(heard_as(slot.entity, prefill) or "", None)

    @property
    def came_early(self) -> bool:
        """A file came that nobody had asked for yet."""
        return any(one.startswith(CAME) for one in self._frame.prefill)

    def forget_early(self, entities: Iterable[str]) -> None:
        """What was said early and not asked for is about nothing that comes later."""
        for entity in entities:
            self._frame.prefill.pop(entity, None)

    def _said_before(self, slot: Slot[T]) -> str | None:
        """What was typed to this very question, when another one came in between."""
        words = self._frame.prefill.pop(f"{TYPED}{slot.name}", None)
        if words is None:
            return None
        try:
            return slot.read(Said(words, Meant("", 0.0, ())))
        except Invalid:  # it is asked once more
            return None

    def _keep_early_answer(self) -> None:
        """An answer to a question that this run did not come to: a new release, or new facts, ask
        another one first. Consent is no such answer: it is to what was shown."""
        frame = self._frame
        for name, stored in self._heard.items():
            if not name.startswith(CONSENT):
                frame.answers[name] = stored
                frame.given += [name] if name not in frame.given else []
        early = self._asked and not self._asked.startswith(CONSENT)
        if self._said is not None and early and self._asked not in self._trail:
            frame.prefill |= {f"{TYPED}{self._asked}": self._said.text}
            frame.prefill |= {} if frame.free else self._said.entities()


def heard_as(entity: str, heard: Mapping[str, str]) -> str | None:
    """The name under which it was heard: a question for several is answered by one, too."""
    names = (entity, entity.removesuffix(SEVERAL))
    return next((name for name in names if name in heard), None)


def agreement(said: Said) -> str | None:
    """Consent is given by clear words only, never by what merely sounds like yes, nor by a question."""
    return AGREE if yes_or_no(said.words) else None


def meant_option(said: Said, options: Iterable[Option]) -> str | None:
    return option_meant(said.words, tuple(options)) or agreement(said)
