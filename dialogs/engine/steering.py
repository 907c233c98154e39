"""What a turn means for the dialogs that are open."""

from collections.abc import Sequence
from dataclasses import replace

from backend.errors import AlreadyHandled, Refused
from dialogs.engine import early, other_language, repair, unsure
from dialogs.engine.asides import Asides
from dialogs.engine.commands import (
    LIKELY,
    LONG,
    SURE,
    WANTING,
    commanded,
)
from dialogs.engine.hearing import Unheard
from dialogs.engine.message import Message
from dialogs.engine.queueing import NOT_OFFERED
from dialogs.engine.saying import CONSENT
from dialogs.engine.talk import Frame
from dialogs.engine.turn import SEVERAL, Arrived, Attached, Done, Meant, Pressed, Said, Told, Turn
from dialogs.engine.typed import Typed, buttons_meant


class Steering(Asides):
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
                self.receive(turn)
            case Pressed():
                self.press(turn)
            case Said():
                top = self.talk.top
                to_us = top is None or not top.free
                note = None
                if to_us and turn.sure(LIKELY) != "switch_language":
                    self.language, note = other_language.follow(self.talk, turn.text, self.language)
                self.hear(turn)
                if note is not None:
                    self.said.insert(0, note)
        if not isinstance(turn, Told):
            self.talk.cited = self.cited
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
        except AlreadyHandled:  # the other side has ended it this moment
            return False
        except Refused as refused:
            self.said.append(repair.refusal(self.work, refused, None, [], self.language))
            return True
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
            case "change":
                self.ask_what_to_change(frame)
            case _:
                self.go_on(heard={action.slot: action.value})

    def hear(self, said: Said) -> None:
        """What answers the question on the table never presses a button that came in between."""
        frame = self.talk.top
        buttons = buttons_meant(self.talk, said.words)
        if frame is None or not frame.asked:
            if self.press_typed(buttons):
                return
        elif self.press_typed([one for one in buttons if one.frame == frame.id]):
            return
        if self.explained_why(said):
            return
        if frame and (self.explained(said, frame) or self.once_for_each(said, frame)):
            return
        said = self.in_clear_words(said)
        if frame is not None:
            said = early.with_values(said, self.hears(frame), frame.asked)
        if frame is None:
            self.hear_afresh(said)
        elif frame.answered and self.correct_by_name(said, frame):
            pass
        elif command := commanded(said, frame, self.its_entities(frame), self.dialogs):
            self.obey(command, said, frame)
        elif frame.waiting:
            self.digress(said, frame)
        elif not frame.asked:  # it was refused: there is no question to answer
            self.hear_otherwise(said, frame)
        else:
            self.hear_answer(said, frame, buttons)

    def hear_answer(self, said: Said, frame: Frame, buttons: Sequence[Typed]) -> None:
        one_of_few = not frame.free
        if one_of_few and early.is_for_another(said, self.hears(frame), frame.entity):
            self.hear_otherwise(said, frame)
            return
        mentioned = frame.entity.removesuffix(SEVERAL) in said.entities()
        asks_for_more = one_of_few and mentioned and WANTING.search(said.words)
        if asks_for_more and self.wants_another(said, frame):
            self.digress(said, frame)
            return
        try:
            self.go_on(said=said)
        except Unheard:
            if not self.press_typed(buttons):
                self.hear_otherwise(said, frame)
        else:
            if one_of_few:
                self.answer_what_was_asked_too(said, frame)

    def press_typed(self, buttons: Sequence[Typed]) -> bool:
        """One of several that are called the same is chosen by what it is about; one that is about none
        asks itself which is meant."""
        asking = [one for one in buttons if one.action.dialog and not one.action.answers]
        if len(asking) == 1:
            buttons = asking
        if len(buttons) > 1:
            self.said.append(repair.which_one(buttons, self.language))
        elif buttons:
            self.press(Pressed(buttons[0].opening))
        return bool(buttons)

    def in_clear_words(self, said: Said) -> Said:
        """What a dialog claims by its own words is surely meant, be it a question or not."""
        words = said.words
        top = self.talk.top
        answering = top is not None and top.asked and top.free
        for name, dialog in self.dialogs.items():
            clear = dialog.said is not None and dialog.said.search(words) is not None
            if not clear and dialog.clear is not None and not answering:
                clear = dialog.clear(self.work, self.person, words)
            if clear:
                return replace(said, meaning=Meant(name, 1.0, said.meaning.entities))
        return said

    def hear_afresh(self, said: Said) -> None:
        intent = self.meant(said, LIKELY)
        if intent in ("cancel", "go_back", "change_answer", "deny"):
            self.say(repair.nothing_open)
        elif self.take_up(said):
            pass
        elif not said.entities().keys() & self.cases.keys() and (
            question := unsure.between_two(said, self.title_to_offer, self.language)
        ):
            if not self.tell_known(said.text):
                self.said += [question, *self.learn(said, torn=True)]
        elif intent in self.dialogs:
            self.open(intent, self.context(intent), entities=said.entities(), opening=said.text)
        elif self.person and self.owed and (owed := self.owed(self.work, self.person)):
            self.open(owed.dialog, owed.answers, heard={owed.slot: said.text})
        elif not self.tell_known(said.text):
            self.miss(said, unsure.nearest(said, self.title_to_offer, self.language))

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
        elif frame.asked.startswith(CONSENT) and self.correct_by_choice(said, frame):
            pass
        elif frame.asked.startswith(CONSENT) and said.sure(LIKELY) == "deny":
            if frame.answered:
                self.ask_what_to_change(frame)
            else:
                self.cancel(frame)
        elif several := early.ambiguous(said, self.hears(frame)):
            self.say(early.wait_for(several))
            self.go_on()
        elif said.is_mostly(self.its_entities(frame)):
            self.correct(said, frame)
        elif self.wants_another(said, frame):
            self.digress(said, frame)
        elif self.values_here(frame) & said.entities().keys():
            self.correct(said, frame)
        else:
            self.digress(said, frame)

    def values_here(self, frame: Frame) -> set[str]:
        """What a mention alone gives: an answer that was asked for, or one that may come early."""
        return self.asked_entities(frame) | self.hears(frame) & early.NAMES.keys()

    def wants_another(self, said: Said, frame: Frame) -> bool:
        """Another service, surely: what it mentions is its own, and answers no question here."""
        intent = self.meant(said, SURE)
        return intent != frame.dialog and self.title_to_offer(intent) is not None

    def meant(self, said: Said, at_least: float) -> str:
        """The intent; where a case is named by its number, one that deals with such a case."""
        intent = said.sure(at_least)
        for entity in said.entities().keys() & self.cases.keys():
            known = self.dialogs.get(intent)
            return intent if known and entity in known.about else self.cases[entity]
        return intent

    def digress(self, said: Said, frame: Frame) -> None:
        intent = self.meant(said, LIKELY if frame.free else SURE)
        values = said.entities().keys() - self.cases.keys()
        if frame.asked and said.is_mostly(values):  # no request, but an answer that is none
            intent = ""
        if intent in NOT_OFFERED and (len(said.text) > LONG or said.words.strip().isdigit()):
            intent = ""
        if self.take_up(said):
            return
        if intent in self.dialogs and intent != frame.dialog:
            self.open(intent, self.context(intent), entities=said.entities(), opening=said.text)
        elif intent == frame.dialog and self.its_entities(frame) & said.entities().keys():
            self.correct(said, frame)  # asked for once more, with something else in it
        elif intent == frame.dialog and frame.asked.startswith(CONSENT) and not frame.given:
            self.talk.drop(frame.id)  # all of it was in one sentence, and this is another one
            self.open(intent, self.context(intent), entities=said.entities(), opening=said.text)
        elif intent == frame.dialog or frame.waiting:
            self.go_on()
        elif (named := self.named(said, frame)) is not None:
            frame.revising = named
            self.go_on()
        else:
            self.miss(said)

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
