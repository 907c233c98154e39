"""Words that were not understood: what is said to them, and what is kept of them."""

from collections.abc import Sequence

from dialogs import learning
from dialogs.engine import early, repair
from dialogs.engine.commands import LONG
from dialogs.engine.message import Button, Message
from dialogs.engine.queueing import Queueing
from dialogs.engine.turn import Said


class Missing(Queueing):
    """What is done where words mean nothing here."""

    def tell_known(self, words: str) -> bool:
        """A dialog may know an answer to words that were not understood."""
        for name, dialog in self.dialogs.items():
            if dialog.knows is not None and dialog.knows(self.work, words):
                self.open(name, {}, opening=words)
                return True
        return False

    def learn(self, said: Said, *, torn: bool = False) -> list[Message]:
        return learning.unclear_words(
            self.talk, self.work, self.person, said, self.language, torn=torn
        )

    def miss(self, said: Said, near: Sequence[Button] = ()) -> None:
        self.talk.misses += 1
        if self.talk.misses >= 2:
            asked = (self.work, self.person, self.language, self.office())
            self.said.append(repair.menu_and_person(*asked))
        else:
            helping = [] if self.talk.top else [*near, repair.what_i_can(self.language)]
            told = repair.missed(said)
            if top := self.talk.top:
                later = early.comes_later(said, self.hears(top))
                told = later or repair.not_understood
            if self.talk.top and len(said.text) > LONG:
                told = repair.too_long_here
            self.say(told, *helping)
        self.said += self.learn(said)
        self.go_on(missed=True)

    def office(self) -> str:
        """Whom to ask about what is under way, or was done last."""
        under_way = [one.dialog for one in reversed(self.talk.stack)] or [self.talk.lately]
        known = next((self.dialogs[one] for one in under_way if one in self.dialogs), None)
        return known.office if known else "academic_affairs"
