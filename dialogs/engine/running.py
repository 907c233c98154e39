"""Running dialogs: the one on top, again from its first line, until there is a question or none is left."""

from collections.abc import Iterable, Mapping
from typing import Any

from backend.errors import AlreadyHandled, NotAllowed, Refused
from backend.work import Work
from dialogs import learning
from dialogs.engine import early, repair
from dialogs.engine.chat import Asked, Chat
from dialogs.engine.dialog import Dialog, Notify, Relay, WhatIsOwed
from dialogs.engine.hearing import Unheard
from dialogs.engine.message import Button, Message
from dialogs.engine.slots import plainest
from dialogs.engine.talk import Frame, Talk
from dialogs.engine.turn import Said
from dialogs.engine.words import Words, _

SIGNING_IN = "bind_account"  # the dialog that says how one becomes somebody
IN_BETWEEN = ("switch_language", "leave")  # after which one is where one was


class Running:
    """The open dialogs of one person during one turn. ``said`` is what the turn says."""

    def __init__(
        self,
        dialogs: Mapping[str, Dialog],
        notify: Notify,
        cases: Mapping[str, str],
        talk: Talk,
        work: Work,
        person: int | None,
        language: str,
        relay: Relay | None = None,
        owed: WhatIsOwed | None = None,
    ) -> None:
        self.relay = relay
        self.owed = owed
        self.dialogs = dialogs
        self.notify = notify
        self.cases = cases
        self.talk = talk
        self.work = work
        self.person = person
        self.language = language
        self.said: list[Message] = []
        self.cited = ""  # the rule by which something was refused in this turn

    def open(
        self,
        dialog: str,
        answers: dict[str, str],
        *,
        heard: Mapping[str, str] | None = None,
        entities: Mapping[str, str] | None = None,
        opening: str = "",
        shown: Iterable[str] = (),
    ) -> None:
        if self.talk.unclear:
            learning.went_on(self.talk, self.work, self.person, dialog)
        if dialog not in self.dialogs:
            self.say(repair.button_stale)
            self.go_on()
        elif self.dialogs[dialog].signed_in and self.person is None:
            self.open(SIGNING_IN, {"then": dialog})
        else:
            if open_one := self.unfinished(dialog, answers):
                self.raise_frame(open_one)
                self.go_on(heard=heard, entities=entities)
                return
            over = (dialog, "leave")
            self.talk.stack = [frame for frame in self.talk.stack if frame.dialog not in over]
            frame = self.talk.open(dialog, answers)
            frame.opening, frame.shown = opening, list(shown)
            self.go_on(heard=heard, entities=entities)

    def unfinished(self, dialog: str, answers: Mapping[str, str]) -> Frame | None:
        """The same dialog about the same case, with answers that would be lost by starting anew."""
        for frame in self.talk.stack:
            if frame.dialog == dialog and frame.given and answers.items() <= frame.answers.items():
                return frame
        return None

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
        explaining: bool = False,
        named: Iterable[str] = (),
    ) -> None:
        """Run the dialog on top; when it ends, the one below it asks its question again."""
        resumed = False
        while frame := self.talk.top:
            frame.aside = False
            prefill = dict(frame.prefill)
            chat = self.chat(
                frame,
                heard=heard,
                said=said,
                entities=entities,
                explaining=explaining,
                named=named,
            )
            ended = self.run(frame, chat)
            if chat.changes:
                self.say(repair.corrected(chat.changes))
            if (said or correcting) and (early_ones := early.kept(prefill, frame.prefill)):
                self.say(early.noted(early_ones))
            elif correcting and entities and entities.keys() & frame.prefill.keys():
                self.say(repair.noted)
            if not (resumed and chat.moot):  # settled meanwhile, as has just been said
                if resumed and frame.dialog in self.dialogs:
                    title = self.dialogs[frame.dialog].title
                    self.say(_("我们接着办：{title}。", title=title))
                self.said += chat.remarks + chat.outbox
            if not missed:
                self.talk.misses = 0
            if not ended:
                return
            self.talk.drop(frame.id)
            self.talk.lately = frame.dialog
            self.carry_over(frame)
            for frame_id in chat.dropped:
                self.talk.drop(frame_id)
            for dialog, answers in chat.opened:
                self.talk.open(dialog, answers)
            if chat.to_a_person:
                for one in self.talk.stack:
                    one.aside = True
                return
            heard = said = None
            entities = None
            correcting = explaining = False
            named = ()
            self.let_lapse(frame, chat)
            below = self.talk.top
            resumed = below is not None and not chat.opened and bool(below.asked)
        self.begin_next()

    def let_lapse(self, ended: Frame, chat: Chat) -> None:
        """What only waited for something to be sent is not asked for again after something else."""
        if chat.opened or ended.dialog in IN_BETWEEN:
            return
        while (below := self.talk.top) and below.asked and not below.waiting:
            known = self.dialogs.get(below.dialog)
            if known is None or not known.lapses:
                return
            self.talk.drop(below.id)

    def begin_next(self) -> None:
        """What was wanted in the same message, once nothing is open any more."""
        if not self.talk.queue:
            return
        wanted = self.dialogs.get(str(self.talk.queue[0]["dialog"]))
        if wanted is not None and wanted.signed_in and self.person is None:
            return  # it comes once they are known
        one = self.talk.queue.pop(0)
        if wanted is None:  # a release took it away
            self.begin_next()
            return
        self.say(_("接下来：{title}。", title=wanted.title))
        self.begin(one)

    def carry_over(self, frame: Frame) -> None:
        """The same once more is wanted in another kind: what is alike need not be said again."""
        for one in self.talk.queue:
            if one["dialog"] == frame.dialog and self.dialogs[frame.dialog].each:
                named = one["entities"].keys()
                alike = {name: said for name, said in frame.answers.items() if name not in named}
                one["answers"] = alike | one["answers"]
                one["shown"] = list(frame.shown)

    def begin(self, one: Mapping[str, Any]) -> None:
        self.open(
            one["dialog"],
            dict(one["answers"]),
            entities=one["entities"],
            opening=one["opening"],
            shown=one.get("shown", ()),
        )

    def run(self, frame: Frame, chat: Chat) -> bool:
        """True when the dialog has ended. What it wrote before a question stands; a refusal undoes."""
        dialog = self.dialogs.get(frame.dialog)
        if dialog is None:  # a release took it away while it was open
            chat.say(repair.dialog_gone)
            return True
        shown = list(frame.shown)
        try:
            with self.work.savepoint():
                try:
                    dialog.run(chat, self.work)
                except Asked:
                    return False
        except Refused as refused:
            frame.shown = shown
            return self.refuse(frame, chat, refused)
        except Unheard:
            frame.shown = shown  # undone with everything else of this run
            raise
        finally:
            self.language = chat.language
            self.talk.chosen |= chat.language_chosen
            frame.answered = [[one.name, one.title.into(self.language)] for one in chat.slots]
            frame.choices = [
                plainest(option.label.into(language))
                for one in chat.slots
                for option in one.options
                for language in sorted({"zh", self.language})
            ]
        return True

    def refuse(self, frame: Frame, chat: Chat, refused: Refused) -> bool:
        """Say why. The dialog stays open where another answer could help."""
        chat.outbox.clear()
        final = isinstance(refused, AlreadyHandled | NotAllowed)
        chat.moot = isinstance(refused, AlreadyHandled)
        self.cited = refused.rule
        slots = [(slot.name, slot.title.into(chat.language)) for slot in chat.slots]
        stays = bool(frame.given) and not final and bool(slots)
        frame.asked, frame.free, frame.verbatim = "", False, False
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
        explaining: bool = False,
        named: Iterable[str] = (),
    ) -> Chat:
        chat = Chat(
            self.person,
            self.language,
            frame,
            heard=heard,
            said=said,
            entities=entities,
            explaining=explaining,
            named=named,
        )
        chat.under_way = tuple(
            (self.dialogs[one.dialog].title, one.answers)
            for one in self.talk.stack
            if one.id != frame.id and one.dialog in self.dialogs
        )
        return chat

    def say(self, words: Words, *buttons: Button) -> None:
        self.said.append(Message(words.into(self.language), self.language, buttons=buttons))
