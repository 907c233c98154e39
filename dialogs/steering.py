"""What a turn means for the dialogs that are open."""

import re
from collections.abc import Sequence
from dataclasses import replace
from unicodedata import normalize

from backend import authority
from backend.errors import AlreadyHandled, Refused
from dialogs import other_language, repair, unsure
from dialogs.chat import Unheard
from dialogs.message import Button, Message
from dialogs.running import Running
from dialogs.saying import CONSENT
from dialogs.slots import READ_AT_MOST
from dialogs.talk import Frame
from dialogs.turn import Arrived, Attached, Done, Meant, Pressed, Said, Told, Turn
from dialogs.typed import Typed, buttons_meant
from dialogs.words import Words

LIKELY = 0.5  # enough to open a dialog when nothing is on the table
SURE = 0.75  # enough to leave the question on the table for it
CERTAIN = 0.9  # enough to take words for something else than the free text that was asked for
# Whoever begins like this is giving a reason, whatever it mentions.
EXPLAINING = re.compile(r"\s*(因为|由于|为了|是为了|用于|用来|because|in order to|for my )")
# Inside a dialog these words correct an answer, whatever else they mention.
CHANGING = re.compile(
    r"\s*(不对|不是|错了|哦|啊|等等|等下|[,,。\s]){0,3}(改成|改为|改到|换成|换为|写成)"
    r"|.{0,8}[写填选输点打]错|\s*(no,? |wait,? |sorry,? )*(please )?change (it|that|this)? ?to\b",
    re.IGNORECASE,
)
# Whoever writes words of their own corrects what came before only if they say so.
CORRECTING = re.compile(
    r"[改换错]|不对|不是|重新|\b(chang|correct|wrong|instead|mistake)", re.IGNORECASE
)
ASKING = re.compile(
    r"[?？]\s*$|(吗|呢|么)[啊呀呗]?\s*$|多久|多少|怎么|哪里|哪儿|什么时候|啥时候|找谁|几天|几个工作日"
    r"|^\s*(how|what|when|where|who|which|can i|do i|is it|does it)\b",
    re.IGNORECASE,
)
NOT_OFFERED = frozenset(
    {"greet", "goodbye", "thank", "help", "switch_language"}
)  # nothing to choose
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
                top = self.talk.top
                to_us = top is None or not top.free
                self.hear(turn)
                if to_us and (offer := other_language.offer(self.talk, turn.text, self.language)):
                    self.said.insert(0, offer)
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
        buttons = buttons_meant(self.talk, said.text)
        if frame is None or not frame.asked:
            if self.press_typed(buttons):
                return
        elif self.press_typed([one for one in buttons if one.frame == frame.id]):
            return
        said = self.in_clear_words(said)
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
                if not self.press_typed(buttons):
                    self.hear_otherwise(said, frame)

    def press_typed(self, buttons: Sequence[Typed]) -> bool:
        """One of several that are called the same is chosen by what it is about."""
        if len(buttons) > 1:
            self.said.append(repair.which_one(buttons, self.language))
        elif buttons:
            self.press(Pressed(buttons[0].opening))
        return bool(buttons)

    def in_clear_words(self, said: Said) -> Said:
        """What a dialog claims by its own words is surely meant, be it a question or not."""
        words = normalize("NFKC", said.text[:READ_AT_MOST]).casefold()
        for name, dialog in self.dialogs.items():
            if dialog.said is not None and dialog.said.search(words):
                return replace(said, meaning=Meant(name, 1.0, said.meaning.entities))
        return said

    def hear_afresh(self, said: Said) -> None:
        intent = self.meant(said, LIKELY)
        if intent in ("cancel", "go_back", "change_answer", "deny"):
            self.say(repair.nothing_open)
        elif not said.entities().keys() & self.cases.keys() and (
            question := unsure.between_two(said, self.title_to_offer, self.language)
        ):
            self.said.append(question)
        elif intent in self.dialogs:
            self.open(intent, {}, entities=said.entities(), opening=said.text)
        else:
            self.miss(unsure.nearest(said, self.title_to_offer, self.language))

    def title_to_offer(self, intent: str) -> Words | None:
        dialog = self.dialogs.get(intent)
        if dialog is None or intent in NOT_OFFERED:
            return None
        if dialog.staff and not (self.person and authority.roles(self.work, self.person)):
            return None
        return dialog.title

    def command(self, said: Said, frame: Frame) -> str:
        """What steers the dialog itself, if the words surely are that and not an answer."""
        short = len(said.text) <= SHORT
        sure = CERTAIN if frame.free else SURE
        intent = said.sure(sure)
        if frame.verbatim:  # what others did wrong is no command, it is what they are told
            return intent if intent in ("cancel", "go_back") and short else ""
        if intent == "change_answer" and frame.free and not CORRECTING.search(said.text):
            intent = ""
        if intent in ("cancel", "go_back", "change_answer") and (short or not frame.free):
            return intent
        if not frame.free and frame.answered and CHANGING.match(said.text[:READ_AT_MOST]):
            return "change_answer"
        if frame.free and EXPLAINING.match(said.text.casefold()):
            return ""
        if frame.free and said.is_mostly(self.its_entities(frame) - {frame.asked}):
            return "change_answer"
        if ASKING.search(said.text[:READ_AT_MOST]):
            intent = said.sure(LIKELY)
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
        elif self.asked_entities(frame) & said.entities().keys() or said.is_mostly(
            self.its_entities(frame)
        ):
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
        values = said.entities().keys() - self.cases.keys()
        if frame.asked and said.is_mostly(values):  # no request, but an answer that is none
            intent = ""
        if intent in self.dialogs and intent != frame.dialog:
            self.open(intent, {}, entities=said.entities(), opening=said.text)
        elif intent == frame.dialog and self.its_entities(frame) & said.entities().keys():
            self.correct(said, frame)  # asked for once more, with something else in it
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

    def asked_entities(self, frame: Frame) -> set[str]:
        """A slot bears the name of its entity."""
        return {name.split(".")[0] for name in frame.trail}

    def its_entities(self, frame: Frame) -> set[str]:
        """Those of questions asked, and of questions to come."""
        to_come = self.dialogs[frame.dialog].hears if frame.dialog in self.dialogs else frozenset()
        return self.asked_entities(frame) | to_come

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
        if self.its_entities(frame) & entities.keys():
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
        if not any(title for _name, title in frame.answered):
            self.say(repair.at_the_start)
            self.go_on()
            return
        self.said.append(repair.what_to_change(frame, frame.answered, self.language))

    def miss(self, near: Sequence[Button] = ()) -> None:
        self.talk.misses += 1
        if self.talk.misses >= 2:
            self.said.append(repair.menu_and_person(self.work, self.person, self.language))
        else:
            helping = [] if self.talk.top else [*near, repair.what_i_can(self.language)]
            self.say(repair.not_understood, *helping)
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
