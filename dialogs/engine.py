"""A dialog is a plain function, called again from its first line on every turn.

``chat.ask(slot)`` returns the person's answer if there is one, and otherwise ends the turn there
with the question. Between turns we keep only what was said, by slot name. A correction, a step
back, a digression and a new release are therefore nothing special: the answers change, or the code
does, and the next call takes another path.

This file decides what a turn means for the stack of open dialogs; ``repair.py`` has the words for
when it goes wrong.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from backend.errors import AlreadyHandled, NotAllowed, Refused
from backend.work import Work
from dialogs import repair
from dialogs.chat import CONSENT, Asked, Chat, Unheard
from dialogs.message import Button, Message
from dialogs.slots import plainest
from dialogs.talk import Frame, Talk, action_of
from dialogs.turn import Arrived, Attached, Done, Pressed, Said, Told, Turn
from dialogs.words import Words, _

LIKELY = 0.5  # enough to open a dialog when nothing is on the table
SURE = 0.75  # enough to leave the question on the table for it
CERTAIN = 0.9  # enough to take words for something else than the free text that was asked for
SHORT = 24  # characters; a longer answer to an open question is an answer

Script = Callable[[Chat, Work], None]


@dataclass(frozen=True, slots=True)
class Dialog:
    """``title`` is what a person calls it; ``signed_in`` says that it needs to know who they are."""

    run: Script
    title: Words
    signed_in: bool = True
    about: frozenset[str] = frozenset()  # entities that name the case it deals with


@dataclass(slots=True)
class Reply:
    """What a turn says, and the language it ended in."""

    messages: list[Message]
    language: str


class Engine:
    def __init__(
        self,
        dialogs: Mapping[str, Dialog],
        notify: Callable[[Chat, Work, Told], None],
        cases: Mapping[str, str] | None = None,
    ) -> None:
        """``cases``: the dialog to open when nothing but the case's number was understood."""
        self._dialogs = dialogs
        self._notify = notify
        self._cases = cases or {}

    def take(
        self, talk: Talk, turn: Turn, work: Work, *, person: int | None, language: str
    ) -> Reply:
        """Let one turn move the open dialogs; changes ``talk``."""
        run = _Run(self._dialogs, self._notify, self._cases, talk, work, person, language)
        return Reply(number(talk, run.take(turn), turn), run.language)


def number(talk: Talk, messages: list[Message], turn: Turn) -> list[Message]:
    """Give each button the number one may type instead.

    A notice that comes in between goes on counting, so that no number means two things while a
    question is open.
    """
    if not isinstance(turn, Told):
        talk.buttons = []
    numbered = []
    for message in messages:
        buttons = []
        for button in message.buttons:
            if button.action is None:
                buttons.append(button)
                continue
            place = len(talk.buttons) + 1
            entry = {"label": button.label, "action": button.action.to_json()}
            talk.buttons.append(entry)
            buttons.append(replace(button, number=place))
        numbered.append(replace(message, buttons=tuple(buttons)))
    return numbered


