"""What a dialog sees: it asks, waits, gets consent, and says (``saying.py``). See ``engine.py``."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NoReturn, TypeVar

from backend.consent import Consent
from dialogs.engine import changes
from dialogs.engine.hearing import TYPED, Hearing, Unheard, agreement, heard_as, meant_option
from dialogs.engine.message import Action, Button, Card, Message
from dialogs.engine.saying import AGREE, CONSENT, as_shown, consent_name
from dialogs.engine.slots import FILE, Invalid, Option, Slot, plainest
from dialogs.engine.talk import Frame
from dialogs.engine.turn import Said
from dialogs.engine.words import Speech, Words, _

T = TypeVar("T")
PRESS_ONE = _("点一个按钮，或者回复它前面的编号就行；拿不准可以说“转人工”。")
OWN_WORDS = _("用您自己的话写就行；拿不准可以说“转人工”。")


class Asked(BaseException):
    """Ends the turn. Not an Exception, so that no dialog catches it by accident."""


class Chat(Hearing):
    """One run of one dialog in one turn.

    ``heard``, ``said`` and ``entities`` are what the turn says: see ``hearing.py``.
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
        super().__init__(language, frame, heard=heard, said=said, entities=entities, named=named)
        self.person = person
        self.remarks: list[Message] = []  # on what was just said; they go before everything
        self.slots: list[Slot[Any]] = []  # reached, answered and revisable, in order
        self.opened: list[tuple[str, dict[str, str]]] = []  # dialogs to go on with afterwards
        self.dropped: list[str] = []  # dialogs to end
        self.changes: list[Words] = []  # answers given anew, from what to what
        self.moot = False  # somebody has settled it elsewhere
        self.language_chosen = False
        self.to_a_person = False  # what is said from now on; what is open otherwise waits
        self.opening = frame.opening
        self.under_way: tuple[tuple[Words, Mapping[str, str]], ...] = ()  # titles, answers
        self._reached = frozenset(frame.trail)
        self._explaining = explaining  # the question on the table was not understood
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
            self.slots.append(slot)
        return answer

    def answered(self, name: str) -> str | None:
        """What is stored for a slot of this name, unread."""
        return self._frame.answers.get(name)

    def stands(self, slot: Slot[str], value: str) -> str:
        """What is known without being asked, until its owner names it and says otherwise."""
        spoken = self._said is not None and self._asked == slot.name
        given = slot.name in self._frame.answers or slot.name in self._heard
        if not (
            given
            or spoken
            or self._frame.revising == slot.name
            or heard_as(slot.entity, self._entities)
        ):
            self._trail.append(slot.name)
            self.slots.append(slot)
            return value
        answer = self.ask(slot)
        if not given and answer != value:
            self.changes.append(changes.change(slot, value, answer))
        return answer

    def put_elsewhere(self, slot: Slot[T], name: str) -> None:
        """What was written to one question is for another one, which is yet to come."""
        words = self._frame.answers.pop(slot.name, None)
        if words is not None:
            self._frame.prefill[f"{TYPED}{name}"] = words

    def revise_button(self, label: Words, slot: Slot[T]) -> Button:
        action = Action(frame=self._frame.id, slot=slot.name, do="revise")
        return Button(label.into(self.language), action)

    def answer_button(self, label: Words, slot: str, value: str) -> Button:
        """Under what is said in passing: an answer to another question than the one on the table."""
        action = Action(frame=self._frame.id, slot=slot, value=value)
        return Button(label.into(self.language), action)

    def ask_anew(self, slot: Slot[T]) -> NoReturn:
        """The question for an answer that is there, which stands until the new one is valid."""
        self._trail.append(slot.name)
        self._frame.revising = slot.name
        self._put(slot)

    def overheard(self, slot: Slot[T], stored: str | None) -> None:
        """What the words that opened the dialog say about a question to come; taken once."""
        if stored is not None and self.once(f"overheard.{slot.name}"):
            self._frame.prefill[slot.entity] = stored

    def taken(self, slot: Slot[T], stored: str) -> T:
        """The answer, which is not asked for: it is shown with the rest, and may be changed."""
        if self.once(f"taken.{slot.name}"):
            self._frame.answers.setdefault(slot.name, stored)
        return self.ask(slot)

    def known(self, slot: Slot[T]) -> T | None:
        """The answer if somebody has given it, in words or by the button; it is never asked."""
        new = self._news_for(slot)
        if new is not None:
            self._note_change(slot, new)
            self._frame.answers[slot.name] = new
        stored = self._frame.answers.get(slot.name)
        return None if stored is None else slot.parse(stored)

    def _store(self, slot: Slot[T], new: str) -> None:
        frame = self._frame
        self._note_change(slot, new)
        frame.answers[slot.name] = new
        if slot.name not in frame.given:
            frame.given.append(slot.name)
        if frame.revising == slot.name:
            frame.revising = ""

    def _note_change(self, slot: Slot[T], new: str) -> None:
        old = self._frame.answers.get(slot.name)
        named = slot.revisable and slot.entity != FILE and slot.title.into(self.language)
        if named and old not in (None, new):
            self.changes.append(changes.change(slot, str(old), new))

    def _put(self, slot: Slot[T]) -> NoReturn:
        if self._explaining:
            self.say(slot.help or (PRESS_ONE if slot.options and not slot.free else OWN_WORDS))
        prompt = slot.prompt.into(self.language)
        buttons = self.options(slot)
        self.outbox.append(Message(prompt, self.language, buttons=buttons, length=slot.length))
        self._frame.entity = slot.entity
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

    def confirm(
        self,
        words: Speech,
        *,
        facts: str,
        agree: Words,
        card: Card | None = None,
        kept: Card | None = None,
        others: Iterable[Option] = (),
        not_by: Collection[str] = (),
    ) -> Consent:
        """Ask for consent to these very words about these very facts; it holds for this turn only.

        Other words or facts are another question: what changed since is shown and asked again.
        ``others`` are answers besides agreeing; ``self.chosen`` tells when one of them was given.
        ``not_by`` are words that would agree elsewhere, and may mean another thing here. ``kept`` is
        the card as it stays with the consent for good, where ``card`` shows what is only kept sealed:
        then ``facts`` hold a keyed hash of that.
        """
        shown = as_shown(words, kept or card, self.language)
        name = consent_name(self.language, words.into(self.language), card, facts)
        if self._consented:
            raise RuntimeError("asked for a second consent in one turn")
        self._trail.append(name)
        options = (Option(AGREE, agree, "primary"), *others)
        slot: Slot[str] = Slot(name, words, _("确认"), str, agreement, options)
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
        """The person has chosen."""
        self.language = language
        self.language_chosen = True
