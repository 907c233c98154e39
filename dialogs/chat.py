"""What a dialog sees: it asks, waits, gets consent, and says (``saying.py``). See ``engine.py``."""

from collections.abc import Collection, Iterable, Mapping
from typing import NoReturn, TypeVar

from backend.consent import Consent
from dialogs.message import Action, Button, Card, Message
from dialogs.saying import AGREE, CONSENT, Saying, as_shown, consent_name
from dialogs.slots import FILE, Invalid, Option, Slot, option_meant, plainest, yes_or_no
from dialogs.talk import Frame
from dialogs.turn import SEVERAL, Meant, Said
from dialogs.words import Speech, Words, _

T = TypeVar("T")
PRESS_ONE = _("点一个按钮，或者回复它前面的编号就行；拿不准可以说“转人工”。")
OWN_WORDS = _("用您自己的话写就行；拿不准可以说“转人工”。")
CAME = "came."  # in a frame's prefill, before the number of a file that nobody had asked for yet
TYPED = "typed."  # in a frame's prefill, before the name of a slot


class Asked(BaseException):
    """Ends the turn. Not an Exception, so that no dialog catches it by accident."""


class Unheard(BaseException):
    """What was said is no answer to the question on the table."""


class Chat(Saying):
    """One run of one dialog in one turn.

    ``heard`` are new answers by slot name (from a press), ``said`` what was typed: the slot it was
    said to finds its own answer in it, and the entities fill whichever slots they belong to.
    """

    def __init__(
        self,
        person: int | None,
        language: str,
        frame: Frame,
        *,
        heard: Mapping[str, str] | None = None,
        said: Said | None = None,
        entities: Mapping[str, str] | None = None,
        explaining: bool = False,
        named: Iterable[str] = (),
    ) -> None:
        super().__init__(language, frame)
        self.person = person
        self.remarks: list[Message] = []  # on what was just said; they go before everything
        self.slots: list[Slot[object]] = []  # reached, answered and revisable, in order
        self.opened: list[tuple[str, dict[str, str]]] = []  # dialogs to go on with afterwards
        self.dropped: list[str] = []  # dialogs to end
        self.corrected = False
        self.moot = False  # somebody has settled it elsewhere
        self.to_a_person = False  # what is said from now on; what is open otherwise waits
        self.opening = frame.opening
        self._heard = dict(heard or {})
        self._said = said
        self._entities = dict(entities or {})
        self._reached = frozenset(frame.trail)
        self._asked = frame.asked
        self._explaining = explaining  # the question on the table was not understood
        self._named = tuple(named)  # words that may be another answer to what was answered
        self._trail: list[str] = []
        self._consented = False

    # --- asking -----------------------------------------------------------------------------

    def ask(self, slot: Slot[T]) -> T:
        """The answer, if there is one; otherwise the turn ends here with the question."""
        if self._consented:
            raise RuntimeError(f"{slot.name!r} asked after the person's consent")
        frame = self._frame
        self._trail.append(slot.name)
        new = self._news_for(slot)
        if new is not None:
            try:
                slot.parse(new)
            except Invalid as invalid:
                self.remarks.append(Message(invalid.words.into(self.language), self.language))
                if slot.name == self._asked or slot.name not in frame.answers:
                    self._put(slot)
            else:
                self._store(slot, new)
        if slot.name not in frame.answers or frame.revising == slot.name:
            self._put(slot)
        try:
            answer = slot.parse(frame.answers[slot.name])
        except Invalid as invalid:  # a stored answer that a new release or new facts do not accept
            del frame.answers[slot.name]
            self.say(invalid.words)
            self._put(slot)
        if slot.name in self._reached:
            self.outbox.clear()  # whatever was said before this answer has been heard
        if slot.revisable:
            self.slots.append(slot)  # type: ignore[arg-type]
        return answer

    def answered(self, name: str) -> str | None:
        """What is stored for a slot of this name, unread."""
        return self._frame.answers.get(name)

    def overheard(self, slot: Slot[T], stored: str | None) -> None:
        """What the words that opened the dialog say about a question to come; taken once."""
        if stored is not None and self.once(f"overheard.{slot.name}"):
            self._frame.prefill[slot.entity] = stored

    def known(self, slot: Slot[T]) -> T | None:
        """The answer if somebody has given it, in words or by the button; it is never asked."""
        new = self._news_for(slot)
        if new is not None:
            self._frame.answers[slot.name] = new
        stored = self._frame.answers.get(slot.name)
        return None if stored is None else slot.parse(stored)

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

    def _said_before(self, slot: Slot[T]) -> str | None:
        """What was typed to this very question, when another one came in between."""
        words = self._frame.prefill.pop(f"{TYPED}{slot.name}", None)
        if words is None:
            return None
        try:
            return slot.read(Said(words, Meant("", 0.0, ())))
        except Invalid:  # it is asked once more
            return None

    def _store(self, slot: Slot[T], new: str) -> None:
        frame = self._frame
        if frame.answers.get(slot.name) not in (None, new) and slot.name != self._asked:
            self.corrected = True
        frame.answers[slot.name] = new
        if slot.name not in frame.given:
            frame.given.append(slot.name)
        if frame.revising == slot.name:
            frame.revising = ""

    def _put(self, slot: Slot[T]) -> NoReturn:
        if self._explaining:
            self.say(slot.help or (PRESS_ONE if slot.options and not slot.free else OWN_WORDS))
        prompt = slot.prompt.into(self.language)
        buttons = self.options(slot)
        self.outbox.append(Message(prompt, self.language, buttons=buttons, length=slot.length))
        self._end(asked=slot.name, free=slot.free, verbatim=slot.verbatim)

    def options(self, slot: Slot[T]) -> tuple[Button, ...]:
        return tuple(
            Button(
                option.label.into(self.language),
                Action(frame=self._frame.id, slot=slot.name, value=option.value),
                style=option.style,
            )
            for option in slot.options
        )

    def _end(
        self, *, asked: str = "", free: bool = False, verbatim: bool = False, waiting: str = ""
    ) -> NoReturn:
        frame = self._frame
        frame.prefill |= self._entities
        self._keep_early_answer()
        frame.trail, frame.asked, frame.waiting = self._trail, asked, waiting
        frame.free, frame.verbatim = free, verbatim
        raise Asked

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

    def confirm(
        self,
        words: Speech,
        *,
        facts: str,
        agree: Words,
        card: Card | None = None,
        others: Iterable[Option] = (),
        not_by: Collection[str] = (),
    ) -> Consent:
        """Ask for consent to these very words about these very facts; it holds for this turn only.

        Other words or facts are another question: what changed since is shown and asked again.
        ``others`` are answers besides agreeing; ``self.chosen`` tells when one of them was given.
        ``not_by`` are words that would agree elsewhere, and may mean another thing here.
        """
        shown = as_shown(words, card, self.language)
        name = consent_name(self.language, words.into(self.language), card, facts)
        if self._consented:
            raise RuntimeError("asked for a second consent in one turn")
        self._trail.append(name)
        options = (Option(AGREE, agree, "primary"), *others)
        slot: Slot[str] = Slot(name, words, _("确认"), str, _agreement, options)
        self._chosen = AGREE
        heard = self._heard.pop(name, None)
        if heard is None and self._asked == name and self._said is not None:
            said, self._said = self._said, None
            heard = None if plainest(said.words) in not_by else meant_option(said, options)
            if heard is None:
                raise Unheard
        if heard is None or heard not in {option.value for option in options}:
            if self._said is not None and self._asked.startswith(CONSENT):
                if meant_option(self._said, options) is None:
                    raise Unheard
                self.say(_("内容有变化，请再看一遍。"))
            elif any(key.startswith(CONSENT) for key in self._heard):
                self.say(_("内容有变化，请再看一遍。"))
            if self._explaining:
                self.say(_("点“{agree}”才算数，在那之前什么都不会提交。", agree=agree))
            buttons = self.options(slot) + self._to_change()
            self.outbox.append(Message(words.into(self.language), self.language, card, buttons))
            self._end(asked=name)
        self.outbox.clear()
        self._chosen = heard
        self._consented = True
        return Consent(self.person or 0, shown, self.language, facts)

    def _to_change(self) -> tuple[Button, ...]:
        """Who looks at what they are about to agree to, and sees an error, is a press away."""
        if not self.slots:
            return ()
        change = Action(frame=self._frame.id, do="change")
        return (Button(_("修改").into(self.language), change),)

    @property
    def chosen(self) -> str:
        """Which of the answers to ``confirm`` was given."""
        return self._chosen

    @property
    def agreeing(self) -> bool:
        """The person has just agreed to something, whether or not it still stands."""
        said_so = self._said is not None and self._asked.startswith(CONSENT)
        return said_so or any(name.startswith(CONSENT) for name in self._heard)

    def wait(
        self,
        key: str,
        words: Words,
        still: Words | None = None,
        *,
        buttons: Iterable[Button] = (),
    ) -> NoReturn:
        """End the turn until the job with this key has ended; ``words`` tell what goes on, and
        ``still`` that it still does. ``buttons`` are for who does not want to wait."""
        if self._frame.waiting != key:
            self.say(words, buttons=buttons)
        else:
            self.say(still or _("还在准备，马上就好。"), buttons=buttons)
        self._end(waiting=key)

    # --- going elsewhere --------------------------------------------------------------------

    def go_on_with(self, dialog: str, **answers: str) -> None:
        """Open another dialog when this one has ended."""
        self.opened.append((dialog, answers))

    def leave(self, frame_id: str) -> None:
        """End another open dialog, unfinished."""
        self.dropped.append(frame_id)

    def hand_to_a_person(self) -> None:
        """No other dialog asks its question again after this one."""
        self.to_a_person = True

    def set_language(self, language: str) -> None:
        self.language = language


def heard_as(entity: str, heard: Mapping[str, str]) -> str | None:
    """The name under which it was heard: a question for several is answered by one, too."""
    names = (entity, entity.removesuffix(SEVERAL))
    return next((name for name in names if name in heard), None)


def _agreement(said: Said) -> str | None:
    """Consent is given by clear words only, never by what merely sounds like yes, nor by a question."""
    return AGREE if yes_or_no(said.words) else None


def meant_option(said: Said, options: Iterable[Option]) -> str | None:
    return option_meant(said.words, tuple(options)) or _agreement(said)