class _Run:
    """One turn being taken."""

    def __init__(
        self,
        dialogs: Mapping[str, Dialog],
        notify: Callable[[Chat, Work, Told], None],
        cases: Mapping[str, str],
        talk: Talk,
        work: Work,
        person: int | None,
        language: str,
    ) -> None:
        self.dialogs = dialogs
        self.notify = notify
        self.cases = cases
        self.talk = talk
        self.work = work
        self.person = person
        self.language = language
        self.said: list[Message] = []

    def take(self, turn: Turn) -> list[Message]:
        match turn:
            case Told():
                chat = self.chat(Frame("", ""))
                self.notify(chat, self.work, turn)
                self.said += chat.outbox
                return self.said
            case Done(key, ok):
                self.done(key, ok)
            case Arrived():
                self.open("greet", {})
            case Attached():
                self.say(repair.no_file_wanted)
                self.go_on()
            case Pressed():
                self.press(turn)
            case Said():
                self.hear(turn)
        return self.said

    # --- what a turn means ------------------------------------------------------------------

    def press(self, turn: Pressed) -> None:
        action = turn.action
        if action.dialog:
            if turn.used and not action.lasting:
                self.say(repair.button_used)
                self.go_on()
            else:
                heard = {action.slot: action.value} if action.slot else None
                self.open(action.dialog, dict(action.answers), heard=heard)
            return
        frame = self.talk.frame(action.frame)
        if frame is None:
            self.say(repair.button_stale)
            self.go_on()
            return
        self.raise_frame(frame)
        if turn.used:
            self.say(repair.button_used)
            self.go_on()
            return
        match action.do:
            case "leave":
                self.talk.drop(frame.id)
                self.say(repair.left)
                self.go_on()
            case "resume":
                self.go_on()
            case "revise":
                frame.revising = action.slot
                self.go_on()
            case _:
                self.go_on(heard={action.slot: action.value})

    def hear(self, said: Said) -> None:
        if entry := self.button_meant(said):
            self.press(Pressed(action_of(entry["action"])))
            return
        frame = self.talk.top
        if frame is None:
            self.hear_afresh(said)
        elif command := self.command(said, frame):
            self.obey(command, said, frame)
        elif frame.waiting:
            self.digress(said, frame)
        else:
            try:
                self.go_on(said=said)
            except Unheard:
                self.hear_otherwise(said, frame)

    def button_meant(self, said: Said) -> dict[str, Any] | None:
        """A number or a label that was typed instead of a press."""
        typed = plainest(said.text)
        place = spoken_number(typed)
        if place is not None and place <= len(self.talk.buttons):
            return self.talk.buttons[place - 1]
        top = self.talk.top
        labels = [entry for entry in self.talk.buttons if plainest(str(entry["label"])) == typed]
        if top is not None:  # the question on the table goes before a notice with the same words
            mine = [entry for entry in labels if action_of(entry["action"]).frame == top.id]
            labels = mine or labels
        return labels[0] if len(labels) == 1 else None

    def hear_afresh(self, said: Said) -> None:
        intent = self.meant(said, LIKELY)
        if intent in ("cancel", "go_back", "change_answer", "deny"):
            self.say(repair.nothing_open)
        elif intent in self.dialogs:
            self.open(intent, {}, entities=said.entities(), opening=said.text)
        else:
            self.miss()

    def command(self, said: Said, frame: Frame) -> str:
        """What steers the dialog itself, if the words surely are that and not an answer."""
        short = len(said.text) <= SHORT
        sure = CERTAIN if frame.free else SURE
        intent = said.sure(sure)
        if intent in ("cancel", "go_back", "change_answer") and (short or not frame.free):
            return intent
        if frame.free and said.is_mostly(self.asked_entities(frame)):
            return "change_answer"
        asking = said.text.endswith(("？", "?"))
        intent = said.sure(LIKELY) if asking else intent
        leaving = frame.free and short and intent in self.dialogs and intent != frame.dialog
        return "digress" if leaving else ""

    def obey(self, command: str, said: Said, frame: Frame) -> None:
        match command:
            case "cancel":
                self.cancel(frame)
            case "go_back":
                self.back(frame)
            case "change_answer":
                self.correct(said, frame)
            case _:
                self.digress(said, frame)

    def hear_otherwise(self, said: Said, frame: Frame) -> None:
        """The words do not answer the question: a correction, something else, or not understood."""
        if frame.revising and said.sure(LIKELY) == "deny":
            frame.revising = ""
            self.go_on()
        elif frame.asked.startswith(CONSENT) and said.sure(LIKELY) == "deny":
            self.ask_what_to_change(frame)
        elif self.knows(said.entities(), frame):
            self.correct(said, frame)
        else:
            self.digress(said, frame)

    def meant(self, said: Said, at_least: float) -> str:
        """The intent; where a case is named by its number, one that deals with such a case."""
        intent = said.sure(at_least)
        for entity in said.entities().keys() & self.cases.keys():
            known = self.dialogs.get(intent)
            return intent if known and entity in known.about else self.cases[entity]
        return intent

    def digress(self, said: Said, frame: Frame) -> None:
        intent = self.meant(said, LIKELY if frame.free else SURE)
        if intent in self.dialogs and intent != frame.dialog:
            self.open(intent, {}, entities=said.entities(), opening=said.text)
        elif intent == frame.dialog or frame.waiting:
            self.go_on()
        elif (named := self.named(said, frame)) is not None:
            frame.revising = named
            self.go_on()
        else:
            self.miss()

    def named(self, said: Said, frame: Frame) -> str | None:
        """The one answered question whose name is in the words ("理由写错了")."""
        words = said.text.casefold()
        found = [name for name, title in self.reached(frame) if title and title.casefold() in words]
        return found[0] if len(found) == 1 else None

    def knows(self, entities: Mapping[str, str], frame: Frame) -> bool:
        """Whether any of these belongs to a question this dialog has asked."""
        return bool(self.asked_entities(frame) & entities.keys())

    def asked_entities(self, frame: Frame) -> set[str]:
        """A slot bears the name of its entity."""
        return {name.split(".")[0] for name in frame.trail}

    def cancel(self, frame: Frame) -> None:
        if frame.revising:
            frame.revising = ""
            self.go_on()
        elif frame.dialog == "leave":
            self.talk.drop(frame.answers["frame"])
            self.talk.drop(frame.id)
            self.say(repair.left)
            self.go_on()
        elif frame.given:
            self.open("leave", {"frame": frame.id})
        else:
            self.talk.drop(frame.id)
            self.say(repair.left)
            self.go_on()

    def back(self, frame: Frame) -> None:
        before = [name for name in frame.trail[:-1] if not name.startswith(CONSENT)]
        if before:
            frame.revising = before[-1]
        else:
            self.say(repair.at_the_start)
        self.go_on()

    def correct(self, said: Said, frame: Frame) -> None:
        """New values if the words have some; otherwise which answer is meant, by its name."""
        entities = said.entities()
        if self.knows(entities, frame):
            frame.revising = ""
            self.go_on(entities=entities, correcting=True)
            return
        named = self.named(said, frame)
        if named is not None:
            frame.revising = named
            self.go_on()
        else:
            self.ask_what_to_change(frame)

    def reached(self, frame: Frame) -> list[tuple[str, str]]:
        """Answered questions of this dialog with their titles, as a run finds them."""
        chat = self.chat(replace(frame, answers=dict(frame.answers), revising="", trail=[]))
        try:
            with self.work.savepoint(), suppress(Asked):
                self.dialogs[frame.dialog].run(chat, self.work)
        except Refused:
            frame.asked = ""
        return [(slot.name, slot.title.into(self.language)) for slot in chat.slots]

    def ask_what_to_change(self, frame: Frame) -> None:
        self.said.append(repair.what_to_change(frame, self.reached(frame), self.language))

    def miss(self) -> None:
        self.talk.misses += 1
        if self.talk.misses >= 2:
            self.said.append(repair.menu_and_person(self.work, self.language))
        else:
            self.say(repair.not_understood)
        self.go_on(missed=True)

    def done(self, key: str, ok: bool) -> None:
        frame = self.talk.top
        waiting = [one for one in self.talk.stack if one.waiting == key]
        for one in waiting:
            one.waiting = ""
        if not waiting or frame not in waiting:
            return
        if ok:
            self.go_on()
        else:
            self.said.append(repair.job_failed(frame, self.language))

    # --- running dialogs --------------------------------------------------------------------

    def open(
        self,
        dialog: str,
        answers: dict[str, str],
        *,
        heard: Mapping[str, str] | None = None,
        entities: Mapping[str, str] | None = None,
        opening: str = "",
    ) -> None:
        if dialog not in self.dialogs:
            self.say(repair.button_stale)
            self.go_on()
        elif self.dialogs[dialog].signed_in and self.person is None:
            self.say(repair.sign_in_first)
        else:
            over = (dialog, "leave")
            self.talk.stack = [frame for frame in self.talk.stack if frame.dialog not in over]
            self.talk.open(dialog, answers).opening = opening
            self.go_on(heard=heard, entities=entities)

    def raise_frame(self, frame: Frame) -> None:
        self.talk.stack.remove(frame)
        self.talk.stack.append(frame)

    def go_on(
        self,
        *,
        heard: Mapping[str, str] | None = None,
        said: Said | None = None,
        entities: Mapping[str, str] | None = None,
        correcting: bool = False,
        missed: bool = False,
    ) -> None:
        """Run the dialog on top; when it ends, the one below it asks its question again."""
        while frame := self.talk.top:
            chat = self.chat(frame, heard=heard, said=said, entities=entities)
            ended = self.run(frame, chat)
            if correcting and chat.corrected:
                self.say(repair.corrected)
            self.said += chat.remarks + chat.outbox
            if not missed:
                self.talk.misses = 0
            if not ended:
                return
            self.talk.drop(frame.id)
            for frame_id in chat.dropped:
                self.talk.drop(frame_id)
            for dialog, answers in chat.opened:
                self.talk.open(dialog, answers)
            heard = said = None
            entities = None
            correcting = False
            below = self.talk.top
            if below and not chat.opened and below.asked:
                self.say(_("我们接着办：{title}。", title=self.dialogs[below.dialog].title))

    def run(self, frame: Frame, chat: Chat) -> bool:
        """True when the dialog has ended. What it wrote before a question stands; a refusal undoes."""
        dialog = self.dialogs.get(frame.dialog)
        if dialog is None:  # a release took it away while it was open
            chat.say(repair.dialog_gone)
            return True
        try:
            with self.work.savepoint():
                try:
                    dialog.run(chat, self.work)
                except Asked:
                    return False
        except Refused as refused:
            return self.refuse(frame, chat, refused)
        finally:
            self.language = chat.language
        return True

    def refuse(self, frame: Frame, chat: Chat, refused: Refused) -> bool:
        """Say why. The dialog stays open where another answer could help."""
        chat.outbox.clear()
        final = isinstance(refused, AlreadyHandled | NotAllowed)
        slots = [(slot.name, slot.title.into(chat.language)) for slot in chat.slots]
        stays = bool(frame.given) and not final and bool(slots)
        frame.asked = ""
        chat.outbox.append(
            repair.refusal(self.work, refused, frame if stays else None, slots, chat.language)
        )
        return not stays

    def chat(
        self,
        frame: Frame,
        *,
        heard: Mapping[str, str] | None = None,
        said: Said | None = None,
        entities: Mapping[str, str] | None = None,
    ) -> Chat:
        return Chat(self.person, self.language, frame, heard=heard, said=said, entities=entities)

    def say(self, words: Words, *buttons: Button) -> None:
        self.said.append(Message(words.into(self.language), self.language, buttons=buttons))


DIGITS = "一二三四五六七八九"


def spoken_number(typed: str) -> int | None:
    """``2``, ``第二个``, ``二``, ``十二``: the place of a button, from 1."""
    core = typed.removeprefix("第").removesuffix("个").removesuffix("项").removesuffix("号")
    if core.isascii() and core.isdigit() and len(core) <= 2:
        return int(core) or None
    if core in DIGITS and len(core) == 1:
        return DIGITS.index(core) + 1
    if core.startswith("十") and len(core) <= 2:
        return 10 + (DIGITS.index(core[1]) + 1 if core[1:] and core[1] in DIGITS else 0)
    return None
