"""Answers that are given anew: a step back, another value, or none at all."""

from dataclasses import fields, replace

from dialogs.engine import repair
from dialogs.engine.commands import is_called, named_anew, values_named
from dialogs.engine.hearing import Unheard
from dialogs.engine.receiving import Receiving
from dialogs.engine.slots import plainest
from dialogs.engine.talk import Frame
from dialogs.engine.turn import Meant, Said


class Correcting(Receiving):
    """What changes the answers of an open dialog, and how it is left."""

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

    def correct_by_name(self, said: Said, frame: Frame) -> bool:
        """A new value for the one answered question that is named: "邮编改成200001"."""
        anew = named_anew(said.text)
        if anew is None or frame.verbatim:
            return False
        name, value = anew
        called = [slot for slot, title in frame.answered if is_called(title, name)]
        if len(called) != 1:
            return self.correct_by_value(said, frame, said.text.find(value))
        before = replace(frame)
        start = said.text.find(value)
        heard = [one for one in said.meaning.entities if one.start >= start]
        frame.asked = frame.revising = called[0]
        try:
            self.go_on(said=Said(value, Meant("", 0.0, heard)))
        except Unheard:
            for field in fields(Frame):
                setattr(frame, field.name, getattr(before, field.name))
            return False
        return True

    def correct_by_value(self, said: Said, frame: Frame, start: int) -> bool:
        """Named in other words than its question has; only one answer is of such a value."""
        heard = {one.entity: one.value for one in said.meaning.entities if one.start >= start}
        ours = heard.keys() & self.its_entities(frame)
        if len(ours) != 1:
            return False
        frame.revising = ""
        self.go_on(entities={name: heard[name] for name in ours}, correcting=True)
        return True

    def correct(self, said: Said, frame: Frame) -> None:
        """New values if the words have some; otherwise which answer is meant, by its name."""
        if self.correct_by_choice(said, frame):
            return
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

    def correct_by_choice(self, said: Said, frame: Frame) -> bool:
        """What stands on a button of an answered question, said later, is another answer to it."""
        values = [one for one in values_named(said.words) if plainest(one) in frame.choices]
        if not values:
            return False
        frame.revising = ""
        self.go_on(entities=said.entities(), correcting=True, named=values)
        return True

    def ask_what_to_change(self, frame: Frame) -> None:
        if not any(title for _name, title in frame.answered):
            self.say(repair.at_the_start)
            self.go_on()
            return
        self.said.append(repair.what_to_change(frame, frame.answered, self.language))

    def named(self, said: Said, frame: Frame) -> str | None:
        """The one answered question whose name is in the words ("理由写错了")."""
        words = said.words
        found = [name for name, title in frame.answered if title and title.casefold() in words]
        return found[0] if len(found) == 1 else None

    def asked_entities(self, frame: Frame) -> set[str]:
        """A slot bears the name of its entity."""
        return {name.split(".")[0] for name in frame.trail}

    def hears(self, frame: Frame) -> frozenset[str]:
        known = self.dialogs.get(frame.dialog)
        return known.hears if known else frozenset()

    def its_entities(self, frame: Frame) -> set[str]:
        """Those of questions asked, and of questions to come."""
        return self.asked_entities(frame) | self.hears(frame)
