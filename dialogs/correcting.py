"""Answers that are given anew: a step back, another value, or none at all."""

from dialogs import repair
from dialogs.commands import values_named
from dialogs.running import Running
from dialogs.slots import plainest
from dialogs.talk import Frame
from dialogs.turn import Said


class Correcting(Running):
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

    def its_entities(self, frame: Frame) -> set[str]:
        """Those of questions asked, and of questions to come."""
        to_come = self.dialogs[frame.dialog].hears if frame.dialog in self.dialogs else frozenset()
        return self.asked_entities(frame) | to_come
