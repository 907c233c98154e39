"""What a turn means for the dialogs that are open."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any
from unicodedata import normalize

from backend.errors import Refused
from dialogs import repair
from dialogs.chat import Unheard
from dialogs.message import Message
from dialogs.running import Running
from dialogs.saying import CONSENT
from dialogs.slots import READ_AT_MOST, plainest
from dialogs.talk import Frame, action_of
from dialogs.turn import Arrived, Attached, Done, Meant, Pressed, Said, Told, Turn

LIKELY = 0.5  # enough to open a dialog when nothing is on the table
SURE = 0.75  # enough to leave the question on the table for it
CERTAIN = 0.9  # enough to take words for something else than the free text that was asked for
# Whoever begins like this is giving a reason, whatever it mentions.
EXPLAINING = re.compile(r"\s*(因为|由于|为了|是为了|用于|用来|because|in order to|for my )")
SHORT = 24  # characters; a longer answer to an open question is an answer


class Steering(Running):
    """One turn: an answer, a correction, a command, something else, or not understood."""

    def take(self, turn: Turn) -> list[Message]:
        match turn:
            case Told():
                self.tell(turn)
            case Done(key, ok):
                self.done(key, ok)
            case Arrived():
                self.open("greet", {})
            case Said() | Attached() if self.relayed(turn):
                pass
            case Attached():
                self.say(repair.no_file_wanted)
                self.go_on()
            case Pressed():
                self.press(turn)
            case Said():
                self.hear(turn)
        return self.said

    def tell(self, told: Told) -> None:
        """A notice; where the case does not bear it any more, the reason is what is told."""
        chat = self.chat(Frame("", ""))
        try:
            with self.work.savepoint():
                self.notify(chat, self.work, told)
        except Refused as refused:
            chat.outbox = [repair.refusal(self.work, refused, None, [], self.language)]
        self.said += chat.outbox

    def relayed(self, turn: Said | Attached) -> bool:
        """It was for a person who has taken over, and no dialog hears of it."""
        if self.relay is None or self.person is None:
            return False
        chat = self.chat(Frame("", ""))
        top = self.talk.top
        asked = top is not None and bool(top.asked) and not top.aside
        try:
            relayed = self.relay(chat, self.work, turn, asked)
        except Refused:  # the other side has ended it this moment
            return False
        self.said += chat.outbox
        if relayed == "over":
            self.go_on()
        return relayed != "no"

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
            action = action_of(entry["action"])
            if action.dialog:  # typed, it may mean a notice not yet seen: the dialog asks
                action = replace(action, slot="", value="")
            self.press(Pressed(action))
            return
        said = self.in_clear_words(said)
        frame = self.talk.top
        if frame is None:
            self.hear_afresh(said)
        elif command := self.command(said, frame):
            self.obey(command, said, frame)
        elif frame.waiting:
            self.digress(said, frame)
        elif not frame.asked:  # it was refused: there is no question to answer
            self.hear_otherwise(said, frame)
        else:
            try:
                self.go_on(said=said)
            except Unheard:
                self.hear_otherwise(said, frame)

    def in_clear_words(self, said: Said) -> Said:
        """What a dialog claims by its own words is surely meant, be it a question or not."""
        words = normalize("NFKC", said.text[:READ_AT_MOST]).casefold()
        for name, dialog in self.dialogs.items():
            if dialog.said is not None and dialog.said.search(words):
                return replace(said, meaning=Meant(name, 1.0, said.meaning.entities))
        return said

    def button_meant(self, said: Said) -> dict[str, Any] | None:
        """A number or a label that was typed instead of a press.

        While a question is open only its own buttons can be meant: what answers it must never press
        a notice that came in between.
        """
        typed = plainest(said.text)
        top = self.talk.top
        buttons = self.talk.buttons
        place = spoken_number(typed)
        if place is not None and place <= len(buttons):
            meant = [buttons[place - 1]]
        else:
            meant = [entry for entry in buttons if plainest(str(entry["label"])) == typed]
        if top is not None and top.asked:
            meant = [entry for entry in meant if action_of(entry["action"]).frame == top.id]
        return meant[0] if len(meant) == 1 else None

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
        if frame.verbatim:  # what others did wrong is no command, it is what they are told
            return intent if intent in ("cancel", "go_back") and short else ""
        if intent in ("cancel", "go_back", "change_answer") and (short or not frame.free):
            return intent
        if frame.free and EXPLAINING.match(said.text.casefold()):
            return ""
        if frame.free and said.is_mostly(self.asked_entities(frame) - {frame.asked}):
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
            if frame.answered:
                self.ask_what_to_change(frame)
            else:
                self.cancel(frame)
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
        found = [name for name, title in frame.answered if title and title.casefold() in words]
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
        answered = {name for name, _title in frame.answered}
        before = [name for name in frame.trail[:-1] if name in answered]
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

    def ask_what_to_change(self, frame: Frame) -> None:
        self.said.append(repair.what_to_change(frame, frame.answered, self.language))

    def miss(self) -> None:
        self.talk.misses += 1
        if self.talk.misses >= 2:
            self.said.append(repair.menu_and_person(self.work, self.person, self.language))
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


DIGITS = "一二三四五六七八九"


def spoken_number(typed: str) -> int | None:
    """``2``, ``第二个``, ``二``, ``十二``: the place of a button, from 1."""
    core = typed.removeprefix("第").removesuffix("个").removesuffix("项").removesuffix("号")
    if core.isascii() and core.isdigit() and len(core) <= 2:
        return int(core) or None
    if core in DIGITS and len(core) == 1:
        return DIGITS.index(core) + 1
    if core.startswith("十") and (core == "十" or (len(core) == 2 and core[1] in DIGITS)):
        return 10 + (DIGITS.index(core[1]) + 1 if core[1:] else 0)
    return None
